"""Bring answers back from a workbook or from JSON: keep what was read, import it once its author has seen it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from assessments import policies
from assessments.filing import Filing
from assessments.models import AnswerRevision, Dossier, Import
from assessments.offline.proposals import FIELDS, Edit, Plan, plan, touched
from assessments.offline.returned import Returned, without_untouched
from assessments.operations.answers import Entry, lock_dossier, save_answers
from audit.operations import record
from questionnaires.queries import published


class Moved(Exception):
    """Something is no longer as the person saw it: nothing was imported."""


@transaction.atomic
def keep_import(*, dossier: Dossier, returned: Returned, source: str, file_name: str, by: User) -> Import:
    """Keep what a file would change until its author has looked at it, in the place of what they brought before.

    What was not touched outside is not kept: most of a workbook is as it left.
    """
    dossier = lock_dossier(dossier)
    questions = published(dossier.edition).definition.questions
    bases = bases_of(dossier, returned.edits)
    edits = [touched(edit, questions[edit.key], bases.get(edit.key)) for edit in returned.edits]
    Import.objects.filter(dossier=dossier, author=by, imported_at=None).delete()
    return Import.objects.create(
        dossier=dossier,
        author=by,
        source=source,
        file_name=file_name,
        content=without_untouched(returned, edits).as_json(),
        expires_at=timezone.now() + timedelta(days=settings.IMPORT_KEPT_DAYS),
    )


def plan_of(filing: Filing, returned: Returned) -> Plan:
    """What importing would do now."""
    bases = bases_of(filing.dossier, returned.edits)
    return plan(returned.edits, filing, bases, policies.open_keys(filing))


@transaction.atomic
def apply_import(kept: Import, *, seen: Mapping[str, int], taken: Collection[tuple[str, str]], by: User) -> Import:
    """Save everything that is ready, and the contested cells that were `taken` (question, field), at once.

    `seen`: the revision of each answer that the person was shown as to be replaced. Importing again does nothing.
    Raises Moved when anything differs from what was shown: nothing is written, and they are to be shown it again.
    """
    dossier = lock_dossier(kept.dossier)
    kept = Import.objects.select_for_update(of=("self",)).get(pk=kept.pk)
    if kept.imported_at is not None:
        return kept
    filing, returned = Filing(dossier), Returned.from_json(kept.content)
    planned = plan_of(filing, returned)
    if planned.seen != seen:
        raise Moved
    entries = planned.entries(taken)
    if entries:
        save_answers(filing, entries, by=by)
        record(
            "answers.imported",
            dossier,
            by=by,
            publisher=dossier.publisher_id,
            dossier=dossier.number,
            source=kept.source,
            questions=sorted(entries),
        )
    kept.imported_at, kept.imported_count = timezone.now(), len(entries)
    kept.content = without_untouched(returned, []).as_json()  # what could not be read is still to be said
    kept.save(update_fields=["imported_at", "imported_count", "content"])
    return kept


def bases_of(dossier: Dossier, edits: Iterable[Edit]) -> dict[str, Entry]:
    """What each answer said when it left, by question; nothing for a revision that never was. One query."""
    bases = {edit.key: edit.base for edit in edits}
    rows = AnswerRevision.objects.filter(
        answer__assessment__dossier=dossier,
        answer__assessment__replaced_by=None,
        answer__question__key__in=bases,
        number__in=set(bases.values()),
    )
    found = {key: Entry() for key, base in bases.items() if base == 0}
    for key, number, *said in rows.values_list("answer__question__key", "number", *FIELDS):
        if number == bases[key]:
            content: dict[str, Any] = dict(zip(FIELDS, said, strict=True))
            found[key] = Entry(**content)
    return found


def expire_imports() -> int:
    """Forget what was brought back and whose time is over. Returns how many went."""
    deleted, _by_model = Import.objects.filter(expires_at__lte=timezone.now()).delete()
    return deleted
