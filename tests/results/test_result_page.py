"""The result as the publisher and the reviewers read it, and the report they take away."""

import pytest
from django.urls import reverse

from accounts.models import StaffRole
from jobs.models import Job
from jobs.operations import advance, claim, fail
from results.models import Report
from results.operations import store_report
from results.reading import read
from tests.factories import MembershipFactory
from tests.results.conftest import CONCLUSION, GAP

PDF = b"%PDF-1.7 drawn by a test"


pytestmark = pytest.mark.usefixtures("reports_folder")


def address(name, result):
    return reverse(f"results:{name}", args=[result.dossier.number])


def body(client, name, result):
    return client.get(address(name, result)).content.decode()


@pytest.mark.parametrize("name", ["detail", "progress", "report"])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("reader", 200),
        ("contributor", 200),
        ("reviewer", 200),
        ("stranger", 404),
        ("editor", 404),
        ("gie_officer", 404),
        ("administrator", 404),
    ],
)
def test_who_may_read(client, request, result, name, who, status):
    store_report(result.report, PDF)
    client.force_login(request.getfixturevalue(who))

    response = client.get(address(name, result))
    assert response.status_code == status
    response.getvalue()  # read to its end, it closes its file


@pytest.mark.parametrize("name", ["detail", "progress", "report"])
def test_a_reviewer_of_the_publishers_team_does_not_read_it_as_a_reviewer(client, result, reviewer, publisher, name):
    store_report(result.report, PDF)
    MembershipFactory.create(user=reviewer, publisher=publisher)
    client.force_login(reviewer)

    assert StaffRole.REVIEWER in reviewer.staff_roles
    assert client.get(address(name, result)).status_code == 404


def test_a_stranger_cannot_ask_for_the_report_again(client, result, stranger):
    fail(result.report.job, "Abandoned.")
    client.force_login(stranger)

    assert client.post(address("progress", result)).status_code == 404


def test_a_dossier_that_is_not_closed_has_no_result(team_client, examined, dossier):
    assert team_client.get(reverse("results:detail", args=[dossier.number])).status_code == 404


def test_the_verdict_comes_first(team_client, result_with_gap):
    page = body(team_client, "detail", result_with_gap)

    verdict = page.index("1 exigence obligatoire n’est pas satisfaite")
    assert page.index("<h1") < verdict < page.index(CONCLUSION) < page.index("Scores par questionnaire,")
    assert GAP in page


def test_what_is_handed_over_is_there_to_copy_and_is_not_called_the_request(team_client, result):
    page = body(team_client, "detail", result)

    reading = read(result.content)
    for value in (
        result.dossier.product.reference,
        result.dossier.number,
        reading.verification_code,
        result.content_hash,
    ):
        assert f">{value}</code>" in page
    assert "GIE SESAM-Vitale" in page
    assert "Ce résultat n’est pas la demande de référencement" in page


def test_the_radar_has_its_table(team_client, result):
    page = body(team_client, "detail", result)

    assert "<svg" in page
    for section in read(result.content).sections:
        assert f'<th scope="row">{section.figures.title}</th>' in page


def test_it_makes_the_same_few_queries_whatever_was_answered(team_client, result, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        assert team_client.get(address("detail", result)).status_code == 200


def test_while_the_report_is_prepared_the_page_asks_again_and_works_without_javascript(team_client, result):
    job = claim(result.report.job_id)
    assert job is not None
    advance(job, 60)

    page = body(team_client, "detail", result)
    assert f'hx-get="{address("progress", result)}"' in page
    assert 'value="60"' in page
    assert "Actualiser la page" in page
    assert team_client.get(address("report", result)).status_code == 404


def test_once_ready_the_page_stops_asking_and_offers_the_report(team_client, result):
    store_report(result.report, PDF)

    fragment = body(team_client, "progress", result)
    assert "hx-get" not in fragment
    assert f'href="{address("report", result)}"' in fragment
    assert "<html" not in fragment


def test_a_failure_is_told_and_may_be_tried_again(team_client, result):
    fail(result.report.job, "Abandoned after 5 attempts.")

    page = body(team_client, "detail", result)
    assert "n’a pas pu être préparé" in page
    assert "hx-get" not in page
    assert "Abandoned" not in page

    response = team_client.post(address("progress", result))
    assert response.status_code == 302
    assert Report.objects.get().job.state == Job.State.QUEUED


def test_the_report_is_a_private_download(team_client, result):
    store_report(result.report, PDF)

    response = team_client.get(address("report", result))

    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="rapport-{result.dossier.number}.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


def test_reading_writes_nothing(team_client, result, django_assert_num_queries):
    before = Report.objects.get().job_id
    team_client.get(address("detail", result))
    team_client.get(address("progress", result))

    assert Report.objects.get().job_id == before
    assert Job.objects.filter(task="results.render_report").count() == 1
