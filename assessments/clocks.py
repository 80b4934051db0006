"""Whose turn it is in an examination, since when, until when: pure, over its rounds.

Two clocks run in turn. The reviewers' runs from each submission to its sending back; it stops while the publisher has
the ball, whose own clock runs then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.models import Round
from ui.formats import long_date


class Turn(models.TextChoices):
    """Whose turn it is; the values are those of the address."""

    REVIEWERS = "a-examiner", gettext_lazy("À examiner")
    PUBLISHER = "chez-l-editeur", gettext_lazy("Chez l’éditeur")
    NOBODY = "closes", gettext_lazy("Closes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """`due_on`: by when whoever has the turn should act, None when no date was set or nobody has it.

    `reviewers_days`: how long the reviewers have had the ball, over all rounds; `days_late`: 0 when in time.
    """

    turn: Turn
    since: datetime
    reviewers_days: int
    due_on: date | None
    days_late: int

    @property
    def is_late(self) -> bool:
        return self.days_late > 0

    @property
    def due_words(self) -> str:
        """The date and how it stands, in words; blank without a date."""
        return due_words(self.due_on, self.days_late)

    @property
    def reviewers_words(self) -> str:
        """How long the reviewers have had the dossier in all."""
        if not self.reviewers_days:
            return _("Chez les examinateurs depuis moins d’un jour en tout.")
        return ngettext(
            "Chez les examinateurs pendant %(days)d jour en tout, sans compter le temps de l’éditeur.",
            "Chez les examinateurs pendant %(days)d jours en tout, sans compter le temps de l’éditeur.",
            self.reviewers_days,
        ) % {"days": self.reviewers_days}


def clock_of(rounds: Sequence[Round], *, today: date, over_since: datetime | None = None) -> Clock:
    """The clock of a review. `rounds`: all of them, the first one first, at least one. `today`: in Europe/Paris.

    `over_since`: when the review was closed or the dossier left; None while it goes on. Days are those of the calendar:
    what is filed and sent back on one day took none.
    """
    last = rounds[-1]
    end = timezone.localdate(over_since) if over_since else today
    days = sum(((_day(each.sent_at) or end) - timezone.localdate(each.opened_at)).days for each in rounds)
    if over_since:
        turn, since, due_on = Turn.NOBODY, over_since, None
    elif last.sent_at:
        turn, since, due_on = Turn.PUBLISHER, last.sent_at, last.answer_by
    else:
        turn, since, due_on = Turn.REVIEWERS, last.opened_at, last.target_on
    return Clock(turn=turn, since=since, reviewers_days=days, due_on=due_on, days_late=days_late(due_on, today=today))


def days_late(due_on: date | None, *, today: date) -> int:
    """How many days ago the date passed; that day itself is in time."""
    return max(0, (today - due_on).days) if due_on else 0


def due_words(due_on: date | None, late: int) -> str:
    """« Échéance le 12 mars 2027 », « En retard de 3 jours (échéance le 12 mars 2027) »; blank without a date."""
    if due_on is None:
        return ""
    if not late:
        return _("Échéance le %(day)s") % {"day": long_date(due_on)}
    return ngettext(
        "En retard de %(days)d jour (échéance le %(day)s)", "En retard de %(days)d jours (échéance le %(day)s)", late
    ) % {"days": late, "day": long_date(due_on)}


def review_target(opened_at: datetime) -> date:
    """By when the reviewers mean to answer what was filed then."""
    return timezone.localdate(opened_at) + timedelta(days=settings.REVIEW_TARGET_DAYS)


def correction_target(sent_at: datetime) -> date:
    """By when the publisher is asked to answer what was sent back then."""
    return timezone.localdate(sent_at) + timedelta(days=settings.CORRECTION_TARGET_DAYS)


def _day(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None
