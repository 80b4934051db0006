"""By a worker: evidence packs are made and let go of, drafts of editions are tried on the open dossiers, imports that
nobody made are forgotten, dates are reminded of."""

import tempfile
from contextlib import suppress

from celery import shared_task
from django.utils import timezone

from assessments.impact import dossiers_that_would_follow, effects_on
from assessments.models import EvidencePack, ImpactStudy
from assessments.next_edition import Target
from assessments.operations import edition_notices, impact, imports, packs, reminders
from assessments.packing import Altered, write_pack
from jobs.operations import advance, claim, fail, finish, postpone
from questionnaires.engine import DefinitionErrors
from questionnaires.queries import drafted


@shared_task(name=packs.PACK_TASK)
def pack_evidence(job_id: int) -> None:
    """Make the pack that the job names. Killed anywhere and run again, it yields the archive once."""
    job = claim(job_id)
    if job is None:
        return
    wanted = EvidencePack.objects.select_related(
        "submission__dossier__product__publisher", "submission__dossier__edition"
    )
    pack = wanted.filter(pk=job.subject_id, expires_at=None).first()
    if pack is None:  # ready already, or let go of
        finish(job)
        return
    try:
        with tempfile.TemporaryFile() as content:
            write_pack(pack.submission, content, lambda percent: advance(job, percent))
            packs.store_pack(pack, content)
    except Altered as error:
        fail(job, f"{error}: the stored bytes are not those that were filed.")
        raise
    except OSError:
        postpone(job, "A storage is away.")
        raise
    except EvidencePack.DoesNotExist:
        pass  # let go of meanwhile
    finish(job)


@shared_task(name=impact.IMPACT_TASK)
def study_impact(job_id: int) -> None:
    """Try the draft that the job names on every dossier being filled. Killed anywhere, it leaves nothing, and is made
    again whole."""
    job = claim(job_id)
    if job is None:
        return
    study = ImpactStudy.objects.select_related("edition").filter(pk=job.subject_id, finished_at=None).first()
    if study is None:  # made already, or given up
        finish(job)
        return
    try:
        draft = drafted(study.edition)
    except DefinitionErrors as error:
        fail(job, f"The draft was changed meanwhile, and cannot be tried: {error}")
        return
    effects = effects_on(
        study.edition, Target(draft), dossiers_that_would_follow(), lambda percent: advance(job, percent)
    )
    with suppress(ImpactStudy.DoesNotExist):  # given up meanwhile
        impact.store_study(study, list(effects), content_hash=draft.definition.hash)
    finish(job)


@shared_task(name="assessments.expire_packs")
def expire_packs() -> int:
    """Once a day. Safe to run at any time, any number of times."""
    return packs.expire_packs()


@shared_task(name="assessments.expire_imports")
def expire_imports() -> int:
    """Once a day. Safe to run at any time, any number of times."""
    return imports.expire_imports()


@shared_task(name="assessments.remind")
def remind() -> int:
    """Once a day. Safe to run at any time, any number of times."""
    return reminders.remind(timezone.localdate())


@shared_task(name="assessments.announce_editions")
def announce_editions() -> int:
    """Once a day. Safe to run at any time, any number of times."""
    return edition_notices.announce_editions()
