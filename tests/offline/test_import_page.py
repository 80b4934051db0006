"""What comes back: shown before anything is saved, chosen where two people answered, imported once and whole."""

import io
import json
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from assessments.models import AnswerRevision, Dossier, Import
from assessments.operations.dossiers import move
from assessments.tasks import expire_imports
from audit.models import Event
from tests.assessments.saving import save, state_of
from tests.dossiers.pages import text_of
from tests.evidence.samples import upload

YES, OTHER, NUMBER = "SEC-EXP-04", "SEC-GOV-02", "SEC-EXP-03"
HIDDEN = "SEC-MOB-01"


def told(dossier, **answers):
    """The file that came back: by key, the fields of each answer, based on what stands unless a revision is given."""
    content = {
        key.replace("_", "-"): {"revision": state_of(dossier, key.replace("_", "-")).revision, **fields}
        for key, fields in answers.items()
    }
    return {"format": 1, "dossier": dossier.number, "edition": "2026", "answers": content}


def bring(client, dossier, content, name="reponses.json"):
    content = content if isinstance(content, bytes) else json.dumps(content).encode()
    return client.post(reverse("dossiers:workbook", args=[dossier.number]), {"file": upload(name, content)})


def preview_of(client, response):
    return client.get(response.url).context["preview"]


def agree(client, response, **chosen):
    """Import what the page shows, with these choices (field of the form: keep or take)."""
    return client.post(response.url, {"seen": preview_of(client, response).seen, **chosen})


def test_nothing_is_saved_before_the_import_and_everything_is_after(filler, contributor, dossier):
    content = told(dossier, SEC_EXP_04={"value": "non"}, SEC_EXP_03={"value": 12.5, "comment": "Mesuré."})

    response = bring(filler, dossier, content)
    page = text_of(filler.get(response.url))

    assert "Prêtes à importer (2)" in page and "Oui Après l’import : Non" in page
    assert state_of(dossier, YES).value == "oui"
    agree(filler, response)
    assert (state_of(dossier, YES).value, state_of(dossier, NUMBER).value) == ("non", "12.5")
    assert state_of(dossier, NUMBER).comment == "Mesuré."
    assert "2 réponses importées" in text_of(filler.get(response.url))
    assert list(AnswerRevision.objects.filter(answer__question__key=YES).values_list("number", "saved_by")) == [
        (1, contributor.pk),
        (2, contributor.pk),
    ]
    event = Event.objects.get(verb="answers.imported")
    assert (event.data["questions"], event.data["source"]) == ([NUMBER, YES], "json")


def test_importing_again_changes_nothing_and_says_so(filler, dossier):
    content = told(dossier, SEC_EXP_04={"value": "non"})
    first = bring(filler, dossier, content)
    agree(filler, first)

    twice = filler.post(first.url, {"seen": f"{YES}:1"})
    again = bring(filler, dossier, content)

    assert (twice.status_code, "Rien à importer" in text_of(filler.get(again.url))) == (302, True)
    assert AnswerRevision.objects.filter(answer__question__key=YES).count() == 2
    assert Event.objects.filter(verb="answers.imported").count() == 1


@pytest.mark.parametrize(("choice", "value", "revisions"), [("keep", None, 2), ("take", "non", 3)])
def test_a_conflict_shows_both_and_takes_what_is_chosen(
    filler, contributor, mandataire, dossier, choice, value, revisions
):
    content = told(dossier, SEC_EXP_04={"value": "non", "comment": "D’ailleurs."})
    save(dossier, YES, None, by=mandataire)

    response = bring(filler, dossier, content)
    page = text_of(filler.get(response.url))
    agree(filler, response, **{f"choice-{YES}-value": choice})

    assert "En conflit (1) Ces réponses" in page and f"Dans le portail : {mandataire.full_name}" in page
    state = state_of(dossier, YES)
    assert (state.value, state.comment) == (value, "D’ailleurs.")  # the comment was touched outside only
    assert state.revision == 3


def test_what_changes_between_the_preview_and_the_import_is_shown_again_and_never_overwritten(
    filler, mandataire, dossier
):
    content = told(dossier, SEC_EXP_04={"value": "non"}, SEC_EXP_03={"value": 12})
    response = bring(filler, dossier, content)
    seen = preview_of(filler, response).seen
    before = state_of(dossier, NUMBER).value
    save(dossier, YES, None, by=mandataire)

    page = filler.post(response.url, {"seen": seen})

    assert page.status_code == 409
    assert "changé à l’instant" in text_of(page) and "En conflit (1)" in text_of(page)
    assert (state_of(dossier, YES).value, state_of(dossier, NUMBER).value) == (None, before)
    filler.post(response.url, {"seen": page.context["preview"].seen, f"choice-{YES}-value": "take"})
    assert (state_of(dossier, YES).value, state_of(dossier, NUMBER).value) == ("non", "12")


def test_what_is_not_imported_is_said_and_why(filler, dossier):
    content = told(
        dossier,
        SEC_MOB_01={"value": "oui"},
        AUTRE_1={"value": "oui", "revision": 0},
        SEC_EXP_03={"value": "beaucoup"},
        SEC_EXP_04={"value": "non"},
    )

    page = text_of(filler.get(bring(filler, dossier, content).url))

    assert "1 valeur illisible" in page
    assert "Illisibles (1)" in page and "Écrit : « beaucoup » Écrivez un nombre en chiffres" in page
    assert "Ignorées (2)" in page and "Cette question n’est pas posée aujourd’hui" in page
    assert "AUTRE-1 Cette référence n’est celle d’aucune question" in page and "Importer la réponse" in page


