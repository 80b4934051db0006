"""What a snapshot says, arranged as the result page and the report show it. Nothing is computed again."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.answer_words import correction_in_words
from assessments.models import Review
from results.snapshot import digest

# Characters beyond which an answer may not fit on one page of the report with what stands above it.
LONG_ANSWER = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of a section or of a theme; fractions from 0 to 1, None where nothing applies."""

    code: str
    title: str
    score: Decimal | None
    filed_score: Decimal | None
    completeness: Decimal | None
    shown: int
    answered: int
    not_applicable: int
    gaps: int

    @property
    def applicable(self) -> int:
        return self.shown - self.not_applicable

    @property
    def was_ruled(self) -> bool:
        """Whether the examination changed the score that was filed."""
        return self.score != self.filed_score


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One question and its answer. `gap` says in one word what is wrong, "" when nothing blocks."""

    asked: Mapping[str, Any]
    score: Decimal | None
    filed_score: Decimal | None
    files: tuple[str, ...]
    gap: str

    @property
    def key(self) -> str:
        return str(self.asked["key"])

    @property
    def is_mandatory(self) -> bool:
        return bool(self.asked["level"] == "mandatory")

    @property
    def is_not_applicable(self) -> bool:
        return bool(self.asked["state"] == "not_applicable")

    @property
    def was_ruled(self) -> bool:
        return self.score != self.filed_score

    @property
    def correction(self) -> str:
        """By how much the reviewers corrected the score, and why; blank when they did not."""
        verdict = self.asked["verdict"] or {}
        if "corrected_score" not in verdict:
            return ""
        return correction_in_words(
            computed=_fraction(self.asked["computed_score"]),
            corrected=Decimal(verdict["corrected_score"]),
            reason=verdict["correction_reason"],
        )

    @property
    def is_long(self) -> bool:
        return len(self.asked["words"]) + len(self.asked["comment"]) + len(self.asked["reason"]) > LONG_ANSWER

    @property
    def why(self) -> str:
        """Why it stands among the gaps, in one sentence: the reviewers' words first."""
        verdict = self.asked["verdict"]
        if verdict and verdict["decision"] == "refused":
            return f"{verdict['reason_words']}. {verdict['text']}"
        if self.correction:
            return self.correction
        if self.asked["missing_evidence"]:
            return _("La preuve attendue manque.")
        return str(self.asked["how_words"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    figures: Figures
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionReading:
    """A questionnaire, or a part of one. The orientation is not judged: no score, no verdict."""

    figures: Figures
    description: str
    themes: tuple[Theme, ...]
    is_judged: bool

    @property
    def theme_figures(self) -> tuple[Figures, ...]:
        return tuple(theme.figures for theme in self.themes)

    @property
    def gaps(self) -> tuple[Line, ...]:
        return tuple(line for theme in self.themes for line in theme.lines if line.gap)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A snapshot, read. `told` is the document itself, for what is shown as it is."""

    told: Mapping[str, Any]
    content_hash: str
    orientation: SectionReading
    sections: tuple[SectionReading, ...]

    @property
    def number(self) -> str:
        return str(self.told["dossier"]["number"])

    @property
    def outcome(self) -> str:
        return str(self.told["closing"]["outcome"])

    @property
    def submitted_at(self) -> datetime:
        return _instant(self.told["submission"]["submitted_at"])

    @property
    def evaluated_on(self) -> date:
        return date.fromisoformat(self.told["submission"]["evaluated_on"])

    @property
    def closed_at(self) -> datetime:
        return _instant(self.told["closing"]["closed_at"])

    @property
    def verification_code(self) -> str:
        """The first 16 characters of the hash, in groups of four, easy to read aloud."""
        start = self.content_hash[:16].upper()
        return " ".join(start[at : at + 4] for at in range(0, 16, 4))

    @property
    def all_sections(self) -> tuple[SectionReading, ...]:
        return (self.orientation, *self.sections)

    @property
    def section_figures(self) -> tuple[Figures, ...]:
        return tuple(section.figures for section in self.sections)

    @property
    def gaps(self) -> tuple[Line, ...]:
        return tuple(line for section in self.sections for line in section.gaps)

    @property
    def refused(self) -> tuple[Line, ...]:
        lines = (line for section in self.sections for theme in section.themes for line in theme.lines)
        return tuple(line for line in lines if (line.asked["verdict"] or {}).get("decision") == "refused")

    @property
    def corrected(self) -> tuple[Line, ...]:
        """The answers whose score the reviewers corrected."""
        lines = (line for section in self.sections for theme in section.themes for line in theme.lines)
        return tuple(line for line in lines if line.correction)

    @property
    def rounds(self) -> list[dict[str, Any]]:
        """The rounds, their instants typed; `is_last` marks the one that the closing ended."""
        last = self.told["rounds"][-1]["number"]
        return [
            {
                **told,
                "submitted_at": _instant(told["submitted_at"]),
                "sent_at": _instant(told["sent_at"]) if told["sent_at"] else None,
                "is_last": told["number"] == last,
            }
            for told in self.told["rounds"]
        ]

    @property
    def evidence(self) -> list[dict[str, Any]]:
        return [{**told, "received_at": _instant(told["received_at"])} for told in self.told["evidence"]]

    @property
    def flags(self) -> list[str]:
        """What is true of the service, as clauses."""
        return [flag["meaning"] for flag in self.told["flags"] if flag["value"] is True]

    @property
    def verdict_sentence(self) -> str:
        return _VERDICTS[self.outcome](len(self.gaps))


def read(content: str) -> Reading:
    """Arrange the canonical JSON text of a result."""
    told = json.loads(content)
    lines = {question["key"]: _line(told, question) for question in told["questions"]}
    sections = [_section(told, section, lines) for section in told["sections"]]
    orientation = [section["orientation"] for section in told["sections"]].index(True)
    return Reading(
        told=told,
        content_hash=digest(content),
        orientation=sections.pop(orientation),
        sections=tuple(sections),
    )


def _section(told: Mapping[str, Any], section: Mapping[str, Any], lines: Mapping[str, Line]) -> SectionReading:
    return SectionReading(
        figures=_figures(told, section["code"]),
        description=section["description"],
        is_judged=not section["orientation"],
        themes=tuple(
            Theme(figures=_figures(told, theme["code"]), lines=tuple(lines[key] for key in theme["shown"]))
            for theme in section["themes"]
        ),
    )


def _figures(told: Mapping[str, Any], code: str) -> Figures:
    group = told["groups"][code]
    return Figures(
        code=code,
        title=group["title"],
        score=_fraction(group["score"]),
        filed_score=_fraction(group["filed_score"]),
        completeness=_fraction(group["completeness"]),
        shown=group["shown"],
        answered=group["answered"],
        not_applicable=group["not_applicable"],
        gaps=len({*group["incomplete"], *group["unmet"]}),
    )


def _line(told: Mapping[str, Any], question: Mapping[str, Any]) -> Line:
    names = {file["sha256"]: file["name"] for file in told["evidence"]}
    return Line(
        asked=question,
        score=_fraction(question["score"]),
        filed_score=_fraction(question["filed_score"]),
        files=tuple(_unique(names[sha256] for sha256 in question["files"])),
        gap=_gap(question),
    )


def _gap(question: Mapping[str, Any]) -> str:
    if question["incomplete"]:
        return _("incomplète")
    return _("non satisfaite") if question["unmet"] else ""


def _unique(names: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(names)


def _fraction(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _favourable(gaps: int) -> str:
    return _("Favorable : toutes les exigences obligatoires qui concernent le service sont satisfaites.")


def _with_reservations(gaps: int) -> str:
    if not gaps:
        return _("Favorable avec réserves : elles sont exposées dans la motivation.")
    return ngettext(
        "Favorable avec réserves : %(count)d exigence obligatoire n’est pas satisfaite.",
        "Favorable avec réserves : %(count)d exigences obligatoires ne sont pas satisfaites.",
        gaps,
    ) % {"count": gaps}


def _not_met(gaps: int) -> str:
    if not gaps:
        return _("Exigences non satisfaites : les raisons sont exposées dans la motivation.")
    return ngettext(
        "Exigences non satisfaites : il manque %(count)d exigence obligatoire.",
        "Exigences non satisfaites : il manque %(count)d exigences obligatoires.",
        gaps,
    ) % {"count": gaps}


_VERDICTS = {
    Review.Outcome.FAVOURABLE.value: _favourable,
    Review.Outcome.WITH_RESERVATIONS.value: _with_reservations,
    Review.Outcome.NOT_MET.value: _not_met,
}
