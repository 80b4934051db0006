"""What the admin shows and never writes, in a number of queries that does not grow."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Publisher, StaffRole
from assessments.models import Dossier, Review
from audit.models import Event
from audit.operations import record
from evidence.models import Document
from products.models import Product
from results.models import Result
from results.operations import close_review
from tests.assessments.filled import examine, submitted_dossier
from tests.evidence.factories import DocumentVersionFactory
from tests.factories import MembershipFactory, ProductFactory, UserFactory

WRITTEN_BY_OPERATIONS = [
    "accounts_publisher", "assessments_dossier", "assessments_review", "assessments_submission", "audit_event",
    "evidence_document", "jobs_job", "products_product", "results_result",
]  # fmt: skip


@pytest.fixture
def closed_dossier(product, contributor, reviewer, review_lead) -> Dossier:
    dossier = submitted_dossier(product=product, by=contributor)
    examine(dossier, by=reviewer)
    close_review(review=dossier.review, outcome=Review.Outcome.FAVOURABLE, conclusion="", by=review_lead)
    return dossier


def _url(row) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def _queries(client, url: str) -> int:
    """Of the second opening: the first one also fills Django's own caches."""
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize("name", WRITTEN_BY_OPERATIONS)
def test_nothing_is_added_by_hand(as_administrator, name):
    assert as_administrator.get(reverse(f"admin:{name}_add")).status_code == 403


def test_everything_of_a_closed_dossier_is_shown_and_refuses_to_be_written(as_administrator, closed_dossier):
    rows = [
        closed_dossier, closed_dossier.review, closed_dossier.submissions.get(), closed_dossier.product,
        closed_dossier.product.publisher, Result.objects.get(), Event.objects.first(), Document.objects.first(),
    ]  # fmt: skip

    for row in rows:
        page = as_administrator.get(_url(row))
        assert page.status_code == 200
        assert b'name="_save"' not in page.content
        assert as_administrator.post(_url(row), {"name": "autre"}).status_code == 403


def test_the_sealed_content_and_the_answers_are_not_shown(as_administrator, closed_dossier):
    pages = [as_administrator.get(_url(row)).content.decode() for row in (closed_dossier, Result.objects.get())]

    for page in pages:
        assert "SEC-GOV-01" not in page


def test_nobody_deletes_anything_not_even_a_superuser(client, closed_dossier):
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True, staff_role=StaffRole.ADMINISTRATOR))

    for model, model_admin in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.first()
        assert row is None or client.get(reverse(f"{name}_delete", args=[row.pk])).status_code == 403
        assert b'value="delete_selected"' not in client.get(reverse(f"{name}_changelist")).content
        assert not any(inline.can_delete for inline in model_admin.inlines)


@pytest.mark.parametrize(
    ("name", "add"),
    [
        ("products_product", ProductFactory.create),
        ("accounts_user", MembershipFactory.create),
        ("accounts_publisher", MembershipFactory.create),
        ("evidence_document", DocumentVersionFactory.create),
        ("audit_event", lambda: record("essai", UserFactory.create(), by=UserFactory.create())),
    ],
)
def test_a_longer_list_makes_no_more_queries(as_administrator, product, name, add):
    add()
    url = reverse(f"admin:{name}_changelist")
    before = _queries(as_administrator, url)
    for _ in range(5):
        add()

    assert _queries(as_administrator, url) == before


def test_more_dossiers_reviews_and_submissions_make_no_more_queries(as_administrator, contributor):
    urls = [reverse(f"admin:assessments_{name}_changelist") for name in ("dossier", "review", "submission")]
    submitted_dossier(by=contributor)
    before = [_queries(as_administrator, url) for url in urls]
    for _ in range(3):
        submitted_dossier(by=UserFactory.create())

    assert [_queries(as_administrator, url) for url in urls] == before


def test_a_larger_team_makes_no_more_queries(as_administrator, product):
    url = _url(product.publisher)
    before = _queries(as_administrator, url)
    for role in ("reader", "contributor", "representative"):
        MembershipFactory.create(publisher=product.publisher, role=role)

    assert _queries(as_administrator, url) == before
    assert Publisher.objects.count() == 1
    assert Product.objects.count() == 1
