"""Say in words that files cannot be reached for now."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from evidence.storage import StorageUnavailable

logger = logging.getLogger(__name__)
# Seconds after which a machine may ask again; the page says « dans quelques minutes ».
RETRY_AFTER = "60"


class StorageOutages:
    """503 with a sentence, wherever a view meets a storage that does not answer.

    `static/js/uploads.js` sends again what was answered so; what was typed is saved by requests of its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, StorageUnavailable):
            return None
        logger.error("The storage does not answer: %s", exception)
        page = render(request, "503.html", status=503)
        page["Retry-After"] = RETRY_AFTER
        return page
