"""Drafts are written, checked and published in the admin; what is published is only read."""

from datetime import date

import pytest
from django.urls import reverse

from audit.models import Event
from questionnaires.engine import Kind, Outcome, Questionnaire, Theme
from questionnaires.models import Choice, Edition, Flag, PublicationStatus, Question, Version
from questionnaires.models import Theme as ThemeRow
from questionnaires.operations.publishing import publish_edition
from questionnaires.operations.storing import store_version
from tests.assessments.editions import published_edition
from tests.questionnaires import builders

LIST = reverse("admin:questionnaires_edition_changelist")
VERSIONS = reverse("admin:questionnaires_version_changelist")


def _page(row) -> str:
    return reverse(f"admin:questionnaires_{row._meta.model_name}_change", args=[row.pk])


def _form(client, row, **changes: str) -> dict[str, str]:
    """What the page would send, with some fields changed."""
    context = client.get(_page(row)).context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    values = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is not None and value is not False:
                values[bound.html_name] = "on" if value is True else str(value)
    return {**values, **changes}


def _act(client, url: str, row, action: str, **more: str):
    return client.post(url, {"action": action, "_selected_action": str(row.pk), **more}, follow=True)


def test_an_editor_writes_a_question_of_a_draft_and_it_is_traced(as_editor, editor, question):
    sent = _form(as_editor, question, wording="Le service est-il vraiment ouvert ?", weight="2")
    response = as_editor.post(_page(question), sent)

    assert response.status_code == 302
    question.refresh_from_db()
    assert (question.wording, question.weight) == ("Le service est-il vraiment ouvert ?", 2)
    assert Event.objects.get(verb="draft.changed").actor == editor


def test_an_editor_writes_the_choices_of_a_draft_on_the_questions_page(as_editor, question):
    as_editor.post(_page(question), _form(as_editor, question, **{"choices-0-label": "Oui, à tous"}))

    assert Choice.objects.get(question=question, value="oui").label == "Oui, à tous"


def test_the_key_of_a_question_is_for_life(as_editor, question):
    as_editor.post(_page(question), _form(as_editor, question, key="Q-T-99"))

    question.refresh_from_db()
    assert question.key == "Q-T-01"


def test_a_condition_that_cannot_be_read_is_refused_with_the_reason(as_editor, question):
    response = as_editor.post(_page(question), _form(as_editor, question, applies_when="ouvert and and"))

    assert response.status_code == 200
    assert "Cette condition ne peut pas être lue" in response.content.decode()
    question.refresh_from_db()
    assert question.applies_when == "always"


def test_the_database_rules_hold_in_the_form_too(as_editor, question):
    response = as_editor.post(_page(question), _form(as_editor, question, pass_score="3"))

    assert response.status_code == 200
    question.refresh_from_db()
    assert question.pass_score is None


def test_an_editor_adds_no_question(as_editor):
    assert as_editor.get(reverse("admin:questionnaires_question_add")).status_code == 403


def test_an_administrator_adds_a_question_to_a_draft(as_administrator, draft):
    theme = ThemeRow.objects.get()
    page = as_administrator.get(reverse("admin:questionnaires_question_add")).context["adminform"].form
    sent = {name: "" if page[name].value() is None else str(page[name].value()) for name in page.fields}
    empty = {f"{rows}-{count}_FORMS": "0" for rows in ("choices", "thresholds") for count in ("TOTAL", "INITIAL")}
    new = {"theme": theme.pk, "key": "Q-T-03", "position": 3, "type": "text", "level": "recommended"}

    as_administrator.post(
        reverse("admin:questionnaires_question_add"), {**sent, **empty, **new, "title": "T", "wording": "Et après ?"}
    )

    assert Question.objects.get(key="Q-T-03").theme == theme
    assert Event.objects.filter(verb="draft.added").exists()


def test_no_question_is_added_to_what_is_published(as_administrator, publication):
    page = as_administrator.get(reverse("admin:questionnaires_question_add"))

    assert not page.context["adminform"].form.fields["theme"].queryset.exists()


