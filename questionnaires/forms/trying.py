"""The made-up dossier of a trial, as its panel sends it: names begin with « essai- », whatever the form around."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from questionnaires import engine
from questionnaires.forms.scales import Typed
from questionnaires.trying import Situation, Trial

PREFIX = "essai-"


def situation_from(data: Typed, questions: Mapping[str, engine.Question]) -> Situation:
    """What was typed; the first démarche where none was chosen."""
    programme = data.get(f"{PREFIX}programme") or ""
    return Situation(
        programme=programme if programme in engine.PROGRAMMES else engine.PROGRAMMES[0],
        answers=dict(_answers(data, questions)),
        proved=f"{PREFIX}preuve" in data,
    )


def _answers(data: Typed, questions: Mapping[str, engine.Question]) -> Iterator[tuple[str, object]]:
    for name in data:
        key = name.removeprefix(PREFIX)
        if name.startswith(PREFIX) and key in questions:
            is_list = questions[key].type is engine.QuestionType.MULTIPLE_CHOICE
            value: object = data.getlist(name) if is_list else data.get(name)
            # A number is typed as people write it.
            if questions[key].type is engine.QuestionType.NUMBER and isinstance(value, str):
                value = value.strip().replace(",", ".").replace("\u202f", "").replace(" ", "")
            yield key, value


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialField:
    """One answer to give. `values`: what is chosen among choices; `value`: what is written elsewhere."""

    question: engine.Question
    values: frozenset[str]
    value: str
    refused: str
    is_tried: bool
    takes_proof: bool
    proved: bool

    @property
    def name(self) -> str:
        return f"{PREFIX}{self.question.key}"

    @property
    def kind(self) -> str:
        """Of the box of a choice."""
        return "checkbox" if self.question.type is engine.QuestionType.MULTIPLE_CHOICE else "radio"


def trial_fields(trial: Trial) -> list[TrialField]:
    return [_field(trial, question) for question in trial.asked]


def _field(trial: Trial, question: engine.Question) -> TrialField:
    given = trial.situation.answers.get(question.key, "")
    is_tried = question.key == trial.question.key
    return TrialField(
        question=question,
        values=frozenset(given) if isinstance(given, list) else frozenset({str(given)}),
        value="" if isinstance(given, list) else str(given),
        refused=trial.refused.get(question.key, ""),
        is_tried=is_tried,
        takes_proof=is_tried and (question.requires_evidence or question.type is engine.QuestionType.FILE),
        proved=trial.situation.proved,
    )


def programmes() -> list[tuple[str, str]]:
    """The démarches to choose between."""
    return [("with_exchange", _("avec échange")), ("without_exchange", _("sans échange"))]
