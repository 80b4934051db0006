"""`manage.py load_questionnaires`: the fixtures, checked, stored and published. Repeatable."""

from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from questionnaires.engine import DefinitionErrors, Kind, Problem, Questionnaire
from questionnaires.models import Question
from questionnaires.operations.publishing import publish_diagnostic, publish_edition
from questionnaires.operations.storing import AlreadyPublished, store_edition, store_version
from questionnaires.source_files import (
    SourceError,
    newest_edition,
    parse_questionnaire,
    places,
    read_edition,
    read_edition_texts,
    read_text,
)

FOLDER = settings.BASE_DIR / "fixtures" / "questionnaires"


class Command(BaseCommand):
    help = "Load the questionnaires of fixtures/questionnaires/ and publish them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=FOLDER)
        parser.add_argument("--edition", help="code of the edition to load; by default the last one of the folder")
        parser.add_argument("--draft", action="store_true", help="store as drafts, publish nothing")

    def handle(self, *args: Any, folder: Path, edition: str | None, draft: bool, **options: Any) -> None:
        edition = edition or newest_edition(folder)
        try:
            stored = store_edition(read_edition(folder, edition), read_edition_texts(folder, edition))
            diagnostics = [store_version(content, source=text) for content, text in _diagnostics(folder)]
            if not draft:
                stored = publish_edition(stored, by=None)
                for version in diagnostics:
                    publish_diagnostic(version, by=None)
        except (SourceError, AlreadyPublished) as error:
            raise CommandError(str(error)) from error
        except DefinitionErrors as error:
            raise CommandError("\n".join(_located(error.problems, folder, edition))) from error
        questions = Question.objects.filter(theme__version__editions=stored).count()
        self.stdout.write(f"{stored.title} : {stored.get_status_display()}, {questions} questions.")


def _located(problems: Sequence[Problem], folder: Path, edition: str) -> Iterator[str]:
    """Each problem after the file and the line of what it is about."""
    known = places(folder, edition)
    for problem in problems:
        place = known.get(problem.where)
        yield f"{place.file}, ligne {place.line}, {problem}" if place else str(problem)


def _diagnostics(folder: Path) -> Iterator[tuple[Questionnaire, str]]:
    """Each diagnostic of the folder, and the text that says it."""
    for path in sorted(folder.glob("*.yaml")):
        if not path.name.startswith("edition-"):
            text = read_text(path)
            questionnaire = parse_questionnaire(text, path.name)
            if questionnaire.kind is Kind.DIAGNOSTIC:
                yield questionnaire, text
