"""What is typed and is no answer yet, or meets a colleague's: kept, shown to its author alone, chosen or merged."""

import re

import pytest
from django.urls import reverse

from assessments.models import AnswerRevision, Draft
from tests.assessments.saving import save, state_of
from tests.dossiers.pages import answer_url, element, has_element, input_of, patch, text_of, theme_url, told, typed

NUMBER, CHOICE, TEXT, OTHER = "SEC-EXP-03", "SEC-EXP-04", "SEC-GOV-01", "SEC-GOV-03"
OPERATIONS, GOVERNANCE = ("securite", "exploitation"), ("securite", "gouvernance")


def revisions(key: str) -> list[object]:
    return list(
        AnswerRevision.objects.filter(answer__question__key=key).order_by("number").values_list("value", flat=True)
    )


def on_the_page(response, key: str) -> dict[str, str]:
    """The hidden fields of a question in conflict as its page would post them."""
    fields = [f"{key}-{name}" for name in ("revision", "seen")]
    values = {name: "".join(re.findall(r'value="(\d+)"', input_of(response, name))) for name in fields}
    return values | {f"{key}-comment": ""}


def give_up(client, dossier, key, **headers):
    return client.post(reverse("dossiers:give-up-draft", args=[dossier.number, key]), headers=headers)


def test_what_is_no_answer_yet_is_kept_as_a_draft_and_shown_again_with_its_reason(filler, blank_dossier):
    response = patch(filler, blank_dossier, NUMBER, typed(blank_dossier, NUMBER, "douze", comment="À vérifier."))

    assert response.status_code == 422
    assert response["X-Draft-Kept"] == "1"
    page = filler.get(theme_url(blank_dossier, *OPERATIONS))
    assert 'value="douze"' in page.content.decode()
    for sentence in ("À vérifier.", "Écrivez un nombre en chiffres", "Brouillon gardé le"):
        assert sentence in text_of(page)
    assert state_of(blank_dossier, NUMBER).value is None


def test_without_javascript_it_is_kept_too(filler, blank_dossier):
    posted = typed(blank_dossier, NUMBER, "douze")

    assert filler.post(theme_url(blank_dossier, *OPERATIONS), posted).status_code == 422

    assert 'value="douze"' in filler.get(theme_url(blank_dossier, *OPERATIONS)).content.decode()


def test_a_draft_is_its_authors_alone(filler, client, blank_dossier, mandataire):
    patch(filler, blank_dossier, NUMBER, typed(blank_dossier, NUMBER, "douze"))

    client.force_login(mandataire)

    assert "douze" not in client.get(theme_url(blank_dossier, *OPERATIONS)).content.decode()
    give_up(client, blank_dossier, NUMBER)
    assert Draft.objects.count() == 1


def test_the_last_words_replace_the_draft_and_saving_ends_it(filler, blank_dossier):
    for words in ("douze", "douze ou treize"):
        patch(filler, blank_dossier, NUMBER, typed(blank_dossier, NUMBER, words))
    assert Draft.objects.get().typed["value"] == ["douze ou treize"]

    response = patch(filler, blank_dossier, NUMBER, typed(blank_dossier, NUMBER, "12"))

    assert response.status_code == 200
    assert not Draft.objects.exists()
    assert "Brouillon" not in text_of(response)


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_draft_can_be_given_up(filler, blank_dossier, headers):
    save(blank_dossier, NUMBER, "7", by=blank_dossier.created_by)
    patch(filler, blank_dossier, NUMBER, typed(blank_dossier, NUMBER, "douze"))

    response = give_up(filler, blank_dossier, NUMBER, **headers)

    assert response.status_code == (200 if headers else 302)
    assert not Draft.objects.exists()
    assert 'value="7"' in filler.get(theme_url(blank_dossier, *OPERATIONS)).content.decode()


def test_what_meets_a_colleagues_answer_waits_as_a_draft_beside_it(filler, blank_dossier, mandataire):
    posted = typed(blank_dossier, TEXT, "Ma version.")
    save(blank_dossier, TEXT, "Sa version.", by=mandataire)

    assert patch(filler, blank_dossier, TEXT, posted)["X-Draft-Kept"] == "1"

    page = filler.get(theme_url(blank_dossier, *GOVERNANCE))
    assert "Ma version." in text_of(page) and "Sa version." in text_of(page)
    assert 'data-unsaved="conflict"' in element(page, TEXT)
    # It is not written from theirs, which is seen: only a choice replaces it.
    assert 'value="0"' in element(page, f"rev-{TEXT}")
    assert 'value="1"' in input_of(page, f"{TEXT}-seen")


