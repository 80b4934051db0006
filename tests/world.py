"""One publisher's dossiers at each stage, the fixed cast around them, and one request of one of them to one address."""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import connection, reset_queries, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.management.commands.sync_roles import sync_roles
from accounts.models import Invitation, Membership, User
from accounts.operations.invitations import hashed, invite
from assessments.models import (
    AgendaEntry,
    Attachment,
    Consultation,
    Diagnostic,
    Dossier,
    Import,
    ReviewNote,
    SubmissionEvidence,
    TeamComment,
)
from assessments.offline.returned import Returned
from assessments.operations.agenda import put_on_agenda
from assessments.operations.comments import write_comment
from assessments.operations.diagnostics import run_diagnostic
from assessments.operations.imports import keep_import
from assessments.operations.notes import write_note
from assessments.operations.packs import request_pack, store_pack
from enrolment.models import AccountRequest
from evidence.models import DocumentVersion, Upload
from evidence.pieces import put_piece, start_upload
from notifications.models import Notification
from privacy.models import DataExport
from privacy.operations.exports import request_export, store_export
from products.models import Product
from questionnaires.models import WaitingFile
from questionnaires.operations.importing import keep_file
from questionnaires.operations.publishing import publish_diagnostic
from questionnaires.operations.storing import store_version
from questionnaires.queries import published_diagnostic
from questionnaires.source_files import read_questionnaire
from results.operations import close_review, store_report
from tests import access_editor
from tests.assessments.filled import examine, filled_dossier, item_of, submitted_dossier
from tests.cast import make_everybody, make_product, make_publisher
from tests.clients import SignedInClient
from tests.evidence.factories import DocumentVersionFactory, PreviewFactory
from tests.evidence.samples import upload
from tests.factories import MembershipFactory, ProductFactory, siren
from tests.passkeys import stored_passkey
from tests.questionnaires.builders import FIXTURES

# An open question of the dossier being filled, and a review item of the one under review.
KEY, ITEM = "SEC-EXP-04", "SEC-GOV-02"
OTHER_ITEM = "SEC-HEB-05"


WAITING = FIXTURES / "orientation.yaml"


@dataclass(frozen=True, kw_only=True)
class World:
    """One dossier being filled, one under review, one closed, all of one publisher; and what hangs on them."""

    people: Mapping[str, User]
    product: Product
    member: Membership  # of the team, who may be moved or removed
    consulted: Membership
    invitation: Invitation
    asked: AccountRequest  # sent, with its proof, by `member`
    passkey: Authenticator
    export: DataExport
    filling: Dossier
    review: Dossier
    closed: Dossier
    diagnostic: Diagnostic
    file: DocumentVersion
    attachment: Attachment
    filed: SubmissionEvidence
    upload: Upload  # of the contributor, with its first piece
    imported: Import  # of the contributor, read and not imported yet
    waiting: WaitingFile  # of the editor, read and not imported yet
    agenda: AgendaEntry  # on another item of the same
    note: ReviewNote  # of the reviewer, on the dossier under review
    comment: TeamComment  # of whoever fills, on the dossier being filled; it calls `member`
    notice: Notification  # of `member`, for having been called


@dataclass(frozen=True)
class Worlds:
    """The publisher's and the stranger's, who has as much of their own and every right on it."""

    mine: World
    theirs: World
    stranger: User


def build_world() -> World:
    """The whole cast, and the world of its publisher."""
    sync_roles()
    publish_diagnostic(store_version(read_questionnaire(FIXTURES / "diagnostic.yaml")), by=None)
    publisher = make_publisher()
    people = make_everybody(publisher)
    product = make_product(publisher)
    world = world_of(product, people=people, by=people["contributor"], member=people["reader"])
    consulted = people["consultant"].memberships.get()
    for dossier in (world.filling, world.review, world.closed):
        Consultation.objects.create(dossier=dossier, membership=consulted, granted_by=people["mandataire"])
    access_editor.build_draft(by=people["editor"])
    return world


def build_worlds() -> Worlds:
    theirs = build_world()
    stranger = theirs.people["stranger"]
    publisher = stranger.memberships.get().publisher
    colleague = MembershipFactory.create(publisher=publisher, role="reader").user
    mine = world_of(ProductFactory.create(publisher=publisher), people=theirs.people, by=stranger, member=colleague)
    return Worlds(mine=mine, theirs=theirs, stranger=stranger)


