"""What the log says of a request: enough to follow it, never a secret, never two lines for one."""

import json
import logging

import pytest
from django.test import RequestFactory
from django.urls import resolve

from convergence.logs import HideSecrets, JsonLines


def record_for(path: str, message: str = "Not Found: %s") -> logging.LogRecord:
    request = RequestFactory().get(path)
    request.resolver_match = resolve(path)
    record = logging.LogRecord("django.request", logging.WARNING, __file__, 1, message, (path,), None)
    record.request, record.status_code = request, 404
    return record


@pytest.mark.parametrize("path", ["/compte/confirmer/Mg:1wX-secret/", "/compte/mot-de-passe-oublie/5zr-cq9x-secret/"])
def test_the_secret_of_a_link_does_not_reach_the_log(path):
    record = record_for(path)

    assert HideSecrets().filter(record)
    line = JsonLines().format(record)

    assert "secret/" not in line and "[secret]" in line


def test_the_key_of_a_question_is_no_secret():
    record = record_for("/dossiers/2026-000001/reponses/SEC-IDU-03/")

    HideSecrets().filter(record)

    assert record.getMessage() == "Not Found: /dossiers/2026-000001/reponses/SEC-IDU-03/"


def test_a_line_break_in_a_message_stays_inside_its_line():
    record = logging.LogRecord("any", logging.INFO, __file__, 1, 'one\n{"level": "ERROR"}\r\ntwo', None, None)

    line = JsonLines().format(record)

    assert len(line.splitlines()) == 1
    assert json.loads(line)["message"] == 'one\n{"level": "ERROR"}\r\ntwo'


def test_a_refused_request_says_who_asked_what():
    record = record_for("/dossiers/2026-000001/")
    vars(record)["request"].user = type("Somebody", (), {"pk": 7})()

    said = json.loads(JsonLines().format(record))

    assert (said["method"], said["status"], said["user"]) == ("GET", 404, 7)
