"""The invented data set, read from `data/`: who, which products, and what happens to each dossier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """`role` is a StaffRole or a Membership.Role; `look_at` ends the person's line in the list of accounts."""

    email: str
    full_name: str
    role: str
    look_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A publisher and its team. `answers` are those that all its dossiers share."""

    slug: str
    siren: str
    legal_name: str
    address: str
    postal_code: str
    city: str
    opened_days_ago: int
    team: tuple[Person, ...]
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """An account request. `declared`: the columns that its author fills; `more_asked`: what staff asked, or blank."""

    person: Person
    declared: dict[str, Any]
    days_ago: int
    more_asked: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """`consultant` stands beside the first company."""

    staff: tuple[Person, ...]
    companies: tuple[Company, ...]
    consultant: Person
    requests: tuple[Request, ...]

    def everybody(self) -> tuple[Person, ...]:
        teams = (person for company in self.companies for person in company.team)
        return (*self.staff, *teams, self.consultant, *(request.person for request in self.requests))


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What the reviewers say: `refused` gives a reason and a text by key, `questions` a text by key.

    `examined` is « all » or « half ». An `outcome` closes the review; a `message` sends the round back.
    """

    examined: str = "all"
    refused: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=dict)
    message: str = ""
    outcome: str = ""
    conclusion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierStory:
    """One dossier, up to `state`.

    `only` and `empty` hold beginnings of keys; `comments` and `earlier` say by which role (`by`) a comment or the
    former answers were written, first to last; `corrected` gives comments written after corrections were asked.
    """

    programme: str
    state: str
    opened_days_ago: int
    answers: Mapping[str, Any] = field(default_factory=dict)
    not_applicable: Mapping[str, str] = field(default_factory=dict)
    comments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    earlier: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    only: tuple[str, ...] = ("",)
    empty: tuple[str, ...] = ()
    without_evidence: tuple[str, ...] = ()
    waiting_file: str = ""
    infected_file: str = ""
    review: Examination | None = None
    corrected: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def answers_to(self, key: str) -> bool:
        """Whether the team has come to this question yet."""
        return key.startswith(self.only) and not key.startswith(self.empty)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductStory:
    """A product. `publisher` is a company's slug; `traits` are the orientation questions answered « oui »."""

    name: str
    publisher: str
    description: str
    platforms: tuple[str, ...]
    declared_days_ago: int
    traits: tuple[str, ...]
    website: str = ""
    device_class: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    dossiers: tuple[DossierStory, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperKind:
    """A kind of document. `proves` holds beginnings of question keys; sections are (title, text).

    `kind` is one of the library; `valid_days` counts from the day it was written; 0: it does not expire.
    """

    slug: str
    title: str
    age_days: int
    kind: str = "other"
    valid_days: int = 0
    is_confidential: bool = False
    proves: tuple[str, ...]
    sections: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamAttribution:
    """A theme, or a question, that somebody sees to. `to` and `by` are roles; `due_in_days`: None, no date."""

    theme: str = ""
    question: str = ""
    to: str
    by: str
    due_in_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRemark:
    """What one member says to the others; `by` is a role."""

    question: str
    by: str
    text: str
    is_settled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamTakeUp:
    """Answers taken up from the dossier of another product, `source`."""

    source: str
    by: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamConflict:
    """Two texts from the same answer: one was saved, the other is a draft."""

    question: str
    draft_by: str
    draft: str
    answer_by: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamStory:
    """How the team of one dossier works on it."""

    product: str
    visit_by: str
    visit_days_ago: int
    attributions: tuple[TeamAttribution, ...]
    comments: tuple[TeamRemark, ...]
    taken_up: TeamTakeUp
    conflict: TeamConflict


def read_teamwork() -> TeamStory:
    source = _read("teamwork.yaml")
    return TeamStory(
        product=source["product"],
        visit_by=source["visit"]["by"],
        visit_days_ago=source["visit"]["days_ago"],
        attributions=tuple(TeamAttribution(**each) for each in source["attributions"]),
        comments=tuple(TeamRemark(**each) for each in source["comments"]),
        taken_up=TeamTakeUp(**_with_tuples(source["taken_up"], "questions")),
        conflict=TeamConflict(**source["conflict"]),
    )


def read_people() -> People:
    source = _read("people.yaml")
    return People(
        staff=tuple(Person(**person) for person in source["staff"]),
        companies=tuple(
            Company(**{**company, "team": tuple(Person(**person) for person in company["team"])})
            for company in source["publishers"]
        ),
        consultant=Person(**source["consultant"]),
        requests=tuple(
            Request(**{**request, "person": Person(**request["person"]), "declared": dict(request["declared"])})
            for request in source["requests"]
        ),
    )


def read_products() -> tuple[ProductStory, ...]:
    return tuple(_product(_read(path)) for path in sorted((DATA / "products").glob("*.yaml")))


def read_papers() -> tuple[PaperKind, ...]:
    return tuple(
        PaperKind(
            **{
                **kind,
                "proves": tuple(kind["proves"]),
                "sections": tuple((section["title"], section["text"]) for section in kind["sections"]),
            }
        )
        for kind in _read("documents.yaml")
    )


def read_answers() -> dict[str, Any]:
    """What an ordinary publisher answers, by key, as written in the file."""
    return dict(_read("answers.yaml"))


def as_stored(written: Any, today: date) -> object:
    """The value of an answer, as `Answer.value` holds it: numbers and dates are text."""
    if isinstance(written, dict):
        return (today + timedelta(days=written.get("in_days", 0) - written.get("days_ago", 0))).isoformat()
    return str(written) if isinstance(written, int) else written


def _read(path: str | Path) -> Any:
    return YAML(typ="safe", pure=True).load(DATA / path)


def _product(source: dict[str, Any]) -> ProductStory:
    dossiers = tuple(_dossier(dossier) for dossier in source["dossiers"])
    return ProductStory(**{**_with_tuples(source, "platforms", "traits"), "dossiers": dossiers})


def _dossier(source: dict[str, Any]) -> DossierStory:
    review = Examination(**source["review"]) if "review" in source else None
    return DossierStory(**{**_with_tuples(source, "only", "empty", "without_evidence"), "review": review})


def _with_tuples(source: dict[str, Any], *names: str) -> dict[str, Any]:
    return {**source, **{name: tuple(source[name]) for name in names if name in source}}
