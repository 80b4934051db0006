"""Every field of a form, or of a query string, that takes an identifier: given another publisher's, or nobody's.

As in test_foreign_identifiers.py, both must look the same and write nothing, while one's own does what the form is
for. A field of an unknown name fails until somebody says here whether it takes an identifier.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django import forms
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.urls import get_resolver, reverse

from accounts.models import User
from products import references
from tests.test_foreign_identifiers import Answer, answer_to, arguments
from tests.world import ARGUMENTS, DATA, World, Worlds

pytestmark = pytest.mark.once

Value = Callable[[Worlds], Any]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field of one address. `own`: what may be given there; `foreign`: what may not, though it exists; `never`:
    what does not."""

    address: str
    name: str
    own: Value
    foreign: Value
    never: Value
    method: str = "post"
    role: str = "stranger"
    beside: dict[str, str] = field(default_factory=dict)


NUMBER = 987_654_321


def nobodys(worlds: Worlds) -> int:
    return NUMBER


def _session(user: User) -> Any:
    made = UserSession.objects.get_or_create(user=user, session_key=f"of-{user.pk}", defaults={"ip": "192.0.2.1"})
    return made[0].pk


def _identity(user: User) -> Any:
    return SocialAccount.objects.get_or_create(user=user, provider="principal", uid=f"of-{user.pk}")[0].pk


def _of_addresses(action: str, *, verified: bool = True) -> Field:
    """A second address of somebody's: to make it the first, to take it away, to confirm it."""

    def of(user: User) -> Any:
        email, rest = f"autre-{user.pk}@ailleurs.example", {"verified": verified}
        return EmailAddress.objects.get_or_create(user=user, email=email, defaults=rest)[0].email

    return Field(
        address="account_email",
        name="email",
        own=lambda w: of(w.stranger),
        foreign=lambda w: of(w.theirs.member.user),
        never=lambda w: "personne@nulle.example",
        beside={action: ""},
    )


FIELDS = [
    Field(
        address="products:create",
        name="publisher",
        own=lambda w: w.mine.product.publisher_id,
        foreign=lambda w: w.theirs.product.publisher_id,
        never=nobodys,
    ),
    Field(
        address="dossiers:create",
        name="product",
        own=lambda w: w.mine.product.pk,
        foreign=lambda w: w.theirs.product.pk,
        never=nobodys,
    ),
    Field(
        address="dossiers:create",
        name="produit",
        method="get",
        own=lambda w: w.mine.product.reference,
        foreign=lambda w: w.theirs.product.reference,
        never=lambda w: references.draw(),
    ),
    Field(
        address="dossiers:choose",
        name="version",
        own=lambda w: w.mine.file.pk,
        foreign=lambda w: w.theirs.file.pk,
        never=nobodys,
    ),
    # To somebody who may fill this very dossier, and to nobody else.
    *(
        Field(
            address=address,
            name="member",
            own=lambda w: w.stranger.memberships.get().pk,
            foreign=lambda w: w.theirs.people["contributor"].memberships.get().pk,
            never=nobodys,
        )
        for address in ("dossiers:attribute", "dossiers:attribute-theme")
    ),
    Field(
        address="dossiers:reuse",
        name="source",
        own=lambda w: w.mine.review.number,
        foreign=lambda w: w.theirs.review.number,
        never=lambda w: "2026-999999",
    ),
    Field(
        address="dossiers:reuse",
        name="de",
        method="get",
        own=lambda w: w.mine.review.number,
        foreign=lambda w: w.theirs.review.number,
        never=lambda w: "2026-999999",
    ),
    Field(
        address="consultants:dossiers",
        name="dossiers",
        own=lambda w: [w.mine.filling.pk],
        foreign=lambda w: [w.mine.filling.pk, w.theirs.filling.pk],
        never=lambda w: [w.mine.filling.pk, NUMBER],
    ),
    Field(
        address="accounts:journal",
        name="personne",
        method="get",
        own=lambda w: w.stranger.pk,
        foreign=lambda w: w.theirs.people["contributor"].pk,
        never=nobodys,
    ),
    # Of those who examine a dossier, the publisher learns no number either.
    Field(
        address="accounts:journal",
        name="personne",
        method="get",
        own=lambda w: w.stranger.pk,
        foreign=lambda w: w.theirs.people["review_lead"].pk,
        never=nobodys,
    ),
    # A lead puts reviewers in charge, and nobody else: not a member of the publisher, not another agent.
    Field(
        address="reviews:assign",
        name="reviewer",
        role="review_lead",
        own=lambda w: w.theirs.people["review_lead"].pk,
        foreign=lambda w: w.theirs.people["mandataire"].pk,
        never=nobodys,
        beside={"action": "assign"},
    ),
    Field(
        address="reviews:assign",
        name="reviewer",
        role="review_lead",
        own=lambda w: w.theirs.people["reviewer"].pk,
        foreign=lambda w: w.theirs.people["support"].pk,
        never=nobodys,
        beside={"action": "relieve"},
    ),
    # The same for a second reading.
    Field(
        address="reviews:second-reading",
        name="reviewer",
        role="reviewer",
        own=lambda w: w.theirs.people["review_lead"].pk,
        foreign=lambda w: w.theirs.people["mandataire"].pk,
        never=nobodys,
    ),
    Field(
        address="usersessions_list",
        name="session",
        own=lambda w: _session(w.stranger),
        foreign=lambda w: _session(w.theirs.member.user),
        never=nobodys,
    ),
    Field(
        address="socialaccount_connections",
        name="account",
        own=lambda w: _identity(w.stranger),
        foreign=lambda w: _identity(w.theirs.member.user),
        never=nobodys,
    ),
    _of_addresses("action_primary"),
    _of_addresses("action_remove"),
    _of_addresses("action_send", verified=False),
]
# Fields of our forms, and what views read by themselves, that name nothing of anybody's.
WORDS = {
    # Of a person, typed by them; whether an address is known is never told (tests/accounts/test_enumeration.py).
    "code", "credential", "full_name", "key", "name", "oldpassword", "password", "password1", "password2",
    "passwordless", "remember", "uidb36", "username",
    # Of a request for an account: a SIREN that is known is tests/enrolment/test_known_company.py.
    "address", "answer", "city", "legal_name", "postal_code", "proof", "signatory_name", "signatory_role", "siren",
    # Of a product or a dossier.
    "acknowledge", "confirm", "description", "device_class", "finish", "gap", "give_way", "merge",
    "platforms", "programme", "website",
    # Of an answer: the numbers of its own saves, counted from one.
    "number", "revision",
    # Of several questions set aside at once.
    "moment", "question",
    # Of a document, and of a file on its way.
    "expires_on", "file", "is_confidential", "issued_on", "kind", "q", "size", "title",
    # Of a team, of a review, of a request that is examined.
    "access_until", "conclusion", "confirmed", "corrected_percent", "correction_reason", "decision", "message",
    "outcome", "reason", "role", "seen", "seen_at", "stay", "text",
    # Of a team at work: by when, and when to be written to.
    "due_on", "when",
    # Of a question, as editors write it; a part, a theme, a version to compare with are of the version itself.
    "accepted_example", "allows_not_applicable", "answered_by", "applies_when", "asked", "editor_note", "evidence",
    "formats", "help", "high", "label", "level", "low", "max_age_months", "max_files", "max_length", "maximum",
    "min_files", "min_length", "minimum", "minutes", "not_after_today", "not_before_today", "operator", "pass_score",
    "reference", "reference_confidence", "refused_example", "rule", "score", "score_ok", "score_old", "scored",
    "scoring", "tier", "type", "unit", "value", "verification", "weight", "why", "wording",
    "avec", "before", "condition", "effective_on", "meaning", "part", "theme", "up", "days", "disclaimer", "operation",
    "targets",
    # Of what anybody may read: editions, and what a service is like.
    "a", "demarche", "edition", "profil",
    # Of a questionnaire that is brought.
    "replace",
    # Which page, which part of a list, which button.
    "action", "etat", "filtre", "nouvelle", "page", "process", "voir",
}  # fmt: skip


