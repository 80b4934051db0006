"""Who may open the admin, by the portal's own sign-in, and which part of it they find."""

import pytest
from django.urls import reverse

from tests.factories import PASSWORD

EVERYTHING = {
    "accounts_publisher", "accounts_user", "assessments_dossier", "assessments_review", "assessments_submission",
    "audit_event", "evidence_document", "jobs_job", "products_product", "questionnaires_edition",
    "questionnaires_question", "questionnaires_questionnaire", "questionnaires_theme", "questionnaires_version",
    "results_result", "accounts_invitation", "enrolment_accountrequest", "privacy_retentionrun",
}  # fmt: skip
FOR_EDITORS = {name for name in EVERYTHING if name.startswith("questionnaires_")}


def _lists(response) -> set[str]:
    return {
        f"{app['app_label']}_{model['object_name'].lower()}"
        for app in response.context["app_list"]
        for model in app["models"]
    }


@pytest.mark.parametrize("page", ["/administration/", "/administration/login/", "/administration/audit/event/"])
def test_a_visitor_signs_in_on_the_portals_own_page(client, page, db):
    response = client.get(page, follow=True)

    assert response.redirect_chain[-1][0].startswith(f"{reverse('account_login')}?next=")
    assert "Administration de Convergence" not in response.content.decode()


@pytest.mark.parametrize("role", ["mandataire", "reviewer", "gie_officer"])
def test_others_may_not_enter(client, request, role):
    client.force_login(request.getfixturevalue(role))

    assert client.get(reverse("admin:index"), follow=True).status_code == 403


def test_an_editor_finds_the_questionnaires_and_nothing_else(as_editor):
    assert _lists(as_editor.get(reverse("admin:index"))) == FOR_EDITORS


def test_an_administrator_finds_everything(as_administrator):
    assert _lists(as_administrator.get(reverse("admin:index"))) == EVERYTHING


@pytest.mark.parametrize("name", sorted(EVERYTHING - FOR_EDITORS))
def test_an_editor_opens_no_other_list(as_editor, name):
    assert as_editor.get(reverse(f"admin:{name}_changelist")).status_code == 403


@pytest.mark.parametrize("name", sorted(EVERYTHING))
def test_an_administrator_opens_and_searches_every_list(as_administrator, name):
    response = as_administrator.get(reverse(f"admin:{name}_changelist"))

    assert response.status_code == 200
    if response.context["cl"].search_fields:
        assert as_administrator.get(reverse(f"admin:{name}_changelist"), {"q": "Cœur"}).status_code == 200


def test_the_admin_speaks_french_and_leads_back_to_the_portal(as_administrator):
    page = as_administrator.get(reverse("admin:index")).content.decode()

    assert "Administration de Convergence" in page
    assert "Comptes et éditeurs" in page
    assert f'href="{reverse("home")}"' in page
    assert f'href="{reverse("account_logout")}"' in page


@pytest.mark.parametrize("name", ["password_change", "password_change_done"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_password_changes_on_the_portals_own_page(as_administrator, administrator, name, method):
    """Where it is slowed, traced and told by e-mail: the admin's own page does none of these."""
    new = "une toute nouvelle phrase de passe"
    typed = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}

    response = getattr(as_administrator, method)(reverse(f"admin:{name}"), typed)

    assert response.url == reverse("account_change_password")
    administrator.refresh_from_db()
    assert administrator.check_password(PASSWORD)


def test_signing_out_of_the_admin_is_the_portals_too(as_administrator):
    assert as_administrator.post(reverse("admin:logout")).url == reverse("account_logout")
