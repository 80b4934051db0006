"""/dossiers/<number>/chemin/: the steps that settle what blocks, and what each earns."""

from decimal import Decimal

import pytest
from django.urls import reverse

from assessments.models import Dossier
from assessments.operations.dossiers import move
from assessments.path_words import advice
from questionnaires import engine
from tests.assessments.filled import filled_dossier
from tests.dossiers.pages import text_of
from tests.questionnaires.builders import TODAY, choices, compiled, evaluated, question, threshold

HALF = Decimal("0.5")


def url(dossier):
    return reverse("dossiers:path", args=[dossier.number])


def test_what_is_missing_then_what_is_not_met_each_with_its_proof_and_its_gain(filler, contributor, product):
    dossier = filled_dossier(
        product=product,
        by=contributor,
        answers={"SEC-EXP-04": "non", "SEC-EXP-09": None},
        without_evidence=["RGPD-INF-03"],
    )

    response = filler.get(url(dossier))

    page, steps = text_of(response), response.context["threshold"].steps
    assert {step.key for step in steps[:2]} == {"SEC-EXP-09", "RGPD-INF-03"}
    # The answer that mends the gap opens a question, which comes right after it.
    assert [(step.key, step.opens, step.is_opened) for step in steps[2:]] == [
        ("SEC-EXP-04", 1, False),
        ("SEC-EXP-05", 0, True),
    ]
    assert "4 étapes jusqu’au seuil" in page
    assert "Si votre service le fait désormais, répondez « Oui »." in page
    assert f"/dossiers/{dossier.number}/securite/exploitation/#SEC-EXP-04" in response.content.decode()
    assert [step.makes_submittable for step in steps] == [False, True, False, False]
    assert "À joindre :" in page
    assert "non applicable »" not in page
    assert url(dossier) in filler.get(dossier.get_absolute_url()).content.decode()
    assert url(dossier) in filler.get(reverse("dossiers:score", args=[dossier.number])).content.decode()


def test_a_dossier_that_reached_it_is_told_so_and_proposed_nothing(client, mandataire, dossier):
    client.force_login(mandataire)

    response = client.get(url(dossier))

    assert "Le seuil est atteint" in text_of(response)
    assert response.context["threshold"].steps == ()
    assert reverse("dossiers:submit", args=[dossier.number]) in response.content.decode()


def test_before_the_orientation_is_over_there_is_no_path(filler, dossier):
    Dossier.objects.update(state=Dossier.State.ORIENTATION)

    assert "le chemin se calcule une fois qu’elle est terminée" in text_of(filler.get(url(dossier)))


def test_once_submitted_nothing_is_proposed_and_what_is_not_met_is_said(filler, contributor, product):
    dossier = filled_dossier(product=product, by=contributor, answers={"SEC-EXP-04": "non"})
    move(dossier, Dossier.State.SUBMITTED)

    response = filler.get(url(dossier))

    assert response.context["threshold"].steps == ()
    assert "Hors d’atteinte (1)" in text_of(response)


def test_after_corrections_were_asked_only_what_was_sent_back_can_change(filler, sent_back):
    assert {step.key for step in filler.get(url(sent_back)).context["threshold"].steps} <= {"SEC-GOV-02"}


def test_it_costs_the_same_empty_and_full(filler, contributor, product, blank_dossier, django_assert_num_queries):
    full = filled_dossier(everything=True, by=contributor, product=product)

    for dossier in (blank_dossier, full):
        with django_assert_num_queries(9):
            filler.get(url(dossier))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (question("K-1"), "Si votre service le fait, répondez « Oui »."),
        (
            question("K-1", "single_choice", choices=choices(("a", "1"), ("b", "0.5"), ("c", "0")), pass_score=HALF),
            "Si c’est vrai, répondez « A » ou « B ».",
        ),
        (
            question("K-1", "multiple_choice", choices=choices(("a", "1"), ("b", "0", "forbidden"))),
            "Cochez ce qui est vrai : « A » suffit, si rien de ceci ne l’est : « B ».",
        ),
        (
            question(
                "K-1", "number", unit="jours", thresholds=(threshold("gte", "1", "10"), threshold("otherwise", "0"))
            ),
            "Si c’est vrai, indiquez au moins 10 jours.",
        ),
        (question("K-1", "text", min_length=30), "Si votre service le fait, décrivez-le : 30 caractères au moins."),
        (
            question("K-1", "date", not_after_today=True, max_age_months=12),
            "Si c’est vrai, indiquez une date à partir du 22 novembre 2025.",
        ),
        (question("K-1", scored=False), "Répondez selon votre situation : toute réponse vraie convient."),
        (question("K-1", "file", evidence="Un plan"), "Déposez la pièce demandée."),
    ],
)
def test_the_condition_comes_before_the_answer(asked, words):
    definition = compiled(asked)
    facts = engine.Facts(programme="with_exchange", today=TODAY)

    (step,) = engine.shortest_path(definition, {}, facts).steps

    said = advice(asked, step, evaluated(definition).questions["K-1"], TODAY)
    assert " ".join(said.split()) == words
