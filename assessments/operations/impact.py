"""Ask what a draft edition would do to the open dossiers, and keep what was found."""

from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import User
from assessments.impact import Effect, any_would_follow, count_staying
from assessments.models import ImpactBlocker, ImpactLine, ImpactScore, ImpactStudy
from audit.operations import record
from jobs.operations import enqueue
from questionnaires.models import Edition
from questionnaires.operations.drafts import lock_edition
from questionnaires.queries import drafted

IMPACT_TASK = "assessments.study_impact"


class NothingOpen(Exception):
    """No dossier is being filled: there is nothing to study."""


@transaction.atomic
def request_study(edition: Edition, *, by: User) -> ImpactStudy:
    """Ask for a study. The one that is under way is returned as it is; one that failed is begun again.

    Raises NotADraft, engine.DefinitionErrors when the draft cannot be tried as it is, and NothingOpen.
    """
    edition = lock_edition(edition)
    drafted(edition)
    if not any_would_follow():
        raise NothingOpen
    standing = ImpactStudy.objects.filter(edition=edition, finished_at=None).select_related("job").first()
    if standing is not None:
        if not standing.has_failed:
            return standing
        standing.delete()
    study = ImpactStudy.objects.create(edition=edition, asked_by=by)
    study.job = enqueue(IMPACT_TASK, study.pk)
    study.save(update_fields=["job"])
    record("edition.impact_studied", edition, by=by, edition=edition.code)
    return study


@transaction.atomic
def store_study(study: ImpactStudy, effects: Sequence[Effect], *, content_hash: str) -> ImpactStudy:
    """Keep what was found, once, in the place of the last study of the edition.

    Raises ImpactStudy.DoesNotExist when it was given up meanwhile.
    """
    study = ImpactStudy.objects.select_for_update(of=("self",)).get(pk=study.pk)
    if study.is_finished:
        return study
    ImpactStudy.objects.filter(edition=study.edition_id, finished_at__isnull=False).delete()
    in_order = sorted(effects, key=partial(_draw, study))
    lines = ImpactLine.objects.bulk_create(
        ImpactLine(
            study=study,
            place=place,
            dossier_id=each.dossier_id,
            programme=each.programme,
            to_reconfirm=each.to_reconfirm,
            to_answer=each.to_answer,
            new=each.new,
            left_behind=each.left_behind,
        )
        for place, each in enumerate(in_order, start=1)
    )
    pairs = list(zip(lines, in_order, strict=True))
    ImpactScore.objects.bulk_create(
        ImpactScore(
            line=line, position=position, code=score.code, title=score.title, before=score.before, after=score.after
        )
        for line, each in pairs
        for position, score in enumerate(each.scores, start=1)
    )
    ImpactBlocker.objects.bulk_create(
        ImpactBlocker(line=line, question_key=key, gained=gained)
        for line, each in pairs
        for keys, gained in ((each.gained, True), (each.lost, False))
        for key in keys
    )
    study.finished_at, study.content_hash, study.staying = timezone.now(), content_hash, count_staying()
    study.save(update_fields=["finished_at", "content_hash", "staying"])
    return study


def _draw(study: ImpactStudy, effect: Effect) -> str:
    """An order that tells nothing of the dossiers, and that whoever makes the study again finds again."""
    return salted_hmac("assessments.impact", f"{study.pk}:{effect.dossier_id}", algorithm="sha256").hexdigest()
