"""What a reviewer is told of an answer that comes back: what changed since the round before, and nothing else."""

from dataclasses import replace

import pytest

from assessments.answer_states import AnswerState
from assessments.filed_answers import EarlierAnswer, changes_since
from assessments.models import Round
from evidence.models import DocumentVersion
from tests.evidence.factories import DocumentVersionFactory

BEFORE = AnswerState(value="non", comment="En cours.", revision=3)


def earlier(state=BEFORE):
    return EarlierAnswer(round=Round(number=1), words="Non", state=state, now=state, files=(), verdict=None)


def told(now, before=BEFORE):
    return [each.replace("\N{NO-BREAK SPACE}", " ") for each in changes_since(earlier(before), now)]


def test_an_answer_that_comes_back_as_it_was_has_no_change_whatever_was_saved_in_between():
    assert told(replace(BEFORE, revision=9)) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"value": "oui"}, "Réponse changée. Avant : « Non »"),
        ({"not_applicable": True, "reason": "Sans objet."}, "Réponse changée. Avant : « Non »"),
        ({"comment": "Fait."}, "Commentaire changé. Avant : « En cours. »"),
    ],
)
def test_what_was_changed_is_told_with_what_it_was(change, sentence):
    assert told(replace(BEFORE, **change)) == [sentence]


def test_a_new_reason_and_a_new_comment_are_told():
    before = AnswerState(not_applicable=True, reason="Sans objet.")
    now = replace(before, reason="Le service n’a pas de compte.", comment="Voir l’annexe.")
    assert told(now, before) == ["Raison du « non applicable » changée. Avant : « Sans objet. »", "Commentaire ajouté."]


@pytest.mark.django_db
def test_files_that_came_and_went_are_named():
    old, new = (DocumentVersionFactory.create(original_name=name) for name in ("avant.pdf", "apres.pdf"))
    assert isinstance(old, DocumentVersion)
    assert told(replace(BEFORE, files=(new,)), replace(BEFORE, files=(old,))) == [
        "Fichier ajouté : apres.pdf",
        "Fichier retiré : avant.pdf",
    ]
