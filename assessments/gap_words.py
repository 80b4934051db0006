"""What a question that blocks lacks, in a few words."""

from django.utils.translation import gettext as _

from assessments.answer_states import AnswerState
from questionnaires import engine
from ui.formats import percent


def gap_words(question: engine.Question, result: engine.QuestionResult, state: AnswerState) -> str:
    """What is missing, or that the answer does not satisfy and by how much.

    A question may lack two things at once: both are told, so that nobody comes back for the second.
    """
    if result.incomplete and state.refused_files:
        return _("fichier refusé à l’analyse : remplacez-le")
    lacks_proof = result.incomplete and result.missing_evidence and question.scored
    if result.state is engine.State.UNANSWERED:
        if question.type is engine.QuestionType.FILE:
            return _("fichier à déposer")
        return _("réponse vide, preuve à joindre") if lacks_proof else _("réponse vide")
    if lacks_proof:
        return _("preuve manquante, et exigence non satisfaite") if result.unmet else _("preuve manquante")
    asked = engine.asked_score(question)
    if result.score and asked < 1:
        return _("exigence non satisfaite : %(score)s obtenus, %(asked)s demandés") % {
            "score": percent(result.score, places=0),
            "asked": percent(asked, places=0),
        }
    return _("exigence non satisfaite")
