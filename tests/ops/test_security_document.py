"""docs/security.md answers for every requirement of ASVS 5.0.0, levels 1 and 2, and names only what exists."""

import re
from collections import Counter

import pytest
from django.conf import settings

# The highest number at level 1 or 2 in each section; those of level 3 come after. OWASP ASVS 5.0.0, May 2025.
LAST_OF_LEVEL_2 = {
    "V1.1": 2, "V1.2": 9, "V1.3": 11, "V1.4": 3, "V1.5": 2,
    "V2.1": 3, "V2.2": 3, "V2.3": 4, "V2.4": 1,
    "V3.2": 2, "V3.3": 4, "V3.4": 6, "V3.5": 5, "V3.7": 2,
    "V4.1": 3, "V4.2": 1, "V4.3": 2, "V4.4": 4,
    "V5.1": 1, "V5.2": 3, "V5.3": 2, "V5.4": 3,
    "V6.1": 3, "V6.2": 12, "V6.3": 4, "V6.4": 4, "V6.5": 5, "V6.6": 3, "V6.8": 4,
    "V7.1": 3, "V7.2": 4, "V7.3": 2, "V7.4": 5, "V7.5": 2, "V7.6": 2,
    "V8.1": 2, "V8.2": 3, "V8.3": 1, "V8.4": 1,
    "V9.1": 3, "V9.2": 4,
    "V10.1": 2, "V10.2": 2, "V10.3": 4, "V10.4": 11, "V10.5": 5, "V10.6": 2, "V10.7": 3,
    "V11.1": 2, "V11.2": 3, "V11.3": 3, "V11.4": 4, "V11.5": 1, "V11.6": 1,
    "V12.1": 3, "V12.2": 2, "V12.3": 4,
    "V13.1": 1, "V13.2": 5, "V13.3": 2, "V13.4": 5,
    "V14.1": 2, "V14.2": 4, "V14.3": 3,
    "V15.1": 3, "V15.2": 3, "V15.3": 7,
    "V16.1": 1, "V16.2": 5, "V16.3": 4, "V16.4": 3, "V16.5": 3,
    "V17.1": 1, "V17.2": 4, "V17.3": 2,
}  # fmt: skip
STATES = {"met", "partly", "no", "n/a"}
ROW = re.compile(r"^\| (?P<numbers>V\d[^|]*) \| (?P<state>[^|]*) \| (?P<words>.*) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def document() -> str:
    return (settings.BASE_DIR / "docs" / "security.md").read_text()


def numbers(cell: str) -> list[str]:
    """« V1.2.1–4, V1.3.2 » → each of them."""
    found = []
    for part in cell.split(", "):
        found_one = re.fullmatch(r"(V\d+\.\d+)\.(\d+)(?:–(\d+))?", part.strip())
        assert found_one, part
        section, first, last = found_one.groups()
        found += [f"{section}.{number}" for number in range(int(first), int(last or first) + 1)]
    return found


def test_every_requirement_is_answered_once(document):
    answered = Counter(each for row in ROW.finditer(document) for each in numbers(row["numbers"]))
    asked = {f"{section}.{number}" for section, last in LAST_OF_LEVEL_2.items() for number in range(1, last + 1)}

    assert len(asked) == 253  # as OWASP counts them
    assert set(answered) == asked
    assert [each for each, times in answered.items() if times > 1] == []


def test_every_answer_is_one_of_four_and_says_something(document):
    rows = list(ROW.finditer(document))

    assert {row["state"].strip() for row in rows} <= STATES
    assert [row["numbers"] for row in rows if len(row["words"].strip()) < 10] == []


def test_every_file_it_names_exists(document):
    named = set(re.findall(r"`(\w[\w./-]*\.(?:py|md|html|toml|txt|yml|cnf)|[\w-]+/(?:[\w-]+/)*)(?:::\w+)?`", document))

    assert len(named) > 30
    assert sorted(name for name in named if not (settings.BASE_DIR / name).exists()) == []


def test_every_test_it_names_exists(document):
    named = re.findall(r"`([\w./-]+\.py)::(\w+)`", document)

    assert [name for path, name in named if f"def {name}(" not in (settings.BASE_DIR / path).read_text()] == []
