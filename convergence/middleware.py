"""What is known of each request while it is served: its number, sent back to the browser, and a truncated address."""

import ipaddress
import uuid
from collections.abc import Callable

from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from audit.request import current_address, current_request_id


def request_id(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give every request an identifier that events recorded during it carry."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = current_request_id.set(uuid.uuid4().hex)
        address_token = current_address.set(truncated(get_client_ip(request)))
        try:
            response = get_response(request)
            response["X-Request-Id"] = current_request_id.get()
            return response
        finally:
            current_request_id.reset(token)
            current_address.reset(address_token)

    return middleware


def truncated(address: str | None) -> str:
    """The network around an address: /24 for IPv4, /48 for IPv6. Blank when there is none, or it is no address.

    >>> truncated("203.0.113.77")
    '203.0.113.0/24'
    """
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return ""
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 48), strict=False))


# What no page of ours asks of a browser. Passkeys are ours to ask.
PERMISSIONS = ", ".join(
    [
        *(
            f"{name}=()"
            for name in ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer",
                         "microphone", "midi", "payment", "serial", "usb")
        ),
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]
)  # fmt: skip


def browser_limits(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Tell browsers what our pages never do, and to keep nothing of what a signed-in person saw."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if request.user.is_authenticated:
            response.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def readable_refusals(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give a page to whoever opens the address of a button: Django's own 405 is blank."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code == 405 and request.method == "GET" and request.accepts("text/html"):
            page = render(request, "405.html", status=405)
            page["Allow"] = response["Allow"]
            return page
        return response

    return middleware
