"""What an answer depends on in its question, and whether it is still the same from one version to the next."""

from types import MappingProxyType

from questionnaires.engine.definitions import Question

# In the order of the form that edits a question. Whatever else changes (the reference, the help, the weight) leaves
# what was answered as true as it was.
ANSWER_DEPENDS_ON = MappingProxyType(
    {
        "type": "le type de réponse",
        "wording": "la question",
        "asked": "ce qui est demandé",
        "evidence": "la preuve attendue",
        "choices": "les choix",
        "scoring": "le calcul du choix multiple",
        "pass_score": "le score à atteindre",
        "unit": "l’unité",
        "minimum": "le minimum",
        "maximum": "le maximum",
        "thresholds": "le barème",
        "not_after_today": "les dates permises",
        "not_before_today": "les dates permises",
        "max_age_months": "l’âge maximal",
        "score_ok": "le barème",
        "score_old": "le barème",
        "min_length": "la longueur",
        "max_length": "la longueur",
        "formats": "les formats de fichier",
        "min_files": "le nombre de fichiers",
        "max_files": "le nombre de fichiers",
        "allows_not_applicable": "le droit de répondre « non applicable »",
    }
)


def what_changed(old: Question, new: Question) -> tuple[str, ...]:
    """In French, what an answer depends on and that differs, each thing once; empty when an answer stays as true."""
    names = (french for name, french in ANSWER_DEPENDS_ON.items() if getattr(old, name) != getattr(new, name))
    return tuple(dict.fromkeys(names))
