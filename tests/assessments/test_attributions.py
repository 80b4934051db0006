"""Who of the team sees to what: a question follows its theme, and whoever no longer fills sees to nothing."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import Membership
from accounts.operations.teams import change_role, remove_member
from assessments.filing import Filing
from assessments.models import Attribution, Consultation
from assessments.operations.attributions import MayNotFill, Subject, attribute, unattribute
from assessments.sections import section_of_key
from assessments.teamwork import Teamwork
from audit.models import Event
from notifications.models import Notification
from questionnaires.queries import published
from tests.assessments.saving import save

KEY, OTHER = "SEC-EXP-04", "SEC-EXP-05"


def subject_of(dossier, key, *, whole_theme=False):
    place = section_of_key(published(dossier.edition).definition, key)
    assert place
    section, theme = place
    return Subject(section=section, theme=theme, key="" if whole_theme else key)


def give(dossier, key, to, *, by, whole_theme=False, due_on=None):
    place = to.memberships.get(publisher=dossier.publisher_id)
    attribute(
        dossier=dossier, subject=subject_of(dossier, key, whole_theme=whole_theme), to=place, by=by, due_on=due_on
    )


def words(dossier, key, user):
    return Teamwork(Filing(dossier), user).question_words(key)


def test_a_question_follows_its_theme_unless_it_has_its_own(blank_dossier, contributor, mandataire):
    give(blank_dossier, KEY, contributor, by=mandataire, whole_theme=True, due_on=date(2099, 12, 3))
    give(blank_dossier, OTHER, mandataire, by=mandataire)

    assert words(blank_dossier, KEY, mandataire) == "à Dominique Contributeur, pour le 3 décembre 2099"
    assert words(blank_dossier, OTHER, mandataire) == "à vous"
    unattribute(dossier=blank_dossier, subject=subject_of(blank_dossier, OTHER), by=mandataire)
    assert words(blank_dossier, OTHER, contributor) == "à vous, pour le 3 décembre 2099"


def test_what_is_left_after_its_date_is_late_in_words(blank_dossier, contributor, mandataire):
    give(blank_dossier, KEY, contributor, by=mandataire, due_on=timezone.localdate() - timedelta(days=1))
    assert "en retard" in words(blank_dossier, KEY, mandataire)

    save(blank_dossier, KEY, "oui", by=contributor)

    assert "en retard" not in words(blank_dossier, KEY, mandataire)


def test_it_is_told_and_traced_once(blank_dossier, contributor, mandataire):
    for _twice in range(2):
        give(blank_dossier, KEY, contributor, by=mandataire)
    give(blank_dossier, OTHER, mandataire, by=mandataire)  # one does not tell oneself

    (notice,) = Notification.objects.filter(in_app=True)
    assert (notice.recipient, notice.about) == (contributor, mandataire)
    assert mandataire.full_name not in notice.subject  # the digest lists subjects
    assert Event.objects.filter(verb="work.attributed").count() == 2


@pytest.mark.parametrize("how", ["removed", "reader", "lapsed", "shut"])
def test_whoever_no_longer_fills_sees_to_nothing(blank_dossier, consultant, contributor, mandataire, how):
    consulted = consultant.memberships.get()
    Consultation.objects.create(dossier=blank_dossier, membership=consulted, granted_by=mandataire)
    somebody = consultant if how in {"lapsed", "shut"} else contributor
    give(blank_dossier, KEY, somebody, by=mandataire)
    assert words(blank_dossier, KEY, mandataire)

    match how:
        case "removed":
            remove_member(contributor.memberships.get(), by=mandataire)
            assert not Attribution.objects.exists()
        case "reader":
            change_role(contributor.memberships.get(), by=mandataire, role="reader")
        case "lapsed":
            Membership.objects.filter(pk=consulted.pk).update(expires_at=timezone.now())
        case "shut":
            Consultation.objects.all().delete()

    assert words(blank_dossier, KEY, mandataire) == ""


@pytest.mark.parametrize("person", ["reader", "consultant", "stranger"])
def test_only_whoever_may_fill_is_put_in_charge(request, blank_dossier, mandataire, person):
    place = request.getfixturevalue(person).memberships.get()

    with pytest.raises(MayNotFill):
        attribute(dossier=blank_dossier, subject=subject_of(blank_dossier, KEY), to=place, by=mandataire)
