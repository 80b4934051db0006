"""`manage.py load_demonstration`: who is there, which dossiers, and nothing twice."""

import io
import time
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader
from stdnum.fr import siren

from accounts.models import Invitation, Membership, Publisher, StaffRole, User
from accounts.second_factors import DEMONSTRATION_SECRET, demonstration_code
from assessments.models import Dossier, Programme
from convergence.demonstration.people import PASSWORD
from enrolment.models import AccountRequest
from evidence.models import DocumentVersion
from jobs.models import Job
from notifications.models import Notification
from products.models import Product
from results.operations import RENDER_TASK

pytestmark = pytest.mark.database  # by a fixture of the module


def _count_everything() -> dict[str, int]:
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def test_eight_products_of_three_publishers_have_nine_dossiers(printed):
    assert (Publisher.objects.count(), Product.objects.count(), Dossier.objects.count()) == (3, 8, 9)


@pytest.mark.parametrize(
    "state", ["orientation", "filling", "submitted", "under_review", "corrections_asked", "closed"]
)
def test_every_state_that_a_dossier_can_reach_is_shown(printed, state):
    assert Dossier.objects.filter(state=state).exists()


def test_both_programmes_a_medical_device_and_every_platform_are_shown(printed):
    assert set(Dossier.objects.values_list("programme", flat=True)) == set(Programme.values)
    assert Product.objects.exclude(device_class="").exists()
    assert set(Product.objects.values_list("variants__platform", flat=True)) == {"ios", "android", "web"}


@pytest.mark.parametrize("role", Membership.TEAM)
def test_every_team_has_every_role(printed, role):
    assert Membership.objects.filter(role=role).count() == Publisher.objects.count()


@pytest.mark.parametrize("role", StaffRole.values)
def test_every_staff_role_has_an_account(printed, role):
    assert User.objects.filter(groups__name=role, is_active=True).exists()


def test_a_consultant_has_one_dossier_for_two_months(printed):
    membership = Membership.objects.get(role=Membership.Role.CONSULTANT)

    assert membership.expires_at is not None
    assert membership.expires_at > timezone.now() + timedelta(days=50)
    dossier = Dossier.objects.visible_to(membership.user).get()
    assert dossier.product.name == "MesPas Lavande"


def test_an_invitation_and_two_account_requests_wait(printed):
    assert Invitation.objects.filter(state=Invitation.State.SENT).count() == 1
    assert sorted(AccountRequest.objects.values_list("state", flat=True)) == ["more_asked", "submitted"]


def test_staff_have_the_second_factor_whose_secret_is_printed(printed, settings):
    settings.DEMONSTRATION = True
    assert DEMONSTRATION_SECRET in printed
    for user in User.objects.filter(groups__isnull=False).distinct():
        authenticator = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
        assert authenticator.wrap().validate_code(demonstration_code())


def test_two_people_review(printed):
    assert User.objects.filter(groups__name=StaffRole.REVIEWER).count() == 2


def test_only_those_who_work_in_the_admin_may_open_it(printed):
    groups = set(User.objects.filter(is_staff=True).values_list("groups__name", flat=True))

    assert groups == {StaffRole.EDITOR, StaffRole.ADMINISTRATOR}
    assert not User.objects.filter(is_superuser=True).exists()


def test_everybody_is_printed_and_signs_in_with_the_printed_password(printed, rf):
    assert PASSWORD in printed
    for user in User.objects.order_by("pk"):
        assert user.email in printed
        assert user.check_password(PASSWORD)
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == User.objects.count()
    assert authenticate(rf.post("/"), email="mandataire@lavande.example", password=PASSWORD) is not None


def test_companies_and_addresses_belong_to_nobody(printed):
    for number in Publisher.objects.values_list("siren", flat=True):
        assert siren.is_valid(number)
        assert number.startswith("999")
    assert all(email.endswith(".example") for email in User.objects.values_list("email", flat=True))


def test_a_second_run_decides_by_one_query_and_changes_nothing(printed, settings):
    settings.DEMONSTRATION = True
    before = _count_everything()
    output = io.StringIO()

    started = time.perf_counter()
    with CaptureQueriesContext(connection) as queries:
        call_command("load_demonstration", stdout=output)
    seconds = time.perf_counter() - started

    assert len(queries) == 1
    assert seconds < 0.3
    assert _count_everything() == before
    assert output.getvalue() == printed


def test_the_worker_finds_reports_to_make_and_no_mail_to_send(printed):
    assert Job.objects.filter(task=RENDER_TASK, state=Job.State.QUEUED).count() == 2
    assert Notification.objects.exists()
    assert not Notification.objects.filter(sent_at=None).exists()


def test_one_file_waits_one_is_refused_and_the_others_are_clean(printed):
    states = list(DocumentVersion.objects.values_list("state", flat=True))

    assert (states.count("received"), states.count("refused")) == (1, 1)
    assert states.count("clean") == len(states) - 2 > 40


def test_a_document_names_its_publisher_its_product_and_its_date(printed):
    version = DocumentVersion.objects.get(document__title="Politique de sécurité · Carnet Pivoine")
    with version.file.open() as file:
        reader = PdfReader(io.BytesIO(file.read()))
    text = reader.pages[0].extract_text()

    assert reader.metadata is not None
    assert reader.metadata.title == "Politique de sécurité"
    for words in ("Licorne et Lavande", "Carnet Pivoine", "Date", "Document fictif"):
        assert words in text


@pytest.mark.django_db
def test_it_is_refused_outside_demonstration():
    with pytest.raises(CommandError, match="DEMONSTRATION"):
        call_command("load_demonstration")

    assert not User.objects.exists()


@pytest.mark.django_db
def test_it_asks_for_the_questionnaires_first(settings):
    settings.DEMONSTRATION = True

    with pytest.raises(CommandError, match="load_questionnaires"):
        call_command("load_demonstration")

    assert not User.objects.exists()
