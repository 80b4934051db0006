"""Statements that are compiled once: they read what the queryset they were made from would."""

import pytest

from assessments.models import Answer
from assessments.prepared import ID, Prepared
from tests.assessments.filled import filled_dossier

COLUMNS = "pk", "value", "updated_at", "assessment__dossier__number"


def answers_among(dossier_id, questions):
    return (
        Answer.objects.filter(assessment__dossier=dossier_id, question__pk__in=questions)
        .order_by("pk")
        .values_list(*COLUMNS)
    )


@pytest.fixture
def answers() -> Prepared:
    return Prepared(answers_among, dossier_id=ID, questions=ID)


def test_rows_are_those_of_the_queryset_converted_as_it_does(answers, contributor):
    for _each in range(2):
        dossier = filled_dossier(by=contributor)
        questions = list(Answer.objects.filter(assessment__dossier=dossier).values_list("question_id", flat=True))

        for wanted in (questions, questions[:3], questions[3:6]):
            assert list(answers.rows(dossier_id=dossier.pk, questions=wanted)) == list(
                answers_among(dossier.pk, wanted)
            )


def test_one_query_each_time_and_compiled_once(answers, contributor, django_assert_num_queries, monkeypatch):
    dossier = filled_dossier(by=contributor)
    written = []

    def write(**places):
        written.append(places)
        return answers_among(**places)

    monkeypatch.setattr(answers, "_write", write)

    for number in (1, 2, 3):
        with django_assert_num_queries(1):
            list(answers.rows(dossier_id=dossier.pk, questions=[number, number + 1]))
    list(answers.rows(dossier_id=dossier.pk, questions=[1]))

    assert len(written) == 2  # one for each length of the list


def test_nothing_is_asked_for_an_empty_list(answers, blank_dossier):
    assert list(answers.rows(dossier_id=blank_dossier.pk, questions=[])) == []
