"""The documents of the demonstration are real ones, that say whose they are."""

import io

from pypdf import PdfReader

from convergence.demonstration import pages
from convergence.demonstration.stories import read_papers
from questionnaires.queries import published
from tests.assessments.editions import published_edition


def test_a_long_document_goes_on_over_the_page():
    sections = [(f"Partie {number}", "Une phrase qui remplit la page. " * 20) for number in range(9)]
    reader = PdfReader(
        io.BytesIO(pages.document(title="Long (très) long", facts=[], sections=sections, footer="Bas de page"))
    )

    assert len(reader.pages) > 1
    assert "page 2 sur" in reader.pages[1].extract_text()
    assert "Long (très) long" in reader.pages[0].extract_text()


def test_every_question_that_wants_evidence_and_is_reached_has_a_document_that_proves_it(db):
    starts = [start for kind in read_papers() for start in kind.proves]
    definition = published(published_edition()).definition
    wanted = [key for key, question in definition.questions.items() if question.requires_evidence]

    assert len(wanted) > 60
    assert [key for key in wanted if not any(key.startswith(start) for start in starts)] == []
