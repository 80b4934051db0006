"""An edition: what is wrong with it, whose turn it is, and its publication by two people."""

from dataclasses import replace

import pytest
from django.urls import reverse

from questionnaires.models import Edition, Questionnaire, Version
from questionnaires.operations.editions import begin_edition
from questionnaires.operations.publishing import publish_edition
from questionnaires.operations.questions import save_question
from tests.clients import SignedInClient
from tests.editor.drafts import FIRST, a_draft, content_of, edition_of, publish
from tests.editor.pages import queries, shown, url, words_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAGE = reverse("questionnaires:edition", args=["2027"])


def at(name, code="2027"):
    return reverse(f"questionnaires:{name}", args=[code])


@pytest.fixture
def client(client, editor):
    client.force_login(editor)
    return client


@pytest.fixture
def other_client(colleague):
    other = SignedInClient()
    other.force_login(colleague)
    return other


def spoil(version, by):
    """What forbids to publish it."""
    save_question(version=version, content=replace(content_of(version, FIRST), reference=""), base_revision=0, by=by)


def test_the_errors_are_grouped_with_a_link_to_where_each_is_mended(client, version, editor):
    spoil(version, editor)

    page = client.get(PAGE)

    assert f'href="{url("question", version, FIRST)}"' in page.content.decode()
    assert "1 point est à corriger avant de la proposer." in words_of(page)
    assert "Proposer à la publication" not in words_of(page)


def test_what_has_errors_is_not_proposed(client, version, editor):
    spoil(version, editor)

    words = words_of(client.post(at("propose"), {"effective_on": "2027-07-01"}, follow=True))

    assert "Rien n’est proposé" in words
    assert Edition.objects.get().proposed_at is None


@pytest.mark.parametrize("typed", ["", "hier", "2027-02-31"])
def test_a_date_that_is_none_is_told(client, version, typed):
    response = client.post(at("propose"), {"effective_on": typed})

    assert response.status_code == 422
    assert Edition.objects.get().proposed_at is None


def test_one_proposes_and_another_approves(client, other_client, version, editor, colleague):
    client.post(at("propose"), {"effective_on": "2027-07-01"})
    assert "Une autre personne doit l’approuver." in shown(client, PAGE)
    assert "Approuver et publier" not in shown(client, PAGE)
    assert "Approuver et publier" in shown(other_client, PAGE)

    words = words_of(other_client.post(at("publish"), follow=True))

    assert "L’édition est publiée" in words
    edition = Edition.objects.get()
    assert (edition.status, edition.proposed_by, edition.published_by) == ("published", editor, colleague)
    version.refresh_from_db()
    assert version.status == "published"


def test_nobody_approves_what_they_proposed(client, version):
    client.post(at("propose"), {"effective_on": "2027-07-01"})

    words = words_of(client.post(at("publish"), follow=True))

    assert "une autre personne doit l’approuver" in words
    assert Edition.objects.get().status == "draft"


def test_what_changed_since_it_was_proposed_is_proposed_again(client, other_client, version, editor):
    client.post(at("propose"), {"effective_on": "2027-07-01"})
    content = replace(content_of(version, FIRST), title="En douce")
    save_question(version=version, content=content, base_revision=0, by=editor)

    assert "elle a changé depuis" in shown(other_client, PAGE)
    words = words_of(other_client.post(at("publish"), follow=True))

    assert "L’édition a changé depuis qu’elle a été proposée" in words
    assert Edition.objects.get().status == "draft"


def test_what_nobody_proposed_is_not_published(other_client, version):
    other_client.post(at("publish"))

    assert Edition.objects.get().status == "draft"


def test_publishing_asks_for_the_password_again(client, other_client, version):
    client.post(at("propose"), {"effective_on": "2027-07-01"})
    other_client.forget_the_proof()

    response = other_client.post(at("publish"))

    assert response.url.startswith(reverse("account_reauthenticate"))
    assert Edition.objects.get().status == "draft"
    assert "approuver et publier une édition" in words_of(other_client.get(response.url))


