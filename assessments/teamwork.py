"""Who of the team sees to what in a dossier, and what is said of each question, as one person reads it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Count, DateTimeField, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User, name_of
from assessments.answer_states import PERSON_FIELDS
from assessments.filing import Filing
from assessments.models import Attribution, TeamComment
from assessments.overviews import theme_url
from assessments.prepared import ID, Prepared
from assessments.sections import Section, sections_of
from questionnaires import engine
from ui.formats import long_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignee:
    """Who sees to a theme or a question. `due_on`: None when no date was set. `of_theme`: it follows its theme."""

    membership_id: int
    name: str
    is_me: bool
    due_on: date | None
    of_theme: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """How many comments stand on a question, and how many of them nobody has settled."""

    total: int = 0
    unsettled: int = 0

    @property
    def words(self) -> str:
        if not self.total:
            return _("aucun commentaire")
        said = ngettext("%(count)d commentaire", "%(count)d commentaires", self.total) % {"count": self.total}
        if not self.unsettled:
            return _("%(said)s, tout est réglé") % {"said": said}
        return _("%(said)s, %(count)d à régler") % {"said": said, "count": self.unsettled}


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A part of the dossier that is attributed to the reader, and what is left of it."""

    title: str
    url: str
    words: str
    left: int

    @property
    def left_words(self) -> str:
        if not self.left:
            return _("rien à faire")
        return ngettext("%(count)d question à répondre", "%(count)d questions à répondre", self.left) % {
            "count": self.left
        }


ATTRIBUTIONS = Prepared(
    lambda dossier_id, now: (
        Attribution.objects.standing(now)
        .filter(dossier=dossier_id)
        .values_list(
            "theme__code",
            "question_id",
            "membership_id",
            "due_on",
            "membership__user_id",
            *(f"membership__user__{name}" for name in PERSON_FIELDS),
        )
    ),
    dossier_id=ID,
    now=DateTimeField(),
)
THREADS = Prepared(
    lambda dossier_id: (
        TeamComment.objects.filter(dossier=dossier_id, deleted_at=None)
        .order_by()
        .values_list("question_id")
        .annotate(total=Count("pk"), left=Count("pk", filter=Q(settled_at=None)))
    ),
    dossier_id=ID,
)


class Teamwork:
    """Reads the database when asked for something, once: a query for the attributions, another for the threads."""

    def __init__(self, filing: Filing, user: User) -> None:
        self.filing = filing
        self.user = user

    @cached_property
    def _assignees(self) -> tuple[dict[str, Assignee], dict[str, Assignee]]:
        """By theme code, and by question key."""
        themes, questions = {}, {}
        rows = ATTRIBUTIONS.rows(dossier_id=self.filing.dossier.pk, now=timezone.now())
        keys = self.filing.working.edition.keys
        for theme, question, membership, due_on, user, *names in rows:
            if question is not None and question not in keys:
                continue  # of an earlier edition, which has it no more
            assignee = Assignee(
                membership_id=membership, name=name_of(*names), is_me=user == self.user.pk, due_on=due_on
            )
            if question is None:
                themes[theme] = assignee
            else:
                questions[keys[question]] = assignee
        return themes, questions

    @cached_property
    def _threads(self) -> dict[str, Thread]:
        counted = THREADS.rows(dossier_id=self.filing.dossier.pk)
        keys = self.filing.working.edition.keys
        # What was said of a question that the edition does not ask any more is read with the edition before.
        return {
            keys[question]: Thread(total=total, unsettled=left) for question, total, left in counted if question in keys
        }

    @cached_property
    def _theme_codes(self) -> dict[str, str]:
        return {
            question.key: theme.code
            for section in sections_of(self.filing.working.definition)
            for theme in section.themes
            for question in theme.questions
        }

    def of_theme(self, code: str) -> Assignee | None:
        return self._assignees[0].get(code)

    def own(self, key: str) -> Assignee | None:
        """Of the question itself, whatever its theme's."""
        return self._assignees[1].get(key)

    def of_question(self, key: str) -> Assignee | None:
        """The question's own, else its theme's."""
        if own := self.own(key):
            return own
        inherited = self.of_theme(self._theme_codes.get(key, ""))
        if inherited is None:
            return None
        return Assignee(
            membership_id=inherited.membership_id,
            name=inherited.name,
            is_me=inherited.is_me,
            due_on=inherited.due_on,
            of_theme=True,
        )

    def thread(self, key: str) -> Thread:
        return self._threads.get(key, Thread())

    def is_mine(self, key: str) -> bool:
        assignee = self.of_question(key)
        return assignee is not None and assignee.is_me

    def is_left(self, key: str) -> bool:
        """Shown, and unanswered, incomplete, or sent back and not settled."""
        result = self.filing.result(key)
        to_do = result.state is engine.State.UNANSWERED or result.incomplete or key in self.filing.unsettled
        return bool(result.shown and to_do)

    def question_words(self, key: str) -> str:
        """« Attribuée à Camille, pour le 3 décembre 2026 »; blank when nobody sees to it."""
        assignee = self.of_question(key)
        return self._words(assignee, [key]) if assignee else ""

    def theme_words(self, code: str) -> str:
        """The same for a theme."""
        assignee = self.of_theme(code)
        keys = [key for key, theme in self._theme_codes.items() if theme == code]
        return self._words(assignee, keys) if assignee else ""

    def _words(self, assignee: Assignee, keys: Iterable[str]) -> str:
        who = _("vous") if assignee.is_me else assignee.name
        words = {"who": who, "day": long_date(assignee.due_on)}
        if assignee.due_on is None:
            return _("à %(who)s") % words
        if assignee.due_on < self.filing.today and any(self.is_left(key) for key in keys):
            return _("à %(who)s, pour le %(day)s : en retard") % words
        return _("à %(who)s, pour le %(day)s") % words

    def shares(self) -> list[Share]:
        """What is attributed to the reader, in the order of the dossier: whole themes, then the questions of others."""
        found = []
        for section in sections_of(self.filing.working.definition):
            for theme in section.themes:
                found += self._shares_of(section, theme)
        return found

    def _shares_of(self, section: Section, theme: engine.Theme) -> list[Share]:
        url = theme_url(self.filing.dossier, section, theme)
        mine = [each.key for each in theme.questions if self.is_mine(each.key) and self.filing.result(each.key).shown]
        shares = []
        whole = self.of_theme(theme.code)
        if whole and whole.is_me:
            left = [key for key in mine if self.own(key) is None and self.is_left(key)]
            shares.append(
                Share(title=theme.title, url=f"{url}?filtre=a-moi", words=self.theme_words(theme.code), left=len(left))
            )
        for key in mine:
            if self.own(key) is not None:
                title = f"{key} – {self.filing.working.definition.questions[key].title}"
                share = Share(
                    title=title, url=f"{url}#{key}", words=self.question_words(key), left=int(self.is_left(key))
                )
                shares.append(share)
        return shares
