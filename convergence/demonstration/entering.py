"""Those who stand at the door: a consultant with one dossier, an invitation that waits, two account requests."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Membership, User
from accounts.operations.invitations import invite
from accounts.operations.teams import join
from assessments.models import Dossier
from assessments.operations.consultants import grant_exactly
from convergence.demonstration import pages
from convergence.demonstration.papers import FOOTER, scan
from convergence.demonstration.people import Team, open_account
from convergence.demonstration.stories import Person, Request
from enrolment.models import AccountRequest
from enrolment.operations import ask_more, deposit_proof, start, submit

ACCESS_DAYS = 60


def open_consultant(person: Person, team: Team) -> None:
    """Beside the team for two months, with the dossier that it is filling."""
    owner = team.members[Membership.Role.MANDATAIRE]
    until = timezone.now() + timedelta(days=ACCESS_DAYS)
    consultant = open_account(person)
    membership = join(team.publisher, user=consultant, role=Membership.Role.CONSULTANT, expires_at=until, by=owner)
    filling = Dossier.objects.filter(product__publisher=team.publisher, state=Dossier.State.FILLING)
    grant_exactly(membership, list(filling.select_related("product").order_by("pk")[:1]), by=owner)
    invite(team.publisher, email="collegue@lavande.example", role=Membership.Role.CONTRIBUTOR, by=owner)


def ask_for_accounts(requests: Sequence[Request], *, support: User) -> None:
    for told in requests:
        person = open_account(told.person)
        asked = start(by=person, declared=told.declared)
        asked = deposit_proof(asked, file=_proof(told.declared), by=person)
        assert asked.proof is not None
        scan(asked.proof)
        asked = submit(asked, by=person)
        if told.more_asked:
            asked = ask_more(asked, by=support, text=told.more_asked)
        since = timezone.now() - timedelta(days=told.days_ago)
        AccountRequest.objects.filter(pk=asked.pk).update(state_since=since, created_at=since)


def _proof(declared: dict[str, Any]) -> SimpleUploadedFile:
    content = pages.document(
        title="Mandat",
        facts=[f"Entreprise\N{NO-BREAK SPACE}: {declared['legal_name']}"],
        sections=[
            ("Objet", f"{declared['signatory_name']} donne mandat pour représenter l’entreprise sur Convergence.")
        ],
        footer=FOOTER,
    )
    return SimpleUploadedFile("mandat-signe.pdf", content, content_type="application/pdf")