def world_of(product: Product, *, people: Mapping[str, User], by: User, member: User) -> World:
    """Everything at least once, through the operations, for the publisher of `product`."""
    reviewer = people["reviewer"]
    products = [ProductFactory.create(publisher=product.publisher) for _ in range(2)]
    filling = filled_dossier(product=product, by=by)
    review = submitted_dossier(product=products[0], by=by)
    closed = submitted_dossier(product=products[1], by=by)
    examine(review, by=reviewer, refused=[ITEM])
    examine(closed, by=reviewer)
    result = close_review(review=closed.review, outcome="favourable", conclusion="", by=people["review_lead"])
    store_report(result.report, b"%PDF-1.7")
    store_pack(request_pack(review.submissions.get(), by=by), io.BytesIO(b"PK"))
    invitation = invite(product.publisher, email="invitee@ailleurs.example", role="reader", by=_mandataire_of(product))
    Invitation.objects.filter(pk=invitation.pk).update(token_hash=hashed(f"secret-{product.publisher_id}"))
    attachment = Attachment.objects.filter(answer__assessment__dossier=filling, answer__question__key=ITEM).latest("pk")
    filed = SubmissionEvidence.objects.filter(item=item_of(review, ITEM)).latest("pk")
    for version in {attachment.document_version, filed.document_version}:
        PreviewFactory.create(version=version)
    comment = write_comment(dossier=filling, key=KEY, text=f"@{member}, qu’en dites-vous ?", by=by).comment
    return World(
        people=people,
        product=product,
        member=member.memberships.get(publisher=product.publisher_id),
        consulted=_consultant_of(product),
        invitation=invitation,
        asked=_account_request(by=member),
        passkey=_passkey(by),
        export=_export(by),
        filling=filling,
        review=review,
        closed=closed,
        diagnostic=_diagnostic(),
        file=attachment.document_version,
        attachment=attachment,
        filed=filed,
        upload=_upload(product, by=by),
        imported=keep_import(
            dossier=filling, returned=Returned(edits=()), source=Import.Source.JSON, file_name="reponses.json", by=by
        ),
        waiting=keep_file(WAITING.read_bytes(), file_name="orientation.yaml", by=people["editor"]),
        agenda=put_on_agenda(
            review=review.review,
            question_id=item_of(review, OTHER_ITEM).question_id,
            asked="Que vaut cette attestation ?",
            by=reviewer,
        ),
        note=write_note(review=review.review, text="Relire la politique avant de conclure.", by=reviewer),
        comment=comment,
        notice=Notification.objects.get(recipient=member, in_app=True),
    )


def _mandataire_of(product: Product) -> User:
    return product.publisher.memberships.filter(role=Membership.Role.MANDATAIRE).earliest("pk").user


def _consultant_of(product: Product) -> Membership:
    """The one that the publisher has, or a new one."""
    there = product.publisher.memberships.filter(role=Membership.Role.CONSULTANT).first()
    until = timezone.now() + timedelta(days=30)
    return there or MembershipFactory.create(publisher=product.publisher, role="consultant", expires_at=until)


def _account_request(*, by: User) -> AccountRequest:
    proof = DocumentVersionFactory.create(document__publisher=None, received_from=by, state="clean")
    return AccountRequest.objects.create(
        requester=by,
        siren=siren(70_000_000 + by.pk),
        legal_name="Nouvelle Santé",
        address="1 rue Neuve",
        postal_code="75001",
        city="Paris",
        signatory_name="Alix Signataire",
        signatory_role="présidente",
        proof=proof,
        state=AccountRequest.State.SUBMITTED,
        state_since=timezone.now(),
        submitted_at=timezone.now(),
    )


def _upload(product: Product, *, by: User) -> Upload:
    upload = start_upload(publisher=product.publisher, name="note.txt", size=4, by=by)
    put_piece(upload, 0, b"note")
    return upload


def _passkey(user: User) -> Authenticator:
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=stored_passkey())


def _export(user: User) -> DataExport:
    return store_export(request_export(user), io.BytesIO(b"PK"))


def _diagnostic() -> Diagnostic:
    published = published_diagnostic()
    assert published is not None
    questions = published.compiled.questionnaire.questions()
    return run_diagnostic(published=published, answers={each.key: each.choices[0].value for each in questions})


