"""/dossiers/<number>/<section>/<theme>/, without JavaScript: one button saves the whole page."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.models import Answer, Dossier
from assessments.operations.answers import attach, detach
from assessments.operations.dossiers import move
from tests.assessments.filled import filled_dossier
from tests.assessments.saving import save, state_of
from tests.dossiers.pages import Posted, element, has_element, input_of, text_of, theme_url, told, typed
from tests.evidence import samples

# Every type of question, all always asked.
OPERATIONS = ("securite", "exploitation")
GOVERNANCE = ("securite", "gouvernance")
SUSTAINABLE = ("ethique", "developpement-durable")


def post(client, dossier, theme, *fields):
    posted: Posted = {}
    for each in fields:
        posted |= each
    return client.post(theme_url(dossier, *theme), posted)


def test_it_shows_its_questions_and_where_it_stands(filler, dossier):
    response = filler.get(theme_url(dossier, *OPERATIONS))

    page = text_of(response)
    assert "Score du thème 100,0" in page
    for shown in ("SEC-EXP-04", "obligatoire", "Répondue", "Enregistrer cette page"):
        assert shown in page
    assert "checked" in element(response, "SEC-EXP-04-oui")


def test_a_question_that_does_not_apply_keeps_its_place_empty(filler, blank_dossier):
    response = filler.get(theme_url(blank_dossier, *OPERATIONS))

    assert "hidden" in element(response, "case-SEC-EXP-05")
    assert not has_element(response, "SEC-EXP-05")


def test_a_question_that_depends_on_others_says_why_it_is_asked(filler, dossier):
    page = text_of(filler.get(theme_url(dossier, *OPERATIONS)))

    # Four of the nine are always asked.
    assert page.count("Exigence affichée, car") == 5


# One question of each type, what a person types, and what is stored.
BY_TYPE = [
    (OPERATIONS, "SEC-EXP-04", "oui", "oui"),
    (GOVERNANCE, "SEC-GOV-03", "ebios", "ebios"),
    (("rgpd", "liceite"), "RGPD-LIC-01", ["obligation", "contrat"], ["contrat", "obligation"]),
    (OPERATIONS, "SEC-EXP-03", "12,5", "12.5"),
    (OPERATIONS, "SEC-EXP-03", "1 000,50", "1000.5"),
    (("doctrine", "eligibilite"), "DOC-ELI-04", "2025-03-01", "2025-03-01"),
    (("doctrine", "eligibilite"), "DOC-ELI-04", "01/03/2025", "2025-03-01"),
    (GOVERNANCE, "SEC-GOV-01", " Ada\r\nLovelace \r\n", "Ada\nLovelace"),
]


@pytest.mark.parametrize(("theme", "key", "value", "stored"), BY_TYPE)
def test_each_type_of_answer_is_saved_as_it_is_stored(filler, blank_dossier, theme, key, value, stored):
    response = post(filler, blank_dossier, theme, typed(blank_dossier, key, value))

    assert response.status_code == 302
    assert told(response) == ["1 réponse enregistrée."]
    assert state_of(blank_dossier, key).value == stored


@pytest.mark.parametrize(("theme", "key", "value", "stored"), BY_TYPE)
def test_what_is_saved_is_shown_again_and_saving_it_writes_nothing(
    filler, blank_dossier, contributor, theme, key, value, stored
):
    save(blank_dossier, key, stored, by=contributor)
    fields = _as_shown(filler.get(theme_url(blank_dossier, *theme)), key, stored)

    response = post(filler, blank_dossier, theme, typed(blank_dossier, key, value=fields))

    assert told(response) == []
    assert state_of(blank_dossier, key).revision == 1


def _as_shown(response, key, stored):
    """What the browser would post again from the page as it is."""
    if isinstance(stored, list):
        return [value for value in stored if "checked" in element(response, f"{key}-{value}")]
    if has_element(response, f"{key}-{stored}"):
        return stored if "checked" in element(response, f"{key}-{stored}") else ""
    return next(card.fields.value for card in response.context["cards"] if card.key == key)


@pytest.mark.parametrize(
    ("theme", "key", "value", "sentence"),
    [
        (OPERATIONS, "SEC-EXP-03", "douze", "Écrivez un nombre en chiffres, par exemple 12 ou 12,5."),
        (OPERATIONS, "SEC-EXP-03", "0,12345", "Quatre chiffres au plus après la virgule."),
        (OPERATIONS, "SEC-EXP-04", "peut-être", "Choisissez l’une des réponses proposées."),
        (("doctrine", "eligibilite"), "DOC-ELI-04", "31/02/2025", "Écrivez une date qui existe"),
        (GOVERNANCE, "SEC-GOV-01", "x" * 20_001, "Ce texte est trop long"),
    ],
)
def test_what_cannot_be_stored_stays_on_the_screen_with_the_reason(filler, blank_dossier, theme, key, value, sentence):
    response = post(filler, blank_dossier, theme, typed(blank_dossier, key, value, comment="À revoir."))

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert "1 réponse n’a pas été enregistrée" in " ".join(told(response))
    assert "À revoir." in response.content.decode()
    if key != "SEC-EXP-04":  # a radio that does not exist cannot be shown
        assert value in response.content.decode()
    assert not Answer.objects.filter(question__key=key).exists()


def test_what_is_wrong_does_not_keep_the_rest_from_being_saved(filler, blank_dossier):
    response = post(
        filler,
        blank_dossier,
        OPERATIONS,
        typed(blank_dossier, "SEC-EXP-03", "douze"),
        typed(blank_dossier, "SEC-EXP-04", "oui"),
    )

    assert response.status_code == 422
    assert told(response)[0] == "1 réponse enregistrée."
    assert state_of(blank_dossier, "SEC-EXP-04").value == "oui"


def test_an_answer_out_of_its_bounds_is_saved_and_told(filler, blank_dossier):
    """Rule 6: it scores nothing, it is not lost."""
    post(filler, blank_dossier, SUSTAINABLE, typed(blank_dossier, "ETH-EDD-01", "140"))

    page = text_of(filler.get(theme_url(blank_dossier, *SUSTAINABLE)))

    assert state_of(blank_dossier, "ETH-EDD-01").value == "140"
    assert "La valeur attendue est d’au plus 100." in page


def test_two_people_on_one_answer_see_both_texts(filler, blank_dossier, mandataire):
    posted = typed(blank_dossier, "SEC-GOV-01", "Ma version")
    save(blank_dossier, "SEC-GOV-01", "Sa version", by=mandataire, comment="Vu en comité.")

    response = post(filler, blank_dossier, GOVERNANCE, posted)

    page = text_of(response)
    assert response.status_code == 422
    assert f"{mandataire.full_name} a répondu le" in page
    for text in ("Sa version", "Vu en comité.", "Ma version"):
        assert text in page
    assert state_of(blank_dossier, "SEC-GOV-01").value == "Sa version"


def test_choosing_ones_own_after_a_conflict_replaces_it_knowingly(filler, blank_dossier, mandataire):
    posted = typed(blank_dossier, "SEC-GOV-01", "Ma version")
    save(blank_dossier, "SEC-GOV-01", "Sa version", by=mandataire)
    response = post(filler, blank_dossier, GOVERNANCE, posted)
    assert 'value="1"' in input_of(response, "SEC-GOV-01-seen")

    again = post(filler, blank_dossier, GOVERNANCE, posted | {"SEC-GOV-01-seen": 1, "keep_mine": "SEC-GOV-01"})

    assert again.status_code == 302
    assert (state_of(blank_dossier, "SEC-GOV-01").value, state_of(blank_dossier, "SEC-GOV-01").revision) == (
        "Ma version",
        2,
    )


def test_unanswering_is_an_answer(filler, dossier):
    post(filler, dossier, OPERATIONS, typed(dossier, "SEC-EXP-04"))

    assert state_of(dossier, "SEC-EXP-04").value is None


def test_not_applicable_is_saved_with_its_reason_and_the_value_kept(filler, dossier):
    post(
        filler,
        dossier,
        OPERATIONS,
        typed(dossier, "SEC-EXP-04", "oui", not_applicable="on", reason="Pas d’exploitation."),
    )

    state = state_of(dossier, "SEC-EXP-04")
    assert (state.value, state.not_applicable, state.reason) == ("oui", True, "Pas d’exploitation.")


def test_where_not_applicable_is_refused_it_is_not_offered_nor_taken(filler, blank_dossier):
    theme = ("doctrine", "eligibilite")

    page = filler.get(theme_url(blank_dossier, *theme)).content.decode()
    post(filler, blank_dossier, theme, typed(blank_dossier, "DOC-ELI-01", "oui", not_applicable="on", reason="Non."))

    assert "DOC-ELI-01-not_applicable" not in page
    assert not state_of(blank_dossier, "DOC-ELI-01").not_applicable


def test_a_question_of_another_page_is_not_saved_from_here(filler, blank_dossier):
    post(filler, blank_dossier, OPERATIONS, typed(blank_dossier, "SEC-GOV-03", "ebios"))

    assert state_of(blank_dossier, "SEC-GOV-03").value is None


def test_a_hidden_question_is_not_saved(filler, blank_dossier):
    post(filler, blank_dossier, OPERATIONS, typed(blank_dossier, "SEC-EXP-05", ["cnil"]))

    assert state_of(blank_dossier, "SEC-EXP-05").value is None


def test_an_answer_that_hides_another_of_the_page_is_saved_and_the_other_kept_as_it_was(filler, dossier):
    before = state_of(dossier, "SEC-EXP-05").value

    response = post(
        filler,
        dossier,
        OPERATIONS,
        typed(dossier, "SEC-EXP-04", "non"),
        typed(dossier, "SEC-EXP-05", ["cnil"]),
    )

    assert response.status_code == 302
    assert state_of(dossier, "SEC-EXP-05").value == before


def test_files_are_joined_and_the_refused_ones_said(filler, blank_dossier):
    posted = typed(blank_dossier, "SEC-GOV-02") | {
        "SEC-GOV-02-files": [
            samples.upload("politique.pdf", samples.PDF),
            SimpleUploadedFile("programme.exe", b"MZ\x90\x00" + b"x" * 50),
        ]
    }

    response = filler.post(theme_url(blank_dossier, *GOVERNANCE), posted)

    assert [file.original_name for file in state_of(blank_dossier, "SEC-GOV-02").files] == ["politique.pdf"]
    assert any(message.startswith("SEC-GOV-02 : ") for message in told(response))
    assert "politique.pdf" in text_of(filler.get(theme_url(blank_dossier, *GOVERNANCE)))


def test_a_question_says_who_changed_its_answer_or_its_files_last(
    filler, blank_dossier, contributor, mandataire, new_file
):
    """Days apart: answered, a file joined by a colleague, then removed by the first one."""

    def line() -> str:
        page = text_of(filler.get(theme_url(blank_dossier, *GOVERNANCE)))
        return page[page.index("Enregistré à") :][:80]

    with time_machine.travel("2026-11-22 10:00 +0100"):
        save(blank_dossier, "SEC-GOV-02", None, by=contributor, comment="La politique signée.")
    assert f"le 22 novembre 2026, par {contributor}" in line()

    with time_machine.travel("2026-11-24 10:00 +0100"):
        attachment = attach(dossier=blank_dossier, key="SEC-GOV-02", version=new_file(), by=mandataire)
    assert f"le 24 novembre 2026, par {mandataire}" in line()

    with time_machine.travel("2026-11-26 10:00 +0100"):
        detach(dossier=blank_dossier, key="SEC-GOV-02", attachment=attachment, by=contributor)
    assert f"le 26 novembre 2026, par {contributor}" in line()


@pytest.mark.parametrize("state", [Dossier.State.CLOSED, Dossier.State.WITHDRAWN])
def test_a_dossier_that_is_over_is_read_only(filler, dossier, state):
    move(dossier, state)

    response = filler.get(theme_url(dossier, *OPERATIONS))
    post(filler, dossier, OPERATIONS, typed(dossier, "SEC-EXP-04", "non"))

    assert "Lecture seule Ces réponses ne peuvent pas être modifiées en ce moment." in text_of(response)
    assert "Enregistrer cette page" not in text_of(response)
    assert "disabled" in element(response, "SEC-EXP-04-non")
    assert "readonly" in input_of(response, "SEC-EXP-03-value")
    assert state_of(dossier, "SEC-EXP-04").value == "oui"


def test_a_reader_reads_and_writes_nothing(client, reader, dossier):
    client.force_login(reader)

    page = text_of(client.get(theme_url(dossier, *OPERATIONS)))
    assert "Lecture seule Votre rôle permet de lire les réponses, pas de les modifier." in page
    assert "en ce moment" not in page
    assert post(client, dossier, OPERATIONS, typed(dossier, "SEC-EXP-04", "non")).status_code == 403
    assert state_of(dossier, "SEC-EXP-04").value == "oui"


def test_the_menu_counts_what_is_to_correct_and_leads_there(filler, sent_back, contributor):
    address = theme_url(sent_back, *GOVERNANCE)
    before = filler.get(theme_url(sent_back, *OPERATIONS))
    save(sent_back, "SEC-GOV-02", None, by=contributor, comment="La page signée est la seconde.")
    after = filler.get(theme_url(sent_back, *OPERATIONS))

    assert "1 à corriger" in text_of(before)
    assert f'href="{address}#SEC-GOV-02"' in before.content.decode()
    assert "à corriger" not in text_of(after)
    assert f'href="{address}"' in after.content.decode()


def test_the_orientation_comes_first(filler, new_dossier):
    response = filler.get(theme_url(new_dossier, *OPERATIONS))

    assert response["Location"] == f"/dossiers/{new_dossier.number}/orientation/"
    assert told(response) == ["Terminez d’abord l’orientation : elle choisit les questions à poser."]


@pytest.mark.parametrize(
    "theme",
    [("securite", "inconnu"), ("inconnu", "exploitation"), ("doctrine", "exploitation"), ("orientation", "donnees")],
)
def test_a_theme_that_is_not_there_is_not_found(filler, dossier, theme):
    assert filler.get(theme_url(dossier, *theme)).status_code == 404


def test_a_theme_where_nothing_applies_says_so(filler, dossier):
    response = filler.get(theme_url(dossier, "ethique", "intelligence-artificielle"))

    assert response.status_code == 200
    assert "Sans objet" in text_of(response)
    assert "non applicable" in text_of(response)


def test_the_largest_theme_costs_the_same_empty_and_full(filler, contributor, product, django_assert_max_num_queries):
    """DOC-INT, with every trait of a service. Files cost two queries more, the first as the hundredth."""
    full = filled_dossier(everything=True, by=contributor)
    full.product.publisher.memberships.create(user=contributor, role="contributor")
    url = theme_url(full, "doctrine", "interoperabilite")

    with django_assert_max_num_queries(17):
        response = filler.get(url)
    assert sum(card.result.shown for card in response.context["cards"]) == 16
    assert len(response.content) < 150_000

    Answer.objects.filter(assessment__dossier=full).update(value=None)
    with django_assert_max_num_queries(17):
        filler.get(url)


def test_saving_a_page_again_as_it_is_shown_writes_nothing(filler, dossier):
    url = theme_url(dossier, *OPERATIONS)
    filler.post(url, _shown_on(filler.get(url)))
    revisions = dict(Answer.objects.values_list("pk", "revision"))

    response = filler.post(url, _shown_on(filler.get(url)))

    assert response.status_code == 302
    assert dict(Answer.objects.values_list("pk", "revision")) == revisions


def _shown_on(response):
    """What the browser would post from the page as it is; a box that is off sends nothing."""
    return {
        f"{card.key}-{name}": value
        for card in response.context["cards"]
        if card.form
        for name, value in card.form.initial.items()
        if value not in (None, False)
    }
