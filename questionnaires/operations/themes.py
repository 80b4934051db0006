"""Write the themes of a draft."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from accounts.models import User
from audit.operations import record
from questionnaires.models import Part, Theme, Version
from questionnaires.operations.drafts import lock_version


class ThemeGone(Exception):
    """The version has no such theme any more."""


class ThemeTaken(Exception):
    """Another theme of the version has this code or this address."""


class ThemeNotEmpty(Exception):
    """It holds questions: they are moved or taken out first, so that none goes unseen."""


class ThemeEditedMeanwhile(Exception):
    """Somebody changed the theme after the person had opened it."""

    def __init__(self, current: Theme) -> None:
        super().__init__(current.code)
        self.current = current


@transaction.atomic
def add_theme(
    *, version: Version, code: str, slug: str, title: str, description: str, part: Part | None, by: User
) -> Theme:
    """Write an empty theme at the end. Raises NotADraft, ThemeTaken."""
    version = lock_version(version)
    last = version.themes.order_by("-position").values_list("position", flat=True).first() or 0
    try:
        with transaction.atomic():
            theme = version.themes.create(
                code=code, slug=slug, title=title, description=description, part=part, position=last + 1
            )
    except IntegrityError as error:
        raise ThemeTaken from error
    record("theme.added", version, by=by, theme=code)
    return theme


@transaction.atomic
def save_theme(
    *, version: Version, code: str, title: str, description: str, part: Part | None, base_revision: int, by: User
) -> Theme:
    """Change what a theme is called. Its code and its address are for life.

    Raises NotADraft, ThemeGone, ThemeEditedMeanwhile.
    """
    version = lock_version(version)
    theme = _theme(version, code)
    if (theme.title, theme.description, theme.part_id) == (title, description, part.pk if part else None):
        return theme
    if theme.revision != base_revision:
        raise ThemeEditedMeanwhile(theme)
    theme.title, theme.description, theme.part = title, description, part
    theme.revision += 1
    theme.save(update_fields=["title", "description", "part", "revision"])
    record("theme.saved", version, by=by, theme=code)
    return theme


@transaction.atomic
def move_theme(*, version: Version, code: str, before: str | None, by: User) -> None:
    """Put a theme before another one, or at the end. Raises NotADraft, ThemeGone."""
    version = lock_version(version)
    theme = _theme(version, code)
    others = list(version.themes.exclude(pk=theme.pk))
    codes = [other.code for other in others]
    if before is not None and before not in codes:
        raise ThemeGone
    others.insert(len(others) if before is None else codes.index(before), theme)
    _number(others)
    record("theme.moved", version, by=by, theme=code, before=before or "")


@transaction.atomic
def remove_theme(*, version: Version, code: str, by: User) -> None:
    """Remove an empty theme. Twice is once. Raises NotADraft, ThemeNotEmpty."""
    version = lock_version(version)
    theme = version.themes.filter(code=code).first()
    if theme is None:
        return
    if theme.questions.exists():
        raise ThemeNotEmpty
    theme.delete()
    _number(version.themes.all())
    record("theme.removed", version, by=by, theme=code)


def _number(themes: Iterable[Theme]) -> None:
    """Ranks count from one without a gap."""
    rows = list(themes)
    for position, row in enumerate(rows, start=1):
        row.position = position
    Theme.objects.bulk_update(rows, ["position"])


def _theme(version: Version, code: str) -> Theme:
    try:
        return version.themes.get(code=code)
    except Theme.DoesNotExist:
        raise ThemeGone from None
