"""The notes that reviewers keep among themselves, on a dossier or one of its items."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from assessments.forms.notes import NoteForm
from assessments.models import ReviewNote
from assessments.operations.notes import withdraw_note, write_note
from assessments.review_desk import Desk
from assessments.views.reviews import detail_page, get_desk_item, get_review, item_page


@require_POST
def write(request: SignedInRequest, number: str) -> HttpResponse:
    review = get_review(request, number)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return detail_page(request, Desk(review), typed={"note_form": form}, status=422)
    write_note(review=review, text=form.cleaned_data["text"], by=request.user)
    messages.success(request, _("Votre note est enregistrée."))
    return redirect("reviews:detail", number)


@require_POST
def write_on_item(request: SignedInRequest, number: str, key: str) -> HttpResponse:
    review = get_review(request, number)
    desk = Desk(review)
    noted = get_desk_item(desk, key)
    form = NoteForm(request.POST)
    if not form.is_valid():
        return item_page(request, desk, noted, typed={"note_form": form}, status=422)
    write_note(review=review, text=form.cleaned_data["text"], by=request.user, question_id=noted.item.question_id)
    messages.success(request, _("Votre note est enregistrée."))
    return redirect("reviews:item", number, key)


@require_POST
def withdraw(request: SignedInRequest, number: str, pk: int) -> HttpResponse:
    review = get_review(request, number)
    notes = ReviewNote.objects.select_related("question", "review__dossier__product")
    note = get_object_or_404(notes, pk=pk, review=review)
    if note.author_id != request.user.pk:
        raise PermissionDenied
    withdraw_note(note, by=request.user)
    messages.success(request, _("Votre note est retirée : son texte n’est plus montré à personne."))
    if note.question is None:
        return redirect("reviews:detail", number)
    return redirect("reviews:item", number, note.question.key)
