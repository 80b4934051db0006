"""What a process that reads a hostile file may use."""

import resource

MAX_MEMORY = 2_000_000_000
# At the limit the process gets SIGXCPU, which tells it from one that was killed from outside; later, SIGKILL.
GRACE_SECONDS = 5


def limit(seconds: int) -> None:
    """A hostile file may make a reader swell or turn for ever: this process ends, and nothing else.

    `seconds` of processor time. No file is written, none is left after a crash.
    """
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + GRACE_SECONDS))
    for what, most in (
        (resource.RLIMIT_AS, MAX_MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
