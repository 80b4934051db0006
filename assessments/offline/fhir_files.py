"""The answers of a dossier as FHIR R4: a Bundle of one QuestionnaireResponse for each questionnaire that has any."""

import json
from datetime import datetime

from django.utils import timezone

from assessments.answer_states import AnswerState
from assessments.filing import Filing
from assessments.models import Dossier
from questionnaires.exchange.fhir import Answered, response_resource


def answers_as_fhir(filing: Filing) -> str:
    """The file, with the questions that are shown now: a hidden answer counts for nothing, and leaves with nothing."""
    now = timezone.localtime()
    resources = [each for each in _responses(filing, now) if "item" in each]
    content = {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": now.isoformat(timespec="seconds"),
        "entry": [{"resource": each} for each in resources],
    }
    if not resources:
        del content["entry"]  # an empty list is no FHIR
    return json.dumps(content, ensure_ascii=False, indent=2)


def _responses(filing: Filing, now: datetime) -> list[dict[str, object]]:
    dossier, working = filing.dossier, filing.working
    shown = {key for key, result in filing.evaluation.questions.items() if result.shown}
    is_theirs = dossier.state not in (*Dossier.WITH_REVIEWERS, *Dossier.OVER)
    return [
        response_resource(
            questionnaire,
            {each.key: _answered(working.state(each.key)) for each in questionnaire.questions() if each.key in shown},
            status="in-progress" if is_theirs else "completed",
            subject=dossier.product.name,
            identifier=dossier.number,
            authored=now,
        )
        for questionnaire in working.definition.edition.questionnaires
    ]


def _answered(state: AnswerState) -> Answered:
    """Declared not applicable without saying why, an answer still counts as it stands (rule 8)."""
    return Answered(
        value=state.value,
        not_applicable=state.not_applicable and not state.lacks_reason,
        reason=state.reason,
        comment=state.comment,
        files=tuple(file.original_name for file in state.files),
    )
