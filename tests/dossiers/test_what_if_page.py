"""/dossiers/<number>/et-si/: another démarche or orientation, before and after, without storing anything."""

from django.urls import reverse

from assessments.answer_states import working_copy
from assessments.models import Answer, Dossier
from audit.models import Event
from tests.assessments.filled import filled_dossier
from tests.dossiers.pages import text_of
from tests.questionnaires.builders import TODAY


def url(dossier):
    return reverse("dossiers:what-if", args=[dossier.number])


def test_it_opens_on_the_situation_that_stands(filler, dossier):
    page = filler.get(url(dossier))

    assert "Simulation : rien n’est enregistré." in text_of(page)
    assert page.context["result"] is None
    assert 'id="ORI-DON-01-oui" name="ORI-DON-01" value="oui" checked' in page.content.decode()
    assert 'value="without_exchange" checked' in page.content.decode()
    assert url(dossier) in filler.get(dossier.get_absolute_url()).content.decode()


def test_another_demarche_and_another_answer_are_weighed_and_nothing_is_stored(filler, dossier):
    stored = list(Answer.objects.order_by("pk").values())
    events = Event.objects.count()

    page = filler.get(url(dossier), {"programme": "with_exchange", "ORI-DON-02": "non"})

    result = page.context["result"]
    changed = working_copy(dossier)
    before = changed.evaluate(TODAY).questions
    other = changed.with_state("ORI-DON-02", type(changed.state("ORI-DON-02"))(value="non"))
    after = type(other)(edition=other.edition, programme="with_exchange", states=other.states).evaluate(TODAY).questions
    told = {question.key for moves in result.appear for question in moves.questions}
    gone = {question.key for moves in result.vanish for question in moves.questions}
    assert told == {key for key in after if after[key].shown and not before[key].shown} != set()
    assert gone == {key for key in after if before[key].shown and not after[key].shown} != set()
    assert result.to_answer[1] > result.to_answer[0] == 0
    assert result.time_after.minutes > result.time_before.minutes == 0
    assert f"{len(told)} questions apparaîtraient" in text_of(page)
    assert list(Answer.objects.order_by("pk").values()) == stored
    assert Event.objects.count() == events
    dossier.refresh_from_db()
    assert dossier.programme == "without_exchange"


def test_the_same_situation_changes_nothing_and_an_unknown_demarche_is_said(filler, dossier):
    same = filler.get(url(dossier), {"programme": dossier.programme})
    unknown = filler.get(url(dossier), {"programme": "ailleurs", "ORI-DON-01": "peut-être"})

    assert "C’est votre situation actuelle : rien ne changerait." in text_of(same)
    assert unknown.status_code == 400
    assert "Cette démarche n’existe pas" in text_of(unknown)


def test_how_to_really_change_it_depends_on_who_asks_and_when(client, contributor, reader, dossier):
    client.force_login(reader)
    reading = text_of(client.get(url(dossier)))
    client.force_login(contributor)
    filling = client.get(url(dossier))
    Dossier.objects.update(state=Dossier.State.SUBMITTED)

    assert "Ouvrir un autre dossier" not in reading
    assert f"produit={dossier.product.reference}" in filling.content.decode()
    assert "L’orientation ne change plus depuis la première soumission" in text_of(client.get(url(dossier)))


def test_it_costs_the_same_empty_and_full(filler, contributor, product, blank_dossier, django_assert_num_queries):
    full = filled_dossier(everything=True, by=contributor, product=product)

    for dossier in (blank_dossier, full):
        with django_assert_num_queries(9):
            filler.get(url(dossier), {"programme": "with_exchange"})
