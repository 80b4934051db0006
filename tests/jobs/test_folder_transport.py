"""The demonstration's queue: a folder where a message is there whole, or not there."""

import threading
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu.connection import Connection
from kombu.transport import filesystem

from jobs.folder_transport import Channel

MESSAGES = 300


@pytest.fixture
def options(tmp_path: Path) -> dict[str, str]:
    folder = tmp_path / "queue"
    folder.mkdir()
    return {"data_folder_in": str(folder), "data_folder_out": str(folder), "control_folder": str(tmp_path / "control")}


def _channel(options: dict[str, str]) -> Any:
    return Connection("filesystem://", transport_options=options).channel()


def test_the_folder_broker_of_the_portal_is_ours(options: dict[str, str]) -> None:
    assert isinstance(_channel(options), Channel)
    assert issubclass(Channel, filesystem.Channel)


def test_messages_come_out_in_the_order_they_went_in(options: dict[str, str]) -> None:
    channel = _channel(options)
    for number in range(5):
        channel._put("celery", {"number": number})

    assert [channel._get("celery")["number"] for _ in range(5)] == [0, 1, 2, 3, 4]


def test_a_reader_never_sees_a_message_that_is_being_written(options: dict[str, str]) -> None:
    writer, reader = _channel(options), _channel(options)
    payload = {"text": "x" * 100_000}

    def write() -> None:
        for _ in range(MESSAGES):
            writer._put("celery", payload)

    thread = threading.Thread(target=write)
    thread.start()
    received = 0
    while received < MESSAGES:
        try:
            assert reader._get("celery") == payload
        except Empty:
            continue
        received += 1
    thread.join()