@pytest.mark.parametrize("typed_on", [False, True])
def test_saving_the_page_for_another_question_leaves_a_conflict_as_it_is(filler, blank_dossier, mandataire, typed_on):
    """The draft is opened again, in a browser without JavaScript, and another question is answered."""
    url, posted = theme_url(blank_dossier, *GOVERNANCE), typed(blank_dossier, TEXT, "Ma version.")
    save(blank_dossier, TEXT, "Sa version.", by=mandataire)
    patch(filler, blank_dossier, TEXT, posted)
    mine = "Ma version, plus longue." if typed_on else "Ma version."

    shown = on_the_page(filler.get(url), TEXT) | {f"{TEXT}-value": mine}
    response = filler.post(url, shown | typed(blank_dossier, OTHER, "ebios"))

    assert response.status_code == 422
    assert told(response)[0] == "1 réponse enregistrée."
    assert "Une réponse reste à départager" in told(response)[1] and f"<a href='#{TEXT}'>" in told(response)[1]
    assert "Rien n’est remplacé tant que vous n’avez pas choisi" in told(response)[1]
    assert revisions(TEXT) == ["Sa version."] and revisions(OTHER) == ["ebios"]
    draft = Draft.objects.get()
    assert (draft.typed["value"], draft.base_revision) == ([mine], 0)
    for page in (response, filler.get(url)):
        assert "Garder la mienne" in text_of(page) and mine in text_of(page) and "Sa version." in text_of(page)


def test_what_was_saved_with_a_conflict_is_shown_as_it_is_now(filler, blank_dossier, mandataire):
    url, posted = theme_url(blank_dossier, *GOVERNANCE), typed(blank_dossier, TEXT, "Ma version.")
    save(blank_dossier, TEXT, "Sa version.", by=mandataire)

    response = filler.post(url, posted | typed(blank_dossier, OTHER, "ebios"))

    assert 'value="1"' in input_of(response, f"{OTHER}-revision")
    assert "checked" in element(response, f"{OTHER}-ebios")


def test_typing_on_beside_theirs_chooses_nothing(filler, blank_dossier, mandataire):
    """With JavaScript, each pause sends what the card holds, what it has seen included."""
    posted = typed(blank_dossier, TEXT, "Ma version.")
    save(blank_dossier, TEXT, "Sa version.", by=mandataire)
    patch(filler, blank_dossier, TEXT, posted)

    response = patch(filler, blank_dossier, TEXT, posted | {f"{TEXT}-value": "Plus longue.", f"{TEXT}-seen": 1})

    assert response.status_code == 409
    assert revisions(TEXT) == ["Sa version."]
    assert Draft.objects.get().typed["value"] == ["Plus longue."]


@pytest.mark.parametrize("by_page", [False, True])
def test_keeping_ones_own_replaces_theirs_which_stays_in_the_history(filler, blank_dossier, mandataire, by_page):
    posted = typed(blank_dossier, TEXT, "Ma version.")
    save(blank_dossier, TEXT, "Sa version.", by=mandataire)

    keep_mine(filler, blank_dossier, posted, seen=1, by_page=by_page)

    assert revisions(TEXT) == ["Sa version.", "Ma version."]
    assert not Draft.objects.exists()


@pytest.mark.parametrize("by_page", [False, True])
def test_keeping_ones_own_replaces_the_answer_that_was_seen_and_no_later_one(
    filler, blank_dossier, mandataire, by_page
):
    posted = typed(blank_dossier, TEXT, "Ma version.")
    save(blank_dossier, TEXT, "Sa version.", by=mandataire)
    save(blank_dossier, TEXT, "Jamais vue.", by=mandataire)

    response = keep_mine(filler, blank_dossier, posted, seen=1, by_page=by_page)

    assert response.status_code == (422 if by_page else 409)
    assert "Jamais vue." in text_of(response)
    assert revisions(TEXT) == ["Sa version.", "Jamais vue."]


def keep_mine(client, dossier, posted, *, seen, by_page):
    chosen = posted | {"keep_mine": TEXT, f"{TEXT}-seen": seen}
    return client.post(theme_url(dossier, *GOVERNANCE), chosen) if by_page else patch(client, dossier, TEXT, chosen)


