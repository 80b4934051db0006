"""The admin reads questionnaires: what it still writes is what the editor does not have."""

import pytest
from django.urls import reverse

from questionnaires.engine import Kind, Outcome, Questionnaire, Theme
from questionnaires.models import Edition, Flag, PublicationStatus, Question, Version
from questionnaires.models import Theme as ThemeRow
from questionnaires.operations.storing import store_version
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


@pytest.mark.parametrize("model", [ThemeRow, Question])
def test_themes_and_questions_are_read_here_and_written_in_the_editor(as_administrator, draft, model):
    row = model.objects.first()
    page = as_administrator.get(_page(row))

    assert b'name="_save"' not in page.content
    assert as_administrator.post(_page(row), {"title": "Autre"}).status_code == 403
    assert as_administrator.get(reverse(f"admin:questionnaires_{model._meta.model_name}_add")).status_code == 403


@pytest.mark.parametrize("model", [Version])
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


def test_a_version_is_published_with_its_edition(as_editor, draft):
    version = draft.versions.get()
    page = _act(as_editor, VERSIONS, version, "publish", confirmed="yes").content.decode()

    assert "avec son édition" in page
    version.refresh_from_db()
    assert version.status == PublicationStatus.DRAFT


def test_a_diagnostic_is_checked_and_published_by_itself(as_editor, diagnostic):
    assert "aucun problème" in _act(as_editor, VERSIONS, diagnostic, "verify").content.decode()

    assert "Publier définitivement" in _act(as_editor, VERSIONS, diagnostic, "publish").content.decode()
    diagnostic.refresh_from_db()
    assert diagnostic.status == PublicationStatus.DRAFT

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
