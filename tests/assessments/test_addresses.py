"""Addresses made without Django's search: they are those that it would find."""

import pytest
from django.urls import reverse, set_script_prefix

from assessments.addresses import file_url, question_url, theme_url

NUMBER, KEY = "2026-000042", "RGPD-SST-07"


@pytest.fixture(params=["/", "/portail/"])
def prefix(request):
    set_script_prefix(request.param)
    yield request.param
    set_script_prefix("/")


@pytest.mark.parametrize("name", ["answer", "attach", "choose", "thread", "history"])
def test_of_a_question(prefix, name):
    assert question_url(name, NUMBER, KEY) == reverse(f"dossiers:{name}", args=[NUMBER, KEY])
    assert question_url(name, NUMBER, KEY).startswith(prefix)


@pytest.mark.parametrize("name", ["evidence", "detach"])
@pytest.mark.parametrize("attachment", [1, 987654321])
def test_of_a_file_of_a_question(prefix, name, attachment):
    assert file_url(name, NUMBER, KEY, attachment) == reverse(f"dossiers:{name}", args=[NUMBER, KEY, attachment])


def test_of_a_theme(prefix):
    for _each in range(2):
        assert theme_url(NUMBER, "securite", "exploitation") == reverse(
            "dossiers:theme", args=[NUMBER, "securite", "exploitation"]
        )
