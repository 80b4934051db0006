"""What the tests of the whole journey share: the questionnaires as they ship, and a browser for each person."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from questionnaires.models import Edition
from questionnaires.operations.publishing import publish_diagnostic
from questionnaires.operations.storing import store_version
from questionnaires.source_files import read_questionnaire
from tests.assessments.editions import published_edition
from tests.live import browser_context, sign_in

# open_browser(user): a page of a browser of their own; without a user, a visitor's.
OpenBrowser = Callable[..., Page]


@pytest.fixture
def questionnaires(transactional_db: None) -> Edition:
    """The diagnostic and the edition, published."""
    source = read_questionnaire(Path(settings.BASE_DIR) / "fixtures/questionnaires/diagnostic.yaml")
    edition = published_edition()
    publish_diagnostic(store_version(source), by=None)
    return edition


@pytest.fixture
def open_browser(chromium: Browser, live_server: LiveServer) -> Iterator[OpenBrowser]:
    """open_browser(user, java_script_enabled=False): options are those of Playwright's contexts."""
    with ExitStack() as browsers:

        def open_one(user: User | None = None, **options: Any) -> Page:
            page = browsers.enter_context(browser_context(chromium, live_server, **options)).new_page()
            if user is not None:
                sign_in(page, live_server, user)
            return page

        yield open_one
