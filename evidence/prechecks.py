"""What a person should look at before handing a file over: signs that it may be the wrong one. Pure; nothing blocks."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

# Words of a company's name that its papers often leave out.
LEGAL_FORMS = re.compile(r"\b(sasu|sas|sarl|eurl|sa|snc|scop|scic|sci|gie|gip|selarl|selas)\b", re.IGNORECASE)
LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae"})
# An accent that stands apart from its letter is no word character.
NOT_LETTERS = re.compile(r"[\W_]+")
# A shorter name, once squeezed, is found in any text.
SHORTEST_NAME = 3


class Sign(StrEnum):
    """What a warning is about: stable codes. The order is that of the screen."""

    EXPIRED = "expired"
    EXPIRES_SOON = "expires_soon"
    NAMES_MISSING = "names_missing"
    UNSIGNED = "unsigned"
    PICTURES_ONLY = "pictures_only"
    BLANK_PAGES = "blank_pages"


LABELS = {
    Sign.EXPIRED: gettext_lazy("Document périmé"),
    Sign.EXPIRES_SOON: gettext_lazy("Bientôt périmé"),
    Sign.NAMES_MISSING: gettext_lazy("Ni produit ni éditeur nommé"),
    Sign.UNSIGNED: gettext_lazy("Sans signature électronique"),
    Sign.PICTURES_ONLY: gettext_lazy("Pages numérisées, sans texte"),
    Sign.BLANK_PAGES: gettext_lazy("Pages vides"),
}


@dataclass(frozen=True, slots=True)
class Caution:
    """`code` is for machines, `sentence` says the reason and what to do, in French."""

    code: Sign
    sentence: str

    @property
    def label(self) -> str:
        """The same in a few words."""
        return str(LABELS[self.code])


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a file. None: not known, or meaningless for its type; nothing is said of that."""

    text: str = ""
    is_cut: bool = False
    blank_pages: int | None = None
    image_only_pages: int | None = None
    is_signed: bool | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What is expected of it. `names`: one at least should be written in it, the product's and the publisher's."""

    today: date
    notice: timedelta
    names: tuple[str, ...] = ()
    is_signature_expected: bool = False


def check(facts: Facts, expected: Expected) -> tuple[Caution, ...]:
    """Return what should be looked at, the gravest first."""
    return (
        *_dates(facts, expected),
        *_names(facts, expected),
        *_signature(facts, expected),
        *_pages(facts),
    )


def _dates(facts: Facts, expected: Expected) -> Iterator[Caution]:
    if facts.expires_on is None:
        return
    day = {"day": f"{facts.expires_on:%d/%m/%Y}"}
    if facts.expires_on < expected.today:
        yield Caution(
            Sign.EXPIRED,
            _("Ce document n’est plus valable depuis le %(day)s : déposez celui qui l’a remplacé.") % day,
        )
    elif facts.expires_on <= expected.today + expected.notice:
        yield Caution(
            Sign.EXPIRES_SOON,
            _(
                "Ce document n’est valable que jusqu’au %(day)s, sans doute avant la fin de l’instruction : préparez "
                "son renouvellement, ou déposez le nouveau si vous l’avez déjà."
            )
            % day,
        )


def _names(facts: Facts, expected: Expected) -> Iterator[Caution]:
    # What was cut may hold the name further on.
    if not facts.text or facts.is_cut or not (names := _sought(expected.names)):
        return
    text = squeezed(facts.text)
    if not any(name in text for name in names):
        yield Caution(
            Sign.NAMES_MISSING,
            _(
                "Ni le nom du produit ni celui de l’éditeur n’ont été trouvés dans ce fichier : vérifiez que c’est le "
                "bon, et que l’examinateur verra qu’il concerne votre service."
            ),
        )


def _signature(facts: Facts, expected: Expected) -> Iterator[Caution]:
    if expected.is_signature_expected and facts.is_signed is False:
        yield Caution(
            Sign.UNSIGNED,
            _(
                "Un document signé est attendu, et ce fichier ne porte pas de signature électronique. S’il est signé à "
                "la main, vérifiez que la signature se voit ; sinon, déposez la version signée."
            ),
        )


def _pages(facts: Facts) -> Iterator[Caution]:
    if count := facts.image_only_pages:
        yield Caution(
            Sign.PICTURES_ONLY,
            ngettext(
                "Une page n’est qu’une image : son texte ne peut être ni cherché ni lu par une synthèse vocale. "
                "Déposez plutôt le document d’origine exporté en PDF, si vous l’avez.",
                "%(count)d pages ne sont que des images : leur texte ne peut être ni cherché ni lu par une synthèse "
                "vocale. Déposez plutôt le document d’origine exporté en PDF, si vous l’avez.",
                count,
            )
            % {"count": count},
        )
    if count := facts.blank_pages:
        yield Caution(
            Sign.BLANK_PAGES,
            ngettext(
                "Une page est vide : vérifiez qu’il ne manque rien, par exemple le verso d’une page numérisée.",
                "%(count)d pages sont vides : vérifiez qu’il ne manque rien, par exemple le verso de pages numérisées.",
                count,
            )
            % {"count": count},
        )


def _sought(names: Iterable[str]) -> list[str]:
    sought = (squeezed(LEGAL_FORMS.sub(" ", name)) or squeezed(name) for name in names)
    return [name for name in sought if len(name) >= SHORTEST_NAME]


def squeezed(text: str) -> str:
    """Letters and figures only, without accents or capitals: « Mon Suivi-Cœur » and « monsuivicoeur » are one."""
    decomposed = unicodedata.normalize("NFKD", text.translate(LIGATURES)).casefold()
    return NOT_LETTERS.sub("", decomposed)
