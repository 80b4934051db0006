"""Say in words that files cannot be reached for now."""

import logging
from collections.abc import Callable
from contextlib import suppress

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render

from evidence.storage import StorageUnavailable

logger = logging.getLogger(__name__)
# Seconds after which a machine may ask again; the page says « dans quelques minutes ».
RETRY_AFTER = "60"


class StorageOutages:
    """503 with a sentence, wherever a view meets a storage that does not answer.

    A plain form with files is spooled to this machine's disk as it is read, which may be full too: this one
    stands before the middlewares that read forms.

    `static/js/uploads.js` sends again what was answered so; what was typed is saved by requests of its own.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        try:
            request.POST  # noqa: B018 — read now
        except UnreadablePostError:  # whoever sent it is gone
            return None
        except OSError as error:
            for handler in request.upload_handlers:  # Django leaves open what it could not write
                if hasattr(handler, "file"):
                    with suppress(OSError):  # it has still to be written
                        handler.file.close()
            return _unavailable(request, error)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return _unavailable(request, exception) if isinstance(exception, StorageUnavailable) else None


def _unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("Files cannot be kept or opened: %s", error)
    page = render(request, "503.html", status=503)
    page["Retry-After"] = RETRY_AFTER
    return page
