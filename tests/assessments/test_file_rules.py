"""Which files the questions of the real edition take, and what they ask for in words."""

import re

import pytest

from evidence.uploads import MEDIA_TYPES
from questionnaires.queries import published

# Types of file that the portal does not take, and what people call them.
NOT_TAKEN = re.compile(r"\b(html?|zip|archive|vidéos?|mp4|xml|json|fichier FHIR)\b", re.IGNORECASE)


@pytest.fixture
def questions(edition):
    return published(edition).definition.questions.values()


def test_a_question_names_only_formats_that_the_portal_examines(questions):
    unknown = {question.key for question in questions for name in question.formats if f".{name}" not in MEDIA_TYPES}

    assert unknown == set()


def test_no_question_asks_for_a_file_that_would_be_refused(questions):
    asking = {question.key for question in questions if NOT_TAKEN.search(question.evidence)}

    assert asking == set()
