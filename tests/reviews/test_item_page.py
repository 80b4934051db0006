"""One item: what is required, what was answered, and the verdict."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.models import Review, Verdict
from assessments.operations.answers import attach
from assessments.operations.reviews import give_verdict, send_back
from assessments.review_desk import Desk
from evidence.models import Content, DocumentVersion
from questionnaires.queries import published
from tests.assessments.filled import examine, item_of, last_round, submit_again, submitted_dossier
from tests.evidence.factories import DocumentVersionFactory
from tests.reviews.conftest import GAP, NOT_APPLICABLE

KEY = "SEC-GOV-02"
REFUSAL = {"decision": "refused", "reason": "incomplete", "text": "Il manque la page signée."}


def url_of(dossier, key=KEY):
    return reverse("reviews:item", args=[dossier.number, key])


def page_of(client, dossier, key=KEY):
    response = client.get(url_of(dossier, key))
    assert response.status_code == 200
    return response.content.decode()


def keys_of(dossier):
    desk = Desk(Review.objects.select_related("dossier__product__publisher", "dossier__edition").get(dossier=dossier))
    return [each.key for each in desk.review_items]


@pytest.mark.parametrize("person", ["mandataire", "stranger", "editor", "gie_officer", "administrator"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_item_does_not_exist_for_anybody_but_reviewers(client, request, dossier, person, method):
    client.force_login(request.getfixturevalue(person))
    assert getattr(client, method)(url_of(dossier), REFUSAL).status_code == 404
    assert not Verdict.objects.exists()


@pytest.mark.parametrize("key", ["SEC-XXX-99", "DOC-INT-01"], ids=["unknown", "hidden"])
def test_what_was_not_filed_is_not_found(desk_client, dossier, key):
    assert desk_client.get(url_of(dossier, key)).status_code == 404


def test_the_reviewer_reads_what_the_analysis_found_in_a_file(desk_client, dossier):
    version = item_of(dossier, KEY).evidence.get().document_version
    assert "L’analyse a relevé" not in page_of(desk_client, dossier)
    Content.objects.update_or_create(
        version=version, defaults={"text": "Politique d’une autre société", "blank_pages": 1, "is_signed": False}
    )

    page = page_of(desk_client, dossier)

    for label in ("Ni produit ni éditeur nommé", "Pages vides"):
        assert label in page


def test_the_item_shows_requirement_answer_and_evidence(desk_client, dossier):
    page = page_of(desk_client, dossier)
    question = published(dossier.edition).definition.questions[KEY]
    file = item_of(dossier, KEY).evidence.get()
    for words in [
        question.title,
        "Preuve attendue",
        "Texte de référence",
        "Exigence affichée",
        "1 fichier joint",
        file.document_version.original_name,
        file.document_version.sha256,
        "Sans danger connu",
        reverse("reviews:evidence", args=[dossier.number, KEY, file.pk]),
        f"Élément 1 sur {len(keys_of(dossier))}",
    ]:
        assert words in page


def test_a_declared_gap_is_told_with_its_score(desk_client, dossier):
    page = page_of(desk_client, dossier, GAP)
    assert "L’éditeur l’a déclarée en écart." in page
    assert "Hors des éléments à examiner" in page


def test_a_not_applicable_shows_its_reason(desk_client, dossier):
    page = page_of(desk_client, dossier, NOT_APPLICABLE)
    assert "Non applicable" in page
    assert "Aucun audit n’a encore eu lieu." in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"state": "received"}, "l’antivirus ne l’a pas encore analysé"),
        ({"state": "scanning"}, "l’antivirus ne l’a pas encore analysé"),
        ({"state": "refused", "refusal": "virus"}, "l’analyse l’a refusé"),
    ],
)
def test_a_file_that_is_not_clean_is_named_but_not_linked(desk_client, dossier, change, said):
    file = item_of(dossier, KEY).evidence.get()
    DocumentVersion.objects.filter(pk=file.document_version_id).update(**change)
    page = page_of(desk_client, dossier)
    assert said in page
    assert file.document_version.original_name in page
    assert reverse("reviews:evidence", args=[dossier.number, KEY, file.pk]) not in page


def test_a_verdict_leads_to_the_next_item_without_one(desk_client, dossier, reviewer):
    first, second, third = keys_of(dossier)[:3]
    give_verdict(round=last_round(dossier), item=item_of(dossier, second), decision="accepted", by=reviewer)
    response = desk_client.post(url_of(dossier, first), {"decision": "accepted"})
    assert response["Location"] == url_of(dossier, third)
    assert Verdict.objects.get(item=item_of(dossier, first)).decided_by == reviewer


def test_after_the_last_one_come_those_that_were_skipped(desk_client, dossier):
    keys = keys_of(dossier)
    response = desk_client.post(url_of(dossier, keys[-1]), {"decision": "accepted"})
    assert response["Location"] == url_of(dossier, keys[0])


def test_the_verdict_on_the_last_item_leads_back_to_the_dossier(desk_client, dossier, reviewer):
    examine(dossier, by=reviewer, but=[KEY])
    response = desk_client.post(url_of(dossier), REFUSAL)
    assert response["Location"] == reverse("reviews:detail", args=[dossier.number])


def test_one_may_stay_on_the_item(desk_client, dossier):
    response = desk_client.post(url_of(dossier), {"decision": "accepted", "stay": "on"})
    assert response["Location"] == url_of(dossier)


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("decision", "Choisissez un verdict"),
        ("reason", "Choisissez le motif du refus."),
        ("text", "Expliquez à l’éditeur ce qui manque"),
    ],
)
def test_a_refusal_needs_its_reason_and_its_text(desk_client, dossier, missing, said):
    response = desk_client.post(url_of(dossier), {**REFUSAL, missing: "  "})
    assert response.status_code == 200
    page = response.content.decode()
    assert said in page
    if missing != "text":
        assert REFUSAL["text"] in page
    assert not Verdict.objects.exists()


def test_a_question_needs_its_text(desk_client, dossier):
    page = desk_client.post(url_of(dossier), {"decision": "question"}).content.decode()
    assert "Écrivez la question que vous posez à l’éditeur." in page
    assert not Verdict.objects.exists()


def test_a_colleagues_verdict_is_shown_and_the_typed_text_stays(desk_client, dossier, colleague, both_in_charge):
    give_verdict(
        round=last_round(dossier), item=item_of(dossier, KEY), decision="question", text="Qui a signé ?", by=colleague
    )
    response = desk_client.post(url_of(dossier), {**REFUSAL, "seen_at": ""})
    assert response.status_code == 409
    page = response.content.decode()
    for words in ["Andrea Seconde a jugé cet élément entre-temps", "Qui a signé ?", REFUSAL["text"]]:
        assert words in page
    assert Verdict.objects.get().decided_by == colleague


def test_saving_again_replaces_the_verdict_that_was_shown(desk_client, dossier, colleague, reviewer, both_in_charge):
    theirs = give_verdict(round=last_round(dossier), item=item_of(dossier, KEY), decision="accepted", by=colleague)
    form = desk_client.post(url_of(dossier), REFUSAL).context["form"]
    assert form["seen_at"].value() == theirs.decided_at.isoformat()
    desk_client.post(url_of(dossier), {**REFUSAL, "seen_at": form["seen_at"].value()})
    verdict = Verdict.objects.get()
    assert (verdict.decided_by, verdict.decision) == (reviewer, "refused")


def test_the_page_brings_back_the_verdict_that_it_shows(desk_client, dossier, reviewer):
    """A hidden date that loses its microseconds would make every second save stale."""
    desk_client.post(url_of(dossier), {**REFUSAL, "stay": "on"})
    form = desk_client.get(url_of(dossier)).context["form"]
    assert f'value="{form["seen_at"].value()}"' in str(form["seen_at"])
    response = desk_client.post(url_of(dossier), {"decision": "accepted", "seen_at": form["seen_at"].value()})
    assert response.status_code == 302
    assert Verdict.objects.get().decision == "accepted"


def test_a_meddled_date_is_refused_in_words(desk_client, dossier):
    page = desk_client.post(url_of(dossier), {"decision": "accepted", "seen_at": "hier"}).content.decode()
    assert "Cette page n’est plus à jour" in page


def test_a_naive_date_is_only_stale(desk_client, dossier, reviewer):
    given = give_verdict(round=last_round(dossier), item=item_of(dossier, KEY), decision="accepted", by=reviewer)
    naive = given.decided_at.replace(tzinfo=None).isoformat()
    assert desk_client.post(url_of(dossier), {"decision": "accepted", "seen_at": naive}).status_code == 409


def test_nothing_is_judged_after_the_round_left(desk_client, dossier, reviewer):
    current = examine(dossier, by=reviewer, refused=[KEY])
    seen = current.verdicts.get(item=item_of(dossier, KEY)).decided_at
    send_back(round=current, definition=published(dossier.edition).definition, by=reviewer)
    assert "data-verdict-form" not in page_of(desk_client, dossier)
    response = desk_client.post(url_of(dossier), {"decision": "accepted", "seen_at": seen.isoformat()}, follow=True)
    assert "votre verdict n’a pas été enregistré" in response.content.decode()
    assert Verdict.objects.get(item=item_of(dossier, KEY)).decision == "refused"


def test_an_answer_that_needs_no_verdict_can_be_judged_all_the_same(desk_client, dossier):
    assert "n’a pas à être examinée" in page_of(desk_client, dossier, GAP)
    desk_client.post(url_of(dossier, GAP), {"decision": "question", "text": "Est-ce prévu ?"})
    assert Verdict.objects.get().item == item_of(dossier, GAP)


def test_the_second_round_recalls_the_first_answer_its_file_and_its_verdict(
    desk_client, dossier, reviewer, contributor, publisher
):
    first = item_of(dossier, KEY).evidence.get()
    current = examine(dossier, by=reviewer, refused=[KEY])
    send_back(round=current, definition=published(dossier.edition).definition, by=reviewer)
    version = DocumentVersionFactory.create(clean=True, document__publisher=publisher, original_name="signee.pdf")
    dossier.refresh_from_db()
    attach(dossier=dossier, key=KEY, version=version, by=contributor)
    submit_again(dossier, by=contributor)
    page = page_of(desk_client, dossier)
    for words in [
        "Aux tours précédents",
        "Il manque la page signée.",
        "Refusé",
        "signee.pdf",
        "Preuves (2)",
        "d’autres fichiers",
    ]:
        assert words in page
    assert reverse("reviews:evidence", args=[dossier.number, KEY, first.pk]) in page
    kept = page_of(desk_client, dossier, "SEC-HEB-05")
    assert "verdict du tour 1, conservé" in kept
    assert "Même réponse, mêmes fichiers." in kept


def test_an_answer_that_comes_back_as_it_was_leads_to_what_the_publisher_replied(
    desk_client, dossier, reviewer, contributor
):
    current = examine(dossier, by=reviewer, refused=[KEY])
    send_back(round=current, definition=published(dossier.edition).definition, by=reviewer)
    dossier.refresh_from_db()
    submit_again(dossier, by=contributor)
    page = page_of(desk_client, dossier)
    told, _, history = page.partition("Aux tours précédents")
    assert "L’éditeur a répondu au verdict" in told
    assert 'href="#tour-1"' in told
    assert "Ni sa réponse à la question ni ses fichiers n’ont changé." in told
    assert "Nous maintenons notre réponse." in history.partition('id="tour-1"')[2]
    assert "Rien n’a changé" not in page
    assert "L’éditeur a répondu au verdict" not in page_of(desk_client, dossier, "SEC-HEB-05")


def test_reading_an_item_writes_nothing_and_costs_the_same_for_any_dossier(desk_client, reviewer):
    def cost(dossier):
        page_of(desk_client, dossier)
        with CaptureQueriesContext(connection) as queries:
            page_of(desk_client, dossier)
        assert not [each for each in queries if each["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        return len(queries)

    small, large = submitted_dossier(), submitted_dossier(everything=True)
    examine(large, by=reviewer)
    assert cost(small) == cost(large) <= 20
