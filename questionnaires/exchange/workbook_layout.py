"""How the workbook of a questionnaire is laid out: what writes it and what reads it agree here.

The words are part of the format, as field names are in a YAML file: they are the same in every language of the portal.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

# Row 1 is hidden and names each column by its code; row 2 is what people read.
CODES_ROW, WORDS_ROW, FIRST_ROW = 1, 2, 3
# Somebody may have inserted a row above.
CODES_WITHIN = 5
# What a cell holds, in UTF-16 units: Excel's own limit.
CELL_UNITS = 32_767
README, LISTS = "Lisez-moi", "Listes"

# Characters that XML cannot hold are written « _x0001_ » (ECMA-376 part 1, 22.9.2.19, ST_Xstring), and an underscore
# that would begin such a word « _x005F_ ».
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NOT_IN_XML = r"\x00-\x08\x0b-\x1f\ufffe\uffff"
_TO_ESCAPE = re.compile(rf"_(?=x[0-9A-Fa-f]{{4}}[_{_NOT_IN_XML}])|[{_NOT_IN_XML}]")


def as_written(text: str) -> str:
    """A text as a cell of a workbook holds it."""
    return _TO_ESCAPE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def as_read(text: str) -> str:
    """The reverse, whoever wrote it."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


class Holds(StrEnum):
    """What the cells of a column hold."""

    TEXT = "text"
    NUMBER = "number"
    COUNT = "count"
    TRUTH = "truth"
    WORD = "word"
    LIST = "list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`code` is the name of the field. `words`: for a column of words, what each value is called; a value that has no
    word stands for itself. `shape`: what a text must look like, `like`: an example of one."""

    code: str
    title: str
    width: int = 20
    holds: Holds = Holds.TEXT
    words: Mapping[str, str] = field(default_factory=dict)
    needed: bool = False
    shape: str = ""
    like: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet, a thing to a row."""

    title: str
    columns: tuple[Column, ...]

    def column(self, code: str) -> Column:
        return next(column for column in self.columns if column.code == code)


YES, NO = "oui", "non"
KINDS = {"evaluation": "évaluation", "orientation": "orientation", "diagnostic": "diagnostic"}
TYPES = {
    "yes_no": "oui ou non",
    "single_choice": "choix unique",
    "multiple_choice": "choix multiple",
    "number": "nombre",
    "date": "date",
    "text": "texte",
    "file": "fichier",
}
LEVELS = {"mandatory": "obligatoire", "recommended": "recommandé"}
SCORINGS = {
    "sum": "somme plafonnée à 1",
    "max": "meilleur choix",
    "min": "moins bon choix",
    "rules_only": "règles seulement",
}
CHOICE_RULES = {
    "free": "libre",
    "required": "indispensable",
    "required_any": "au moins un de ceux-ci",
    "forbidden": "rédhibitoire",
}
OPERATORS = {
    "gte": "au moins",
    "lte": "au plus",
    "gt": "plus de",
    "lt": "moins de",
    "between": "entre",
    "otherwise": "sinon",
}
OUTCOMES = {"eligible": "éligible", "eligible_later": "éligible plus tard", "not_eligible": "non éligible"}
CONFIDENCES = {"high": "haute", "medium": "moyenne"}
VERIFICATIONS = {"read_excerpt": "extrait lu", "partly_read": "lu en partie", "memory": "de mémoire"}
TIERS = {"core": "socle", "extra": "complément"}

