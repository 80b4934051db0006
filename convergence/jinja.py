"""The second template engine: for what a page draws by the hundred (docs/decisions/0015).

Its templates are in templates/jinja/. What they call is here, under the name that it has in Django's templates where
it has one. A name that nobody defined is an error.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.template import defaultfilters
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assessments.addresses import file_url, question_url
from assessments.templatetags.origin_tags import told_to
from evidence.prechecks import Caution
from evidence.templatetags.evidence_tags import file_facts, file_state, openable_by
from ui import formats
from ui.loaders import unindented
from ui.templatetags.portal import badge, progress_bar


class Unindented(FileSystemLoader):
    """As the loader of Django's templates: see ui.loaders."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        source, name, is_current = super().get_source(environment, template)
        return unindented(source), name, is_current


def environment(*, loader: FileSystemLoader, auto_reload: bool, **_own_choices: Any) -> Environment:
    """Named in settings.TEMPLATES; Django gives the loader of its directories."""
    made = Environment(
        autoescape=True,
        loader=Unindented(loader.searchpath),
        auto_reload=auto_reload,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "badge": badge,
        "cautions_of": _cautions_of,
        "file_state": file_state,
        "file_url": file_url,
        "progress_bar": _progress_bar,
        "question_url": question_url,
        "url": reverse,
    }
    made.filters |= {
        "about_minutes": formats.about_minutes,
        "capfirst": defaultfilters.capfirst,
        "clock_time": _clock_time,
        "file_facts": file_facts,
        "linebreaksbr": defaultfilters.linebreaksbr,
        "long_date": formats.long_date,
        "openable_by": openable_by,
        "percent": formats.percent,
        "told_to": told_to,
    }
    return made


def _clock_time(value: datetime) -> str:
    """« 14:32 », in the portal's time zone."""
    return f"{localtime(value):%H:%M}"


def _progress_bar(value: int, maximum: int, label: str) -> SafeString:
    return render_to_string("components/progress_bar.html", progress_bar(value, maximum, label))


def _cautions_of(cautions: Sequence[Caution]) -> SafeString | str:
    return render_to_string("evidence/_cautions.html", {"cautions": cautions}) if cautions else ""
