"""A question as its page shows it: wording, state, form, files, and why it is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from types import MappingProxyType

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.answer_states import AnswerState
from assessments.answer_words import answer_in_words, objection_sentence
from assessments.file_rules import accepted_formats, is_full, places_taken
from assessments.filing import Filing
from assessments.forms.answers import AnswerForm, Shown
from assessments.forms.drafts import Typed, has_texts_to_merge
from assessments.models import AnswerOrigin, Attachment, Dossier, Verdict
from evidence.prechecks import Caution
from questionnaires import engine
from questionnaires.french import ROLES
from ui.formats import long_date


@dataclass(frozen=True, kw_only=True)
class QuestionCard:
    """Everything one question's template reads; what costs something, once it is read."""

    question: engine.Question
    result: engine.QuestionResult
    state: AnswerState
    is_open: bool
    is_orientation: bool
    objections: tuple[str, ...]
    filing: Filing
    attachments: tuple[Attachment, ...] = ()
    # What was typed and not saved: it stays on the screen.
    data: Typed | None = None
    # What the last round said of it; None when it said nothing.
    verdict: Verdict | None = None
    # What should be looked at in its files, by attachment.
    cautions: Mapping[int, tuple[Caution, ...]] = field(default_factory=dict)
    # Somebody else's answer, when this save was based on an older one.
    conflict: AnswerState | None = None
    # When what was typed was kept as a draft; None when it was not.
    draft_at: datetime | None = None

    @property
    def key(self) -> str:
        return self.question.key

    @cached_property
    def form(self) -> AnswerForm | None:
        """Of what was typed and not saved; None without."""
        return AnswerForm(self.question, self.data) if self.data is not None and self.is_open else None

    @property
    def is_wrong(self) -> bool:
        """Something is said against the answer itself, typed or stored; the comment and the reason apart."""
        return bool(self.objections or (self.form and "value" in self.form.errors))

    @property
    def fields(self) -> Shown:
        """What the fields show."""
        if self.data is not None and self.is_open:
            return Shown.typed(self.question, self.data)
        return Shown.of(self.question, self.state)

    @property
    def changed_by(self) -> str:
        """Who changed the answer or its files last."""
        if self.state.files_changed_last:
            return self.filing.people.get(self.state.files_changed_by_id or 0, "")
        return self.state.saved_by

    @property
    def asked_always(self) -> bool:
        return self.question.applies_when == "always"

    @property
    def why(self) -> str:
        return engine.why_in_french(self.result.why)

    @cached_property
    def answered_by(self) -> str:
        return str(ROLES.get(self.question.answered_by, ""))

    @property
    def origin(self) -> AnswerOrigin | None:
        """Where the answer was taken up from, until it is edited or confirmed."""
        return self.filing.origins.get(self.key)

    @property
    def is_unsaved(self) -> bool:
        """What the screen holds is not what is stored."""
        return bool(self.conflict or self.draft_at or (self.form and self.form.errors))

    @property
    def badge(self) -> tuple[str, str]:
        """Label and tone of the question's state."""
        if self.draft_at:
            return _("À départager") if self.conflict else _("Brouillon"), "warning"
        return self._stored_badge

    @property
    def _stored_badge(self) -> tuple[str, str]:
        if self.verdict and self.is_open:
            return self._sent_back_badge(self.verdict)
        if self.is_pending:
            return _("Modification en attente"), "info"
        return self._judged_badge

    @property
    def _judged_badge(self) -> tuple[str, str]:
        """What the evaluation makes of the answer."""
        if self.result.state is engine.State.NOT_APPLICABLE:
            return _("Non applicable"), "info"
        if self.state.lacks_reason:
            return _("Raison à donner"), "warning"
        if self.result.state is engine.State.UNANSWERED:
            return _("À répondre"), "new"
        if self.result.incomplete and self.result.missing_evidence:
            return _("Preuve manquante"), "new"
        if self.result.unmet:
            return _("Non satisfaite"), "warning"
        if self.objections:
            return _("À vérifier"), "warning"
        return _("Répondue"), "success"

    def _sent_back_badge(self, verdict: Verdict) -> tuple[str, str]:
        if self.filing.is_corrected(self.key):
            return _("Corrigée, à soumettre"), "success"
        if self.filing.is_settled(self.key):
            return _("Réponse écrite, à soumettre"), "success"
        label = _("À corriger") if verdict.decision == Verdict.Decision.REFUSED else _("Question posée")
        return label, "warning"

    @property
    def is_pending(self) -> bool:
        """Changed since it was filed, and not to leave with the next submission."""
        return self.key in self.filing.pending

    @property
    def copy_note(self) -> str:
        """What becomes of a change, once the dossier was submitted; blank before."""
        filing, submission = self.filing, self.filing.submission
        if submission is None or filing.filed is None:
            return ""
        words = {"day": long_date(submission.submitted_at)}
        if self.key in filing.reopened:
            return _("Cette réponse et ses fichiers partiront avec la prochaine soumission.")
        if self.is_pending:
            return str(self._pending_words) % words
        if self.key not in filing.filed.states:
            return _("Sans réponse dans ce qui a été soumis le %(day)s.") % words
        return _("Sans changement depuis la soumission du %(day)s.") % words

    @property
    def _pending_words(self) -> str:
        assert self.filing.filed is not None
        if self.filing.dossier.state in Dossier.OVER:
            return _("Ce changement n’a pas été examiné : la réponse examinée est celle du %(day)s.")
        if self.key in self.filing.filed.states:
            return _(
                "Copie de travail modifiée. La réponse examinée reste celle du %(day)s ; ce changement ne partira que "
                "si les examinateurs vous renvoient cette question."
            )
        return _(
            "Copie de travail modifiée. Cette question n’est pas dans ce qui a été soumis le %(day)s ; sa réponse ne "
            "partira que si les examinateurs vous la renvoient, ou si une correction la fait apparaître."
        )

    @property
    def conflict_words(self) -> str:
        return answer_in_words(self.question, self.conflict) if self.conflict else ""

    @property
    def mine(self) -> AnswerState | None:
        """What was typed and is not saved, where it is an answer."""
        if self.form is None or not self.form.is_valid():
            return None
        entry = self.form.entry
        return AnswerState(
            value=entry.value, not_applicable=entry.not_applicable, reason=entry.reason, comment=entry.comment
        )

    @property
    def mine_words(self) -> str:
        return answer_in_words(self.question, self.mine) if self.mine else ""

    @property
    def can_merge(self) -> bool:
        """Both wrote a text, and not the same."""
        if self.conflict is None or self.data is None:
            return False
        return has_texts_to_merge(self.data, self.question, self.conflict)

    @property
    def takes_files(self) -> bool:
        """The orientation proves nothing; elsewhere, a closed question shows only what it has or should have."""
        wanted = self.is_open or self.attachments or self.question.requires_evidence
        return bool(wanted) and not self.is_orientation

    @property
    def accept(self) -> str:
        """For the browser's file chooser."""
        return ",".join(accepted_formats(self.question))

    @cached_property
    def formats_in_words(self) -> str:
        return ", ".join(each.removeprefix(".").upper() for each in accepted_formats(self.question))

    @property
    def other_format_words(self) -> str:
        """Said of a file of another format: the page puts its name in place of NOM."""
        text = _("NOM n’a pas été joint : cette question demande un fichier %(formats)s.")
        return text % {"formats": self.formats_in_words}

    @property
    def is_full(self) -> bool:
        """Takes no other file before one is removed."""
        return is_full(self.question, self.state.files)

    @property
    def places_taken(self) -> int:
        return places_taken(self.state.files)

    @property
    def places_words(self) -> str:
        """How many files there are of how many; blank when the question sets no limit."""
        most = self.question.max_files
        if not most:
            return ""
        text = ngettext("%(taken)s sur %(most)s fichier", "%(taken)s sur %(most)s fichiers", most)
        return text % {"taken": self.places_taken, "most": most}

    @property
    def folds_files(self) -> bool:
        """A proof that nobody asked for takes no room until somebody wants to add one."""
        return not (self.question.requires_evidence or self.attachments)

    @property
    def files(self) -> list[tuple[Attachment, tuple[Caution, ...]]]:
        """The attachments, each with what should be looked at in it."""
        return [(attachment, self.cautions.get(attachment.pk, ())) for attachment in self.attachments]

    @property
    def has_waiting_files(self) -> bool:
        return any(attachment.document_version.is_waiting for attachment in self.attachments)


