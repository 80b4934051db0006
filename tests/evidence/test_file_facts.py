"""A file's size and length, as the lists of files show them."""

import pytest

from evidence.models import DocumentVersion
from evidence.templatetags.evidence_tags import file_facts


@pytest.mark.parametrize(
    ("pages", "written"),
    [(None, "1,4\u00a0Mo"), (1, "1,4\u00a0Mo, 1\u00a0page"), (12, "1,4\u00a0Mo, 12\u00a0pages")],
)
def test_pages_are_told_of_what_has_some(pages, written):
    assert file_facts(DocumentVersion(size=1_400_000, pages=pages)) == written
