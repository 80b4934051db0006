"""« Mes données »: ask for the copy, see how far it is, take it away."""

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.urls import reverse

from accounts.models import Membership
from accounts.operations.teams import change_role, remove_member
from audit.models import Event
from jobs.models import Job
from jobs.operations import advance, claim, fail
from privacy.models import DataExport
from privacy.operations.exports import request_export
from privacy.tasks import export as export_task
from tests.clients import SignedInClient
from tests.privacy.asked import queued

MINE = reverse("privacy:mine")
PROGRESS = reverse("privacy:progress")


@pytest.fixture
def own(client, contributor):
    client.force_login(contributor)
    return client


def address(export):
    return reverse("privacy:download", args=[export.pk])


def signed_in(user):
    client = SignedInClient()
    client.force_login(user)
    return client


@pytest.mark.parametrize("name", ["privacy:mine", "privacy:progress", "privacy:close"])
def test_a_visitor_is_asked_to_sign_in(client, db, name):
    assert client.get(reverse(name)).url.startswith(reverse("account_login"))


def test_one_asks_by_a_button(own, contributor):
    assert "Demander une copie de mes données" in own.get(MINE).content.decode()

    response = own.post(MINE)

    assert response.url == MINE
    assert DataExport.objects.get().user == contributor
    page = own.get(MINE).content.decode()
    assert "Votre copie est en préparation" in page
    assert "Demander une copie de mes données" not in page


def test_asking_twice_is_asking_once(own):
    own.post(MINE)
    own.post(MINE)

    assert DataExport.objects.count() == 1
    assert Job.objects.filter(task="privacy.export").count() == 1


def test_reading_the_page_asks_for_nothing(own):
    own.get(MINE)
    own.get(PROGRESS)

    assert not DataExport.objects.exists()


def test_the_page_that_waits_shows_how_far_it_is_and_asks_again_by_itself(own, contributor):
    job = claim(queued(contributor).pk)
    assert job is not None
    advance(job, 40)

    fragment = own.get(PROGRESS).content.decode()

    assert f'hx-get="{PROGRESS}"' in fragment
    assert "40" in fragment
    assert "<html" not in fragment


def test_the_page_stops_asking_once_the_copy_is_ready(own, contributor, exported):
    export = exported(contributor)

    fragment = own.get(PROGRESS).content.decode()

    assert "Votre copie est prête" in fragment
    assert f'href="{address(export)}"' in fragment
    assert "hx-get" not in fragment


def test_one_that_failed_says_so_and_may_be_asked_for_again(own, contributor):
    failed = queued(contributor)
    fail(failed, "Abandoned after 5 attempts.")

    fragment = own.get(PROGRESS).content.decode()
    assert "La copie n’a pas pu être préparée" in fragment
    assert "Demander une copie de mes données" in fragment
    assert "hx-get" not in fragment

    own.post(MINE)
    assert DataExport.objects.get().job_id != failed.pk


def test_somebody_else_s_progress_is_not_shown(contributor, reader, exported):
    exported(contributor)

    assert "Demander une copie de mes données" in signed_in(reader).get(MINE).content.decode()


def test_its_owner_takes_it_away(own, contributor, exported):
    export = exported(contributor)

    response = own.get(address(export))

    assert response["Content-Type"] == "application/zip"
    assert "attachment" in response["Content-Disposition"]
    assert response["Cache-Control"] == "private, no-store"
    assert zipfile.ZipFile(BytesIO(response.getvalue())).namelist()[0] == "LISEZ-MOI.txt"
    assert Event.objects.get(verb="data.export_downloaded").actor == contributor


OTHERS = ("mandataire", "reader", "stranger", "reviewer", "review_lead", "support", "gie_officer", "administrator")


@pytest.mark.parametrize("role", OTHERS)
def test_it_does_not_exist_for_anybody_else(request, contributor, exported, role):
    export = exported(contributor)

    response = signed_in(request.getfixturevalue(role)).get(address(export))

    assert response.status_code == 404
    assert not Event.objects.filter(verb="data.export_downloaded").exists()


def test_it_does_not_exist_for_a_superuser_either(contributor, administrator, exported):
    export = exported(contributor)
    administrator.is_superuser = True
    administrator.save()

    assert signed_in(administrator).get(address(export)).status_code == 404


def test_one_that_is_not_made_yet_is_not_there(own, contributor):
    assert own.get(address(request_export(contributor))).status_code == 404


def test_once_its_time_is_over_it_is_gone_and_another_may_be_asked_for(contributor, exported):
    export = exported(contributor)

    with time_machine.travel(export.expires_at + timedelta(seconds=1), tick=False):
        own = signed_in(contributor)
        assert own.get(address(export)).status_code == 404
        assert "Demander une copie de mes données" in own.get(MINE).content.decode()


def test_an_old_session_proves_who_it_is_before_taking_it_away(own, contributor, exported):
    export = exported(contributor)
    own.forget_the_proof()

    response = own.get(address(export))

    assert response.url.startswith(reverse("account_reauthenticate"))
    assert not Event.objects.filter(verb="data.export_downloaded").exists()


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_only_read(own, contributor, exported, method):
    assert getattr(own, method)(address(exported(contributor))).status_code == 405


# --- Once a team was left -----------------------------------------------------------------------


@pytest.fixture
def leaver(contributor, mandataire, exported):
    """Whoever asked for their copy, then left the team."""
    export = exported(contributor)
    remove_member(Membership.objects.get(user=contributor), by=mandataire)
    return export


def test_a_copy_made_before_leaving_a_team_is_no_longer_handed_over(leaver):
    own = signed_in(leaver.user)

    response = own.get(address(leaver))

    assert response.url == MINE
    assert not Event.objects.filter(verb="data.export_downloaded").exists()
    page = own.get(MINE).content.decode()
    assert "Votre copie n’est plus disponible" in page
    assert "Vous avez quitté une équipe" in page
    assert address(leaver) not in page
    assert "Demander une copie de mes données" in page


def test_another_copy_may_be_asked_for_and_taken_away(leaver, exported):
    own = signed_in(leaver.user)
    own.post(MINE)

    other = exported(leaver.user)

    assert other != leaver
    assert own.get(address(other)).getvalue()
    assert "Votre copie est prête" in own.get(MINE).content.decode()


def test_a_copy_asked_for_before_leaving_and_made_after_is_void_too(contributor, mandataire):
    """The worker may have read the answers a moment before the team's door closed."""
    job = queued(contributor)
    remove_member(Membership.objects.get(user=contributor), by=mandataire)
    export_task(job.pk)

    assert signed_in(contributor).get(address(DataExport.objects.get())).url == MINE


def test_another_role_in_the_same_team_changes_nothing(contributor, mandataire, exported):
    export = exported(contributor)
    change_role(Membership.objects.get(user=contributor), by=mandataire, role="reader")

    assert signed_in(contributor).get(address(export)).getvalue()


def test_the_end_of_a_consultant_s_access_changes_nothing_to_a_copy_that_held_no_content(
    consultant, mandataire, exported
):
    export = exported(consultant)
    remove_member(Membership.objects.get(user=consultant), by=mandataire)

    assert signed_in(consultant).get(address(export)).getvalue()
