"""The demonstration has an edition to come, and a dossier that it touches in every way."""

from django.utils import timezone

from assessments.filing import Filing
from assessments.next_edition import NextEdition, next_edition_of
from convergence.demonstration.next_edition import announce_next_edition
from questionnaires.engine import Fate
from questionnaires.models import Edition
from questionnaires.queries import edition_in_force


def test_the_edition_to_come_leaves_the_present_one_in_force(dossier_of):
    today = timezone.localdate()

    in_force = edition_in_force(today)
    assert in_force is not None
    assert in_force.code == "2026"
    assert Edition.objects.filter(code="2027", effective_on__gt=today).exists()
    assert announce_next_edition() == Edition.objects.get(code="2027")


def test_a_dossier_is_ready_to_follow_it_with_answers_of_each_kind(dossier_of):
    dossier = dossier_of("MesPas Lavande")
    edition = next_edition_of(dossier)
    assert edition is not None
    plan = NextEdition(Filing(dossier), edition)
    fates = {each.key: each.fate for each in plan.carriages if each.is_filled}

    assert fates["SEC-GOV-01"] is Fate.KEPT
    assert {fates[key] for key in ("ORI-FON-03", "SEC-IDU-07", "SEC-EXP-01", "SEC-EXP-10")} == {Fate.TO_RECONFIRM}
    assert "SEC-MOB-08" in fates
    assert "SEC-GOV-08" in {each.key for each in plan.carried.left_behind}
    assert [each.key for each in plan.of(Fate.NEW)] == ["ORI-FON-09"]