# The arguments of each address, and what a well-made request would send to it.
ARGUMENTS: dict[str, Callable[[World], list[Any]]] = {
    "diagnostic:outcome": lambda w: [w.diagnostic.token],
    "diagnostic:keep": lambda w: [w.diagnostic.token],
    "accounts:invitation": lambda w: [f"secret-{w.product.publisher_id}"],
    "accounts:invitation-resend": lambda w: [w.product.publisher.siren, w.invitation.pk],
    "accounts:invitation-revoke": lambda w: [w.product.publisher.siren, w.invitation.pk],
    "accounts:journal": lambda w: [w.product.publisher.siren],
    "accounts:journal-file": lambda w: [w.product.publisher.siren],
    "consultants:dossiers": lambda w: [w.product.publisher.siren, w.consulted.pk],
    "enrolment:detail": lambda w: [w.asked.pk],
    "enrolment:examine": lambda w: [w.asked.pk],
    "enrolment:proof": lambda w: [w.asked.pk],
    "privacy:download": lambda w: [w.export.pk],
    "mfa_edit_webauthn": lambda w: [w.passkey.pk],
    "mfa_remove_webauthn": lambda w: [w.passkey.pk],
    "openid_connect_login": lambda w: ["principal"],
    "openid_connect_callback": lambda w: ["principal"],
    "account_confirm_email": lambda w: ["not-a-key"],
    "account_reset_password_from_key": lambda w: ["1", "not-a-key"],
    "accounts:team": lambda w: [w.product.publisher.siren],
    "accounts:member": lambda w: [w.product.publisher.siren, w.member.pk],
    "accounts:member-remove": lambda w: [w.product.publisher.siren, w.member.pk],
    "products:detail": lambda w: [w.product.reference],
    "products:edit": lambda w: [w.product.reference],
    "library:document": lambda w: [w.file.document_id],
    "library:add-version": lambda w: [w.file.document_id],
    "library:replace": lambda w: [w.file.document_id],
    "evidence:file": lambda w: [w.file.pk],
    "evidence:start-upload": lambda w: [w.product.publisher.siren],
    "evidence:upload": lambda w: [w.upload.pk],
    "evidence:piece": lambda w: [w.upload.pk, 0],
    "evidence:preview": lambda w: [w.file.pk, 1],
    "dossiers:detail": lambda w: [w.filling.number],
    "dossiers:orientation": lambda w: [w.filling.number],
    "dossiers:changes": lambda w: [w.filling.number],
    "dossiers:score": lambda w: [w.filling.number],
    "dossiers:path": lambda w: [w.filling.number],
    "dossiers:what-if": lambda w: [w.filling.number],
    "dossiers:instruction": lambda w: [w.review.number],
    "dossiers:reply": lambda w: [w.review.number, ITEM],
    "dossiers:give-up-draft": lambda w: [w.filling.number, KEY],
    "dossiers:submit": lambda w: [w.filling.number],
    "dossiers:theme": lambda w: [w.filling.number, "securite", "exploitation"],
    "dossiers:answer": lambda w: [w.filling.number, KEY],
    "dossiers:history": lambda w: [w.filling.number, KEY],
    "requirements:edition": lambda w: [w.filling.edition.code],
    "requirements:questionnaire": lambda w: [w.filling.edition.code, "securite"],
    "requirements:theme": lambda w: [w.filling.edition.code, "securite", "exploitation"],
    "requirements:requirement": lambda w: [w.filling.edition.code, KEY],
    "dossiers:search": lambda w: [w.filling.number],
    "dossiers:reuse": lambda w: [w.filling.number],
    "dossiers:confirm": lambda w: [w.filling.number, KEY],
    "dossiers:next-edition": lambda w: [w.filling.number],
    "dossiers:next-edition-simulation": lambda w: [w.filling.number],
    "dossiers:next-edition-accept": lambda w: [w.filling.number],
    "dossiers:edition": lambda w: [w.filling.number, "2026"],
    "dossiers:edition-theme": lambda w: [w.filling.number, "2026", "exploitation"],
    "dossiers:not-applicable": lambda w: [w.filling.number, "securite", "exploitation"],
    "dossiers:not-applicable-undo": lambda w: [w.filling.number, "securite", "exploitation"],
    "dossiers:attach": lambda w: [w.filling.number, KEY],
    "dossiers:choose": lambda w: [w.filling.number, KEY],
    "dossiers:evidence": lambda w: [w.filling.number, ITEM, w.attachment.pk],
    "dossiers:detach": lambda w: [w.filling.number, ITEM, w.attachment.pk],
    "dossiers:questions": lambda w: [w.filling.number],
    "dossiers:thread": lambda w: [w.filling.number, KEY],
    "dossiers:attribute": lambda w: [w.filling.number, KEY],
    "dossiers:comment-edit": lambda w: [w.filling.number, KEY, w.comment.pk],
    "dossiers:comment-delete": lambda w: [w.filling.number, KEY, w.comment.pk],
    "dossiers:comment-settle": lambda w: [w.filling.number, KEY, w.comment.pk],
    "dossiers:activity": lambda w: [w.filling.number],
    "dossiers:attribute-theme": lambda w: [w.filling.number, "securite", "exploitation"],
    "dossiers:presence": lambda w: [w.filling.number, "securite", "exploitation"],
    "account_notice": lambda w: [w.notice.pk],
    "dossiers:pack": lambda w: [w.review.number],
    "dossiers:pack-file": lambda w: [w.review.number],
    "dossiers:workbook": lambda w: [w.filling.number],
    "dossiers:workbook-file": lambda w: [w.filling.number],
    "dossiers:answers-file": lambda w: [w.filling.number],
    "dossiers:import": lambda w: [w.filling.number, w.imported.pk],
    "dossiers:fhir-file": lambda w: [w.filling.number],
    "questionnaires:import-confirm": lambda w: [w.waiting.pk],
    "questionnaires:export": lambda _w: ["DOC", "2026.1"],
    "questionnaires:export-yaml": lambda _w: ["DOC", "2026.1"],
    "questionnaires:export-workbook": lambda _w: ["DOC", "2026.1"],
    "questionnaires:export-fhir": lambda _w: ["DOC", "2026.1"],
    "reviews:pack": lambda w: [w.review.number],
    "reviews:pack-file": lambda w: [w.review.number],
    "reviews:detail": lambda w: [w.review.number],
    "reviews:take": lambda w: [w.review.number],
    "reviews:assign": lambda w: [w.review.number],
    "reviews:recuse": lambda w: [w.review.number],
    "reviews:send": lambda w: [w.review.number],
    "reviews:item": lambda w: [w.review.number, ITEM],
    "reviews:agenda": lambda w: [w.review.number, ITEM],
    "reviews:settle": lambda w: [w.review.number, OTHER_ITEM, w.agenda.pk],
    "reviews:second-reading": lambda w: [w.review.number],
    "reviews:opinion": lambda w: [w.review.number, ITEM],
    "reviews:note": lambda w: [w.review.number],
    "reviews:note-withdraw": lambda w: [w.review.number, w.note.pk],
    "reviews:item-note": lambda w: [w.review.number, ITEM],
    "reviews:evidence": lambda w: [w.review.number, ITEM, w.filed.pk],
    "reviews:preview": lambda w: [w.review.number, ITEM, w.filed.pk, 1],
    "results:close": lambda w: [w.review.number],
    "results:detail": lambda w: [w.closed.number],
    "results:report": lambda w: [w.closed.number],
    "results:progress": lambda w: [w.closed.number],
    **access_editor.ARGUMENTS,
}


