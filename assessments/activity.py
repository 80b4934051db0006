"""What the team did in a dossier, latest first: its answers by person, theme and day, then every other act.

Answers come from their history, the rest from the audit trail. A page costs the same whatever was done before it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Max, Q
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Membership, User, name_of
from assessments.models import AnswerOrigin, AnswerRevision, Dossier
from audit.models import Event
from audit.verbs import INTERNAL, sentence_of
from questionnaires.queries import published

PER_PAGE = 30
LATEST = 6
# Where the journal of the whole publisher says it too broadly.
SENTENCES = {
    "work.attributed": gettext_lazy("a attribué"),
    "work.unattributed": gettext_lazy("a retiré une attribution"),
}
Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One line. `what`: the question or the theme it is about; `whom`: the person it is about; blank for none."""

    at: datetime
    who: str
    sentence: str
    what: str = ""
    whom: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActPage:
    """A part of the activity. `number`: from 1."""

    number: int
    acts: tuple[Act, ...]
    has_next: bool

    @property
    def previous(self) -> int:
        return self.number - 1

    @property
    def next(self) -> int:
        return self.number + 1


def acts_of(dossier: Dossier, number: int = 1, *, size: int = PER_PAGE) -> ActPage:
    """Two queries, and a third when somebody is named in an act. Needs `edition` loaded."""
    end = number * size
    rows: list[Row] = [*_answers(dossier)[: end + 1], *_events(dossier)[: end + 1]]
    rows.sort(key=lambda row: (row["at"], row["last"]), reverse=True)
    here = rows[end - size : end]
    questionnaires = published(dossier.edition).definition.edition.questionnaires
    titles = {theme.code: theme.title for each in questionnaires for theme in each.themes}
    names = _names(row["data"].get("user") for row in here if "data" in row)
    return ActPage(number=number, acts=tuple(_act(row, titles, names) for row in here), has_next=len(rows) > end)


def _answers(dossier: Dossier) -> Any:
    """How many questions each person answered in each theme, each day. A file alone is no answer."""
    file_alone = Q(number=1, value__isnull=True, not_applicable=False, reason="", comment="")
    # Under all the editions that the dossier followed; what one carries from another is no answer of the day.
    of_dossier = AnswerRevision.objects.filter(answer__assessment__dossier=dossier)
    saved = of_dossier.exclude(file_alone).exclude(origin__kind=AnswerOrigin.Kind.EDITION)
    groups = saved.order_by().values(
        theme=F("answer__question__theme__code"), day=TruncDate("saved_at"), **_who("saved_by")
    )
    counted = groups.annotate(at=Max("saved_at"), last=Max("pk"), count=Count("answer", distinct=True))
    return counted.order_by("-at", "-last")


def _events(dossier: Dossier) -> Any:
    """Every other act of the team. What the State's side does has its own pages."""
    about = Event.objects.filter(object_type=Dossier._meta.label_lower, object_id=str(dossier.pk))
    by_team = about.filter(acting_as__in=Membership.Role.values).exclude(verb__in=INTERNAL)
    return by_team.order_by("-at", "-pk").values("at", "verb", "data", last=F("pk"), **_who("actor"))


def _who(field: str) -> dict[str, F]:
    """What `name_of` needs of a person, in its order."""
    return {"name": F(f"{field}__full_name"), "email": F(f"{field}__email"), "erased_at": F(f"{field}__erased_at")}


def _names(people: Iterable[int | None]) -> dict[int, str]:
    wanted = {person for person in people if person}
    return {each.pk: str(each) for each in User.objects.filter(pk__in=wanted)} if wanted else {}


def _act(row: Row, titles: Mapping[str, str], names: Mapping[int, str]) -> Act:
    who = name_of(row["name"], row["email"], row["erased_at"])
    if "verb" not in row:
        words = ngettext(
            "a répondu à %(count)d question de « %(theme)s »",
            "a répondu à %(count)d questions de « %(theme)s »",
            row["count"],
        )
        theme = titles.get(row["theme"], row["theme"])
        return Act(at=row["at"], who=who, sentence=words % {"count": row["count"], "theme": theme})
    data = row["data"]
    what = data.get("question") or titles.get(data.get("theme", ""), "")
    sentence = str(SENTENCES.get(row["verb"], sentence_of(row["verb"])))
    return Act(at=row["at"], who=who, sentence=sentence, what=what, whom=names.get(data.get("user"), ""))