def test_an_edition_that_is_no_longer_in_force_is_retired_for_good(client, version, editor):
    publish(version)
    following = begin_edition(source=Edition.objects.get(), code="2028", title="Édition 2028", by=editor)
    publish_edition(following, by=None)

    assert "L’édition est retirée" in words_of(client.post(at("retire"), follow=True))
    assert Edition.objects.get(code="2027").status == "retired"
    assert "il n’y a rien à retirer" not in shown(client, PAGE)


def test_the_edition_that_dossiers_open_on_is_not_retired(client, version):
    publish(version)

    assert "elle n’est pas retirée" in words_of(client.post(at("retire"), follow=True))
    assert Edition.objects.get().status == "published"


def test_a_draft_is_not_retired(client, version):
    assert "il n’y a rien à retirer" in words_of(client.post(at("retire"), follow=True))


def test_an_edition_does_not_apply_before_the_one_that_it_follows(client, version, editor):
    publish(version)
    begin_edition(source=Edition.objects.get(), code="2028", title="Édition 2028", by=editor)

    response = client.post(at("propose", "2028"), {"effective_on": "2026-01-01"})

    assert response.status_code == 422
    assert "« Édition 2027 » s’applique à partir du" in words_of(response)
    assert Edition.objects.get(code="2028").proposed_at is None


def test_a_draft_is_called_otherwise_and_a_published_edition_is_not(client, version):
    sent = {"title": "Doctrine 2027", "disclaimer": "Ceci est un essai."}
    client.post(at("rename"), sent)
    assert Edition.objects.get().title == "Doctrine 2027"

    assert "Donnez un titre" in words_of(client.post(at("rename"), {"title": ""}, follow=True))
    publish(version)
    assert "son titre ne change plus" in words_of(client.post(at("rename"), {"title": "Autre"}, follow=True))
    assert Edition.objects.get().title == "Doctrine 2027"


def test_the_next_edition_is_begun_from_a_published_one(client, version):
    publish(version)

    response = client.post(reverse("questionnaires:begin"), {"source": "2027", "code": "2028", "title": "2028"})

    assert response.url == at("edition", "2028")
    assert Version.objects.get(number="2028.1").status == "draft"


@pytest.mark.parametrize(
    ("source", "code", "said"),
    [("2027", "2027", "choisissez-en un autre"), ("2027", "é", "sans accent"), ("2030", "2028", "n’est pas publiée")],
)
def test_an_edition_that_cannot_begin_is_told(client, version, source, code, said):
    publish(version)

    response = client.post(reverse("questionnaires:begin"), {"source": source, "code": code, "title": "T"})

    assert response.status_code == 422
    assert said in words_of(response)
    assert Edition.objects.count() == 1


def test_a_draft_edition_is_no_place_to_begin_from(client, version):
    response = client.post(reverse("questionnaires:begin"), {"source": "2027", "code": "2028", "title": "T"})

    assert response.status_code == 422


def test_a_questionnaire_enters_a_draft_edition(client, version):
    alone = Questionnaire.objects.create(code="NEU", slug="neuf", kind="evaluation")
    Version.objects.create(questionnaire=alone, number="1", title="Un questionnaire neuf")

    assert "Un questionnaire neuf (NEU@1)" in shown(client, PAGE)
    client.post(at("enter"), {"version": "NEU@1"})

    assert edition_of(version).entries.count() == 2
    assert client.post(at("enter"), {"version": "rien"}).status_code == 404


def test_a_published_edition_says_that_nothing_changes_any_more(client, version):
    publish(version)

    words = shown(client, PAGE)

    assert "Plus rien n’y change." in words
    assert "Proposer" not in words


def test_the_list_holds_every_edition_and_versions_of_none(client, version):
    alone = Questionnaire.objects.create(code="NEU", slug="neuf", kind="evaluation")
    Version.objects.create(questionnaire=alone, number="1", title="Un questionnaire neuf")

    words = shown(client, reverse("questionnaires:index"))

    assert "Édition 2027" in words
    assert "Un questionnaire neuf" in words


def test_the_page_asks_as_much_for_many_questions(client, version):
    few = queries(client, PAGE)
    a_draft("2028", more=40)

    assert queries(client, at("edition", "2028")) == few