def card_of(
    question: engine.Question,
    filing: Filing,
    *,
    open_keys: frozenset[str],
    data: Typed | None = None,
    conflict: AnswerState | None = None,
    draft_at: datetime | None = None,
    attachments: tuple[Attachment, ...] = (),
    cautions: Mapping[int, tuple[Caution, ...]] = MappingProxyType({}),
) -> QuestionCard:
    """One card. `data`: what was typed and not saved."""
    copy = filing.working
    state, result = copy.state(question.key), filing.result(question.key)
    is_open = question.key in open_keys
    return QuestionCard(
        question=question,
        result=result,
        state=state,
        is_open=is_open,
        data=data,
        is_orientation=copy.definition.kinds[question.key] is engine.Kind.ORIENTATION,
        # What is wrong with the stored answer is no news while another one is on the screen.
        objections=() if data else objections_to(question, state, filing.today),
        filing=filing,
        verdict=filing.sent_back.get(question.key),
        conflict=conflict,
        draft_at=draft_at,
        attachments=attachments,
        cautions=cautions,
    )


def objections_to(question: engine.Question, state: AnswerState, today: date) -> tuple[str, ...]:
    """What is wrong with a stored answer, in sentences (rule 6: it is kept all the same)."""
    if question.type is engine.QuestionType.FILE or state.not_applicable:
        return ()
    value = engine.parse_value(question, state.value)
    if value is None:
        return ()
    return tuple(objection_sentence(each) for each in engine.why_unacceptable(question, value, today))
