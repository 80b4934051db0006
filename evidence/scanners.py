"""The antivirus: what it answers, and how it is asked. Whatever is not a clear answer is no answer."""

import re
import socket
import struct
import time
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from evidence.inspection.findings import Reading

CLEAN_REPLY = b"stream: OK"
FOUND_REPLY = re.compile(rb"stream: (?P<signature>[\x21-\x7e]+) FOUND")
MAX_REPLY_BYTES = 4_096
# clamd names what it could not look into as if it were a threat (AlertExceedsMax, AlertEncrypted).
REFUSALS_BY_PREFIX = {
    "Heuristics.Limits.Exceeded": "not_analysable",
    "Heuristics.Encrypted": "protected",
}
# Written in two halves so that no file of ours is taken for the test file.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Outcome(StrEnum):
    CLEAN = "clean"
    REFUSED = "refused"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class Verdict:
    """What is thought of a file. `refusal` is a key of `sentences.REFUSALS`.

    `detail` is for the people who run the portal. Of a clean file whose structure was inspected: `pages`, when pages
    mean something for it, and `reading`; None when nothing was read.
    """

    outcome: Outcome
    refusal: str = ""
    detail: str = ""
    pages: int | None = None
    reading: Reading | None = None

    @property
    def is_unavailable(self) -> bool:
        return self.outcome is Outcome.UNAVAILABLE


def clean(pages: int | None = None, reading: Reading | None = None) -> Verdict:
    return Verdict(Outcome.CLEAN, pages=pages, reading=reading)


def refused(refusal: str, detail: str = "") -> Verdict:
    return Verdict(Outcome.REFUSED, refusal=refusal, detail=detail)


def unavailable(detail: str) -> Verdict:
    return Verdict(Outcome.UNAVAILABLE, detail=detail)


class Scanner(Protocol):
    def scan(self, chunks: Iterable[bytes]) -> Verdict:
        """Judge the bytes, read once and in order."""


class NoScanner:
    """No antivirus: files wait."""

    def scan(self, chunks: Iterable[bytes]) -> Verdict:
        return unavailable("No scanner is configured.")


class DemonstrationScanner:
    """Knows the EICAR test file and nothing else. Protects nobody."""

    def __init__(self) -> None:
        if not settings.DEMONSTRATION:
            raise ImproperlyConfigured("The demonstration scanner is refused outside DEMONSTRATION.")

    def scan(self, chunks: Iterable[bytes]) -> Verdict:
        tail = b""
        for chunk in chunks:
            window = tail + chunk
            if EICAR in window:
                return refused("virus", "EICAR")
            tail = window[-(len(EICAR) - 1) :]
        return clean()


class ClamdScanner:
    """clamd's INSTREAM command, over a unix socket or TCP. `timeout` (seconds) bounds the whole scan."""

    def __init__(self, address: str, timeout: float) -> None:
        self.address = parse_address(address)
        self.timeout = timeout

    def scan(self, chunks: Iterable[bytes]) -> Verdict:
        try:
            return judge_reply(self._ask(chunks))
        except OSError as error:  # refused, reset, too slow: clamd resets the connection past StreamMaxLength
            return unavailable(f"{type(error).__name__}: {error}")

    def _ask(self, chunks: Iterable[bytes]) -> bytes:
        deadline = time.monotonic() + self.timeout
        family = socket.AF_UNIX if isinstance(self.address, str) else _family(self.address)
        with socket.socket(family, socket.SOCK_STREAM) as link:
            _keep(link, deadline)
            link.connect(self.address)
            link.sendall(b"zINSTREAM\0")
            for chunk in chunks:
                if chunk:  # an empty chunk would end the stream
                    _keep(link, deadline)
                    link.sendall(struct.pack("!L", len(chunk)) + chunk)
            link.sendall(struct.pack("!L", 0))
            return _reply(link, deadline)


def judge_reply(reply: bytes) -> Verdict:
    """Read clamd's answer, whole and NUL-terminated. Anything unexpected means that nothing was judged."""
    answer = reply.removesuffix(b"\0")
    if reply == CLEAN_REPLY + b"\0":
        return clean()
    if reply.endswith(b"\0") and (found := FOUND_REPLY.fullmatch(answer)):
        signature = found["signature"].decode("ascii")
        prefixed = (code for prefix, code in REFUSALS_BY_PREFIX.items() if signature.startswith(prefix))
        return refused(next(prefixed, "virus"), signature)
    return unavailable(f"Unexpected answer: {reply[:200]!r}")


def parse_address(address: str) -> str | tuple[str, int]:
    """Return a unix socket's path, or (host, port). Raises ValueError."""
    if "/" in address:
        return address
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise ValueError(f"CLAMD_SOCKET must be a socket's path or host:port, not {address!r}.")
    return host.strip("[]"), int(port)


def configured_scanner() -> Scanner:
    """Return the scanner that the settings name."""
    if settings.EVIDENCE_SCANNER == "clamd":
        return ClamdScanner(settings.CLAMD_SOCKET, settings.CLAMD_TIMEOUT_SECONDS)
    if settings.EVIDENCE_SCANNER == "demonstration":
        return DemonstrationScanner()
    return NoScanner()


def _family(address: tuple[str, int]) -> socket.AddressFamily:
    return socket.getaddrinfo(*address, type=socket.SOCK_STREAM)[0][0]


def _keep(link: socket.socket, deadline: float) -> None:
    """Let the next call wait until the deadline and no longer."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("the scan took too long")
    link.settimeout(left)


def _reply(link: socket.socket, deadline: float) -> bytes:
    """Read up to the final NUL, or whatever came before clamd closed the connection."""
    reply = b""
    while not reply.endswith(b"\0") and len(reply) < MAX_REPLY_BYTES:
        _keep(link, deadline)
        part = link.recv(MAX_REPLY_BYTES)
        if not part:
            break
        reply += part
    return reply
