"""What reviewers keep among themselves beside a dossier and its items. Nothing of it is for the publisher's side."""

from collections.abc import Mapping
from typing import Any

from django import forms

from accounts.models import User
from assessments.forms.notes import NoteForm
from assessments.models import ReviewNote
from assessments.precedents import precedents_of
from assessments.review_desk import Desk, DeskItem

# The forms of a page that could not be taken as they were, by name: they are shown again with what was typed.
Typed = Mapping[str, forms.Form]


def on_dossier(user: User, desk: Desk, typed: Typed | None = None) -> dict[str, Any]:
    """Beside the dossier. Notes on one item are read on its own page."""
    return _notes(desk, None, typed or {})


def on_item(user: User, desk: Desk, item: DeskItem, typed: Typed | None = None) -> dict[str, Any]:
    """Beside one item: the queries do not grow with what is shown."""
    return {
        **_notes(desk, item.item.question_id, typed or {}),
        "precedents": precedents_of(item.key, review=desk.review, reader=user),
    }


def _notes(desk: Desk, question_id: int | None, typed: Typed) -> dict[str, Any]:
    notes = ReviewNote.objects.filter(review=desk.review, question=question_id).select_related("author")
    return {"notes": list(notes.order_by("-pk")), "note_form": typed.get("note_form") or NoteForm()}
