"""python -m evidence.inspection FILE TYPE PARENT: say on standard output, in JSON, what was found of the file.

A first line judges it. A second one, of a file that is accepted, says what was read in it: it comes after, so that a
file on which the reading breaks or turns for ever is judged all the same.

Confines itself before it reads the first byte. PARENT is the number of the process that wants the answer.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

from evidence.inspection.limits import confine

MAX_SECONDS = 60


def main(path: str, media_type: str, parent: str) -> None:
    confine(MAX_SECONDS, int(parent))
    # Read once the limits hold: these load the libraries that parse.
    from evidence.inspection.files import inspect  # noqa: PLC0415
    from evidence.inspection.findings import Danger, Refused  # noqa: PLC0415
    from evidence.inspection.reading import read  # noqa: PLC0415

    try:
        answer: dict[str, object] = {"pages": inspect(Path(path), media_type).pages}
    except Refused as refusal:
        answer = {"refusal": refusal.danger, "detail": refusal.detail[:500]}
    except MemoryError:
        answer = {"refusal": Danger.NOT_ANALYSABLE, "detail": "memory"}
    _say(answer)
    if "refusal" not in answer:
        _say(asdict(read(Path(path), media_type)))


def _say(answer: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
