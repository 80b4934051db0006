"""The whole trail, in the administration: searched, filtered, exported, never changed."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from accounts.management.commands.sync_roles import sync_roles
from audit.models import Event
from audit.operations import record

LIST = reverse("admin:audit_event_changelist")
EXPORT = reverse("admin:audit_event_export")


@pytest.fixture
def desk(client, administrator):
    sync_roles()
    client.force_login(administrator)
    return client


@pytest.fixture
def events(contributor, publisher, product):
    record("product.created", product, by=contributor, publisher=publisher.pk)
    record("product.changed", product, by=contributor, publisher=publisher.pk, note="=1+1")
    return Event.objects.order_by("pk")


def rows_of(response) -> list[list[str]]:
    text = b"".join(response).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def test_an_administrator_finds_an_event_by_its_object_its_person_and_its_verb(desk, events, contributor, product):
    for query in (str(product.pk), contributor.email, "product.changed"):
        page = desk.get(LIST, {"q": query}).content.decode()
        assert "product.changed" in page, query
    assert "product.created" not in desk.get(LIST, {"verb__exact": "product.changed"}).context[
        "cl"
    ].queryset.values_list("verb", flat=True)


def test_what_is_filtered_is_what_is_exported_and_the_export_is_an_event(desk, events, administrator, contributor):
    rows = rows_of(desk.get(EXPORT, {"verb__exact": "product.changed"}))

    assert rows[0][0] == "Numéro"
    assert [row[4] for row in rows[1:]] == ["product.changed"]
    assert [row[2] for row in rows[1:]] == [str(contributor.pk)]
    exported = Event.objects.get(verb="audit.exported")
    assert (exported.actor, exported.data) == (administrator, {"filters": ["verb__exact"]})


def test_what_was_searched_is_not_kept_only_that_something_was(desk, events, contributor):
    """An address typed in the search would stay in the trail for ever, whatever becomes of its owner."""
    rows = rows_of(desk.get(EXPORT, {"q": contributor.email, "verb__exact": "product.changed"}))

    assert [row[4] for row in rows[1:]] == ["product.changed"]
    assert Event.objects.get(verb="audit.exported").data == {"filters": ["q", "verb__exact"]}


@pytest.mark.parametrize("query", ["adresse@editeur.example=1", "at__gte=jamais"])
def test_a_filter_that_means_nothing_exports_nothing(desk, events, query):
    response = desk.get(f"{EXPORT}?{query}")

    assert (response.status_code, response["Location"]) == (302, f"{LIST}?e=1")
    assert not Event.objects.filter(verb="audit.exported").exists()


def test_a_file_of_events_names_nobody(desk, events, contributor):
    text = b"".join(desk.get(EXPORT)).decode()

    assert contributor.email not in text
    assert str(contributor.full_name) not in text


def test_an_event_is_read_and_nothing_else(desk, events):
    event = events[0]

    assert desk.get(reverse("admin:audit_event_change", args=[event.pk])).status_code == 200
    assert desk.post(reverse("admin:audit_event_change", args=[event.pk]), {"verb": "autre"}).status_code == 403
    assert desk.get(reverse("admin:audit_event_add")).status_code == 403
    assert desk.post(reverse("admin:audit_event_delete", args=[event.pk]), {"post": "yes"}).status_code == 403
    assert desk.post(LIST, {"action": "delete_selected", "_selected_action": event.pk, "post": "yes"}).status_code in (
        200,
        302,
        403,
    )
    assert Event.objects.filter(pk=event.pk, verb="product.created").exists()


@pytest.mark.parametrize("who", ["editor", "reviewer", "mandataire"])
def test_nobody_else_reads_it(client, request, events, who):
    sync_roles()
    client.force_login(request.getfixturevalue(who))

    assert client.get(LIST).status_code in (302, 403, 404)
    assert client.get(EXPORT).status_code in (302, 403, 404)
    assert not Event.objects.filter(verb="audit.exported").exists()


def test_an_event_is_found_by_the_name_of_its_person_and_by_the_number_of_its_dossier(desk, contributor, product):
    record("product.created", product, by=contributor)
    record("dossier.opened", product, by=None, dossier="2026-000123")

    for query, verb in (("Dominique Contrib", "product.created"), ("2026-000123", "dossier.opened")):
        found = desk.get(LIST, {"q": query}).context["cl"].queryset
        assert [event.verb for event in found] == [verb], query


def test_a_page_of_an_event_says_when_and_what_in_words(desk, events):
    page = desk.get(reverse("admin:audit_event_change", args=[events[0].pk])).content.decode()

    assert "a déclaré un produit" in page
    assert date_format(localtime(events[0].at), "j F Y") in page
