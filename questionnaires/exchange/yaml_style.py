"""How our YAML files are written: which texts are quoted, where long ones are folded, how deep lists stand."""

import re
from decimal import Decimal
from typing import Any

WIDTH = 100

# Always between quotes: a value of an answer is a text, even « oui » or « 1 », and conditions hold quotes and colons.
_QUOTED = {
    "version",
    "edition",
    "effective_on",
    "value",
    "wording",
    "source",
    "when",
    "condition",
    "applies_when",
    "questionnaires",
}
# Never folded, however long: a condition is copied and searched for as it is typed.
_ONE_LINE = {"when", "condition", "applies_when"}
_ALWAYS_FOLDED = {"next_steps"}
_FLOW = {"formats", "questionnaires", "between", "keep", "reconfirm", "split", "merge", "drop", "to"}
_FLOW_ITEMS = {"thresholds"}

# Words that some reader of YAML takes for something else than a text; and « Oui », a habit of our files.
_NOT_A_TEXT = re.compile(r"(?i:y|n|yes|no|on|off|true|false|null|oui)")
# What needs no quotes in the eyes of a person: words, and what stands between the words of a title.
_PLAIN = re.compile(r"[^\W\d_](?:[\w\xa0 ’,().«»+/@-]*[\w).»+])?")
# What no reader of YAML refuses or rewrites outside quotes: no control, no line separator, no byte order mark.
_UNSAFE = re.compile(r"[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_ESCAPED = re.compile(r'["\\]|' + _UNSAFE.pattern + r"|\n")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def field_text(name: str, value: Any, column: int) -> str:
    """The lines of one field whose name stands at that column."""
    margin = " " * column
    if name == "choices" and isinstance(value, dict):
        return f"{margin}{name}:\n" + "".join(_choices(key, each, column + 2) for key, each in value.items())
    if isinstance(value, dict):
        return f"{margin}{name}:\n" + "".join(field_text(key, each, column + 2) for key, each in value.items())
    if isinstance(value, list) and value and name not in _FLOW:
        return f"{margin}{name}:\n" + "".join(_item(name, each, column + 2) for each in value)
    if isinstance(value, list):
        return _flow(name, [_inline(name, each) for each in value], column)
    return f"{margin}{name}: {_scalar(name, value, column, column + len(name) + 2)}\n"


def _flow(name: str, items: list[str], column: int) -> str:
    """A short list on its line, a long one on several below its name."""
    line = f"{' ' * column}{name}: [{', '.join(items)}]\n"
    if len(line) <= WIDTH:
        return line
    inside = WIDTH - column - 3
    lines = _wrapped(", ".join(items), inside)
    return f"{' ' * column}{name}:\n{' ' * (column + 2)}[" + f"\n{' ' * (column + 3)}".join(lines) + "]\n"


def _choices(key: str, moves: dict[str, str | None], column: int) -> str:
    """What the choices of one question become: values of answers, always between quotes."""
    said = ", ".join(f"{_quoted(old)}: {'null' if new is None else _quoted(new)}" for old, new in moves.items())
    return f"{' ' * column}{key}: {{{said}}}\n"


def _item(name: str, value: Any, column: int) -> str:
    if isinstance(value, dict) and name in _FLOW_ITEMS:
        said = ", ".join(field_text(key, each, 0).rstrip("\n") for key, each in value.items())
        return f"{' ' * column}- {{{said}}}\n"
    if isinstance(value, dict):
        lines = "".join(field_text(key, each, column + 2) for key, each in value.items())
        return with_dash(lines, column)
    return f"{' ' * column}- {_scalar(name, value, column, column + 2)}\n"


def with_dash(lines: str, column: int) -> str:
    """The fields of an item of a list, its dash before the first that is no comment."""
    before, after = "", lines
    while after.lstrip(" ").startswith(("\n", "\r\n", "#")):
        line, _, after = after.partition("\n")
        before += f"{line}\n"
    return f"{before}{after[:column]}-{after[column + 1 :]}"


def _scalar(name: str, value: Any, column: int, at: int) -> str:
    """One value; `column` is where the lines of a folded text are counted from, `at` where the value begins."""
    text = _inline(name, value)
    if not isinstance(value, str) or name in _ONE_LINE:
        return text
    # The items of a list are folded as if their dash stood with the fields.
    width = WIDTH - 4 - column if name in _ALWAYS_FOLDED else WIDTH - 2 - column
    fits = at + len(text) <= WIDTH and "\n" not in value
    if (fits and name not in _ALWAYS_FOLDED) or not _foldable(value):
        return text
    return ">-" + "".join(f"\n{line and ' ' * (column + 2)}{line}" for line in _folded(value, width))


def _inline(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return _number(value)
    if name == "applies_when" and value == "always":
        return "always"
    return str(value) if name not in _QUOTED and _plain(value) else _quoted(value)


def _number(number: Decimal) -> str:
    """A number as short as it is exact: 1, not 1.00."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _plain(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None and _NOT_A_TEXT.fullmatch(text) is None and _UNSAFE.search(text) is None


def _quoted(text: str) -> str:
    return '"' + _ESCAPED.sub(lambda found: _escape(found.group()), text) + '"'


def _escape(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    code = ord(character)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def _foldable(text: str) -> bool:
    """Whether folding gives the same text back: paragraphs that neither begin nor end with a space."""
    paragraphs = text.split("\n")
    return (
        bool(text.strip())
        and _UNSAFE.search(text) is None
        and paragraphs[0] != ""
        and paragraphs[-1] != ""
        and all(paragraph == paragraph.strip(" ") for paragraph in paragraphs)
    )


def _folded(text: str, width: int) -> list[str]:
    """The lines of a folded text, where a line break is an empty line more."""
    lines: list[str] = []
    for number, paragraph in enumerate(text.split("\n")):
        if number:
            lines.append("")
        if paragraph:
            lines.extend(_wrapped(paragraph, width))
    return lines


def _wrapped(paragraph: str, width: int) -> list[str]:
    """Cut at single spaces only: a line that begins with a space would not be folded."""
    lines = [""]
    for word in re.split(r"(?<! ) (?! )", paragraph):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return lines
