"""A form that comes when its session has ended is given back to its author, in the page that answers: nothing is lost.

Decision 17. Only to a form of ours that a person sent: another site gets no echo, a script is answered as before.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.csrf import csrf_failure
from django.views.decorators.http import require_safe

from accounts.held_forms import held
from accounts.obligations import Obligation, obligation
from accounts.requests import SignedInRequest


def give_back(request: HttpRequest) -> HttpResponse | None:
    """The page that holds what was posted; None when there is nothing that may be given back."""
    form = held(request.POST, request.FILES) if _may_be_echoed(request) else None
    if form is None:
        return None
    due = obligation(request)
    context = {
        "form": form,
        "due": due,
        "is_anothers": request.user.is_authenticated and form.filled_by not in (None, request.user.pk),
        "words_wait": True,
    }
    page = render(request, "accounts/held_form.html", context, status=401 if due is Obligation.SIGN_IN else 403)
    page["Cache-Control"] = "private, no-store"
    return page


def token_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The CSRF_FAILURE_VIEW. Signing in changes the token: a form filled before is asked about, not thrown away."""
    return give_back(request) or csrf_failure(request, reason)


@require_safe
def resume(request: SignedInRequest) -> HttpResponse:
    """Where the new tab ends up, once its reader is signed in: it leads back to the tab that holds the form."""
    return render(request, "accounts/resume.html")


def _may_be_echoed(request: HttpRequest) -> bool:
    """Nothing of one's account is: its pages take passwords, codes and keys."""
    return (
        request.method == "POST"
        and _is_sent_by_a_person(request)
        and _is_ours(request)
        and not request.path.startswith(reverse("account_home"))
    )


def _is_sent_by_a_person(request: HttpRequest) -> bool:
    mode = request.headers.get("Sec-Fetch-Mode", "navigate")
    return mode == "navigate" and "HX-Request" not in request.headers and request.accepts("text/html")


def _is_ours(request: HttpRequest) -> bool:
    """Whether the browser says that the form was on a page of this very host. One that says nothing gets no echo."""
    said = (request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin"))
    ours = ("same-origin", f"{request.scheme}://{request.get_host()}")
    return said != (None, None) and all(one in (None, own) for one, own in zip(said, ours, strict=True))