def test_what_is_no_answer_and_meets_a_colleagues_is_told_on_both_counts(filler, blank_dossier, mandataire):
    posted = typed(blank_dossier, NUMBER, "douze")
    save(blank_dossier, NUMBER, "7", by=mandataire)

    response = patch(filler, blank_dossier, NUMBER, posted)

    assert response.status_code == 409
    assert "Écrivez un nombre en chiffres" in text_of(response)
    assert "Prendre la sienne" in text_of(response)


def test_without_javascript_what_was_left_alone_meets_nobody(filler, blank_dossier, mandataire):
    """The page sends every question; a colleague has answered one of those that the person never touched."""
    save(blank_dossier, TEXT, "Gardés six mois.", by=mandataire)
    untouched = typed(blank_dossier, TEXT, "Gardés six mois.")
    save(blank_dossier, TEXT, "Gardés un an.", by=mandataire)

    response = filler.post(theme_url(blank_dossier, *GOVERNANCE), untouched | typed(blank_dossier, OTHER, "ebios"))

    assert response.status_code == 302
    assert told(response) == ["1 réponse enregistrée."]
    assert not Draft.objects.exists()
    assert state_of(blank_dossier, TEXT).value == "Gardés un an."


@pytest.mark.parametrize("by_page", [False, True])
def test_after_two_conflicts_in_a_row_the_merge_still_starts_from_what_was_written_from(
    filler, blank_dossier, mandataire, by_page
):
    """What the colleague added the first time was never deleted by anybody."""
    save(blank_dossier, TEXT, "Relus.", by=mandataire)
    posted = typed(blank_dossier, TEXT, "Relus. Signés.")
    save(blank_dossier, TEXT, "Relus. Gardés six mois.", by=mandataire)
    first = keep_mine(filler, blank_dossier, posted, seen=1, by_page=by_page)
    save(blank_dossier, TEXT, "Relus. Gardés six mois. Une alerte part.", by=mandataire)
    seen = posted | {f"{TEXT}-seen": 2}
    keep_mine(filler, blank_dossier, seen, seen=2, by_page=by_page)
    assert first.status_code == (422 if by_page else 409)
    assert Draft.objects.get().base_revision == 1

    shown = on_the_page(filler.get(theme_url(blank_dossier, *GOVERNANCE)), TEXT)
    merge = shown | {f"{TEXT}-value": "Relus. Signés.", "merge": TEXT}
    if by_page:
        filler.post(theme_url(blank_dossier, *GOVERNANCE), merge)
    else:
        patch(filler, blank_dossier, TEXT, merge)

    (merged,) = Draft.objects.get().typed["value"]
    for sentence in ("Relus.", "Signés.", "Gardés six mois.", "Une alerte part."):
        assert sentence in merged
    assert Draft.objects.get().base_revision == 3


def test_taking_theirs_leaves_ones_own_in_the_history(filler, blank_dossier, mandataire):
    posted = typed(blank_dossier, TEXT, "Ma version.")
    save(blank_dossier, TEXT, "Sa version.", by=mandataire)
    patch(filler, blank_dossier, TEXT, posted)

    response = patch(filler, blank_dossier, TEXT, posted | {"give_way": TEXT, f"{TEXT}-seen": 1})

    assert response.status_code == 200
    assert has_element(response, f"case-{TEXT}")
    assert revisions(TEXT) == ["Sa version.", "Ma version.", "Sa version."]
    assert not Draft.objects.exists()


def test_merging_takes_what_each_changed_and_saves_nothing_before_it_is_read(filler, blank_dossier, mandataire):
    save(blank_dossier, TEXT, "Gardés six mois. Relus.", by=mandataire)
    posted = typed(blank_dossier, TEXT, "Gardés douze mois. Relus.")
    save(blank_dossier, TEXT, "Gardés six mois. Relus. Une alerte part.", by=mandataire)
    assert "Réunir les deux textes" in text_of(patch(filler, blank_dossier, TEXT, posted))

    response = patch(filler, blank_dossier, TEXT, posted | {"merge": TEXT})

    assert response.status_code == 422
    assert "Gardés douze mois. Relus. Une alerte part." in text_of(response)
    assert state_of(blank_dossier, TEXT).value == "Gardés six mois. Relus. Une alerte part."
    assert Draft.objects.get().typed["value"] == ["Gardés douze mois. Relus. Une alerte part."]


