"""/dossiers/<number>/: where it is, what is left, whose turn it is, and one main thing to do."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from assessments.models import Dossier
from assessments.operations.answers import attach
from assessments.operations.dossiers import move
from assessments.operations.reviews import send_back
from questionnaires.queries import published
from tests.assessments.filled import examine, filled_dossier, submit_again
from tests.assessments.saving import save
from tests.dossiers.pages import text_of


def page_of(client, dossier):
    return client.get(reverse("dossiers:detail", args=[dossier.number]))


def main_action(response):
    """The text of the first button-like link of the head."""
    content = response.content.decode()
    head = content[content.index('class="dossier-head__action"') :]
    link = head[: head.index("</div>")]
    return link.split("<a", 1)[1].split(">", 1)[1].split("</a>")[0] if "<a" in link else ""


@pytest.mark.parametrize(
    ("who", "code"),
    [("mandataire", 200), ("reader", 200), ("stranger", 404), ("reviewer", 404), ("administrator", 404)],
)
def test_who_sees_a_dossier(client, request, dossier, who, code):
    client.force_login(request.getfixturevalue(who))

    assert page_of(client, dossier).status_code == code


def test_it_says_what_it_is_and_where_it_stands(filler, dossier):
    page = text_of(page_of(filler, dossier))

    for shown in (f"{dossier.product.name}, sans échange de données", dossier.number, dossier.product.reference):
        assert shown in page
    assert "Étape 2 sur 5" in page
    assert "À votre équipe. Le dossier est complet : le mandataire ou un représentant peut le soumettre." in page
    assert "Dans cet état depuis aujourd’hui" in page


@pytest.mark.parametrize(
    ("who", "state", "filling", "action"),
    [
        ("contributor", "orientation", {}, "Répondre à l’orientation"),
        ("reader", "orientation", {}, ""),
        ("contributor", "filling", {"SEC-EXP-04": None}, "Continuer"),
        ("mandataire", "filling", {"SEC-EXP-04": None}, "Continuer"),
        ("reader", "filling", {"SEC-EXP-04": None}, ""),
        ("mandataire", "filling", {}, "Soumettre"),
        ("contributor", "filling", {}, ""),
        ("mandataire", "submitted", {}, ""),
        ("mandataire", "under_review", {}, ""),
        ("mandataire", "withdrawn", {}, ""),
    ],
)
def test_one_thing_to_do_for_each(client, request, product, contributor, who, state, filling, action):
    dossier = filled_dossier(product=product, by=contributor, answers=filling, state=state)
    client.force_login(request.getfixturevalue(who))

    assert main_action(page_of(client, dossier)) == action


def test_what_is_missing_leads_to_its_question(filler, contributor, product):
    dossier = filled_dossier(
        product=product, by=contributor, answers={"SEC-EXP-04": None}, without_evidence=["RGPD-INF-03"]
    )

    response = page_of(filler, dossier)

    page = response.content.decode()
    assert f'href="/dossiers/{dossier.number}/securite/exploitation/#SEC-EXP-04"' in page
    assert f'href="/dossiers/{dossier.number}/rgpd/information-et-droits/#RGPD-INF-03"' in page
    assert "SEC-EXP-04 · réponse vide" in text_of(response)
    assert "RGPD-INF-03 · fichier à déposer" in text_of(response)
    assert "Il manque 2 éléments pour soumettre." in text_of(response)


@pytest.mark.parametrize(("hour", "words"), [(22, "depuis 1 jour (21 novembre 2026)"), (23, "aujourd’hui (22")])
def test_days_are_counted_in_paris(filler, dossier, hour, words):
    Dossier.objects.update(state_since=datetime(2026, 11, 21, hour, 30, tzinfo=UTC))

    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC)):
        assert words in text_of(page_of(filler, dossier))


def test_a_gap_is_told_apart_from_what_is_missing(filler, contributor, product):
    dossier = filled_dossier(product=product, by=contributor, answers={"SEC-EXP-04": "non"})

    page = text_of(page_of(filler, dossier))

    assert "Ce qui manque (0)" in page
    assert "Ce qui ne satisfait pas (1)" in page
    assert "SEC-EXP-04 · exigence non satisfaite" in page


def test_a_dossier_with_the_reviewers_says_so_and_what_comes_next(filler, dossier):
    move(dossier, Dossier.State.SUBMITTED)

    page = text_of(page_of(filler, dossier))

    assert "Aux examinateurs. Votre dossier attend d’être examiné." in page
    assert "Rien à faire d’ici là ; vous pouvez continuer d’améliorer votre copie de travail." in page


def test_what_was_sent_back_is_listed_first(client, contributor, mandataire, reviewer, dossier):
    submit_again(dossier, by=mandataire)
    current = examine(dossier, by=reviewer, refused=["SEC-GOV-02"], asked=["ETH-ECQ-11"])
    send_back(round=current, definition=published(dossier.edition).definition, by=reviewer)
    client.force_login(contributor)

    response = page_of(client, dossier)

    page = text_of(response)
    assert "À corriger (2)" in page
    assert "SEC-GOV-02 · refusée" in page
    assert "ETH-ECQ-11 · question posée" in page
    assert main_action(response) == "Corriger"


def test_a_file_that_the_analysis_refused_is_said_and_comes_first(filler, blank_dossier, contributor, new_file):
    attach(dossier=blank_dossier, key="SEC-GOV-02", version=new_file(refused=True), by=contributor)

    page = page_of(filler, blank_dossier)

    address = f"/dossiers/{blank_dossier.number}/securite/gouvernance/#SEC-GOV-02"
    assert "Un fichier a été refusé à l’analyse" in text_of(page)
    assert page.content.decode().count(f'href="{address}"') == 3  # the main action, the warning, what is missing
    first = page.context["overview"].incomplete[0]
    assert (first.key, " ".join(first.words.split())) == ("SEC-GOV-02", "fichier refusé à l’analyse : remplacez-le")


def test_a_refused_file_beside_a_good_one_is_said_and_stops_nothing(filler, dossier, contributor, new_file):
    attach(dossier=dossier, key="SEC-GOV-02", version=new_file(refused=True), by=contributor)

    page = text_of(page_of(filler, dossier))

    assert "Un fichier a été refusé à l’analyse" in page
    assert "Ce qui manque (0)" in page


def test_no_warning_about_files_when_none_was_refused(filler, dossier):
    assert "refusé à l’analyse" not in text_of(page_of(filler, dossier))


def test_a_theme_counts_what_is_to_correct_and_leads_there(filler, sent_back):
    page = page_of(filler, sent_back)

    assert text_of(page).count("· 1 à corriger") == 1
    assert f'href="/dossiers/{sent_back.number}/securite/gouvernance/#SEC-GOV-02">Gouvernance' in page.content.decode()


def test_it_costs_the_same_empty_and_full(filler, contributor, product, blank_dossier, django_assert_num_queries):
    full = filled_dossier(everything=True, by=contributor, product=product)

    # While it is mostly empty, one more looks for answers to take up.
    for dossier, count in ((blank_dossier, 18), (full, 17)):
        page_of(filler, dossier)  # notes the visit
        with django_assert_num_queries(count):
            page_of(filler, dossier)


def test_a_correction_that_was_made_says_so_and_what_is_left_to_do(client, contributor, mandataire, reviewer, dossier):
    submit_again(dossier, by=mandataire)
    current = examine(dossier, by=reviewer, refused=["SEC-GOV-02"])
    send_back(round=current, definition=published(dossier.edition).definition, by=reviewer)
    dossier.refresh_from_db()
    save(dossier, "SEC-GOV-02", None, by=contributor, comment="La politique signée est la seconde pièce.")

    client.force_login(contributor)
    theirs = page_of(client, dossier)
    client.force_login(mandataire)
    signers = page_of(client, dossier)

    assert "SEC-GOV-02 · corrigée, à soumettre" in text_of(theirs)
    assert "le mandataire ou un représentant peut le soumettre" in text_of(theirs)
    assert main_action(signers) == "Soumettre"
    assert "SEC-GOV-02 · corrigée, à soumettre" in text_of(
        client.get(reverse("dossiers:submit", args=[dossier.number]))
    )
