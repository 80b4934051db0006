"""A number for each request, written to the audit trail and sent back to the browser."""

import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from audit.request import current_request_id


def request_id(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give every request an identifier that events recorded during it carry."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = current_request_id.set(uuid.uuid4().hex)
        try:
            response = get_response(request)
            response["X-Request-Id"] = current_request_id.get()
            return response
        finally:
            current_request_id.reset(token)

    return middleware
