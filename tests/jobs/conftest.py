"""A broker that only remembers."""

import pytest
from celery import current_app

from tests.jobs.postbox import Postbox


@pytest.fixture
def postbox(monkeypatch: pytest.MonkeyPatch) -> Postbox:
    box = Postbox()
    monkeypatch.setattr(current_app, "send_task", box.send_task)
    return box
