"""Statements that are compiled once: they read what the queryset they were made from would."""

import pytest
from django.db.models import CharField
from django.utils import timezone

from assessments.models import Answer, Dossier, Draft
from assessments.prepared import ID, Prepared, deletion_of, update_of
from questionnaires.queries import published
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
    return Prepared(answers_among, dossier_id=ID, questions=[ID])


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


def dossier_among(publishers, number):
    return Dossier.objects.filter(product__publisher__pk__in=publishers, number=number).select_related(
        "product__publisher", "edition"
    )


def test_an_object_comes_with_those_beside_it(blank_dossier, django_assert_num_queries):
    prepared = Prepared(dossier_among, publishers=[ID], number=CharField())

    def read():
        (found,) = prepared.objects(publishers=[blank_dossier.publisher_id], number=blank_dossier.number)
        return found, found.product, found.product.publisher, found.edition

    for _each in range(2):
        with django_assert_num_queries(1):
            read()

    found, *beside = read()
    assert found == blank_dossier
    assert beside == [blank_dossier.product, blank_dossier.product.publisher, blank_dossier.edition]
    for mine, theirs in ((found, blank_dossier), (found.product, blank_dossier.product)):
        theirs.refresh_from_db()
        assert all(
            getattr(mine, field.attname) == getattr(theirs, field.attname) for field in mine._meta.concrete_fields
        )


def test_there_is_no_object_where_the_queryset_has_none(blank_dossier, django_assert_num_queries):
    prepared = Prepared(dossier_among, publishers=[ID], number=CharField())

    assert list(prepared.objects(publishers=[blank_dossier.publisher_id], number="2000-000000")) == []
    assert list(prepared.objects(publishers=[0], number=blank_dossier.number)) == []
    with django_assert_num_queries(0):
        assert list(prepared.objects(publishers=[], number=blank_dossier.number)) == []


VALUES = ["oui", ["a", "b"], [], {"12": "34"}, None, 0, ""]


def test_a_change_writes_whatever_a_column_may_hold(blank_dossier, contributor, django_assert_num_queries):
    answer, other = Answer.objects.filter(assessment__dossier=filled_dossier(by=contributor))[:2]
    untouched = other.value
    rewriting = Prepared(
        lambda pk, value, comment: update_of(Answer.objects.filter(pk=pk), value=value, comment=comment),
        pk=ID,
        value=Answer._meta.get_field("value"),
        comment=Answer._meta.get_field("comment"),
    )

    for number, value in enumerate(VALUES):
        with django_assert_num_queries(1):
            assert rewriting.run(pk=answer.pk, value=value, comment=f"Fois {number}") == 1
        answer.refresh_from_db()
        assert (answer.value, answer.comment) == (value, f"Fois {number}")
        assert Answer.objects.filter(pk=answer.pk, value__isnull=True).exists() is (value is None)
    other.refresh_from_db()
    assert other.value == untouched
    assert rewriting.run(pk=0, value=None, comment="") == 0


def test_a_deletion_deletes_the_rows_of_its_values_and_no_other(blank_dossier, contributor, mandataire):
    question = published(blank_dossier.edition).question_ids["ORI-DON-01"]
    for author in (contributor, mandataire):
        Draft.objects.create(
            dossier=blank_dossier,
            question_id=question,
            author=author,
            typed={},
            base_revision=0,
            saved_at=timezone.now(),
        )
    forgetting = Prepared(
        lambda dossier_id, author_id: deletion_of(Draft.objects.filter(dossier=dossier_id, author=author_id)),
        dossier_id=ID,
        author_id=ID,
    )

    assert forgetting.run(dossier_id=blank_dossier.pk, author_id=contributor.pk) == 1
    assert forgetting.run(dossier_id=blank_dossier.pk, author_id=contributor.pk) == 0
    assert [draft.author for draft in Draft.objects.all()] == [mandataire]
