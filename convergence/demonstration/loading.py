"""Load the demonstration, whole or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.management.commands.sync_roles import sync_roles
from accounts.models import Membership, Publisher, StaffRole, User
from assessments.models import Dossier
from assessments.operations.assignments import assign
from assessments.operations.dossiers import finish_orientation, open_dossier
from convergence.demonstration.entering import ask_for_accounts, open_consultant
from convergence.demonstration.examining import begin_corrections, examine, hand_over
from convergence.demonstration.filling import Pen, fill
from convergence.demonstration.next_edition import announce_next_edition
from convergence.demonstration.papers import Cabinet
from convergence.demonstration.people import Team, open_staff, open_teams
from convergence.demonstration.stories import (
    DossierStory,
    PaperKind,
    People,
    ProductStory,
    read_answers,
    read_papers,
    read_products,
    read_teamwork,
)
from convergence.demonstration.teamwork import tell_teamwork
from jobs.models import Job
from jobs.operations import claim, finish
from notifications.models import Notification
from notifications.operations import SEND_TASK
from products.models import Product
from products.operations import create_product
from questionnaires.models import Edition
from questionnaires.queries import edition_in_force


class OutsideDemonstration(Exception):
    """These accounts have a password that everybody knows: never on a real portal."""


class NoEdition(Exception):
    """No edition is in force: `load_questionnaires` comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """What every product shares."""

    edition: Edition
    papers: Sequence[PaperKind]
    answers: Mapping[str, Any]
    staff: Mapping[str, User]  # the first person of each role


def is_loaded(people: People) -> bool:
    return Publisher.objects.filter(siren=people.companies[0].siren).exists()


@transaction.atomic
def load(people: People) -> None:
    """Write everything, in one transaction. The caller has checked `is_loaded`.

    Raises OutsideDemonstration and NoEdition.
    """
    if not settings.DEMONSTRATION:
        raise OutsideDemonstration
    edition = edition_in_force(timezone.localdate())
    if edition is None:
        raise NoEdition
    sync_roles()
    staff = open_staff(people)
    library = Library(edition=edition, papers=read_papers(), answers=read_answers(), staff=staff)
    teams = open_teams(people)
    for story in read_products():
        _tell_product(story, teams[story.publisher], library)
    first = teams[people.companies[0].slug]
    open_consultant(people.consultant, first)
    tell_teamwork(read_teamwork(), first.publisher)
    ask_for_accounts(people.requests, support=staff[StaffRole.SUPPORT])
    announce_next_edition()
    _forget_mails()


def _tell_product(story: ProductStory, team: Team, library: Library) -> None:
    owner = team.members[Membership.Role.MANDATAIRE]
    product = create_product(
        by=owner,
        publisher=team.publisher,
        name=story.name,
        description=story.description,
        website=story.website,
        device_class=story.device_class,
        platforms=story.platforms,
    )
    declared_at = timezone.now() - timedelta(days=story.declared_days_ago)
    Product.objects.filter(pk=product.pk).update(created_at=declared_at)
    cabinet = Cabinet(product, library.papers, by=team.members[Membership.Role.CONTRIBUTOR])
    for dossier_story in story.dossiers:
        answers = {**library.answers, **team.company.answers, **story.answers, **dossier_story.answers}
        pen = Pen(
            story=dossier_story,
            answers={**_orientation(story, library), **answers},
            members=team.members,
            cabinet=cabinet,
            today=timezone.localdate(),
        )
        _tell_dossier(product, dossier_story, pen, library)


def _orientation(story: ProductStory, library: Library) -> dict[str, str]:
    versions = library.edition.versions.filter(questionnaire__kind="orientation")
    keys = versions.values_list("themes__questions__key", flat=True)
    return {key: "oui" if key in story.traits else "non" for key in keys}


def _tell_dossier(product: Product, story: DossierStory, pen: Pen, library: Library) -> None:
    """Bring the dossier to its state, one step after the other."""
    owner = pen.members[Membership.Role.MANDATAIRE]
    dossier = _opened(product, story, library.edition, by=owner)
    fill(dossier, pen, only_orientation=True)
    if story.state == Dossier.State.ORIENTATION:
        return
    finish_orientation(dossier=dossier, by=owner)
    dossier.refresh_from_db()
    fill(dossier, pen)
    if story.state == Dossier.State.FILLING:
        _date(dossier, story.opened_days_ago - 1)
        return
    hand_over(dossier, by=owner)
    if story.review is not None:
        reviewer, lead = library.staff[StaffRole.REVIEWER], library.staff[StaffRole.REVIEW_LEAD]
        assign(dossier.review, reviewer=reviewer, by=lead)
        examine(dossier, story.review, by=reviewer, lead=lead)
        begin_corrections(dossier, story.corrected, pen.members)


def _opened(product: Product, story: DossierStory, edition: Edition, *, by: User) -> Dossier:
    dossier = open_dossier(product=product, programme=story.programme, edition=edition, by=by)
    opened_at = timezone.now() - timedelta(days=story.opened_days_ago)
    Dossier.objects.filter(pk=dossier.pk).update(created_at=opened_at)
    _date(dossier, story.opened_days_ago)
    dossier.refresh_from_db()
    return dossier


def _date(dossier: Dossier, days_ago: int) -> None:
    """Say since when the dossier has been in its state.

    From its submission on, a dossier keeps the dates of the operations, which nobody may rewrite.
    """
    Dossier.objects.filter(pk=dossier.pk).update(state_since=timezone.now() - timedelta(days=days_ago))


def _forget_mails() -> None:
    """Take the mails of the story as sent: at its first start the worker would print them all on the console."""
    Notification.objects.filter(sent_at=None).update(sent_at=timezone.now())
    for job_id in Job.objects.filter(task=SEND_TASK, state=Job.State.QUEUED).values_list("pk", flat=True):
        job = claim(job_id)
        assert job is not None
        finish(job)