@pytest.mark.parametrize("model", [Version, ThemeRow, Question])
def test_what_is_published_is_read_with_a_notice_and_never_written(as_administrator, publication, model):
    row = model.objects.first()
    page = as_administrator.get(_page(row))

    assert "Ce contenu est publié" in page.content.decode()
    assert b'name="_save"' not in page.content
    assert as_administrator.post(_page(row), {"title": "Autre"}).status_code == 403


def test_only_the_disclaimer_of_a_published_edition_is_written(as_editor, publication):
    sent = _form(as_editor, publication, disclaimer="Ceci n’est pas la liste officielle.", title="Autre", code="Z")
    before = Edition.objects.filter(pk=publication.pk).values("title", "code", "content_hash", "status").get()

    assert as_editor.post(_page(publication), sent).status_code == 302
    publication.refresh_from_db()
    assert publication.disclaimer == "Ceci n’est pas la liste officielle."
    assert Edition.objects.filter(pk=publication.pk).values(*before).get() == before


def test_the_flags_of_a_published_edition_are_not_written(as_administrator, publication):
    flag = publication.flags.get()
    as_administrator.post(
        _page(publication),
        {
            "disclaimer": "Mot.", "entries-TOTAL_FORMS": "0", "entries-INITIAL_FORMS": "0",
            "flags-TOTAL_FORMS": "1", "flags-INITIAL_FORMS": "1", "flags-0-id": str(flag.pk),
            "flags-0-edition": str(publication.pk), "flags-0-position": "1", "flags-0-name": "autre",
            "flags-0-meaning": "Autre", "flags-0-condition": "always",
        },
    )  # fmt: skip

    assert Flag.objects.get(pk=flag.pk).name == "ouvert"


def test_checking_a_draft_that_holds_says_so(as_editor, draft):
    page = _act(as_editor, LIST, draft, "verify").content.decode()

    assert "peut être publiée." in page


def test_checking_tells_what_deserves_a_second_look_and_forbids_nothing(as_editor, draft):
    Question.objects.update(reference_confidence="medium")
    page = _act(as_editor, LIST, draft, "verify").content.decode()

    assert "Q-T-01, Q-T-02\N{NO-BREAK SPACE}: la référence juridique est à vérifier" in page
    assert "peut être publiée." in page


def test_checking_tells_every_problem(as_editor, draft):
    Question.objects.filter(key="Q-T-01").update(applies_when="inconnu")
    Question.objects.filter(key="Q-T-02").update(applies_when="answer(Q-T-77) == 'oui'")
    page = _act(as_editor, LIST, draft, "verify").content.decode()

    assert "inconnu" in page
    assert "Q-T-77" in page
    assert "peut être publiée." not in page


def test_publishing_asks_for_a_confirmation_first(as_editor, draft):
    page = _act(as_editor, LIST, draft, "publish").content.decode()

    assert "Publier définitivement" in page
    draft.refresh_from_db()
    assert draft.status == PublicationStatus.DRAFT


def test_a_confirmed_publication_freezes_the_edition_under_the_name_of_who_approves(
    as_editor, editor, administrator, draft
):
    proposed = _act(as_editor, LIST, draft, "propose", confirmed="yes", effective_on="2027-01-01").content.decode()
    as_editor.force_login(administrator)
    page = _act(as_editor, LIST, draft, "publish", confirmed="yes").content.decode()

    assert "une autre personne doit l’approuver" in proposed
    assert "est publié" in page
    draft.refresh_from_db()
    assert (draft.status, draft.proposed_by, draft.published_by) == (PublicationStatus.PUBLISHED, editor, administrator)
    assert draft.effective_on == date(2027, 1, 1)


