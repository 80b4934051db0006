"""The edition that ships: it compiles, it says what it must, and it is evaluated fast enough."""

from time import perf_counter

from questionnaires.engine import Definition, Edition, Kind, why_in_french
from tests.questionnaires.builders import evaluated

# Names given by the facts, not by the files: a slip of an editor must not go unseen.
FLAGS = (
    "exchange mobile_app web medical_device connected_object processes_health_data hosts_health_data "
    "professional_access identifies_patients minors caregivers ai payments editorial_content health_calculation "
    "messaging care_directory teleconsultation prescription produces_documents public_sector"
)


def test_it_holds_the_three_questionnaires_with_every_requirement(definition_2026: Definition) -> None:
    kinds = list(definition_2026.kinds.values())

    assert [(group.code, len(group.keys)) for group in definition_2026.questionnaires if group.code != "ORI"] == [
        ("DOC", 43),
        ("SEC", 72),
        ("RGE", 111),
    ]
    assert kinds.count(Kind.EVALUATION) == 226
    assert [group.code for group in definition_2026.parts] == ["RGPD", "ETH"]


def test_it_has_the_flags_of_the_facts(definition_2026: Definition) -> None:
    assert set(definition_2026.flags) == set(FLAGS.split())


# Rule 8
def test_only_eligibility_refuses_not_applicable(edition_2026: Edition) -> None:
    refusing = {
        theme.code
        for each in edition_2026.questionnaires
        if each.kind is Kind.EVALUATION
        for theme in each.themes
        if not all(question.allows_not_applicable for question in theme.questions)
    }

    assert refusing == {"DOC-ELI"}


# Rule 10
def test_hosting_health_data_implies_processing_them(definition_2026: Definition) -> None:
    assert evaluated(definition_2026, flags={"hosts_health_data": True}).flags["processes_health_data"] is True


def test_three_flags_are_read_from_the_doctrine(definition_2026: Definition) -> None:
    found = evaluated(definition_2026, {"DOC-ELI-03": ["ios"], "DOC-ELI-05": "non"}).flags

    assert (found["mobile_app"], found["web"], found["medical_device"]) == (True, False, False)


def test_an_empty_dossier_is_neither_complete_nor_scored_above_zero(definition_2026: Definition) -> None:
    found = evaluated(definition_2026, programme="without_exchange")

    assert not found.can_be_submitted
    assert {found.questionnaires[code].score for code in ("DOC", "SEC", "RGE")} == {0}
    assert found.questionnaires["ORI"].score is None
    assert not any("ECH" in key for key, result in found.questions.items() if result.shown)


def test_every_question_can_say_why_in_one_sentence(definition_2026: Definition) -> None:
    for key, result in evaluated(definition_2026).questions.items():
        sentence = why_in_french(result.why)
        assert sentence.startswith("Exigence "), key
        assert sentence.endswith("."), key


def test_an_evaluation_costs_little_enough_to_run_at_each_saved_answer(definition_2026: Definition) -> None:
    durations = []
    for _ in range(5):
        start = perf_counter()
        evaluated(definition_2026, flags=dict.fromkeys(definition_2026.flags, True))
        durations.append(perf_counter() - start)

    # About 3 ms measured; ten times that, so that a busy machine does not fail a good engine.
    assert min(durations) < 0.05
