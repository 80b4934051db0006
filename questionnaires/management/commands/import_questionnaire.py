"""`manage.py import_questionnaire FILE [--dry-run] [--json] [--replace]`: a questionnaire of a file, as a draft.

With --json, one object on standard output:

    {"format": "yaml" | "ciso" | "xlsx", "code": …, "version": …, "title": …,
     "items": [{"kind": "theme" | "requirement", "key": …, "depth": 1, "ref": …, "title": …, "length": …}, …],
     "warnings": [sentence, …], "written": true | false}

`items` are in the order of the screen. `depth` counts from 1, as the file has it. `ref` is the number that the file
gives to the node, the key where it gives none. `length` counts the characters of its texts, none of which is cut.
"""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from questionnaires.exchange.reading import NotRead, Reading
from questionnaires.exchange.recognition import recognise
from questionnaires.fitting import misfits
from questionnaires.operations.importing import DraftThere, OtherQuestionnaire, import_version
from questionnaires.operations.storing import AlreadyPublished


class Command(BaseCommand):
    help = (
        "Importe un questionnaire comme brouillon : notre YAML, une bibliothèque CISO Assistant, ou un classeur .xlsx, "
        "reconnus par leur contenu."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="Montre ce qui a été compris, n’écrit rien.")
        parser.add_argument("--json", action="store_true", dest="in_json", help="Écrit le résultat en JSON.")
        parser.add_argument("--replace", action="store_true", help="Remplace le brouillon qui porte ce numéro.")

    def handle(self, *args: Any, file: Path, dry_run: bool, in_json: bool, replace: bool, **options: Any) -> None:
        try:
            reading = recognise(file.read_bytes(), file.name)
        except (OSError, NotRead) as error:
            raise CommandError(str(error)) from error
        if reasons := misfits(reading.content):
            raise CommandError("\n".join(f"{file.name}, {reason}" for reason in reasons))
        if not dry_run:
            _write(reading, replace=replace)
        self.stdout.write(as_json(reading, written=not dry_run) if in_json else "\n".join(_lines(reading)))


def _write(reading: Reading, *, replace: bool) -> None:
    names = {"code": reading.content.code, "number": reading.content.version}
    try:
        import_version(reading, replace=replace, by=None)
    except AlreadyPublished as error:
        raise CommandError(
            _("La version %(number)s de %(code)s est publiée : donnez un autre numéro à celle-ci.") % names
        ) from error
    except DraftThere as error:
        raise CommandError(
            _("Un brouillon %(code)s@%(number)s existe et dit autre chose : --replace pour le remplacer.") % names
        ) from error
    except OtherQuestionnaire as error:
        raise CommandError(
            _("Le code %(code)s, ou l’adresse de ce questionnaire, est déjà celui d’un autre.") % names
        ) from error


def as_json(reading: Reading, *, written: bool) -> str:
    """The object that the module describes."""
    content = {
        "format": reading.format.value,
        "code": reading.content.code,
        "version": reading.content.version,
        "title": reading.content.title,
        "items": [
            {
                "kind": item.kind,
                "key": item.key,
                "depth": item.depth,
                "ref": item.ref,
                "title": item.title,
                "length": item.length,
            }
            for item in reading.items
        ],
        "warnings": list(reading.warnings),
        "written": written,
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def _lines(reading: Reading) -> Iterator[str]:
    content, items = reading.content, reading.items
    asked = sum(item.kind == "requirement" for item in items)
    yield _("%(code)s@%(version)s · %(title)s : %(themes)d thèmes, %(asked)d exigences (format %(format)s).") % {
        "code": content.code,
        "version": content.version,
        "title": content.title,
        "themes": len(items) - asked,
        "asked": asked,
        "format": reading.format.value,
    }
    for item in items:
        yield f"{'  ' * item.depth}{item.key} [{item.length}] {' '.join(item.title.split())}"
    for warning in reading.warnings:
        yield f"! {warning}"