def test_whoever_proposes_does_not_approve_and_nobody_approves_what_changed_since(as_editor, administrator, draft):
    assert (
        "quelqu’un doit d’abord la proposer"
        in _act(as_editor, LIST, draft, "publish", confirmed="yes").content.decode()
    )
    _act(as_editor, LIST, draft, "propose", confirmed="yes", effective_on="2027-01-01")

    assert "Vous avez proposé" in _act(as_editor, LIST, draft, "publish", confirmed="yes").content.decode()
    Question.objects.filter(key="Q-T-01").update(wording="Autre chose ?")
    as_editor.force_login(administrator)
    assert (
        "quelqu’un doit d’abord la proposer"
        in _act(as_editor, LIST, draft, "publish", confirmed="yes").content.decode()
    )
    draft.refresh_from_db()
    assert draft.status == PublicationStatus.DRAFT


def test_proposing_asks_from_when_the_edition_applies(as_editor, draft):
    asked = _act(as_editor, LIST, draft, "propose").content.decode()
    refused = _act(as_editor, LIST, draft, "propose", confirmed="yes", effective_on="31").content.decode()

    assert 'name="effective_on"' in asked
    assert "Écrivez une date qui existe" in refused
    draft.refresh_from_db()
    assert draft.proposed_by is None


def test_proposing_what_is_published_says_that_nothing_is_left_to_propose(as_editor, publication):
    page = _act(as_editor, LIST, publication, "propose", confirmed="yes", effective_on="2027-01-01").content.decode()

    assert "il n’y a rien à proposer" in page
    assert "est proposée" not in page


def test_the_edition_in_force_is_not_retired_and_it_is_said_why(as_editor, publication):
    assert "est en vigueur" in _act(as_editor, LIST, publication, "retire", confirmed="yes").content.decode()
    publication.refresh_from_db()
    assert publication.status == PublicationStatus.PUBLISHED


def test_an_edition_is_retired_and_a_draft_is_not(as_editor, draft, editor):
    assert "il n’y a rien à retirer" in _act(as_editor, LIST, draft, "retire", confirmed="yes").content.decode()
    publish_edition(draft, by=None)
    published_edition()  # Takes its place.

    assert "Retirer définitivement" in _act(as_editor, LIST, draft, "retire").content.decode()
    assert "est retirée" in _act(as_editor, LIST, draft, "retire", confirmed="yes").content.decode()
    draft.refresh_from_db()
    assert draft.status == PublicationStatus.RETIRED
    assert Event.objects.get(verb="edition.retired").actor == editor


def test_an_edition_with_a_problem_is_not_published(as_editor, draft):
    Question.objects.filter(key="Q-T-01").update(applies_when="inconnu")
    page = _act(as_editor, LIST, draft, "publish", confirmed="yes").content.decode()

    assert "ne tient pas" in page
    draft.refresh_from_db()
    assert draft.status == PublicationStatus.DRAFT


def test_a_version_is_published_with_its_edition(as_editor, draft):
    version = draft.versions.get()
    page = _act(as_editor, VERSIONS, version, "publish", confirmed="yes").content.decode()

    assert "avec son édition" in page
    version.refresh_from_db()
    assert version.status == PublicationStatus.DRAFT


def test_a_diagnostic_is_checked_and_published_by_itself(as_editor, diagnostic):
    assert "aucun problème" in _act(as_editor, VERSIONS, diagnostic, "verify").content.decode()

    _act(as_editor, VERSIONS, diagnostic, "publish", confirmed="yes")

    diagnostic.refresh_from_db()
    assert diagnostic.status == PublicationStatus.PUBLISHED


@pytest.fixture
def diagnostic(db) -> Version:
    question = builders.question(
        "DIA-01", "single_choice", scored=False, choices=builders.choices(("oui", None), ("non", None))
    )
    outcomes = [("eligible", "answer(DIA-01) == 'oui'"), ("not_eligible", "answer(DIA-01) == 'non'")]
    return store_version(
        Questionnaire(
            code="D",
            slug="d",
            kind=Kind.DIAGNOSTIC,
            version="1",
            title="Diagnostic",
            themes=(Theme(code="DIA", slug="dia", title="Une question", questions=(question,)),),
            outcomes=tuple(
                Outcome(outcome=outcome, when=when, title=outcome, reason="Parce que.", next_steps=("Ensuite.",))
                for outcome, when in outcomes
            ),
        )
    )
