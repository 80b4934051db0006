"""A scanner says clean only when it clearly said so."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from evidence.scanners import (
    ClamdScanner,
    DemonstrationScanner,
    NoScanner,
    Outcome,
    configured_scanner,
    judge_reply,
    parse_address,
)
from tests.evidence.samples import EICAR, TXT

Answering = Callable[[bytes], str]


@pytest.fixture
def answering(tmp_path: Path) -> Iterator[Answering]:
    """answering(b"…"): a socket where somebody who is not clamd listens, answers this and hangs up."""
    listeners: list[socket.socket] = []

    def _answering(answer: bytes) -> str:
        path = str(tmp_path / "other.sock")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path)
        listener.listen()
        listeners.append(listener)
        threading.Thread(target=_serve, args=(listener, answer), daemon=True).start()
        return path

    yield _answering
    for listener in listeners:
        listener.close()


def _serve(listener: socket.socket, answer: bytes) -> None:
    link, _ = listener.accept()
    with link:
        received = b""
        while not received.endswith(b"\0\0\0\0"):
            received += link.recv(65_536)
        link.sendall(answer)


def test_clamd_clears_an_ordinary_file(clamd_socket):
    assert ClamdScanner(clamd_socket, 10).scan([TXT]).outcome is Outcome.CLEAN


def test_clamd_refuses_eicar_wherever_the_chunks_are_cut(clamd_socket):
    verdict = ClamdScanner(clamd_socket, 10).scan([b"avant\n", EICAR[:30], b"", EICAR[30:]])

    assert (verdict.outcome, verdict.refusal) == (Outcome.REFUSED, "virus")
    assert "Eicar" in verdict.detail


def test_a_stream_that_clamd_cuts_short_is_not_judged(clamd_socket):
    """Past StreamMaxLength (60 MB here) clamd hangs up: that is no verdict."""
    verdict = ClamdScanner(clamd_socket, 30).scan(bytes(1_000_000) for _ in range(70))

    assert verdict.outcome is Outcome.UNAVAILABLE


def test_nobody_listening_means_unavailable(tmp_path):
    assert ClamdScanner(str(tmp_path / "nobody.sock"), 1).scan([TXT]).outcome is Outcome.UNAVAILABLE


def test_a_host_without_clamd_means_unavailable():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    assert ClamdScanner(f"127.0.0.1:{port}", 1).scan([TXT]).outcome is Outcome.UNAVAILABLE


def test_a_file_that_cannot_be_read_is_not_judged(clamd_socket):
    def unreadable() -> Iterator[bytes]:
        yield TXT
        raise OSError("the disk is gone")

    assert ClamdScanner(clamd_socket, 10).scan(unreadable()).outcome is Outcome.UNAVAILABLE


def test_silence_lasts_no_longer_than_the_timeout(tmp_path):
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "silent.sock"))
        silent.listen()
        verdict = ClamdScanner(str(tmp_path / "silent.sock"), 0.2).scan([TXT])

    assert verdict.outcome is Outcome.UNAVAILABLE


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\0",
        b"stream: OK",  # cut before its end
        b"stream: OK\0stream: OK\0",
        b"stream: OK FOUND?\0",
        b"OK\0",
        b"HTTP/1.1 200 OK\r\n\0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: Can't allocate memory ERROR\0",
        b"stream: FOUND\0",
        b"stream: Eicar FOUND",
        b"x" * 10_000,
    ],
)
def test_an_odd_answer_is_never_clean(answering, answer):
    assert ClamdScanner(answering(answer), 2).scan([TXT]).outcome is Outcome.UNAVAILABLE


@pytest.mark.parametrize(
    ("signature", "refusal"),
    [
        (b"Win.Trojan.Agent-1", "virus"),
        (b"Heuristics.Limits.Exceeded.MaxFileSize", "not_analysable"),
        (b"Heuristics.Encrypted.PDF", "protected"),
    ],
)
def test_what_clamd_found_becomes_a_reason_that_people_can_act_on(signature, refusal):
    verdict = judge_reply(b"stream: " + signature + b" FOUND\0")

    assert (verdict.outcome, verdict.refusal) == (Outcome.REFUSED, refusal)


def test_the_demonstration_scanner_knows_eicar_wherever_the_chunks_are_cut(settings):
    settings.DEMONSTRATION = True

    for cut in range(1, len(EICAR)):
        verdict = DemonstrationScanner().scan([b"avant" + EICAR[:cut], EICAR[cut:] + b"\n"])
        assert (verdict.outcome, verdict.refusal) == (Outcome.REFUSED, "virus")
    assert DemonstrationScanner().scan([TXT, EICAR[:-1]]).outcome is Outcome.CLEAN


def test_the_demonstration_scanner_is_refused_outside_a_demonstration(settings):
    settings.EVIDENCE_SCANNER = "demonstration"
    settings.DEMONSTRATION = False

    with pytest.raises(ImproperlyConfigured):
        configured_scanner()


def test_without_a_scanner_nothing_is_ever_clean(settings):
    settings.EVIDENCE_SCANNER = "none"

    scanner = configured_scanner()

    assert isinstance(scanner, NoScanner)
    assert scanner.scan([TXT]).outcome is Outcome.UNAVAILABLE


@pytest.mark.parametrize(
    ("address", "parsed"),
    [
        ("/run/clamav/clamd.ctl", "/run/clamav/clamd.ctl"),
        ("clamav:3310", ("clamav", 3310)),
        ("[::1]:3310", ("::1", 3310)),
    ],
)
def test_an_address_is_a_path_or_a_host_and_port(address, parsed):
    assert parse_address(address) == parsed


@pytest.mark.parametrize("address", ["clamav", "clamav:", ":3310", "clamav:port", "clamav:0", "clamav:99999", ""])
def test_an_address_that_leads_nowhere_is_refused(address):
    with pytest.raises(ValueError, match="host:port"):
        parse_address(address)
