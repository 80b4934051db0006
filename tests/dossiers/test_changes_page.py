"""« Depuis votre dernière visite »: on the page of a dossier, and all of it on /dossiers/<number>/changements/."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments.operations.answers import attach
from questionnaires.queries import published
from tests.assessments.saving import open_keys_of, save, state_of
from tests.dossiers.pages import text_of

KEY, PROVEN, HIDING = "SEC-EXP-04", "RGPD-INF-03", "SEC-EXP-05"
CALM = "Personne d’autre n’a changé de réponse ni de fichier."


def page_of(client, dossier):
    return client.get(dossier.get_absolute_url())


def changes_of(client, dossier, **query):
    return client.get(reverse("dossiers:changes", args=[dossier.number]), query)


def say(dossier, key, *, by):
    """Comment on an answer, which stays."""
    save(dossier, key, state_of(dossier, key).value, by=by, comment="Relu.")


@pytest.fixture
def later(filler, dossier):
    """later(): the clock, an hour after a first visit."""
    page_of(filler, dossier)
    with time_machine.travel(timezone.now() + timedelta(hours=1)) as clock:
        yield clock


def test_a_first_visit_shows_nothing(filler, dossier):
    assert "Depuis votre dernière visite" not in text_of(page_of(filler, dossier))
    assert "C’est votre première visite" in text_of(changes_of(filler, dossier))


def test_nothing_moved_is_one_calm_line_whatever_one_did_oneself(filler, dossier, later, contributor):
    save(dossier, KEY, "non", by=contributor)

    assert CALM in text_of(page_of(filler, dossier))
    assert CALM in text_of(changes_of(filler, dossier))


def test_it_says_who_changed_what_and_stays_while_one_reads(filler, dossier, later, mandataire, new_file):
    save(dossier, KEY, "non", by=mandataire, comment="P")
    save(dossier, KEY, "non", by=mandataire, comment="Prévu en mars.")
    version = new_file(clean=True)
    attach(dossier=dossier, key=PROVEN, version=version, by=mandataire)
    later.shift(timedelta(minutes=1))

    for _reloaded in range(2):
        response = page_of(filler, dossier)
        page = text_of(response)
        news = page[page.index("Depuis votre dernière visite, le ") :]
        assert news.index(f"Fichier joint : {version.original_name}") < news.index("avant : Oui → après : Non")
        assert "Commentaire : → après : Prévu en mars." in news
        assert news.count(f"{KEY} · {mandataire.full_name}, le ") == 1
        assert "Tout voir" not in news
        assert f'href="/dossiers/{dossier.number}/securite/exploitation/#{KEY}"' in response.content.decode()
    later.shift(timedelta(hours=1))
    assert CALM in text_of(page_of(filler, dossier))


def test_a_hidden_question_is_not_told(filler, dossier, later, mandataire):
    save(dossier, HIDING, by=mandataire)
    save(dossier, KEY, "non", by=mandataire)
    page_of(filler, dossier)

    page = text_of(changes_of(filler, dossier))

    assert "Un changement fait par d’autres que vous." in page
    assert HIDING not in page


def test_many_changes_are_paged_and_cost_no_more(filler, dossier, later, mandataire, new_file):
    def queries(ask):
        with CaptureQueriesContext(connection) as captured:
            response = ask(filler, dossier)
        return text_of(response), len(captured)

    keys = [key for key in published(dossier.edition).definition.questions if key in open_keys_of(dossier)][20:60]
    say(dossier, keys[0], by=mandataire)
    attach(dossier=dossier, key=PROVEN, version=new_file(clean=True), by=mandataire)
    queries(page_of)
    few = [queries(page_of)[1], queries(changes_of)[1]]
    for key in keys[1:]:
        say(dossier, key, by=mandataire)
    attach(dossier=dossier, key=PROVEN, version=new_file(clean=True), by=mandataire)

    page, count = queries(page_of)
    all_of_it, all_count = queries(changes_of)

    assert [count, all_count] == few
    assert f"Tout voir ({len(keys) + 2})" in page
    assert page.count(f"{mandataire.full_name}, le ") == 5
    assert all_of_it.count(f"{mandataire.full_name}, le ") == 25
    assert text_of(changes_of(filler, dossier, page=2)).count(f"{mandataire.full_name}, le ") == len(keys) + 2 - 25
