"""What a process that reads a hostile file may use, and for how long it lives."""

import ctypes
import os
import resource
import signal
import sys

MAX_MEMORY = 2_000_000_000
# At the limit the process gets SIGXCPU, which tells it from one that was killed from outside; later, SIGKILL.
GRACE_SECONDS = 5
# prctl(2): the signal that the kernel sends to this process when the one that started it ends, SIGKILL included.
PR_SET_PDEATHSIG = 1


def confine(seconds: int, parent: int) -> None:
    """A hostile file may make a reader swell or turn for ever: this process ends, and nothing else.

    `seconds` of processor time, and no life after `parent`, the process that asked. No file is written, none is left
    after a crash.
    """
    _die_with(parent)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + GRACE_SECONDS))
    for what, most in (
        (resource.RLIMIT_AS, MAX_MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def _die_with(parent: int) -> None:
    """Nobody reads the answer of a process whose parent was killed: it would only hold the memory, and the file."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the kernel was asked
        sys.exit("The process that asked is gone.")
