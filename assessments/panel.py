"""What reviewers keep among themselves beside a dossier and its items. Nothing of it is for the publisher's side."""

from collections.abc import Mapping
from typing import Any

from django import forms

from accounts.models import User
from assessments import policies
from assessments.agenda import open_entries_of, open_keys_of
from assessments.desk_items import DeskItem
from assessments.forms.agenda import AgendaForm, RulingForm
from assessments.forms.notes import NoteForm
from assessments.forms.second_readings import OpinionForm
from assessments.models import Review, ReviewNote, Round, SecondOpinion
from assessments.operations.second_readings import contested, silent_readers
from assessments.precedents import precedents_of
from assessments.review_desk import Desk

# The forms of a page that could not be taken as they were, by name: they are shown again with what was typed.
Typed = Mapping[str, forms.Form]


def on_dossier(user: User, desk: Desk, typed: Typed | None = None) -> dict[str, Any]:
    """Beside the dossier. Notes on one item are read on its own page."""
    return {
        **_notes(desk, None, typed or {}),
        "on_agenda": open_keys_of(desk.review),
        "contested": _contested_keys(desk),
        "who_closes": _who_closes(user, desk),
    }


def on_item(user: User, desk: Desk, item: DeskItem, typed: Typed | None = None) -> dict[str, Any]:
    """Beside one item: the queries do not grow with what is shown."""
    return {
        **_notes(desk, item.item.question_id, typed or {}),
        **_agenda(user, desk, item, typed or {}),
        **_opinions(user, desk, item, typed or {}),
        "precedents": precedents_of(item.key, review=desk.review, reader=user),
    }


def before_sending(user: User, desk: Desk) -> dict[str, Any]:
    """What whoever sends a round has to know."""
    return {**still_waiting(desk.review, desk.round), "who_closes": _who_closes(user, desk)}


def still_waiting(review: Review, round: Round) -> dict[str, Any]:
    """What was asked of the commission and of second readers, and has no answer yet. Nothing of it stops a round from
    being sent nor a review from being closed. Two queries."""
    return {"agenda_waits": open_entries_of(review), "silent_readers": silent_readers(round)}


def _who_closes(user: User, desk: Desk) -> str:
    # Whoever assigns also closes (results.policies).
    return desk.who_closes(user, may_close=policies.can_assign(user, desk.review))


def _agenda(user: User, desk: Desk, item: DeskItem, typed: Typed) -> dict[str, Any]:
    """What the commission is asked and said about the item, and the forms that the person may fill, else None."""
    entries = desk.review.agenda.filter(question=item.item.question_id).select_related("put_by", "settled_by")
    agenda = list(entries.order_by("-pk"))
    waits = any(not entry.is_settled for entry in agenda)
    may_put = item.is_review_item and not waits and policies.can_judge(user, desk.review)
    may_settle = waits and policies.can_settle(user, desk.review)
    return {
        "agenda": agenda,
        "agenda_form": (typed.get("agenda_form") or AgendaForm()) if may_put else None,
        "ruling_form": (typed.get("ruling_form") or RulingForm()) if may_settle else None,
    }


def _opinions(user: User, desk: Desk, item: DeskItem, typed: Typed) -> dict[str, Any]:
    """What second readers think of the verdict of this round, and the form of whoever may say, else None."""
    opinions = SecondOpinion.objects.filter(verdict__round=desk.round, verdict__item=item.item)
    reads_second = policies.can_give_opinion(user, desk.review)
    form = None
    if item.verdict and reads_second and desk.is_open:
        form = typed.get("opinion_form") or OpinionForm(initial={"seen_at": item.verdict.decided_at.isoformat()})
    return {
        "opinions": list(opinions.select_related("verdict", "reader")),
        "opinion_form": form,
        "reads_second": reads_second,
    }


def _contested_keys(desk: Desk) -> frozenset[str]:
    return frozenset(each.verdict.item.question.key for each in contested(desk.round))


def _notes(desk: Desk, question_id: int | None, typed: Typed) -> dict[str, Any]:
    notes = ReviewNote.objects.filter(review=desk.review, question=question_id).select_related("author")
    return {"notes": list(notes.order_by("-pk")), "note_form": typed.get("note_form") or NoteForm()}