def address_of(world: World, name: str) -> str:
    return reverse(name, args=ARGUMENTS[name](world) if name in ARGUMENTS else None)


DATA: dict[str, Callable[[World], dict[str, Any]]] = {
    "account_home": lambda w: {"full_name": "Autre Nom"},
    "diagnostic:start": lambda w: {
        each.question.key: each.choice.value for each in w.diagnostic.answers.select_related("question", "choice")
    },
    "accounts:team": lambda w: {"email": "personne@ailleurs.example", "role": "reader"},
    "accounts:member": lambda w: {"role": "contributor"},
    "consultants:dossiers": lambda w: {"dossiers": [w.filling.pk]},
    "enrolment:start": lambda w: {
        "siren": siren(60_000_001),
        "legal_name": "Autre Santé",
        "address": "1 rue Neuve",
        "postal_code": "75001",
        "city": "Paris",
        "signatory_name": "Alix Signataire",
        "signatory_role": "présidente",
        "action": "keep",
    },
    "enrolment:examine": lambda w: {
        "decision": "refuse",
        "text": "Le mandat n’est pas signé.",
        "seen": w.asked.as_seen,
    },
    "reviews:assign": lambda w: {"reviewer": w.people["review_lead"].pk, "action": "assign"},
    "reviews:recuse": lambda w: {"reason": "J’y ai travaillé."},
    "privacy:close": lambda w: {"email": "personne@nulle.example"},
    "products:create": lambda w: {
        "publisher": w.product.publisher.pk,
        "name": "Autre service",
        "description": "Un autre carnet.",
        "platforms": ["web"],
        "device_class": "",
    },
    "products:edit": lambda w: {
        "name": "Nouveau nom",
        "description": "Un carnet.",
        "platforms": ["web"],
        "device_class": "",
    },
    "library:deposit": lambda w: {"files": upload("note.txt", b"Une note.")},
    "library:document": lambda w: {"title": "Autre titre", "kind": "policy"},
    "library:add-version": lambda w: {"files": upload("note.txt", b"Une autre note.")},
    "evidence:start-upload": lambda w: {"name": "note.txt", "size": "4"},
    "dossiers:choose": lambda w: {"version": w.file.pk},
    "dossiers:create": lambda w: {"product": w.product.pk, "programme": "with_exchange"},
    "dossiers:workbook": lambda w: {
        "file": upload(
            "reponses.json",
            json.dumps({"format": 1, "dossier": w.filling.number, "edition": "2026", "answers": {}}).encode(),
        )
    },
    "dossiers:import": lambda w: {"seen": ""},
    "questionnaires:import": lambda _w: {"file": upload(WAITING.name, WAITING.read_bytes())},
    "dossiers:thread": lambda w: {"text": "À revoir ensemble."},
    "dossiers:comment-edit": lambda w: {"text": "À revoir ensemble."},
    "account_notices": lambda w: {"when": "never"},
    "dossiers:history": lambda w: {f"{KEY}-number": 1, f"{KEY}-revision": 1},
    "dossiers:reply": lambda w: {f"{ITEM}-text": "Il date de mars."},
    "dossiers:submit": lambda w: {"confirm": "1"},
    "dossiers:next-edition-accept": lambda w: {"edition": "2026"},
    "dossiers:reuse": lambda w: {"source": w.review.number, "question": f"{KEY}:1"},
    "dossiers:not-applicable": lambda w: {"question": f"{KEY}:1", "reason": "Le service n’exploite rien."},
    "dossiers:not-applicable-undo": lambda w: {"moment": "2026-01-01T00:00:00+00:00"},
    "reviews:item": lambda w: {
        "decision": "accepted",
        "seen_at": w.filed.item.verdicts.get().decided_at.isoformat(),
    },
    "reviews:agenda": lambda w: {"agenda-text": "Que vaut cette attestation ?"},
    "reviews:settle": lambda w: {"ruling-text": "Elle suffit."},
    "reviews:second-reading": lambda w: {"reviewer": w.people["review_lead"].pk},
    "reviews:opinion": lambda w: {
        "opinion-decision": "agrees",
        "opinion-seen_at": w.filed.item.verdicts.get().decided_at.isoformat(),
    },
    "reviews:note": lambda w: {"note-text": "À relire."},
    "reviews:item-note": lambda w: {"note-text": "À relire."},
    "results:close": lambda w: {"outcome": "not_met", "conclusion": "Non.", "confirmed": "on"},
    **access_editor.DATA,
}


