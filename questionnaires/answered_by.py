"""Who usually answers a question, in the words of the screen. The codes are those of the files."""

from django.utils.translation import gettext_lazy as _

ANSWERED_BY = {
    "product": _("produit"),
    "design": _("conception"),
    "technical": _("technique"),
    "security": _("sécurité"),
    "hosting": _("hébergement"),
    "legal": _("juridique"),
    "dpo": _("délégué à la protection des données"),
    "medical": _("médical"),
    "support": _("assistance"),
    "management": _("direction"),
}