_CODE = {"shape": r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*", "like": "SEC-ACC-01"}
_VERSION = {"shape": r"[A-Z0-9-]+@[0-9A-Za-z.-]+", "like": "SEC@2026.1"}
_SLUG = {"shape": r"[a-z0-9]+(-[a-z0-9]+)*", "like": "controle-des-acces"}


def _text(code: str, title: str, width: int = 40, *, needed: bool = False, shape: str = "", like: str = "") -> Column:
    return Column(code=code, title=title, width=width, needed=needed, shape=shape, like=like)


def _keys(code: str, title: str) -> Column:
    return Column(code=code, title=title, width=30, holds=Holds.LIST, shape=_CODE["shape"], like=_CODE["like"])


def _number(code: str, title: str) -> Column:
    return Column(code=code, title=title, width=11, holds=Holds.NUMBER)


def _count(code: str, title: str) -> Column:
    return Column(code=code, title=title, width=11, holds=Holds.COUNT)


def _truth(code: str, title: str) -> Column:
    return Column(code=code, title=title, width=11, holds=Holds.TRUTH, words={"true": YES, "false": NO})


def _word(code: str, title: str, words: Mapping[str, str], *, needed: bool = False) -> Column:
    return Column(code=code, title=title, width=16, holds=Holds.WORD, words=words, needed=needed)


QUESTIONNAIRE = Sheet(
    title="Questionnaire",
    columns=(
        _text("code", "Code", 12, needed=True, **_CODE),
        _text("slug", "Adresse", 20, needed=True, **_SLUG),
        _word("kind", "Nature", KINDS, needed=True),
        _text("version", "Version", 12, needed=True, shape=r"[0-9A-Za-z.-]+", like="2026.1"),
        _text("title", "Titre", needed=True),
        _text("description", "Description", 80),
    ),
)
PARTS = Sheet(
    title="Volets",
    columns=(
        _text("code", "Code", 12, needed=True, **_CODE),
        _text("slug", "Adresse", 20, needed=True, **_SLUG),
        _text("title", "Titre", needed=True),
        _text("description", "Description", 80),
    ),
)
THEMES = Sheet(
    title="Thèmes",
    columns=(
        _text("code", "Code", 12, needed=True, **_CODE),
        _text("slug", "Adresse", 20, needed=True, **_SLUG),
        _text("part", "Volet", 12),
        _text("title", "Titre", needed=True),
        _text("description", "Description", 80),
    ),
)
QUESTIONS = Sheet(
    title="Exigences",
    columns=(
        _text("theme", "Thème", 12, needed=True),
        _text("key", "Clé", 14, needed=True, **_CODE),
        _word("type", "Type de réponse", TYPES, needed=True),
        _text("title", "Intitulé court", 30, needed=True),
        _text("wording", "Question", 50, needed=True),
        _text("asked", "Ce qui est demandé", 50),
        _text("why", "Pourquoi"),
        _text("help", "Aide"),
        _text("accepted_example", "Exemple accepté"),
        _text("refused_example", "Exemple refusé"),
        _text("evidence", "Preuve attendue"),
        _text("answered_by", "Répond d’habitude", 14),
        _count("minutes", "Minutes pour répondre"),
        _word("level", "Niveau", LEVELS, needed=True),
        _truth("scored", "Notée"),
        _number("weight", "Poids"),
        _number("pass_score", "Score à atteindre"),
        _text("applies_when", "Condition", 30),
        _truth("allows_not_applicable", "Peut être non applicable"),
        _word("scoring", "Calcul du choix multiple", SCORINGS),
        _text("unit", "Unité", 12),
        _number("minimum", "Minimum"),
        _number("maximum", "Maximum"),
        _truth("not_after_today", "Date : refuse le futur"),
        _truth("not_before_today", "Date : refuse le passé"),
        _count("max_age_months", "Date : âge maximal, en mois"),
        _number("score_ok", "Score d’une date valable"),
        _number("score_old", "Score d’une date trop ancienne"),
        _count("min_length", "Texte : caractères au moins"),
        _count("max_length", "Texte : caractères au plus"),
        Column(code="formats", title="Fichiers : formats", holds=Holds.LIST, shape=r"[a-z0-9]+", like="pdf odt"),
        _count("min_files", "Fichiers au moins"),
        _count("max_files", "Fichiers au plus"),
        _text("reference", "Référence"),
        _word("reference_confidence", "Confiance dans la référence", CONFIDENCES),
        _word("verification", "Vérification", VERIFICATIONS),
        _text("source", "Source"),
        _word("tier", "Étage", TIERS),
        _text("editor_note", "Note de rédaction"),
    ),
)
CHOICES = Sheet(
    title="Choix",
    columns=(
        _text("question", "Clé de l’exigence", 14, needed=True),
        _text("value", "Valeur", 16, needed=True, shape=r"[A-Za-z0-9_]+", like="oui"),
        _text("label", "Libellé", 60, needed=True),
        _number("score", "Score"),
        _word("rule", "Règle", CHOICE_RULES),
    ),
)
THRESHOLDS = Sheet(
    title="Seuils",
    columns=(
        _text("question", "Clé de l’exigence", 14, needed=True),
        _word("operator", "Comparaison", OPERATORS, needed=True),
        _number("low", "Borne"),
        _number("high", "Seconde borne"),
        Column(code="score", title="Score", width=11, holds=Holds.NUMBER, needed=True),
    ),
)
OUTCOMES_SHEET = Sheet(
    title="Conclusions",
    columns=(
        Column(code="number", title="Rang", width=8, holds=Holds.COUNT, needed=True),
        _word("outcome", "Conclusion", OUTCOMES, needed=True),
        _text("when", "Condition", 40, needed=True),
        _text("title", "Titre", needed=True),
        _text("reason", "Raison", 60),
    ),
)
STEPS = Sheet(
    title="Étapes",
    columns=(
        Column(code="outcome", title="Rang de la conclusion", width=12, holds=Holds.COUNT, needed=True),
        _text("text", "Que faire ensuite", 90, needed=True),
    ),
)
OPERATIONS = {
    "keep": "gardée",
    "reconfirm": "à reconfirmer",
    "split": "séparée",
    "merge": "fusionnée",
    "drop": "abandonnée",
}
MIGRATION = Sheet(
    title="Reprise",
    columns=(
        _text(
            "from_version", "Version précédente", 16, needed=True, shape=r"[A-Z0-9-]+@[0-9A-Za-z.-]+", like="SEC@2026.1"
        ),
        Column(code="grace_days", title="Délai, en jours", width=12, holds=Holds.COUNT, needed=True),
    ),
)
MOVES = Sheet(
    title="Ce que deviennent",
    columns=(
        Column(code="number", title="Rang", width=8, holds=Holds.COUNT, needed=True),
        _word("operation", "Ce qu’elles deviennent", OPERATIONS, needed=True),
        _keys("sources", "Anciennes clés"),
        _keys("targets", "Nouvelles clés"),
        _text("why", "Raison", 60),
    ),
)
MOVED_CHOICES = Sheet(
    title="Choix repris",
    columns=(
        Column(code="move", title="Rang de la ligne", width=10, holds=Holds.COUNT, needed=True),
        _text("source", "Ancienne clé", 14, needed=True, **_CODE),
        _text("target", "Nouvelle clé", 14, needed=True, **_CODE),
        _text("old", "Ancien choix", 16, needed=True),
        _text("new", "Nouveau choix (vide : à répondre)", 20),
    ),
)
SHEETS = (
    *(QUESTIONNAIRE, PARTS, THEMES, QUESTIONS, CHOICES, THRESHOLDS, OUTCOMES_SHEET, STEPS),
    *(MIGRATION, MOVES, MOVED_CHOICES),
)