def test_without_javascript_the_same_choices_are_there(filler, blank_dossier, mandataire):
    url = theme_url(blank_dossier, *GOVERNANCE)
    posted = typed(blank_dossier, TEXT, "Ma version.")
    save(blank_dossier, TEXT, "Sa version.", by=mandataire)
    filler.post(url, posted)

    merged = filler.post(url, posted | {"merge": TEXT})
    assert "Ma version. Sa version." in text_of(merged)

    assert filler.post(url, posted | {"give_way": TEXT, f"{TEXT}-seen": 1}).status_code == 302
    assert revisions(TEXT) == ["Sa version.", "Ma version.", "Sa version."]


def test_two_choices_are_not_merged(filler, blank_dossier, mandataire):
    posted = typed(blank_dossier, CHOICE, "non")
    save(blank_dossier, CHOICE, "oui", by=mandataire)

    assert "Réunir" not in text_of(patch(filler, blank_dossier, CHOICE, posted))


@pytest.mark.parametrize(("who", "code"), [("reader", 403), ("stranger", 404)])
def test_who_may_not_write_keeps_no_draft(client, request, blank_dossier, who, code):
    client.force_login(request.getfixturevalue(who))

    assert patch(client, blank_dossier, NUMBER, typed(blank_dossier, NUMBER, "douze")).status_code == code
    assert give_up(client, blank_dossier, NUMBER).status_code == code
    assert not Draft.objects.exists()


def test_a_hidden_question_keeps_no_draft(filler, blank_dossier):
    url = answer_url(blank_dossier, "SEC-MOB-07")

    assert filler.patch(url, "SEC-MOB-07-value=peut-être").status_code == 404
    assert not Draft.objects.exists()


def test_typing_what_is_saved_again_ends_it_without_javascript_too(filler, blank_dossier):
    url = theme_url(blank_dossier, *OPERATIONS)
    filler.post(url, typed(blank_dossier, NUMBER, "douze"))

    filler.post(url, typed(blank_dossier, NUMBER, ""))

    assert not Draft.objects.exists()
    assert state_of(blank_dossier, NUMBER).revision == 0


def test_what_a_question_that_vanished_with_the_same_page_held_is_kept(filler, dossier):
    posted = typed(dossier, CHOICE, "non") | typed(dossier, "SEC-EXP-05", ["cnil"])

    filler.post(theme_url(dossier, *OPERATIONS), posted)

    assert Draft.objects.get(question__key="SEC-EXP-05").typed["value"] == ["cnil"]


def test_the_character_that_the_database_cannot_hold_is_left_out(filler, blank_dossier):
    assert patch(filler, blank_dossier, TEXT, typed(blank_dossier, TEXT, "a\0b")).status_code == 422
    assert Draft.objects.get().typed["value"] == ["ab"]


def test_taking_theirs_twice_is_taking_it_once(filler, blank_dossier, mandataire):
    posted = typed(blank_dossier, TEXT, "Ma version.") | {f"{TEXT}-mutation": "00000000-0000-4000-8000-000000000001"}
    save(blank_dossier, TEXT, "Sa version.", by=mandataire)

    for _time in range(2):
        patch(filler, blank_dossier, TEXT, posted | {"give_way": TEXT, f"{TEXT}-seen": 1})

    assert revisions(TEXT) == ["Sa version.", "Ma version.", "Sa version."]


@pytest.mark.parametrize("by_page", [False, True])
def test_theirs_is_the_one_that_was_seen_or_the_new_one_is_shown_first(filler, blank_dossier, mandataire, by_page):
    posted = typed(blank_dossier, TEXT, "Ma version.") | {"give_way": TEXT, f"{TEXT}-seen": 1}
    save(blank_dossier, TEXT, "Sa version.", by=mandataire)
    save(blank_dossier, TEXT, "Jamais vue.", by=mandataire)

    if by_page:
        response = filler.post(theme_url(blank_dossier, *GOVERNANCE), posted)
    else:
        response = patch(filler, blank_dossier, TEXT, posted)

    assert response.status_code == (422 if by_page else 409)
    assert "Jamais vue." in text_of(response)
    assert revisions(TEXT) == ["Sa version.", "Jamais vue."]
