"""The request of a signed-in person, for the annotations of views behind sign-in."""

from django.http import HttpRequest

from accounts.models import User

__all__ = ["HttpRequest", "SignedInRequest"]


class SignedInRequest(HttpRequest):
    user: User