# What a PATCH sends; other methods than POST and PATCH pay no attention to it.
ANSWER = f"{KEY}-revision=1&{KEY}-value=non&{KEY}-comment="
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, kw_only=True)
class Seen:
    code: int
    location: str
    writes: tuple[str, ...]


def ask(world: World, who: str | User, name: str, method: str, *, second_factor: bool | None = None) -> Seen:
    """Send one request as this role, or this person, note what it wrote, and take it back."""
    data = DATA[name](world) if name in DATA else {"nothing": ""}
    person = world.people.get(who) if isinstance(who, str) else who
    return send(person, address_of(world, name), method, data, second_factor=second_factor)


def send(
    person: User | None, url: str, method: str, data: dict[str, Any], *, second_factor: bool | None = None
) -> Seen:
    """The same, to any address. `person`: None for a visitor."""
    client = SignedInClient()
    with transaction.atomic():
        if person is not None:
            client.force_login(person, second_factor=second_factor)
        with CaptureQueriesContext(connection) as captured:
            if method == "post":
                response = client.post(url, data)
            else:
                response = client.generic(method.upper(), url, ANSWER, content_type=FORM)
            b"".join(response)  # a file is closed once it is read
        transaction.set_rollback(True)
    written = tuple(query["sql"] for query in captured.captured_queries if writes(query["sql"]))
    reset_queries()  # Django keeps so many statements, and the whole table is walked by one test
    return Seen(code=response.status_code, location=response.headers.get("Location", ""), writes=written)


def writes(sql: str) -> bool:
    # Sessions and the savepoints of a request are the portal's own affair.
    return sql.startswith(("INSERT", "UPDATE", "DELETE")) and "django_session" not in sql
