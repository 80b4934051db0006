"""What the portal has told somebody, on the portal itself."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import MailForm
from accounts.requests import SignedInRequest
from notifications.models import MailPreference, Notification
from notifications.operations import choose_mail, mark_read

PER_PAGE = 30


@require_http_methods(["GET", "POST"])
def notices(request: SignedInRequest) -> HttpResponse:
    """One's messages, latest first. POST: when to be written to by e-mail."""
    preference = MailPreference.objects.filter(person=request.user).first() or MailPreference()
    form = MailForm(request.POST or None, initial={"when": preference.when})
    if request.method == "POST" and form.is_valid():
        choose_mail(request.user, form.cleaned_data["when"])
        messages.success(request, _("Votre choix est enregistré."))
        return redirect("account_notices")
    page = Paginator(_own(request), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "account/notices.html", {"page": page, "form": form}, status=422 if form.is_bound else 200)


@require_POST
def read_all(request: SignedInRequest) -> HttpResponse:
    if mark_read(request.user):
        messages.success(request, _("Toutes vos notifications sont marquées comme lues."))
    return redirect("account_notices")


@require_POST
def open_notice(request: SignedInRequest, pk: int) -> HttpResponse:
    """Mark one as read and go where it leads."""
    notice = get_object_or_404(_own(request), pk=pk)
    mark_read(request.user, notice)
    return HttpResponseRedirect(notice.path) if notice.path else redirect("account_notices")


def _own(request: SignedInRequest) -> QuerySet[Notification]:
    return Notification.objects.filter(recipient=request.user, in_app=True)
