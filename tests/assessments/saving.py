"""Saving answers in one short line, and reading what became of them."""

import uuid
from collections.abc import Callable, Collection

from django.utils import timezone

from accounts.models import User
from assessments import policies
from assessments.answer_states import AnswerState, working_copy
from assessments.filing import Filing
from assessments.models import Dossier, Programme
from assessments.operations.answers import Entry, Saved, save_answer
from assessments.operations.dossiers import open_dossier
from evidence.models import DocumentVersion
from products.models import Product
from questionnaires import engine
from tests.assessments.editions import published_edition

NewFile = Callable[..., DocumentVersion]


def open_for(product: Product, *, by: User, programme: str = Programme.WITHOUT_EXCHANGE) -> Dossier:
    """Open a dossier over the real edition."""
    return open_dossier(product=product, programme=programme, edition=published_edition(), by=by)


def state_of(dossier: Dossier, key: str) -> AnswerState:
    return working_copy(dossier).state(key)


def files_of(dossier: Dossier, key: str) -> list[int]:
    """The versions that the answer holds, by identifier."""
    return [file.pk for file in state_of(dossier, key).files]


def evaluation_of(dossier: Dossier) -> engine.Evaluation:
    return working_copy(dossier).evaluate(timezone.localdate())


def open_keys_of(dossier: Dossier) -> frozenset[str]:
    return policies.open_keys(Filing(dossier))


def save(
    dossier: Dossier,
    key: str,
    value: object = None,
    *,
    by: User,
    base: int | None = None,
    mutation_id: uuid.UUID | None = None,
    after: Collection[uuid.UUID] = (),
    **more: object,
) -> Saved:
    """Save a value over the answer that stands, unless another base is given."""
    base = state_of(dossier, key).revision if base is None else base
    entry = Entry(value=value, **more)  # type: ignore[arg-type]  # its own names and types
    return save_answer(
        dossier=dossier, key=key, entry=entry, base_revision=base, by=by, mutation_id=mutation_id, after=after
    )
