"""What editors say to each other, beside what they write."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from questionnaires.forms.remarks import RemarkForm
from questionnaires.models import Question, Remark, Version
from questionnaires.operations.typing import settle_remark, write_remark
from questionnaires.views.access import for_editors, get_version


@require_POST
@for_editors
def write(request: SignedInRequest, code: str, number: str, key: str = "") -> HttpResponse:
    version = get_version(code, number)
    if key and not Question.objects.filter(theme__version=version, key=key).exists():
        raise Http404
    form = RemarkForm(request.POST)
    if form.is_valid():
        write_remark(version=version, key=key, text=form.cleaned_data["text"], by=request.user)
        messages.success(request, _("Votre remarque est enregistrée."))
    else:
        messages.error(request, _("Votre remarque n’est pas enregistrée : %(why)s") % {"why": form.errors["text"][0]})
    return _back(version, key)


@require_POST
@for_editors
def settle(request: SignedInRequest, code: str, number: str, pk: int) -> HttpResponse:
    version = get_version(code, number)
    remark = get_object_or_404(Remark.objects.filter(version=version), pk=pk)
    settle_remark(remark, by=request.user)
    messages.success(request, _("La remarque est réglée."))
    return _back(version, remark.key)


def _back(version: Version, key: str) -> HttpResponse:
    place = [version.questionnaire.code, version.number]
    if key and Question.objects.filter(theme__version=version, key=key).exists():
        return redirect(f"{reverse('questionnaires:question', args=[*place, key])}#remarques")
    return redirect(f"{reverse('questionnaires:version', args=place)}#remarques")
