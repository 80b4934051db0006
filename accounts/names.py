"""What the words that people type of themselves may not hold: others read them, in mails too.

`validate_line` for any text of one line, `validate_no_link` besides for a company's, `validate_name` for a person's.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Line breaks and control characters; then the marks that turn the writing round and make a text read otherwise.
CONTROLS = frozenset({"Cc", "Zl", "Zp"})
TURNING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
LINK = re.compile(r"://|\bwww\.", re.IGNORECASE)
# What a mail reader makes a link of, without a scheme. « M.Dupont » and « J.-P. » pass.
DOTTED = re.compile(r"[\w-]{2,}\.[^\W\d_]{2,}")


def validate_line(value: str) -> None:
    if any(unicodedata.category(each) in CONTROLS or unicodedata.bidirectional(each) in TURNING for each in value):
        raise ValidationError(
            _("Retirez les retours à la ligne et les caractères invisibles : ce champ tient sur une ligne."),
            code="line",
        )


def validate_no_link(value: str) -> None:
    if LINK.search(value):
        raise ValidationError(_("Retirez l’adresse de site : ce champ n’en contient pas."), code="link")


def validate_name(value: str) -> None:
    """Of a person."""
    validate_line(value)
    validate_no_link(value)
    if DOTTED.search(value):
        raise ValidationError(
            _("Écrivez le nom seul, sans adresse de site ni adresse électronique."), code="link_in_name"
        )


def acceptable_name(value: str) -> str:
    """The name that another system gives: blank when one could not type it here."""
    try:
        validate_name(value)
    except ValidationError:
        return ""
    return value
