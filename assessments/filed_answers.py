"""A filed answer as reviewers read it: its files, what it was in earlier rounds, and what changed since."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.answer_states import AnswerState
from assessments.models import Dossier, Reply, Round, SubmissionEvidence, SubmissionItem, Verdict
from assessments.prechecks import cautions_of_filed
from evidence.models import DocumentVersion
from evidence.prechecks import Caution
from questionnaires import engine


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierAnswer:
    """The same question in an earlier submission, and what was judged of it. `now`: what it is in the last one."""

    round: Round
    words: str
    state: AnswerState
    now: AnswerState
    files: tuple[SubmissionEvidence, ...]
    verdict: Verdict | None

    @property
    def is_same_answer(self) -> bool:
        return self.state.revision == self.now.revision

    @property
    def are_same_files(self) -> bool:
        return {each.pk for each in self.state.files} == {each.pk for each in self.now.files}

    @property
    def replies(self) -> list[Reply]:
        """What the publisher answered in words to the verdict."""
        return list(self.verdict.replies.all()) if self.verdict else []


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A filed document, why it can, or cannot, be opened, and what its analysis found to look at."""

    evidence: SubmissionEvidence
    cautions: tuple[Caution, ...]

    @property
    def version(self) -> DocumentVersion:
        return self.evidence.document_version

    @property
    def badge(self) -> tuple[str, str]:
        if self.version.is_readable:
            return _("Sans danger connu"), "success"
        return (_("Analyse en attente"), "new") if self.version.is_waiting else (_("Fichier refusé"), "error")

    @property
    def why_closed(self) -> str:
        """Blank when it can be opened."""
        if self.version.is_readable:
            return ""
        if self.version.is_waiting:
            return _("Ce fichier ne peut pas être ouvert : l’antivirus ne l’a pas encore analysé.")
        return _("Ce fichier ne peut pas être ouvert : l’analyse l’a refusé. Il compte comme une preuve absente.")


def files_of(item: SubmissionItem, question: engine.Question, dossier: Dossier) -> list[File]:
    """The files of an answer, with the pictures of their pages and what to look at. Two queries.

    Needs `evidence` loaded, and the dossier's product and publisher.
    """
    versions = [each.document_version for each in item.evidence.all()]
    prefetch_related_objects(versions, "previews")
    cautions = cautions_of_filed(dossier, question, versions, timezone.localdate())
    return [File(evidence=each, cautions=cautions.get(each.document_version_id, ())) for each in item.evidence.all()]


def changes_since(earlier: EarlierAnswer, now: AnswerState) -> list[str]:
    """What differs from an earlier round, in sentences; empty when all is as it was."""
    return list(_changes(earlier, now))


def _changes(earlier: EarlierAnswer, now: AnswerState) -> Iterator[str]:
    then = earlier.state
    if then.not_applicable != now.not_applicable or (not now.not_applicable and then.value != now.value):
        yield _("Réponse changée. Avant : « %(words)s »") % {"words": earlier.words}
    if now.not_applicable and then.not_applicable and then.reason != now.reason:
        yield _("Raison du « non applicable » changée. Avant : « %(words)s »") % {"words": then.reason}
    if then.comment != now.comment:
        yield (
            _("Commentaire changé. Avant : « %(words)s »") % {"words": then.comment}
            if then.comment
            else _("Commentaire ajouté.")
        )
    before, after = ({file.pk: file.original_name for file in state.files} for state in (then, now))
    for pk, name in after.items():
        if pk not in before:
            yield _("Fichier ajouté : %(name)s") % {"name": name}
    for pk, name in before.items():
        if pk not in after:
            yield _("Fichier retiré : %(name)s") % {"name": name}
