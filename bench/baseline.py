"""The least that an authenticated answer of this portal can cost: one word, or a page of a given size."""

from django.http import HttpResponse
from django.template import RequestContext, Template

from accounts.models import User
from accounts.requests import SignedInRequest

PAGE = Template("{% extends 'base.html' %}{% block title %}Page nue{% endblock %}")


def bare(request: SignedInRequest, statements: int) -> HttpResponse:
    """Go through every middleware, find who asks, run that many one-row reads, and answer one word."""
    _read(request.user, statements)
    return HttpResponse(b"ok")


def bare_page(request: SignedInRequest, statements: int, size: int) -> HttpResponse:
    """The same, answering the frame of every page (header, menus, footer) around a text that makes `size` bytes."""
    _read(request.user, statements)
    frame = PAGE.render(RequestContext(request))
    text = "x" * max(0, size - len(frame.encode()))
    return HttpResponse(frame.replace("</main>", f"{text}</main>"))


def _read(user: User, statements: int) -> None:
    """One row at a time, as this portal reads: by the ORM, which takes longer to write a statement than PostgreSQL to
    answer it."""
    for _ in range(statements):
        User.objects.get(pk=user.pk)
