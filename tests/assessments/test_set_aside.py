"""A theme declared not applicable at once, for one reason; and taken back."""

import pytest
from django.urls import reverse

from assessments.filing import Filing
from assessments.models import AnswerRevision
from assessments.operations.not_applicable import NoReason, last_set_aside, set_aside, take_back
from audit.models import Event
from tests.assessments.saving import save, state_of
from tests.dossiers.pages import text_of, told

REASON = "L’exploitation est confiée à l’hébergeur."
OPEN, ANSWERED = "SEC-EXP-03", "SEC-EXP-04"


def theme_of(dossier):
    themes = [theme for each in Filing(dossier).working.definition.edition.questionnaires for theme in each.themes]
    return next(theme for theme in themes if theme.slug == "exploitation")


def test_what_was_picked_is_set_aside_once_with_its_reason_and_what_it_held_is_kept(blank_dossier, contributor):
    save(blank_dossier, ANSWERED, "oui", by=contributor, comment="Par écrit.")

    done = set_aside(dossier=blank_dossier, bases={OPEN: 0, ANSWERED: 1}, reason=f" {REASON} ", by=contributor)

    assert done == (OPEN, ANSWERED)
    for key in done:
        assert (state_of(blank_dossier, key).not_applicable, state_of(blank_dossier, key).reason) == (True, REASON)
    assert (state_of(blank_dossier, ANSWERED).value, state_of(blank_dossier, ANSWERED).comment) == ("oui", "Par écrit.")
    assert AnswerRevision.objects.get(answer__question__key=OPEN).saved_by == contributor
    assert Event.objects.get(verb="answers.set_aside").data["questions"] == [OPEN, ANSWERED]


def test_what_a_colleague_answered_since_or_is_hidden_or_always_applies_is_left_alone(
    blank_dossier, contributor, representative
):
    save(blank_dossier, OPEN, "12", by=representative)

    bases = {OPEN: 0, "SEC-EXP-05": 0, "DOC-ELI-01": 0, "SEC-NUL-99": 0}
    assert set_aside(dossier=blank_dossier, bases=bases, reason=REASON, by=contributor) == ()

    assert state_of(blank_dossier, OPEN).value == "12"
    with pytest.raises(NoReason):
        set_aside(dossier=blank_dossier, bases={OPEN: 1}, reason="  ", by=contributor)


def test_taking_back_gives_each_what_it_held_unless_it_changed_since(blank_dossier, contributor):
    save(blank_dossier, ANSWERED, "oui", by=contributor)
    set_aside(dossier=blank_dossier, bases={OPEN: 0, ANSWERED: 1, "SEC-EXP-07": 0}, reason=REASON, by=contributor)
    save(blank_dossier, "SEC-EXP-07", None, by=contributor, comment="Finalement si.")
    theme = theme_of(blank_dossier)
    last = last_set_aside(Filing(blank_dossier), theme, contributor)
    assert last is not None

    done = take_back(dossier=blank_dossier, theme=theme, at=last[0], by=contributor)

    assert set(done) == {OPEN, ANSWERED}
    assert (state_of(blank_dossier, OPEN).not_applicable, state_of(blank_dossier, OPEN).value) == (False, None)
    assert state_of(blank_dossier, ANSWERED).value == "oui"
    assert state_of(blank_dossier, "SEC-EXP-07").comment == "Finalement si."
    assert take_back(dossier=blank_dossier, theme=theme, at=last[0], by=contributor) == ()


def test_the_page_picks_what_is_empty_asks_for_the_reason_and_offers_the_way_back(client, contributor, blank_dossier):
    save(blank_dossier, ANSWERED, "oui", by=contributor)
    client.force_login(contributor)
    url = reverse("dossiers:not-applicable", args=[blank_dossier.number, "securite", "exploitation"])

    page = client.get(url).content.decode()
    assert f'value="{OPEN}:0" checked' in page
    assert f'value="{ANSWERED}:1">' in page

    missing = client.post(url, {"question": [f"{OPEN}:0"], "reason": ""})
    assert missing.status_code == 422
    assert "Écrivez la raison" in text_of(missing)
    assert f'value="{OPEN}:0" checked' in missing.content.decode()

    done = client.post(url, {"question": [f"{OPEN}:0", "DOC-ELI-04:0"], "reason": REASON})
    assert "1 question déclarée non applicable" in told(done)[0]
    assert not state_of(blank_dossier, "DOC-ELI-04").not_applicable  # of another theme

    moment = client.get(url).context["last_at"].isoformat()
    undone = told(client.post(f"{url}annuler/", {"moment": moment}))
    assert undone == ["1 question est redevenue ce qu’elle était."]
    assert not state_of(blank_dossier, OPEN).not_applicable


def test_the_theme_leads_back_to_whoever_may_undo_and_no_longer_once_it_is_done(
    client, contributor, mandataire, blank_dossier
):
    theme = reverse("dossiers:theme", args=[blank_dossier.number, "securite", "exploitation"])
    way_back = reverse("dossiers:not-applicable", args=[blank_dossier.number, "securite", "exploitation"]) + "#annuler"

    def is_offered_to(person):
        client.force_login(person)
        return way_back in client.get(theme).content.decode()

    assert not is_offered_to(contributor)
    set_aside(dossier=blank_dossier, bases={OPEN: 0}, reason=REASON, by=contributor)
    assert (is_offered_to(contributor), is_offered_to(mandataire)) == (True, False)
    last = last_set_aside(Filing(blank_dossier), theme_of(blank_dossier), contributor)
    assert last is not None
    take_back(dossier=blank_dossier, theme=theme_of(blank_dossier), at=last[0], by=contributor)
    assert not is_offered_to(contributor)
