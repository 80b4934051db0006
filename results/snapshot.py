"""The snapshot of a closed dossier: one JSON document that tells everything, written one single way.

`input` holds the arguments of `engine.evaluate`: with the edition of the same hash it gives the same scores.
People appear by the part they played, never by their name.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from django.db.models import Count, Q

from accounts.models import Membership
from assessments.answer_states import AnswerState, filed_files
from assessments.answer_words import answer_in_words, how_sentence
from assessments.models import Review, Round, Submission, Verdict
from assessments.sections import Section, orientation_of
from questionnaires import engine
from questionnaires.models import EditionVersion
from results.standing import Standing

FORMAT = "convergence/result@1"
# Raised when the same input may give another score: a snapshot says by which rules it was computed.
ENGINE_VERSION = "1"


def canonical(document: Mapping[str, Any]) -> str:
    """The document as JSON text, one way only: sorted keys, no spaces, decimals as strings, UTC instants."""
    return json.dumps(_plain(document), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(content: str) -> str:
    """SHA-256, in hexadecimal, of canonical JSON text in UTF-8."""
    return hashlib.sha256(content.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    match value:
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case set() | frozenset():
            return sorted(_plain(item) for item in value)
        case list() | tuple():
            return [_plain(item) for item in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case bool() | int() | str() | None:
            return value
        case Decimal():
            return _decimal(value)
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        case date():
            return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _decimal(number: Decimal) -> str:
    """Without exponent nor trailing zeros: 0.50 and 5E-1 are one number."""
    text = format(number, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def build_snapshot(standing: Standing, *, outcome: str, conclusion: str, closed_at: datetime) -> dict[str, Any]:
    """Everything of a dossier at its closing. Only what is shown is told: hidden answers appear nowhere."""
    keys = [key for key, result in standing.final.questions.items() if result.shown]
    return {
        "format": FORMAT,
        "engine": ENGINE_VERSION,
        "dossier": _dossier(standing),
        "product": _product(standing),
        "publisher": _publisher(standing),
        "edition": _edition(standing),
        "submission": _submission(standing.round.submission),
        "rounds": _rounds(standing.review),
        "closing": {
            "outcome": outcome,
            "outcome_words": str(Review.Outcome(outcome).label),
            "conclusion": conclusion,
            "closed_at": closed_at,
            "closed_by": "reviewer",
        },
        "input": _input(standing, keys),
        "flags": [
            {"name": name, "meaning": standing.copy.definition.flags[name].meaning, "value": truth}
            for name, truth in standing.final.flags.items()
        ],
        "sections": _sections(standing),
        "groups": _groups(standing),
        "questions": [_question(standing, key) for key in keys],
        "incomplete": standing.final.incomplete,
        "unmet": standing.final.unmet,
        "acknowledged_gaps": standing.filed.unmet,
        "evidence": _evidence(standing, keys),
    }


def _dossier(standing: Standing) -> dict[str, Any]:
    dossier = standing.dossier
    return {
        "number": dossier.number,
        "programme": dossier.programme,
        "programme_words": dossier.get_programme_display(),
        "opened_at": dossier.created_at,
    }


def _product(standing: Standing) -> dict[str, Any]:
    product = standing.dossier.product
    variants = list(product.variants.all())
    return {
        "reference": product.reference,
        "name": product.name,
        "description": product.description,
        "website": product.website,
        "platforms": [variant.platform for variant in variants],
        "platforms_words": [variant.get_platform_display() for variant in variants],
        "device_class": product.device_class,
        "device_class_words": product.get_device_class_display(),
    }


def _publisher(standing: Standing) -> dict[str, Any]:
    publisher = standing.dossier.product.publisher
    return {"siren": publisher.siren, "legal_name": publisher.legal_name, "city": publisher.city}


def _edition(standing: Standing) -> dict[str, Any]:
    edition = standing.dossier.edition
    entries = EditionVersion.objects.filter(edition=edition).select_related("version__questionnaire")
    return {
        "code": edition.code,
        "title": edition.title,
        "content_hash": edition.content_hash,
        "disclaimer": edition.disclaimer,
        "versions": [
            {
                "questionnaire": entry.version.questionnaire.code,
                "number": entry.version.number,
                "title": entry.version.title,
                "content_hash": entry.version.content_hash,
            }
            for entry in entries.order_by("position")
        ],
    }


def _submission(submission: Submission) -> dict[str, Any]:
    membership = Membership.objects.filter(
        publisher__products__dossiers=submission.dossier_id, user=submission.submitted_by_id
    ).first()
    return {
        "number": submission.number,
        "submitted_at": submission.submitted_at,
        "evaluated_on": submission.evaluated_on,
        # Blank when the person has left the team since.
        "submitted_by": membership.role if membership else "",
        "acknowledged_gaps": submission.acknowledged_gaps,
    }


def _rounds(review: Review) -> list[dict[str, Any]]:
    def count(decision: str) -> Count:
        return Count("verdicts", filter=Q(verdicts__decision=decision))

    rounds = Round.objects.filter(review=review).select_related("submission").order_by("number")
    counted = rounds.annotate(
        accepted=count(Verdict.Decision.ACCEPTED),
        refused=count(Verdict.Decision.REFUSED),
        questioned=count(Verdict.Decision.QUESTION),
        carried=Count("verdicts", filter=Q(verdicts__carried_from__isnull=False)),
    )
    return [
        {
            "number": round.number,
            "submission": round.submission.number,
            "submitted_at": round.submission.submitted_at,
            "opened_at": round.opened_at,
            "sent_at": round.sent_at,
            "message": round.message,
            "accepted": round.accepted,
            "refused": round.refused,
            "questioned": round.questioned,
            "carried": round.carried,
        }
        for round in counted
    ]


def _input(standing: Standing, keys: Iterable[str]) -> dict[str, Any]:
    """What the evaluation was given. A value kept under a standing « non applicable » counts for nothing: left out."""
    states = {key: standing.copy.state(key) for key in keys}
    results = standing.final.questions
    return {
        "programme": standing.dossier.programme,
        "today": standing.round.submission.evaluated_on,
        "flags": {},
        "answers": {
            key: state.value
            for key, state in states.items()
            if state.value is not None and results[key].state is not engine.State.NOT_APPLICABLE
        },
        "not_applicable": {key: state.reason for key, state in states.items() if state.not_applicable},
        "evidence": [key for key, state in states.items() if state.proves],
        "rulings": {key: _ruling(ruling) for key, ruling in standing.rulings.items() if key in states},
    }


def _ruling(ruling: engine.Ruling) -> dict[str, Any]:
    told: dict[str, Any] = {}
    if ruling.score is not None:
        told["score"] = ruling.score
    if ruling.evidence_refused:
        told["evidence"] = "refused"
    if ruling.not_applicable_refused:
        told["not_applicable"] = "refused"
    return told


def _sections(standing: Standing) -> list[dict[str, Any]]:
    orientation = orientation_of(standing.copy.definition)
    return [
        _section(standing, orientation, is_orientation=True),
        *(_section(standing, section, is_orientation=False) for section in standing.sections()),
    ]


def _section(standing: Standing, source: Section | engine.Questionnaire, *, is_orientation: bool) -> dict[str, Any]:
    return {
        "code": source.code,
        "title": source.title,
        "description": source.description,
        "orientation": is_orientation,
        "themes": [{"code": theme.code, "shown": _shown(standing, theme)} for theme in source.themes],
    }


def _shown(standing: Standing, theme: engine.Theme) -> list[str]:
    return [question.key for question in theme.questions if standing.final.questions[question.key].shown]


def _groups(standing: Standing) -> dict[str, dict[str, Any]]:
    titles: dict[str, tuple[str, str]] = {}
    for questionnaire in standing.copy.definition.edition.questionnaires:
        titles[questionnaire.code] = ("questionnaire", questionnaire.title)
        titles |= {part.code: ("part", part.title) for part in questionnaire.parts}
        titles |= {theme.code: ("theme", theme.title) for theme in questionnaire.themes}
    final = {**standing.final.questionnaires, **standing.final.parts, **standing.final.themes}
    filed = {**standing.filed.questionnaires, **standing.filed.parts, **standing.filed.themes}
    return {
        code: {"kind": kind, "title": title, "filed_score": filed[code].score, **_figures(final[code])}
        for code, (kind, title) in titles.items()
    }


def _figures(group: engine.GroupResult) -> dict[str, Any]:
    return {
        "score": group.score,
        "completeness": group.completeness,
        "shown": group.shown,
        "answered": group.answered,
        "not_applicable": group.not_applicable,
        "incomplete": group.incomplete,
        "unmet": group.unmet,
    }


def _question(standing: Standing, key: str) -> dict[str, Any]:
    question = standing.copy.definition.questions[key]
    return {**_asked(question), **_answered(standing, question), "verdict": _verdict(standing.verdicts.get(key))}


def _asked(question: engine.Question) -> dict[str, Any]:
    return {
        "key": question.key,
        "type": question.type,
        "title": question.title,
        "wording": question.wording,
        "reference": question.reference,
        "level": question.level,
        "scored": question.scored,
        "weight": question.weight,
        "pass_score": question.pass_score,
        "requires_evidence": question.requires_evidence,
    }


def _answered(standing: Standing, question: engine.Question) -> dict[str, Any]:
    key = question.key
    state: AnswerState = standing.copy.state(key)
    result = standing.final.questions[key]
    stands_aside = result.state is engine.State.NOT_APPLICABLE
    # Once refused, a « non applicable » is not marked: what was answered under it is what is read.
    read = replace(state, not_applicable=stands_aside)
    return {
        "state": result.state,
        "why": engine.why_in_french(result.why),
        "value": None if stands_aside else state.value,
        "words": answer_in_words(question, read),
        "not_applicable": state.not_applicable,
        "reason": state.reason if state.not_applicable else "",
        "comment": state.comment,
        "revision": state.revision,
        "score": result.score,
        "filed_score": standing.filed.questions[key].score,
        "computed_score": result.computed_score,
        "how": {"code": result.how.code, "params": result.how.params},
        "how_words": how_sentence(result.how, question),
        "missing_evidence": result.missing_evidence,
        "incomplete": result.incomplete,
        "unmet": result.unmet,
        "files": [file.sha256 for file in filed_files(state)],
    }


def _verdict(verdict: Verdict | None) -> dict[str, Any] | None:
    if verdict is None:
        return None
    return {
        "decision": verdict.decision,
        "decision_words": verdict.get_decision_display(),
        "reason": verdict.reason,
        "reason_words": verdict.get_reason_display() if verdict.reason else "",
        "text": verdict.text,
        "carried": verdict.carried_from_id is not None,
        "decided_at": verdict.decided_at,
        **_correction(verdict),
    }


def _correction(verdict: Verdict) -> dict[str, Any]:
    """Nothing where nothing was corrected."""
    if verdict.corrected_score is None:
        return {}
    return {"corrected_score": verdict.corrected_score, "correction_reason": verdict.correction_reason}


def _evidence(standing: Standing, keys: Iterable[str]) -> list[dict[str, Any]]:
    """Each file once, with the questions that it answers."""
    register: dict[int, dict[str, Any]] = {}
    for key in keys:
        for file in filed_files(standing.copy.state(key)):
            entry = register.setdefault(
                file.pk,
                {
                    "name": file.original_name,
                    "title": file.document.title,
                    "media_type": file.media_type,
                    "size": file.size,
                    "sha256": file.sha256,
                    "received_at": file.received_at,
                    "questions": [],
                },
            )
            entry["questions"].append(key)
    return list(register.values())
