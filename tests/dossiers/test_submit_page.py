"""/dossiers/<number>/soumettre/: what will be handed over, the gaps acknowledged, one confirmation."""

import pytest
from django.urls import reverse

from assessments.filing import Filing
from assessments.models import Dossier, Submission
from assessments.operations.answers import attach
from assessments.operations.dossiers import move
from assessments.operations.reuse import confirm, take_up
from assessments.reuse import reuse_from
from evidence.models import Content
from tests.assessments.filled import filled_dossier
from tests.assessments.saving import open_for, save, state_of
from tests.dossiers.pages import text_of, told
from tests.factories import ProductFactory

KEY, ONE, OTHER = "SEC-EXP-04", "SEC-EXP-08", "SEC-EXP-09"


def url(dossier):
    return reverse("dossiers:submit", args=[dossier.number])


@pytest.fixture
def signer(client, mandataire):
    client.force_login(mandataire)
    return client


@pytest.fixture
def with_a_gap(product, contributor) -> Dossier:
    return filled_dossier(product=product, by=contributor, answers={KEY: "non"})


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("mandataire", 200),
        ("representative", 200),
        ("contributor", 403),
        ("reader", 403),
        ("stranger", 404),
        ("reviewer", 404),
    ],
)
def test_who_may_submit(client, request, dossier, who, code):
    client.force_login(request.getfixturevalue(who))

    assert client.get(url(dossier)).status_code == code
    assert client.post(url(dossier), {"confirm": "1"}).status_code == (302 if code == 200 else code)
    assert Submission.objects.exists() is (code == 200)


def test_it_says_what_will_be_handed_over(signer, dossier):
    page = text_of(signer.get(url(dossier)))

    for shown in (dossier.product.name, dossier.product.reference, "sans échange de données", "score 100,0"):
        assert shown in page
    assert "Écarts qui seront reconnus" not in page


def test_it_says_what_comes_next_and_in_how_long(signer, dossier, settings):
    settings.REVIEW_TARGET_DAYS = 21

    page = text_of(signer.get(url(dossier)))

    assert "Les examinateurs visent une réponse en 21 jours. Votre équipe est prévenue par courriel" in page


def test_a_confirmed_submission_leads_back_to_the_dossier(signer, dossier, mandataire):
    response = signer.post(url(dossier), {"confirm": "1"})

    assert response["Location"] == f"/dossiers/{dossier.number}/"
    assert told(response) == ["Dossier soumis. Les examinateurs de l’ANS vont l’étudier."]
    assert Submission.objects.get().submitted_by == mandataire


def test_without_the_confirmation_nothing_is_handed_over(signer, dossier):
    response = signer.post(url(dossier), {})

    assert response.status_code == 409
    assert "Cochez cette case pour confirmer." in text_of(response)
    assert "data-error-summary" in response.content.decode()  # portal.js gives it the focus
    assert '<a href="#confirm">' in response.content.decode()
    assert not Submission.objects.exists()


def test_gaps_are_listed_and_have_to_be_acknowledged(signer, with_a_gap):
    page = signer.get(url(with_a_gap))
    assert f'name="gap" value="{KEY}"' in page.content.decode()
    assert "Écarts qui seront reconnus (1)" in text_of(page)
    assert "tant qu’il reste, la conclusion ne peut pas être favorable sans réserve." in text_of(page)

    refused = signer.post(url(with_a_gap), {"confirm": "1", "gap": [KEY]})
    assert refused.status_code == 409
    assert "Cochez cette case pour dire que vous connaissez ces écarts." in text_of(refused)
    assert not Submission.objects.exists()

    signer.post(url(with_a_gap), {"confirm": "1", "acknowledge": "1", "gap": [KEY]})
    assert Submission.objects.get().acknowledged_gaps == 1


def test_a_gap_that_appeared_since_the_page_was_opened_is_asked_about(signer, with_a_gap, contributor):
    signer.get(url(with_a_gap))
    save(with_a_gap, "SEC-EXP-09", "non", by=contributor)

    response = signer.post(url(with_a_gap), {"confirm": "1", "acknowledge": "1", "gap": [KEY]})

    assert response.status_code == 409
    assert 'name="gap" value="SEC-EXP-09"' in response.content.decode()
    assert not Submission.objects.exists()


def test_an_incomplete_dossier_leads_to_what_is_missing(signer, product, contributor):
    dossier = filled_dossier(product=product, by=contributor, answers={KEY: None})

    page = signer.get(url(dossier))
    posted = signer.post(url(dossier), {"confirm": "1"})

    assert f"/securite/exploitation/#{KEY}" in page.content.decode()
    assert "Soumettre le dossier" not in text_of(page).replace("Soumettre le dossier " + dossier.number, "")
    assert posted.status_code == 409
    assert "Il manque encore des réponses ou des preuves" in told(posted)[0]


def test_what_is_left_to_correct_is_the_verdict(signer, sent_back):
    page = text_of(signer.get(url(sent_back)))

    assert "Il reste un élément à corriger ou auquel répondre avant de soumettre." in page
    assert "Complet : le dossier peut être soumis." not in page


