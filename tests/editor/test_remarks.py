"""What editors say to each other stays as it was said, and is settled once."""

import pytest
from django.db import IntegrityError, connection, transaction

from audit.models import Event
from questionnaires.models import Remark
from questionnaires.operations.typing import settle_remark, write_remark
from tests.editor.drafts import FIRST, last_event, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def remark(version, colleague):
    return write_remark(version=version, key=FIRST, text="Est-ce encore vrai ?", by=colleague)


def test_a_remark_is_of_a_question_or_of_the_whole_version(version, editor, remark):
    whole = write_remark(version=version, key="", text="Tout est à relire.", by=editor)

    assert (remark.key, whole.key) == (FIRST, "")
    assert last_event() == ("remark.written", editor, {"question": "", "remark": whole.pk})


def test_it_is_settled_once_by_the_first_who_does(remark, editor, colleague):
    first = settle_remark(remark, by=editor)
    again = settle_remark(remark, by=colleague)

    assert (again.settled_by, again.settled_at) == (editor, first.settled_at)
    assert Event.objects.filter(verb="remark.settled").count() == 1


def test_a_published_version_may_still_be_talked_of(version, editor):
    publish(version)

    assert write_remark(version=version, key=FIRST, text="Pour la prochaine.", by=editor).pk


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE questionnaires_remark SET text = 'Autre chose'",
        "UPDATE questionnaires_remark SET key = ''",
        "DELETE FROM questionnaires_remark",
    ],
)
def test_the_database_changes_no_remark(remark, sql):
    with pytest.raises(IntegrityError, match="settled, never changed"), transaction.atomic():
        connection.cursor().execute(sql)

    remark.refresh_from_db()
    assert (remark.text, remark.key) == ("Est-ce encore vrai ?", FIRST)


def test_the_database_settles_nothing_by_halves(remark, editor):
    with pytest.raises(IntegrityError, match="settling_is_whole"), transaction.atomic():
        Remark.objects.update(settled_by=editor)
