"""What a password may not be, after NIST SP 800-63B: too short, or one that an attacker would try first.

Any character is welcome, spaces and accents too, and nothing asks for a capital or a digit. Common passwords are
refused by Django's own list, which ships with it, and by ours: no password is ever sent to a service outside. Few of
Django's list are as long as we ask, so what is refused is one of its words, or of ours, with digits or signs around it.
"""

import re
import unicodedata
from functools import cache

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.common_words import FRENCH_WORDS
from accounts.models import User

MINIMUM = 12
# Far above any phrase; without a maximum, hashing megabytes would be a way to stop the portal.
MAXIMUM = 256
# Words of this portal and its field: a password made of little else is among the first that are tried here.
CONTEXT_WORDS = frozenset(
    {
        "admin", "administrateur", "ans", "azerty", "bienvenue", "convergence", "dossier", "esante", "espacesante",
        "examinateur", "gie", "mandataire", "monespacesante", "motdepasse", "password", "qwerty", "referencement",
        "sante", "sesamvitale",
    }
)  # fmt: skip
# What must be left of a password once those words and the person's own are taken out.
LEFT_OVER = 6
# Digits and signs written for letters; a 1 is an i or an l.
WRITTEN_FOR = [str.maketrans("013457@$€!", f"o{one}easta" + "sei") for one in "il"]


class LengthValidator:
    """Twelve characters at least; a phrase fits easily."""

    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) < MINIMUM:
            raise ValidationError(
                _("Ce mot de passe est trop court : %(minimum)d caractères au moins. Une phrase convient bien."),
                code="password_too_short",
                params={"minimum": MINIMUM},
            )
        if len(password) > MAXIMUM:
            raise ValidationError(
                _("Ce mot de passe est trop long : %(maximum)d caractères au plus."),
                code="password_too_long",
                params={"maximum": MAXIMUM},
            )

    def get_help_text(self) -> str:
        return _("%(minimum)d caractères au moins.") % {"minimum": MINIMUM}


class CommonWordValidator:
    """Refuse a common word, however written, with digits or signs around it: `Marseille2024`, `p@ssw0rd!!!!`."""

    def validate(self, password: str, user: User | None = None) -> None:
        if not _common_words().isdisjoint(_cores(_plain(password))):
            raise ValidationError(
                _(
                    "Ce mot de passe se devine : c’est un mot courant, avec des chiffres ou des signes autour. "
                    "Choisissez quelques mots sans rapport entre eux."
                ),
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return _("Ni un mot courant suivi de chiffres.")


class ContextValidator:
    """Refuse what is made of the person's own name and address, of the portal's words, or of repeated characters."""

    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) < MINIMUM:
            return  # too short: that is said already, and is enough to know what to do
        left = _plain(password)
        for word in sorted(CONTEXT_WORDS | _own_words(user), key=len, reverse=True):
            left = left.replace(word, "")
        left = re.sub(r"[\d\W_]", "", left)
        if len(set(left)) < LEFT_OVER:
            raise ValidationError(
                _(
                    "Ce mot de passe se devine : il est fait de votre nom, de votre adresse, de mots de ce portail ou "
                    "de caractères répétés. Choisissez quelques mots sans rapport entre eux."
                ),
                code="password_too_obvious",
            )

    def get_help_text(self) -> str:
        return _("Ni votre nom, ni votre adresse, ni les mots de ce portail.")


@cache
def _common_words() -> frozenset[str]:
    return FRENCH_WORDS | CommonPasswordValidator().passwords


def _cores(plain: str) -> set[str]:
    """What may be the word: without what stands around it, and with the letters that digits were written for."""
    ends = {re.sub(r"[\W\d_]+$", "", plain), re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)}
    read = {end.translate(letters) for end in ends for letters in WRITTEN_FOR}
    cores = {re.sub(r"[\W\d_]", "", core) for core in ends | read}
    # `soleilsoleil` is `soleil`.
    return {word for core in cores if core for word in (core, core[: (core + core).index(core, 1)])}


def _own_words(user: User | None) -> set[str]:
    if user is None:
        return set()
    parts = re.split(r"\W+", f"{user.full_name} {user.email}".lower())
    return {_plain(part) for part in parts if len(part) >= 3}


def _plain(text: str) -> str:
    """Lower case, without accents nor spaces."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(each for each in decomposed if not unicodedata.combining(each) and not each.isspace())