def test_every_field_is_known_and_every_exception_still_stands():
    found = set(fields_of_forms()) | set(read_by_views())

    assert found == WORDS | {each.name for each in FIELDS}


def fields_of_forms() -> Iterator[str]:
    """Of ours and of allauth's, the administration's apart. Questions give theirs when a form is made."""
    assert get_resolver().url_patterns  # reading the addresses imports every view, and so every form
    for form in _descendants(forms.BaseForm):
        if not form.__module__.startswith(("django.", "tests.")) and not form.__module__.endswith("admin"):
            yield from form.base_fields


def _descendants(kind: type[Any]) -> Iterator[type[Any]]:
    for each in kind.__subclasses__():
        yield each
        yield from _descendants(each)


def read_by_views() -> Iterator[str]:
    """The words that our code takes from `request.GET` and `request.POST`, `in` apart."""
    ours = [config for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR]
    for path in [path for config in ours for path in Path(config.path).rglob("*.py") if path.stem != "admin"]:
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case (
                    ast.Call(
                        func=ast.Attribute(value=ast.Attribute(attr="GET" | "POST" | "FILES")),
                        args=[ast.Constant(value=str(name)), *_],
                    )
                    | ast.Subscript(
                        value=ast.Attribute(attr="GET" | "POST" | "FILES"), slice=ast.Constant(value=str(name))
                    )
                    | ast.Compare(
                        left=ast.Constant(value=str(name)), comparators=[ast.Attribute(attr="GET" | "POST" | "FILES")]
                    )
                ):
                    yield name


@pytest.mark.parametrize(
    "where",
    FIELDS,
    ids=lambda each: "-".join([each.address, each.name, *each.beside.keys() - {"action"}, *each.beside.values()]),
)
def test_what_is_foreign_in_a_field_looks_like_what_was_never_given(worlds, where):
    own, did = given(worlds, where, where.own(worlds))
    foreign, writes = given(worlds, where, where.foreign(worlds))
    missing, nothing = given(worlds, where, where.never(worlds))

    assert foreign == missing
    assert (writes, nothing) == ([], [])
    assert foreign.code != 302 or where.address in SENT_BACK
    # Otherwise it would prove nothing: one's own is taken.
    assert did or own != missing


# allauth leads back to the list in both cases, having done nothing.
SENT_BACK = {"account_email"}


def given(worlds: Worlds, where: Field, value: Any) -> tuple[Answer, list[str]]:
    """What the asker sees of it on their own page, freed of the value that they typed; what it wrote and mailed."""
    mail.outbox.clear()
    world: World = worlds.mine if where.role == "stranger" else worlds.theirs
    url = reverse(where.address, kwargs=arguments(world, where.address) if where.address in ARGUMENTS else None)
    rest = DATA[where.address](world) if where.address in DATA and where.method == "post" else {}
    answer, writes = answer_to(
        worlds.theirs.people[where.role], where.method, url, {**rest, **where.beside, where.name: value}
    )
    done = [*writes, *(str(message.subject) for message in mail.outbox)]
    return replace(answer, body=answer.body.replace(f'"{value}"', '""')), done
