"""docs/register-of-processing.md says the durations that the settings apply, and names only what exists."""

import re

import pytest
from django.conf import settings

ROW = re.compile(r"^\| (?P<data>[^|]+) \| `(?P<setting>\w+)` \| (?P<days>\d+) \|$", re.MULTILINE)
SECTIONS = (
    "Accounts and sign-in", "Publishers' teams and invitations", "Account requests", "Dossiers, answers and evidence",
    "Examination and results", "Audit trail", "Messages", "Anonymous diagnostics", "Server log",
)  # fmt: skip
ANSWERED = ("Purpose", "People", "Data", "Recipients", "Where", "How long")
NAMED = re.compile(r"`([\w./-]+\.(?:py|md|html|toml|txt|yml)|[\w-]+/(?:[\w-]+/)*)`")


@pytest.fixture(scope="module")
def document() -> str:
    return (settings.BASE_DIR / "docs" / "register-of-processing.md").read_text()


def table(document):
    return {row["setting"]: int(row["days"]) for row in ROW.finditer(document)}


def applied(name):
    return settings.RETENTION_DAYS[name] if name.islower() else getattr(settings, name)


def test_every_duration_is_the_one_that_is_applied(document):
    durations = table(document)

    assert durations == {name: applied(name) for name in durations}


def test_every_kind_of_data_with_a_duration_is_in_the_table(document):
    known = {
        "INACTIVITY_NOTICE_DAYS",
        "INVITATION_DAYS",
        "CONSULTANT_MAX_DAYS",
        "ACCOUNT_REQUEST_DAYS",
        "IMPORT_KEPT_DAYS",
    }

    assert set(table(document)) == set(settings.RETENTION_DAYS) | known


def test_no_duration_is_written_twice(document):
    names = [row["setting"] for row in ROW.finditer(document)]

    assert len(names) == len(set(names))
    assert document.count("| setting | days |") == 1


@pytest.mark.parametrize("section", SECTIONS)
def test_every_processing_answers_the_same_questions(document, section):
    _before, _title, after = document.partition(f"\n## {section}\n")
    words = after.partition("\n## ")[0]

    assert [each for each in ANSWERED if f"- **{each}**: " not in words] == []


def test_every_file_it_names_exists(document):
    named = set(NAMED.findall(document))

    assert len(named) > 25
    assert sorted(name for name in named if not (settings.BASE_DIR / name).exists()) == []


def test_it_says_what_the_operator_must_complete(document):
    left = document.partition("## What the operator must complete")[2]

    assert [
        word for word in ("data protection officer", "host", "sub-processor", "legal basis") if word not in left
    ] == []
