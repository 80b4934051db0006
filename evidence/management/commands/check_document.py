"""manage.py check_document FILE: say what the portal would say of this file, without keeping it."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.management.base import BaseCommand, CommandError

from evidence.dry_run import check

EXIT_CODES = {"accepted": 0, "refused": 1, "waiting": 2}


class Command(BaseCommand):
    help = (
        "Judge a file as a deposit would: its name and type, the antivirus, its structure. Nothing is kept. "
        "What should be looked at in an accepted file is listed, and never refuses it. "
        "Exits with 0 when it is accepted, 1 when it is refused, 2 when the antivirus did not answer."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--name", help="the name under which it would be deposited; its own by default")
        parser.add_argument("--publisher", default="", help="its name should be in the text, or the product's")
        parser.add_argument("--product", default="", help="its name should be in the text, or the publisher's")
        parser.add_argument("--expires-on", type=date.fromisoformat, help="the last day of its validity: 2027-01-31")
        parser.add_argument("--signed", action="store_true", help="a signed document is expected")
        parser.add_argument("--json", action="store_true", help="for a machine")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with path.open("rb") as content:
                upload = UploadedFile(content, name=options["name"] or path.name, size=path.stat().st_size)
                found = check(
                    upload,
                    names=tuple(filter(None, (options["product"], options["publisher"]))),
                    expires_on=options["expires_on"],
                    is_signature_expected=options["signed"],
                )
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        if options["json"]:
            self.stdout.write(json.dumps(asdict(found), ensure_ascii=False))
        else:
            self.stdout.write(f"{found.name} : {found.sentence or 'accepté'}")
            for warning in found.warnings:
                self.stdout.write(f"- {warning.sentence}")
        sys.exit(EXIT_CODES[found.verdict])