def test_once_corrected_it_can_be_submitted(signer, sent_back, contributor):
    save(sent_back, "SEC-GOV-02", None, by=contributor, comment="La page signée est la seconde.")

    assert "Complet : le dossier peut être soumis." in text_of(signer.get(url(sent_back)))


def test_files_that_wait_for_their_scan_make_the_submission_wait(signer, dossier, contributor, new_file):
    attach(dossier=dossier, key=KEY, version=new_file(), by=contributor)

    page = signer.get(url(dossier)).content.decode()
    posted = signer.post(url(dossier), {"confirm": "1"})

    assert "Des fichiers attendent leur analyse" in page
    assert '<button type="submit" class="fr-btn" disabled>' in page
    assert posted.status_code == 409
    assert "réessayez dans quelques minutes" in told(posted)[0]


def test_submitting_twice_is_submitting_once(signer, dossier):
    signer.post(url(dossier), {"confirm": "1"})

    again = signer.post(url(dossier), {"confirm": "1"})

    assert again["Location"] == f"/dossiers/{dossier.number}/"
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("state", [Dossier.State.SUBMITTED, Dossier.State.CLOSED, Dossier.State.ORIENTATION])
def test_a_dossier_that_is_not_to_be_submitted_says_so(signer, dossier, state):
    move(dossier, state)

    assert "Ce dossier n’est pas à soumettre en ce moment." in text_of(signer.get(url(dossier)))


def test_what_should_be_looked_at_in_the_files_is_listed_and_blocks_nothing(signer, dossier, contributor, new_file):
    version = new_file(clean=True, original_name="rapport.pdf")
    Content.objects.create(version=version, text="Une autre société", blank_pages=1)
    attach(dossier=dossier, key=KEY, version=version, by=contributor)

    page = signer.get(url(dossier))

    assert "Preuves à vérifier (1)" in text_of(page)
    assert f'/securite/exploitation/#{KEY}"' in page.content.decode()
    assert "Ni le nom du produit ni celui de l’éditeur" in text_of(page)
    assert "Une page est vide" in text_of(page)
    assert signer.post(url(dossier), {"confirm": "1"}).status_code == 302


@pytest.fixture
def with_taken_up(product, contributor, publisher) -> Dossier:
    """Complete, with two answers taken up from another dossier of the publisher."""
    source = filled_dossier(product=ProductFactory.create(publisher=publisher), by=contributor)
    dossier = filled_dossier(product=product, by=contributor, answers={ONE: None, OTHER: None})
    take_up(dossier=dossier, source=source, bases={ONE: 1, OTHER: 1}, by=contributor)
    return dossier


def test_answers_taken_up_and_not_read_again_are_listed_and_block_nothing(signer, with_taken_up, contributor):
    page = signer.get(url(with_taken_up))

    assert "Réponses reprises à relire (2)" in text_of(page)
    assert f"{ONE} · répondu le" in text_of(page) and f"par {contributor.full_name}" in text_of(page)
    for key in (ONE, OTHER):
        assert f'/securite/exploitation/#{key}"' in page.content.decode()
    assert signer.post(url(with_taken_up), {"confirm": "1"}).status_code == 302


def test_once_read_again_they_are_not_spoken_of(signer, with_taken_up, contributor):
    confirm(dossier=with_taken_up, key=ONE, by=contributor)
    save(with_taken_up, OTHER, state_of(with_taken_up, OTHER).value, by=contributor, comment="Relu.")

    assert "Réponses reprises" not in text_of(signer.get(url(with_taken_up)))


def test_what_is_taken_up_after_a_submission_and_stays_behind_is_not_spoken_of(
    signer, sent_back, contributor, publisher
):
    source = filled_dossier(product=ProductFactory.create(publisher=publisher), by=contributor, answers={KEY: "non"})
    take_up(dossier=sent_back, source=source, bases={KEY: state_of(sent_back, KEY).revision}, by=contributor)
    save(sent_back, "SEC-GOV-02", None, by=contributor, comment="La page signée est la seconde.")

    page = text_of(signer.get(url(sent_back)))

    assert "Ce qui va être transmis" in page
    assert KEY in Filing(sent_back).origins
    assert "Réponses reprises" not in page


def test_files_as_they_should_be_are_not_spoken_of(signer, dossier):
    assert "Preuves à vérifier" not in text_of(signer.get(url(dossier)))


def test_it_costs_the_same_empty_and_full(signer, contributor, product, blank_dossier, django_assert_max_num_queries):
    full = filled_dossier(everything=True, by=contributor, product=product)
    other = ProductFactory.create(publisher=product.publisher, platforms=[])
    again = open_for(other, by=contributor, programme="with_exchange")
    for _round in range(2):  # what the orientation reveals comes after it
        everything = reuse_from(full, Filing(again), contributor).offered
        bases = {each.key: each.current.revision for each in everything}
        take_up(dossier=again, source=full, bases=bases, by=contributor)
        move(again, Dossier.State.FILLING)

    for dossier in (blank_dossier, full, again):
        with django_assert_max_num_queries(13):
            signer.get(url(dossier))
