"""What an editor sees of a study: the verdict, what to look at, and nothing that says whose dossier it is."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from playwright.sync_api import expect

from assessments import tasks
from assessments.models import Dossier, ImpactLine, ImpactStudy
from assessments.operations.impact import request_study
from jobs.models import Job
from jobs.operations import advance, claim, fail
from questionnaires.operations.publishing import publish_edition
from tests.impact.small import (
    GAINS,
    LOSES,
    NEW,
    SAME,
    dossier_of,
    first_edition,
    rewrite,
    second_content,
    second_edition,
    without_map,
)
from tests.live import accessibility_problems, browser_context, sign_in

pytestmark = pytest.mark.once

PAGE = "/questionnaires/editions/E2/effet/"


@pytest.fixture
def first(db):
    return first_edition()


@pytest.fixture
def draft(first):
    return second_edition()


@pytest.fixture
def dossiers(first, contributor):
    return [dossier_of(first, answers, by=contributor) for answers in (GAINS, SAME, LOSES)]


@pytest.fixture
def reader_of_studies(client, editor):
    client.force_login(editor)
    return client


def text_of(client, page=PAGE):
    """The words of the page, each space one space."""
    content = client.get(page).content.decode()
    main = content[content.index("<main") : content.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def study_of(draft, editor):
    study = request_study(draft, by=editor)
    tasks.study_impact(study.job_id)
    return study


def job_under_way(draft, editor):
    """As a worker took it."""
    study = request_study(draft, by=editor)
    job = claim(Job.objects.get(subject_id=study.pk).pk)
    assert job is not None
    return job


def test_the_verdict_comes_first_then_what_to_look_at(reader_of_studies, draft, dossiers, editor):
    study_of(draft, editor)

    text = text_of(reader_of_studies)

    verdict = (
        "3 dossiers en cours : 1 sans changement de score, 1 gagne, 1 perd ; 3 auront de nouveaux points bloquants."
    )
    assert verdict in text
    assert text.index(verdict) < text.index(f"Titre de {NEW}") < text.index("Dossier par dossier")
    assert f"Titre de {NEW} {NEW} 3 dossiers" in text
    assert "Sécurité : 50,0 % → 87,5 % (gagne 37,5 points)" in text
    assert "Sécurité : 85,7 % → 25,0 % (perd 60,7 points)" in text


def test_the_greatest_loss_is_the_first_line(reader_of_studies, draft, dossiers, editor):
    study_of(draft, editor)
    text = text_of(reader_of_studies)

    assert text.index("perd 60,7 points") < text.index("gagne 37,5 points")


def test_nothing_says_whose_dossier_it_is(reader_of_studies, draft, dossiers, editor):
    study_of(draft, editor)

    page = reader_of_studies.get(PAGE).content.decode()

    for dossier in Dossier.objects.select_related("product__publisher"):
        for secret in (
            dossier.number,
            dossier.product.name,
            dossier.product.reference,
            dossier.product.publisher.legal_name,
            dossier.product.publisher.siren,
            dossier.created_by.full_name,
        ):
            assert secret not in page
    assert "/dossiers/" not in page.split("<main")[1]


def test_the_order_of_the_numbers_is_not_that_of_the_dossiers(first, draft, editor, contributor):
    dossiers = [dossier_of(first, SAME, by=contributor).pk for _ in range(12)]
    study_of(draft, editor)

    assert list(ImpactLine.objects.order_by("place").values_list("dossier", flat=True)) != dossiers


@pytest.mark.parametrize("count", [1, 2])
def test_with_very_few_dossiers_only_totals_are_told(reader_of_studies, first, draft, editor, contributor, count):
    for _ in range(count):
        dossier_of(first, LOSES, by=contributor)
    study_of(draft, editor)

    text = text_of(reader_of_studies)

    assert f"{count} dossier" in text
    assert "Avec moins de trois dossiers" in text
    for detail in (NEW, "points)", "Dossier 1", "Sécurité"):
        assert detail not in text


def test_a_draft_that_changed_since_says_so(reader_of_studies, draft, dossiers, editor):
    study_of(draft, editor)
    assert "a changé depuis" not in text_of(reader_of_studies)

    draft.versions.get().themes.get().questions.filter(key=NEW).update(title="Un autre titre")

    text = text_of(reader_of_studies)
    assert "Le brouillon a changé depuis" in text
    assert "Recommencer la mesure" in text


def test_a_draft_that_cannot_be_tried_says_why_and_starts_nothing(reader_of_studies, draft, dossiers):
    rewrite(draft, without_map(second_content()))

    response = reader_of_studies.post(PAGE)

    assert response.status_code == 302
    assert not ImpactStudy.objects.exists()
    text = text_of(reader_of_studies)
    assert "Rien n’est lancé" in text
    assert "il lui faut une carte de reprise" in text
    assert "Mesurer l’effet" not in text


def test_while_it_runs_the_page_asks_again_by_itself_and_has_a_link(reader_of_studies, draft, dossiers, editor):
    advance(job_under_way(draft, editor), 40)

    page = reader_of_studies.get(PAGE).content.decode()

    assert f'hx-get="{PAGE}"' in page
    assert 'value="40"' in page
    assert f'<a class="fr-link" href="{PAGE}">' in page


def test_what_failed_is_told_and_may_be_begun_again(reader_of_studies, draft, dossiers, editor):
    fail(job_under_way(draft, editor), "It broke.")
    assert "La mesure n’a pas abouti" in text_of(reader_of_studies)

    reader_of_studies.post(PAGE)

    assert "Dossiers rejoués" in text_of(reader_of_studies)
    assert ImpactStudy.objects.count() == 1


def test_without_a_dossier_there_is_nothing_to_measure(reader_of_studies, draft):
    assert "Aucun dossier en cours" in text_of(reader_of_studies)
    reader_of_studies.post(PAGE)
    assert not ImpactStudy.objects.exists()


def test_those_being_examined_are_counted_apart(reader_of_studies, first, draft, dossiers, editor, contributor):
    dossier_of(first, SAME, by=contributor, state=Dossier.State.SUBMITTED)
    study_of(draft, editor)

    assert "1 autre dossier, déjà soumis, reste sur son édition." in text_of(reader_of_studies)


def test_once_published_the_last_study_may_still_be_read(reader_of_studies, draft, dossiers, editor):
    study_of(draft, editor)
    publish_edition(draft, by=None)

    text = text_of(reader_of_studies)

    assert "3 dossiers en cours" in text
    assert "Recommencer" not in text


def test_the_page_of_the_edition_leads_there(reader_of_studies, draft):
    page = reader_of_studies.get(reverse("questionnaires:edition", args=["E2"])).content.decode()

    assert f'href="{PAGE}"' in page


@pytest.mark.parametrize("who", ["contributor", "mandataire", "reviewer", "review_lead", "support", "gie_officer"])
def test_for_whoever_does_not_edit_it_does_not_exist(client, request, draft, dossiers, who):
    client.force_login(request.getfixturevalue(who))

    assert client.get(PAGE).status_code == client.post(PAGE).status_code == 404
    assert not ImpactStudy.objects.exists()


def test_many_dossiers_take_as_many_queries_as_a_few(reader_of_studies, first, draft, dossiers, editor, contributor):
    study_of(draft, editor)
    reader_of_studies.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        reader_of_studies.get(PAGE)
    for answers in (GAINS, SAME, LOSES) * 20:
        dossier_of(first, answers, by=contributor)
    study_of(draft, editor)

    with CaptureQueriesContext(connection) as many:
        page = reader_of_studies.get(PAGE).content.decode()

    assert len(many) == len(few)
    assert page.count("<tr>") < 70
    assert "?page=2" in page


@pytest.mark.parametrize("width", [1280, 390])
def test_an_editor_starts_a_study_sees_it_advance_and_reads_it(
    transactional_db, chromium, live_server, draft, dossiers, editor, width
):
    with browser_context(chromium, live_server, viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        sign_in(page, live_server, editor)
        page.goto(PAGE)
        assert accessibility_problems(page) == []
        page.get_by_role("button", name="Mesurer l’effet").click()
        expect(page.locator("#effet progress")).to_be_visible()
        assert accessibility_problems(page) == []

        study = ImpactStudy.objects.get()
        tasks.study_impact(study.job_id)

        expect(page.locator("#effet")).to_contain_text("3 dossiers en cours")
        page.get_by_text("Lire ces nombres dans un tableau").click()
        assert accessibility_problems(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
