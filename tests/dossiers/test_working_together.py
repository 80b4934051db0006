"""Pages of a team at work: filters, all the questions, what is mine, who is here, what was done."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.assessments.filled import filled_dossier
from tests.assessments.saving import save
from tests.assessments.test_attributions import give
from tests.clients import SignedInClient
from tests.dossiers.pages import has_element, text_of, theme_url, typed

OPERATIONS = ("securite", "exploitation")
KEY, OTHER = "SEC-EXP-04", "SEC-EXP-03"


def questions_url(dossier, chosen=""):
    return reverse("dossiers:questions", args=[dossier.number]) + (f"?filtre={chosen}" if chosen else "")


def presence_url(dossier):
    return reverse("dossiers:presence", args=[dossier.number, *OPERATIONS])


def browser_of(person):
    browser = SignedInClient()
    browser.force_login(person)
    return browser


def cost(client, address):
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def test_a_theme_shows_the_questions_that_its_filter_keeps(filler, blank_dossier, contributor, mandataire):
    give(blank_dossier, KEY, contributor, by=mandataire)
    save(blank_dossier, OTHER, "12", by=contributor)
    theme = theme_url(blank_dossier, *OPERATIONS)

    mine, unanswered = filler.get(f"{theme}?filtre=a-moi"), filler.get(f"{theme}?filtre=sans-reponse")

    assert has_element(mine, KEY)
    assert not has_element(mine, OTHER)
    assert has_element(mine, "case-SEC-EXP-05")  # hidden: its place waits for it
    assert "À moi (1)" in text_of(mine)
    assert not has_element(unanswered, OTHER)
    assert "Attribuée à vous" in text_of(mine)
    empty = text_of(browser_of(mandataire).get(f"{theme}?filtre=a-moi"))
    assert "Rien ne vous est attribué ici." in empty


def test_without_javascript_a_save_leads_back_to_the_same_filter(filler, blank_dossier):
    address = f"{theme_url(blank_dossier, *OPERATIONS)}?filtre=sans-reponse"

    response = filler.post(address, typed(blank_dossier, KEY, "oui"))

    assert (response.status_code, response["Location"]) == (302, address)
    assert not has_element(filler.get(address), KEY)


def test_what_blocks_what_is_unmet_and_what_was_sent_back_are_each_a_list(filler, sent_back, contributor):
    counts = {each.label: each.count for each in filler.get(questions_url(sent_back)).context["filters"]}

    assert counts["renvoyées par les examinateurs"] == counts["manquantes"] == 1
    page = text_of(filler.get(questions_url(sent_back, "refusees")))
    assert "SEC-GOV-02" in page
    assert "SEC-EXP-04" not in page
    assert "Rien ne vous est attribué" in text_of(filler.get(questions_url(sent_back, "a-moi")))
    save(sent_back, KEY, "non", by=contributor)
    assert KEY in text_of(filler.get(questions_url(sent_back, "non-satisfaites")))


def test_the_dossier_says_what_is_mine_and_what_is_left_of_it(filler, blank_dossier, contributor, mandataire):
    give(blank_dossier, KEY, contributor, by=mandataire, whole_theme=True)
    give(blank_dossier, KEY, mandataire, by=mandataire)

    response = filler.get(blank_dossier.get_absolute_url())

    (share,) = response.context["shares"]
    before = share.left
    save(blank_dossier, OTHER, "12", by=contributor)
    (share,) = filler.get(blank_dossier.get_absolute_url()).context["shares"]
    assert share.left == before - 1
    assert "Attribué à moi" in text_of(response)


def test_colleagues_on_one_theme_see_each_other_for_a_minute(blank_dossier, contributor, reader):
    one, two = browser_of(contributor), browser_of(reader)
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        assert text_of(one.post(presence_url(blank_dossier))) == ""
        assert text_of(two.post(presence_url(blank_dossier))) == f"{contributor} regarde aussi cette page."
    with time_machine.travel(now + timedelta(seconds=61), tick=False):
        assert text_of(two.post(presence_url(blank_dossier))) == ""


def test_a_page_that_asks_by_itself_keeps_no_session_alive(client, blank_dossier, contributor, settings):
    idle = timedelta(hours=settings.SESSION_LIMITS_HOURS["team"]["idle"])
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        client.force_login(contributor)
        client.get(blank_dossier.get_absolute_url())
    with time_machine.travel(start + idle - timedelta(minutes=30), tick=False):
        assert client.post(presence_url(blank_dossier), headers={"X-By-Itself": "1"}).status_code == 200
    with time_machine.travel(start + idle + timedelta(minutes=30), tick=False):
        assert client.get(blank_dossier.get_absolute_url()).status_code == 302


def test_an_open_page_learns_what_a_colleague_answers_meanwhile(filler, blank_dossier, contributor, mandataire):
    save(blank_dossier, KEY, "oui", by=contributor)
    save(blank_dossier, OTHER, "12", by=mandataire)
    shown = {f"{KEY}-revision": "1", f"{OTHER}-revision": "0", "SEC-EXP-01-revision": "x", "DOC-ELI-01-revision": "0"}

    assert "vient de répondre" not in text_of(filler.post(presence_url(blank_dossier), {f"{KEY}-revision": "1"}))
    answered = filler.post(presence_url(blank_dossier), shown)

    assert f"{mandataire} vient de répondre à {OTHER}. Afficher sa réponse" in text_of(answered)
    assert text_of(answered).count("vient de répondre") == 1
    assert f"{theme_url(blank_dossier, *OPERATIONS)}?relire={OTHER}#{OTHER}" in answered.content.decode()
    assert "vient de répondre" not in text_of(browser_of(mandataire).post(presence_url(blank_dossier), shown))


def test_answers_are_told_together_and_other_acts_one_by_one(filler, blank_dossier, contributor, mandataire):
    for key, value in ((KEY, "oui"), (KEY, "non"), (OTHER, "12")):
        save(blank_dossier, key, value, by=contributor)
    give(blank_dossier, KEY, contributor, by=mandataire)

    page = text_of(filler.get(reverse("dossiers:activity", args=[blank_dossier.number])))

    assert f"{contributor} a répondu à 2 questions de « Exploitation" in page
    assert f"{mandataire} a attribué : {KEY} ( {contributor} )" in page.replace("(", "( ").replace(")", " )")


@pytest.mark.parametrize("name", ["questions", "activity"])
def test_each_costs_the_same_empty_and_full(filler, blank_dossier, contributor, mandataire, product, name):
    full = filled_dossier(everything=True, by=contributor, product=product)
    for dossier in (blank_dossier, full):
        for key in (KEY, OTHER):
            give(dossier, key, contributor, by=mandataire)
    give(full, KEY, mandataire, by=mandataire, whole_theme=True)

    few, many = (cost(filler, reverse(f"dossiers:{name}", args=[each.number])) for each in (blank_dossier, full))

    assert few == many


def test_a_date_without_a_person_is_refused_in_words_and_kept_in_its_field(filler, blank_dossier):
    address = reverse("dossiers:attribute-theme", args=[blank_dossier.number, *OPERATIONS])

    refused = filler.post(address, {"member": "", "due_on": "2026-12-31"})

    assert refused.status_code == 422
    assert "Choisissez qui s’en occupe pour cette date, ou effacez la date." in text_of(refused)
    assert 'value="2026-12-31"' in refused.content.decode()