def test_not_applicable_without_a_reason_is_said_before_the_import_and_after(filler, dossier):
    content = told(
        dossier, SEC_EXP_04={"not_applicable": True}, SEC_GOV_02={"not_applicable": True, "reason": "Aucun tiers."}
    )

    response = bring(filler, dossier, content)
    before = preview_of(filler, response)
    warned = text_of(filler.get(response.url)).count("Non applicable » sans raison")
    agree(filler, response)
    after = filler.get(response.url)

    assert ([change.key for change in before.ready if change.lacks_reason], warned) == ([YES], 1)
    assert "Une question de ce dossier est déclarée « non applicable » sans raison" in text_of(after)
    assert [key for key, _url in after.context["preview"].without_reason] == [YES]


def test_json_is_spoken_of_as_json_and_its_choices_by_their_codes(filler, dossier):
    content = told(dossier, SEC_EXP_04={"value": "peut-être"}, DOC_ELI_03={"value": "site"})

    page = text_of(filler.get(bring(filler, dossier, content).url))

    assert 'champ « value » SEC-EXP-04 Écrit : « peut-être » Écrivez l’un de ces codes : "oui", "non".' in page
    assert "Écrivez une liste d’un ou plusieurs de ces codes" in page
    assert "cellule" not in page.lower() and "dans le classeur" not in page


def test_the_button_counts_what_is_imported_and_does_not_count_what_is_still_to_be_chosen(filler, dossier, contributor):
    content = told(dossier, SEC_EXP_04={"value": "non"}, SEC_EXP_03={"value": 12}, SEC_GOV_02={"comment": "Vu."})
    assert "Importer les 3 réponses" in text_of(filler.get(bring(filler, dossier, content).url))

    save(dossier, YES, None, by=contributor)

    page = text_of(filler.get(bring(filler, dossier, content).url))
    assert "En conflit (1)" in page and "Importer ce qui est prêt et ce que j’ai choisi" in page


def test_answers_that_choose_the_requirements_are_told_apart_and_a_comment_beside_one_is_not(filler, dossier):
    orienting = told(dossier, ORI_DON_01={"value": "non"}, ORI_DON_02={"comment": "Vu."}, SEC_EXP_04={"value": "non"})

    page = text_of(filler.get(bring(filler, dossier, orienting).url))

    assert "Une de ces réponses choisit les exigences ORI-DON-01 fait partie de l’orientation" in page
    del orienting["answers"]["ORI-DON-01"]
    assert "l’orientation" not in text_of(filler.get(bring(filler, dossier, orienting).url))


def test_an_orientation_that_is_closed_takes_nothing(filler, mandataire, dossier):
    move(dossier, Dossier.State.UNDER_REVIEW)

    page = text_of(filler.get(bring(filler, dossier, told(dossier, ORI_DON_01={"value": "non"})).url))

    assert "L’orientation ne change plus depuis la soumission du dossier." in page


def test_a_workbook_is_read_as_well_and_says_what_it_lacks(filler, dossier):
    content = filler.get(reverse("dossiers:workbook-file", args=[dossier.number])).content
    book = load_workbook(io.BytesIO(content))
    sheet = book["Sécurité"]
    row = next(row for row in range(3, sheet.max_row + 1) if sheet.cell(row, 1).value == YES)

    sheet[f"F{row}"] = "Non"
    changed = preview_of(filler, bring(filler, dossier, _saved(book), "classeur.xlsx"))
    sheet.delete_cols(9)
    refused = bring(filler, dossier, _saved(book), "classeur.xlsx")

    assert [(cell.place, cell.before, cell.after) for cell in changed.ready[0].cells] == [
        (f"Sécurité!F{row}", "Oui", "Non")
    ]
    assert refused.status_code == 422
    assert "Il manque des colonnes à la feuille « Sécurité » (Commentaire pour l’examinateur)" in text_of(refused)


def _saved(book):
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_the_file_of_another_dossier_or_edition_is_refused(filler, dossier):
    content = told(dossier)

    for changed, words in [
        ({"dossier": "2026-999999"}, "vient du dossier 2026-999999"),
        ({"edition": "2025"}, "suit l’édition 2025"),
    ]:
        assert words in text_of(bring(filler, dossier, content | changed))
    assert not Import.objects.exists()


def test_an_import_is_its_authors_alone_waits_a_week_and_gives_way_to_the_next(client, filler, mandataire, dossier):
    first = bring(filler, dossier, told(dossier, SEC_EXP_04={"value": "non"}))
    second = bring(filler, dossier, told(dossier, SEC_EXP_04={"comment": "Autre."}))
    assert filler.get(first.url).status_code == 404
    assert "n’est pas encore importé" in text_of(filler.get(reverse("dossiers:workbook", args=[dossier.number])))

    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert expire_imports() == 1
    assert not Import.objects.exists()
    third = bring(filler, dossier, told(dossier, SEC_EXP_04={"value": "non"}))
    client.force_login(mandataire)
    assert (second.url != third.url, client.get(third.url).status_code) == (True, 404)


@pytest.mark.once
def test_a_hundred_answers_cost_no_more_queries_than_one(filler, dossier):
    keys = [key for key in told_keys(filler, dossier) if not key.startswith("ORI")]

    def cost(chosen):
        content = told(dossier, **{key.replace("-", "_"): {"comment": f"Vu, {len(chosen)}."} for key in chosen})
        response = bring(filler, dossier, content)
        with CaptureQueriesContext(connection) as shown:
            seen = preview_of(filler, response).seen
        with CaptureQueriesContext(connection) as imported:
            filler.post(response.url, {"seen": seen})
        assert Import.objects.latest("pk").imported_count == len(chosen)
        return len(shown), len(imported)

    assert cost(keys[:1]) == cost(keys[:100])


def told_keys(client, dossier):
    return json.loads(client.get(reverse("dossiers:answers-file", args=[dossier.number])).content)["answers"]
