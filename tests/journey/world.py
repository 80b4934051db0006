"""One of everything that the portal can show: people, products, dossiers in every state, files in every state."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from accounts.management.commands.sync_roles import sync_roles
from accounts.models import Invitation, Membership, Publisher, StaffRole, User
from accounts.operations.invitations import hashed, invite
from assessments.filing import Filing
from assessments.models import Answer, Attachment, Diagnostic, Dossier, Programme
from assessments.operations.assignments import assign
from assessments.operations.attributions import Subject, attribute
from assessments.operations.comments import delete_comment, settle_comment, write_comment
from assessments.operations.consultants import grant_exactly
from assessments.operations.diagnostics import run_diagnostic
from assessments.operations.dossiers import move
from assessments.operations.replies import reply
from assessments.operations.reviews import send_back
from assessments.sections import section_of_key
from enrolment.models import AccountRequest
from enrolment.operations import ask_more, start, submit
from evidence.models import Content, DocumentVersion, Preview, evidence_storage
from jobs.models import Job
from jobs.operations import fail, finish
from products.models import Variant
from questionnaires.operations.publishing import publish_diagnostic
from questionnaires.operations.storing import store_version
from questionnaires.queries import published, published_diagnostic
from questionnaires.source_files import read_questionnaire
from results.models import Result
from results.operations import close_review, store_report
from tests.access_editor import build_draft
from tests.assessments.editions import published_edition
from tests.assessments.filled import examine, fill, filled_dossier, submit_again
from tests.assessments.next_editions import next_edition
from tests.assessments.saving import open_for, save
from tests.evidence.factories import DocumentVersionFactory
from tests.evidence.samples import PDF, picture
from tests.factories import MembershipFactory, ProductFactory, PublisherFactory, UserFactory, siren
from tests.passkeys import stored_passkey

POLICY, GAP, NOT_APPLICABLE, COMMENTED = "SEC-GOV-02", "SEC-EXP-04", "SEC-DEV-06", "SEC-GOV-01"
LONG_NAME = "MonSuivi Cœur, le carnet de tension partagé entre la personne, ses proches aidants et son médecin traitant"
CONCLUSION = "Le plan d’alerte des autorités est à compléter avant la mise en ligne."


@dataclass(frozen=True, kw_only=True)
class World:
    """`people` by role, `dossiers` by what they are."""

    people: dict[str, User]
    dossiers: dict[str, Dossier]
    publisher: Publisher
    diagnostic: Diagnostic
    requests: dict[str, AccountRequest]
    passkey: Authenticator

    def number(self, name: str) -> str:
        return self.dossiers[name].number

    @property
    def confirmation_key(self) -> str:
        return str(EmailConfirmationHMAC(EmailAddress.objects.get(user=self.people["unconfirmed"])).key)

    @property
    def reset_key(self) -> tuple[str, str]:
        person = self.people["newcomer"]
        return user_pk_to_url_str(person), default_token_generator.make_token(person)


def make_world() -> World:
    """All at once: a live worker sees nothing of it before every job stands where its page needs it."""
    with transaction.atomic():
        sync_roles()
        people = _people()
        publisher = Publisher.objects.get(legal_name="Cœur et Compagnie")
        dossiers = _dossiers(publisher, people)
        next_edition()
        _invite(publisher, people)
        consultancy = publisher.memberships.get(role=Membership.Role.CONSULTANT)
        grant_exactly(consultancy, [dossiers["filling"]], by=people[Membership.Role.MANDATAIRE])
        _work_together(dossiers["filling"], people)
        build_draft(by=people[StaffRole.EDITOR])
        return World(
            people=people,
            dossiers=dossiers,
            publisher=publisher,
            diagnostic=_run_diagnostic(),
            requests={
                state: _ask_for_an_account(people["asking " + state], state) for state in ("submitted", "more_asked")
            },
            passkey=_second_factors(people["keyholder"]),
        )


def _work_together(dossier: Dossier, people: dict[str, User]) -> None:
    """A theme and a question in charge of two people, one of them late; a thread with all that one may hold."""
    by, other = people[Membership.Role.MANDATAIRE], people[Membership.Role.CONTRIBUTOR]
    place = section_of_key(published(dossier.edition).definition, POLICY)
    assert place
    section, theme = place
    late = timezone.localdate() - timedelta(days=3)
    for key, to, due_on in (("", other, late), (POLICY, by, None)):
        subject = Subject(section=section, theme=theme, key=key)
        attribute(dossier=dossier, subject=subject, to=to.memberships.get(), by=by, due_on=due_on)
    write_comment(dossier=dossier, key=POLICY, text=f"@{other}, voyez. {LONG_NAME * 3}", by=by)
    done = write_comment(dossier=dossier, key=POLICY, text="C’est fait.", by=other).comment
    settle_comment(done, settled=True, by=by)
    delete_comment(write_comment(dossier=dossier, key=POLICY, text="Rien.", by=by).comment, by=by)


def _people() -> dict[str, User]:
    names = ("newcomer", "stranger", "keyholder", "asking submitted", "asking more_asked")
    people = {name: UserFactory.create(full_name=f"Dominique {name.title()}") for name in names}
    people["unconfirmed"] = UserFactory.create(confirmed=False)
    people["without_password"] = UserFactory.create()
    people["without_password"].set_unusable_password()
    people["without_password"].save(update_fields=["password"])
    publisher = PublisherFactory.create(legal_name="Cœur et Compagnie", created_by=people["stranger"])
    for role in Membership.Role:
        people[role] = UserFactory.create(email=f"{role}@editeur.example", full_name=f"Camille {role.label.title()}")
        until = timezone.now() + timedelta(days=60) if role == Membership.Role.CONSULTANT else None
        MembershipFactory.create(user=people[role], publisher=publisher, role=role, expires_at=until)
    MembershipFactory.create(user=people["stranger"])  # at the head of a team that has nothing yet
    for staff_role in StaffRole:
        is_staff = staff_role in (StaffRole.EDITOR, StaffRole.ADMINISTRATOR)
        people[staff_role] = UserFactory.create(staff_role=staff_role, is_staff=is_staff)
    return people


def _invite(publisher: Publisher, people: dict[str, User]) -> None:
    """One that waits, whose link is `invitation`, and one whose time is over: `over`."""
    for secret, role in (("invitation", "reader"), ("over", "contributor")):
        sent = invite(publisher, email=f"{secret}@ailleurs.example", role=role, by=people[Membership.Role.MANDATAIRE])
        Invitation.objects.filter(pk=sent.pk).update(token_hash=hashed(secret))
    past = timezone.now() - timedelta(days=1)
    Invitation.objects.filter(token_hash=hashed("over")).update(expires_at=past, sent_at=past - timedelta(days=14))


def _ask_for_an_account(person: User, state: str) -> AccountRequest:
    declared = {
        "siren": siren(50_000_000 + person.pk),
        "legal_name": LONG_NAME[:60],
        "address": "1 rue Neuve",
        "postal_code": "75001",
        "city": "Paris",
        "signatory_name": "Alix Signataire",
        "signatory_role": "présidente",
    }
    asked = start(by=person, declared=declared)
    proof = DocumentVersionFactory.create(document__publisher=None, received_from=person, clean=True)
    AccountRequest.objects.filter(pk=asked.pk).update(proof=proof)
    asked.refresh_from_db()
    asked = submit(asked, by=person)
    if state == AccountRequest.State.MORE_ASKED:
        support = User.objects.get(groups__name=StaffRole.SUPPORT)
        asked = ask_more(asked, by=support, text="Le mandat n’est pas daté.")
    return asked


def _second_factors(person: User) -> Authenticator:
    """A passkey, and recovery codes."""
    Authenticator.objects.create(
        user=person, type=Authenticator.Type.RECOVERY_CODES, data={"seed": encrypt("seed of the tests"), "used_mask": 0}
    )
    return Authenticator.objects.create(user=person, type=Authenticator.Type.WEBAUTHN, data=stored_passkey())


def _run_diagnostic() -> Diagnostic:
    source = read_questionnaire(Path(settings.BASE_DIR) / "fixtures/questionnaires/diagnostic.yaml")
    publish_diagnostic(store_version(source), by=None)
    compiled = published_diagnostic()
    assert compiled is not None
    return run_diagnostic(published=compiled, answers={"DIA-01": "oui", "DIA-02": "dm_sans_ce"})


# --- Dossiers ----------------------------------------------------------------------------------


def _dossiers(publisher: Publisher, people: dict[str, User]) -> dict[str, Dossier]:
    by, reviewer = people[Membership.Role.CONTRIBUTOR], people[StaffRole.REVIEWER]
    published_edition()

    def full(name: str) -> Dossier:
        product = ProductFactory.create(publisher=publisher, name=name, platforms=list(Variant.Platform))
        return filled_dossier(
            product=product, by=by, answers={GAP: "non"}, not_applicable={NOT_APPLICABLE: "Aucun audit n’a eu lieu."}
        )

    dossiers = {"new": _new(publisher, by), "filling": _half_filled(publisher, by), "complete": full("Presque prêt")}
    for name in ("submitted", "examined", "sent back", "again", "settled", "closed", "in progress", "failed"):
        dossiers[name] = submit_again(full(f"MonSuivi {name}"), by=by)
    examine(dossiers["submitted"], by=reviewer, refused=[POLICY], but=[NOT_APPLICABLE, "SEC-HEB-05"])
    lead = people[StaffRole.REVIEW_LEAD]
    assign(dossiers["submitted"].review, reviewer=lead, by=lead)
    examine(dossiers["examined"], by=reviewer, refused=[POLICY])
    for name in ("sent back", "again", "settled"):
        _send_back(dossiers[name], by=reviewer)
    _settle(dossiers["settled"], by=by)
    submit_again(dossiers["again"], by=by)
    examine(dossiers["again"], by=reviewer)
    save(dossiers["again"], GAP, "oui", by=by)
    for name in ("closed", "in progress", "failed"):
        _close(dossiers[name], reviewer=reviewer, lead=lead)
    _place_the_reports(dossiers)
    _read_and_draw()
    return dossiers


def _read_and_draw() -> None:
    """Each clean file has something to look at in it; the policies have pages to leaf through, one not to its end."""
    versions = DocumentVersion.objects.filter(state=DocumentVersion.State.CLEAN)
    Content.objects.bulk_create(
        Content(version=version, text="Une autre société", blank_pages=2, image_only_pages=1, is_signed=False)
        for version in versions
    )
    policies = versions.filter(attachments__answer__question__key=POLICY).distinct()
    drawn = evidence_storage().save("previews/page.jpg", ContentFile(picture("JPEG", (1200, 1697))))
    Preview.objects.bulk_create(
        Preview(version=version, page=page, file=drawn, width=1200, height=1697)
        for version in policies
        for page in range(1, 13)
    )
    ids = list(policies.values_list("pk", flat=True))
    DocumentVersion.objects.filter(pk__in=ids).update(pages=12, previews_state="drawn")
    DocumentVersion.objects.filter(pk=max(ids)).update(previews_state="failed")


def _new(publisher: Publisher, by: User) -> Dossier:
    product = ProductFactory.create(publisher=publisher, name=LONG_NAME)
    return open_for(product, by=by, programme=Programme.WITH_EXCHANGE)


def _half_filled(publisher: Publisher, by: User) -> Dossier:
    """With exchange, an empty theme, a missing proof, and a file in each state."""
    product = ProductFactory.create(publisher=publisher, name="Souffle clair", platforms=list(Variant.Platform))
    dossier = open_for(product, by=by, programme=Programme.WITH_EXCHANGE)
    fill(dossier, by=by, answers={GAP: "non"}, without_evidence=["SEC-HEB-05"])
    own = Answer.objects.filter(assessment__dossier=dossier)
    own.filter(question__key__startswith="DOC-INT").update(value=None)
    own.filter(question__key=COMMENTED).update(comment="L’astreinte commence en janvier.", value="Trop court.")
    policy = own.get(question__key=POLICY)
    traits: list[dict[str, object]] = [
        {},
        {"state": DocumentVersion.State.SCANNING},
        {"refused": True},
        {"clean": True},
    ]
    for number, trait in enumerate(traits):
        version = DocumentVersionFactory.create(
            document__publisher=publisher,
            document__created_by=by,
            document__title=f"Politique de sécurité, partie {number}",
            original_name=f"politique_de_securite_du_systeme_d_information_version_definitive_{number}.txt",
            **trait,
        )
        Attachment.objects.create(answer=policy, document_version=version, attached_by=by)
    move(dossier, Dossier.State.FILLING)
    return dossier


def _send_back(dossier: Dossier, *, by: User) -> None:
    current = examine(dossier, by=by, refused=[POLICY], asked=["SEC-HEB-05"])
    definition = published(dossier.edition).definition
    send_back(round=current, definition=definition, by=by, message="Merci pour ce dossier soigné.")
    dossier.refresh_from_db()


def _settle(dossier: Dossier, *, by: User) -> None:
    """Everything replied to, one correction, and a change that stays pending."""
    for key in Filing(dossier).unsettled:
        reply(dossier=dossier, key=key, text="Le document date du mois de mars.", by=by)
    save(dossier, POLICY, None, by=by, comment="Voyez la page 3.")
    save(dossier, GAP, "oui", by=by)


def _close(dossier: Dossier, *, reviewer: User, lead: User) -> Result:
    review = examine(dossier, by=reviewer).review
    dossier.refresh_from_db()
    return close_review(review=review, outcome="with_reservations", conclusion=CONCLUSION, by=lead)


def _place_the_reports(dossiers: dict[str, Dossier]) -> None:
    """One ready, one under way (and alive for long enough that no worker takes it over), one failed."""
    reports = {name: Result.objects.get(dossier=dossiers[name]).report for name in ("closed", "in progress", "failed")}
    store_report(reports["closed"], PDF)
    finish(reports["closed"].job)
    Job.objects.filter(pk=reports["in progress"].job_id).update(
        state=Job.State.RUNNING, progress=60, alive_at=timezone.now() + timedelta(days=1)
    )
    fail(reports["failed"].job, "Abandoned after 5 attempts.")
