"""What was decided elsewhere on the same requirement, without saying of whom.

What protects the names: no dossier number, file, or person is read out; in the explanations, the publisher's name, the
product's, those of the reviewer and of whoever submitted are replaced, whatever their case, accents and spaces, and so
is anything that looks like a dossier number, a product's reference, a file or an e-mail address. Decisions are dated by
month only, and come from dossiers that the reader may see.

What does not: an explanation that describes a product without naming it, that shortens or misspells its name, or that
names somebody else (a supplier, a director), stays as it was written. Precedents are for reviewers, who may read the
dossiers themselves; they are not fit to be published.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from assessments.models import Review, Verdict
from ui.folding import folded

SHOWN = 10
# « SAS » and its like are often left out of a sentence.
_LEGAL_FORM = re.compile(r"\s+(?:SASU|SAS|SARL|SA|EURL|SCIC|SCOP|SCA|SNC|GIE)$", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
_DOSSIER = re.compile(r"(?:\bdossier\s+)?\b\d{4}-\d{6}\b")
_FILE = re.compile(r"[\w’'.()-]+\.(?:pdf|docx?|odt|xlsx?|ods|csv|png|jpe?g|txt|zip)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedent:
    """One decision, told without its dossier. `decided_at`: when it was told to the publisher."""

    decision: str
    label: str
    reason: str
    text: str
    decided_at: datetime
    edition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedents:
    """The latest first, ten at most, and how many there are of each decision."""

    latest: tuple[Precedent, ...]
    counts: Counter[str]

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def summary(self) -> str:
        """« 12 acceptées, 5 refusées »: those that exist only."""
        accepted, refused, asked = (self.counts[each] for each in Verdict.Decision)
        said = [
            (accepted, ngettext("%(count)d acceptée", "%(count)d acceptées", accepted)),
            (refused, ngettext("%(count)d refusée", "%(count)d refusées", refused)),
            (asked, ngettext("%(count)d question posée", "%(count)d questions posées", asked)),
        ]
        return ", ".join(words % {"count": count} for count, words in said if count)


def precedents_of(key: str, *, review: Review, reader: User) -> Precedents:
    """The decisions on a requirement, in any edition, in the other dossiers that the reader may see. Two queries.

    Only what was told to a publisher: rounds that were sent, and reviews that are closed. A verdict that was carried
    over to a later round counts once; one whose author stepped back does not.
    """
    # What there is, without joining what will be said of ten only.
    told = list(_told(key, review=review, reader=reader).values_list("pk", "decision"))
    latest = [pk for pk, _decision in told[:SHOWN]]
    rows = _when_told(Verdict.objects.filter(pk__in=latest)).select_related(
        "round__review__dossier__product__publisher",
        "round__review__dossier__edition",
        "round__submission__submitted_by",
        "decided_by",
    )
    return Precedents(
        latest=tuple(_precedent(each) for each in rows),
        counts=Counter(decision for _pk, decision in told),
    )


def _when_told(verdicts: QuerySet[Verdict]) -> QuerySet[Verdict]:
    """The latest told first."""
    told_at = Coalesce("round__sent_at", "round__review__closed_at")
    return verdicts.annotate(told_at=told_at).order_by(F("told_at").desc(), "-pk")


def _told(key: str, *, review: Review, reader: User) -> QuerySet[Verdict]:
    return _when_told(
        Verdict.objects.standing()
        .filter(item__question__key=key, carried_from=None)
        .filter(Q(round__sent_at__isnull=False) | Q(round__review__closed_at__isnull=False))
        .filter(round__review__in=Review.objects.visible_to(reader))
        .exclude(round__review=review)
    )


def _precedent(verdict: Verdict) -> Precedent:
    dossier = verdict.round.review.dossier
    product = dossier.product
    people = (verdict.decided_by, verdict.round.submission.submitted_by)
    names = [
        *((name, _("l’éditeur")) for name in _short_and_long(product.publisher.legal_name)),
        (product.name, _("le produit")),
        (product.reference, _("le produit")),
        *((person.full_name, _("une personne")) for person in people),
    ]
    return Precedent(
        decision=verdict.decision,
        label=str(Verdict.Decision(verdict.decision).label),
        reason=verdict.get_reason_display() if verdict.reason else "",
        text=without_names(verdict.text, names),
        decided_at=verdict.told_at,  # type: ignore[attr-defined]  # annotated by _when_told
        edition=dossier.edition.title,
    )


def _short_and_long(legal_name: str) -> Iterator[str]:
    yield legal_name
    if (short := _LEGAL_FORM.sub("", legal_name)) != legal_name:
        yield short


def without_names(text: str, names: Iterable[tuple[str, str]]) -> str:
    """The text with each name replaced by its words, whole words only, case and accents ignored; the longest first."""
    text = _ADDRESS.sub(_("une adresse"), text)
    text = _DOSSIER.sub(_("un dossier"), text)
    for name, words in sorted(names, key=lambda each: len(each[0]), reverse=True):
        text = _replaced(text, name, words)
    return _FILE.sub(_("un fichier"), text)


def _replaced(text: str, name: str, words: str) -> str:
    parts = folded(name)[0].split()
    if not parts:
        return text
    # Accents and case are folded on both sides; « - », « ’ » and spaces of any kind are written in many ways.
    # An article before the name goes with it: the words that come instead have theirs.
    pattern = re.compile(r"(?:(?<!\w)(?:l[ea]\s+|les\s+|l'))?(?<!\w)" + r"\s+".join(map(re.escape, parts)) + r"(?!\w)")
    flat, places = folded(text)
    done, start = [], 0
    for found in pattern.finditer(flat):
        done += [text[start : places[found.start()]], words]
        start = places[found.end()]
    return "".join([*done, text[start:]])
