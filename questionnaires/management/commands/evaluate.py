"""`manage.py evaluate FILE.json --json`: scores of answers given in a file. Needs no database."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand

from questionnaires.cases import CaseError, as_json, evaluate_document
from questionnaires.engine import Definition, DefinitionErrors, Evaluation, GroupResult, Kind, compile_edition
from questionnaires.source_files import SourceError, newest_edition, read_edition

FIXTURES = Path(__file__).resolve().parents[3] / "fixtures" / "questionnaires"
BAD_INPUT = 2


class Command(BaseCommand):
    """Evaluate one case, or a list of cases, against the questionnaires that ship with the code."""

    help = "Évalue les réponses d’un fichier JSON. La forme du fichier et du résultat : docs/evaluation.md."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="Fichier JSON d’un cas ou d’une liste de cas ; - pour l’entrée standard.")
        parser.add_argument("--json", action="store_true", dest="in_json", help="Écrit tout le résultat en JSON.")
        parser.add_argument("--edition", help="Code de l’édition ; par défaut la plus récente du dossier fixtures.")

    def handle(self, *args: Any, file: str, in_json: bool, edition: str | None, **options: Any) -> None:
        try:
            definition = compile_edition(read_edition(FIXTURES, edition or newest_edition(FIXTURES)))
            result = evaluate_document(definition, _read(file), _today())
        except (CaseError, DefinitionErrors, SourceError) as error:
            for problem in error.problems:
                self.stderr.write(str(problem))
            sys.exit(BAD_INPUT)
        self.stdout.write(as_text(definition, result, in_json=in_json))


def as_text(definition: Definition, result: list[Evaluation] | Evaluation, *, in_json: bool) -> str:
    """What is written on standard output: JSON, or tables for a reader."""
    if in_json:
        content = (
            [as_json(definition, each) for each in result] if isinstance(result, list) else as_json(definition, result)
        )
        return json.dumps(content, ensure_ascii=False, indent=2)
    evaluations = result if isinstance(result, list) else [result]
    return "\n\n".join("\n".join(_table(definition, evaluation)) for evaluation in evaluations)


def _table(definition: Definition, evaluation: Evaluation) -> Iterator[str]:
    yield f"{'':52}{'score':>10}{'rempli':>10}{'points bloquants':>20}"
    for questionnaire in definition.edition.questionnaires:
        if questionnaire.kind is not Kind.EVALUATION:
            continue
        yield _line(f"{questionnaire.code} {questionnaire.title}", evaluation.questionnaires[questionnaire.code])
        for part in questionnaire.parts:
            yield _line(f"  {part.code} {part.title}", evaluation.parts[part.code])
        for theme in questionnaire.themes:
            yield _line(f"    {theme.code} {theme.title}", evaluation.themes[theme.code])


def _line(title: str, group: GroupResult) -> str:
    shortened = title if len(title) <= 50 else f"{title[:49]}…"
    return f"{shortened:52}{_percent(group.score):>10}{_percent(group.completeness):>10}{len(group.blockers):>20}"


def _percent(fraction: Decimal | None) -> str:
    if fraction is None:
        return "s. o."
    rounded = (fraction * 100).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return f"{rounded} %".replace(".", ",")


def _read(file: str) -> str:
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError([f"{file} : lecture impossible ({error})"]) from None


def _today() -> date:
    return datetime.now(ZoneInfo("Europe/Paris")).date()
