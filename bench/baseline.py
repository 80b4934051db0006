"""The least that an authenticated page of this portal can cost with a given number of SQL statements."""

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest, HttpResponse

from accounts.models import User


def bare(request: HttpRequest, statements: int) -> HttpResponse:
    """Go through every middleware, find who asks, run that many one-row reads, and answer one word."""
    user: User | AnonymousUser = request.user
    with connection.cursor() as cursor:
        for _ in range(statements):
            cursor.execute("SELECT * FROM accounts_user WHERE id = %s", [user.pk])
            cursor.fetchone()
    return HttpResponse(b"ok")
