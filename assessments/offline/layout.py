"""How the workbook is laid out: what writes it and what reads it agree here."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Of the workbook and of the JSON alike. A later one says so: what reads this one refuses it, with a sentence.
FORMAT = 1
# Hidden: what the file is, and the lists that cells choose from. The name is that of no questionnaire.
IDENTITY_SHEET = "Convergence"
# Row 1 is hidden and names each column by its code, whatever its words become; row 2 is what people read.
CODES_ROW, WORDS_ROW, FIRST_ROW = 1, 2, 3
# Where the codes are looked for: somebody may have inserted a row above.
CODES_WITHIN = 5
# What a cell holds, in UTF-16 units (Excel's own limit; LibreOffice holds more).
CELL_UNITS = 32_767
# Instead of a text that no cell holds; read again, it says that nothing was changed.
TOO_LONG = _("Ce texte est trop long pour un tableur : il se lit et se modifie dans le portail.")


class Col(StrEnum):
    """The columns, by their codes. The four that a person fills have the names of the answer's fields."""

    KEY = "key"
    THEME = "theme"
    WORDING = "wording"
    EXPECTED = "expected"
    HOW = "how"
    VALUE = "value"
    NOT_APPLICABLE = "not_applicable"
    REASON = "reason"
    COMMENT = "comment"
    LEVEL = "level"
    ANSWERED_BY = "answered_by"
    SAVED_AT = "saved_at"
    SAVED_BY = "saved_by"
    BASE = "base"


@dataclass(frozen=True, slots=True)
class Layout:
    """One column: its words, and its width in characters."""

    code: Col
    words: Promise
    width: int


COLUMNS = (
    Layout(Col.KEY, _("Référence"), 14),
    Layout(Col.THEME, _("Thème"), 22),
    Layout(Col.WORDING, _("Question"), 50),
    Layout(Col.EXPECTED, _("Ce qui est attendu"), 50),
    Layout(Col.HOW, _("Comment répondre"), 34),
    Layout(Col.VALUE, _("Réponse"), 40),
    Layout(Col.NOT_APPLICABLE, _("Non applicable (oui ou non)"), 13),
    Layout(Col.REASON, _("Pourquoi non applicable"), 32),
    Layout(Col.COMMENT, _("Commentaire pour l’examinateur"), 40),
    Layout(Col.LEVEL, _("Niveau"), 13),
    Layout(Col.ANSWERED_BY, _("Qui répond d’habitude"), 16),
    Layout(Col.SAVED_AT, _("Enregistrée le"), 17),
    Layout(Col.SAVED_BY, _("Enregistrée par"), 22),
    Layout(Col.BASE, _("Version de la réponse"), 10),
)
FIELDS = (Col.VALUE, Col.NOT_APPLICABLE, Col.REASON, Col.COMMENT)
# Without one of them, an answer cannot be told from one that was erased.
NEEDED = frozenset({Col.KEY, Col.BASE, *FIELDS})
YES, NO = _("oui"), _("non")
