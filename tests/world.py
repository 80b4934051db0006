"""One publisher's dossiers at each stage, the fixed cast around them, and one request of one of them to one address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.management.commands.sync_roles import sync_roles
from accounts.models import User
from assessments.models import Attachment, Diagnostic, Dossier, SubmissionEvidence
from assessments.operations.diagnostics import run_diagnostic
from evidence.models import DocumentVersion
from products.models import Product
from questionnaires.operations import publish_diagnostic, store_version
from questionnaires.queries import published_diagnostic
from questionnaires.source_files import read_questionnaire
from results.operations import close_review, store_report
from tests.assessments.filled import examine, filled_dossier, item_of, submitted_dossier
from tests.factories import ProductFactory
from tests.questionnaires.builders import FIXTURES

TEAM = ("mandataire", "representative", "contributor", "reader")
STATE = ("reviewer", "editor", "gie_officer", "administrator")
ROLES = ("anonymous", *TEAM, "stranger", *STATE)
# An open question of the dossier being filled, and a review item of the one under review.
KEY, ITEM = "SEC-EXP-04", "SEC-GOV-02"


@dataclass(frozen=True, kw_only=True)
class World:
    """One dossier being filled, one under review, one closed, all of one publisher; and what hangs on them."""

    people: Mapping[str, User]
    product: Product
    filling: Dossier
    review: Dossier
    closed: Dossier
    diagnostic: Diagnostic
    file: DocumentVersion
    attachment: Attachment
    filed: SubmissionEvidence


def build_world(request: pytest.FixtureRequest, product: Product) -> World:
    """Everything at least once, through the operations."""
    sync_roles()
    people: dict[str, User] = {role: request.getfixturevalue(role) for role in ROLES[1:]}
    by, reviewer = people["contributor"], people["reviewer"]
    products = [ProductFactory.create(publisher=product.publisher) for _ in range(2)]
    filling = filled_dossier(product=product, by=by)
    review = submitted_dossier(product=products[0], by=by)
    closed = submitted_dossier(product=products[1], by=by)
    examine(review, by=reviewer, refused=[ITEM])
    examine(closed, by=reviewer)
    result = close_review(review=closed.review, outcome="favourable", conclusion="", by=reviewer)
    store_report(result.report, b"%PDF-1.7")
    publish_diagnostic(store_version(read_questionnaire(FIXTURES / "diagnostic.yaml")), by=None)
    attachment = Attachment.objects.filter(answer__assessment__dossier=filling, answer__question__key=ITEM).latest("pk")
    return World(
        people=people,
        product=product,
        filling=filling,
        review=review,
        closed=closed,
        diagnostic=_diagnostic(),
        file=attachment.document_version,
        attachment=attachment,
        filed=SubmissionEvidence.objects.filter(item=item_of(review, ITEM)).latest("pk"),
    )


def _diagnostic() -> Diagnostic:
    published = published_diagnostic()
    assert published is not None
    questions = published.compiled.questionnaire.questions()
    return run_diagnostic(published=published, answers={each.key: each.choices[0].value for each in questions})


# The arguments of each address, and what a well-made request would send to it.
ARGUMENTS: dict[str, Callable[[World], list[Any]]] = {
    "diagnostic:outcome": lambda w: [w.diagnostic.token],
    "diagnostic:keep": lambda w: [w.diagnostic.token],
    "account_confirm_email": lambda w: ["not-a-key"],
    "account_reset_password_from_key": lambda w: ["1", "not-a-key"],
    "accounts:team": lambda w: [w.product.publisher.siren],
    "accounts:member": lambda w: [w.product.publisher.siren, _membership(w)],
    "accounts:member-remove": lambda w: [w.product.publisher.siren, _membership(w)],
    "products:detail": lambda w: [w.product.reference],
    "products:edit": lambda w: [w.product.reference],
    "evidence:file": lambda w: [w.file.pk],
    "dossiers:detail": lambda w: [w.filling.number],
    "dossiers:orientation": lambda w: [w.filling.number],
    "dossiers:score": lambda w: [w.filling.number],
    "dossiers:submit": lambda w: [w.filling.number],
    "dossiers:theme": lambda w: [w.filling.number, "securite", "exploitation"],
    "dossiers:answer": lambda w: [w.filling.number, KEY],
    "dossiers:attach": lambda w: [w.filling.number, KEY],
    "dossiers:detach": lambda w: [w.filling.number, ITEM, w.attachment.pk],
    "reviews:detail": lambda w: [w.review.number],
    "reviews:send": lambda w: [w.review.number],
    "reviews:item": lambda w: [w.review.number, ITEM],
    "reviews:evidence": lambda w: [w.review.number, ITEM, w.filed.pk],
    "results:close": lambda w: [w.review.number],
    "results:detail": lambda w: [w.closed.number],
    "results:report": lambda w: [w.closed.number],
    "results:progress": lambda w: [w.closed.number],
}


def address_of(world: World, name: str) -> str:
    return reverse(name, args=ARGUMENTS[name](world) if name in ARGUMENTS else None)


def _membership(world: World) -> int:
    return world.people["reader"].memberships.get().pk


DATA: dict[str, Callable[[World], dict[str, Any]]] = {
    "diagnostic:start": lambda w: {
        each.question.key: each.choice.value for each in w.diagnostic.answers.select_related("question", "choice")
    },
    "accounts:team": lambda w: {"email": "personne@ailleurs.example", "role": "reader"},
    "accounts:member": lambda w: {"role": "contributor"},
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
    "dossiers:create": lambda w: {"product": w.product.pk, "programme": "with_exchange"},
    "dossiers:submit": lambda w: {"confirm": "1"},
    "reviews:item": lambda w: {
        "decision": "accepted",
        "seen_at": w.filed.item.verdicts.get().decided_at.isoformat(),
    },
    "results:close": lambda w: {"outcome": "not_met", "conclusion": "Non.", "confirmed": "on"},
}


# What a PATCH sends; other methods than POST and PATCH pay no attention to it.
ANSWER = f"{KEY}-revision=1&{KEY}-value=non&{KEY}-comment="
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, kw_only=True)
class Seen:
    code: int
    location: str
    writes: tuple[str, ...]


def ask(world: World, role: str, name: str, method: str) -> Seen:
    """Send one request as this role, note what it wrote, and take it back."""
    client = Client()
    url = address_of(world, name)
    data = DATA[name](world) if name in DATA else {"nothing": ""}
    with transaction.atomic():
        if role != "anonymous":
            client.force_login(world.people[role])
        with CaptureQueriesContext(connection) as captured:
            if method == "post":
                response = client.post(url, data)
            else:
                response = client.generic(method.upper(), url, ANSWER, content_type=FORM)
            b"".join(response)  # a file is closed once it is read
        transaction.set_rollback(True)
    return Seen(
        code=response.status_code,
        location=response.headers.get("Location", ""),
        writes=tuple(query["sql"] for query in captured.captured_queries if _writes(query["sql"])),
    )


def _writes(sql: str) -> bool:
    # Sessions and the savepoints of a request are the portal's own affair.
    return sql.startswith(("INSERT", "UPDATE", "DELETE")) and "django_session" not in sql
