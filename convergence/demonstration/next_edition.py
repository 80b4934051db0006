"""The edition of next year, announced for a day to come: what a yearly revision looks like to a team."""

from dataclasses import replace
from datetime import timedelta

from django.utils import timezone

from questionnaires.management.commands.load_questionnaires import FOLDER
from questionnaires.models import Edition
from questionnaires.operations.publishing import publish_edition
from questionnaires.operations.storing import store_edition
from questionnaires.source_files import read_edition

CODE = "2027"
# The edition in force stays so for as long as one looks at a demonstration.
DAYS_AHEAD = 60


def announce_next_edition() -> Edition:
    """Publish it, from a day after this one on: dossiers may follow it before. Once it is there, it stays as it is."""
    standing = Edition.objects.filter(code=CODE).first()
    if standing is not None:
        return standing
    content = read_edition(FOLDER / CODE, CODE)
    day = timezone.localdate() + timedelta(days=DAYS_AHEAD)
    return publish_edition(store_edition(replace(content, effective_on=day)), by=None)
