"""Sentences that reviewers write again and again, ready to be completed. By motive of refusal; blank: a question."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.models import Verdict

Reason = Verdict.Reason

PHRASES: Mapping[str, tuple[Promise, ...]] = {
    Reason.INCOMPLETE: (
        _("Il manque la page qui porte la date et la signature. Joignez le document entier."),
        _("Le document ne dit pas qu’il couvre ce service. Joignez une version, ou une annexe, qui le nomme."),
        _("Seul un extrait est joint. Joignez aussi les pages qui répondent à l’exigence, ou dites lesquelles lire."),
    ),
    Reason.OFF_TOPIC: (
        _("Ce document porte sur un autre service. Joignez celui qui concerne le produit évalué."),
        _("Ce document décrit une intention. Joignez ce qui prouve que la mesure est en place."),
    ),
    Reason.OUTDATED: (
        _("Ce certificat n’est plus valable. Joignez le certificat en cours de validité."),
        _("Ce document porte sur une version antérieure du service. Joignez celui de la version évaluée."),
    ),
    Reason.UNREADABLE: (_("Le texte ne se lit pas à cette résolution. Déposez une version plus nette."),),
    Reason.CONTRADICTION: (_("La réponse et le document ne disent pas la même chose. Corrigez l’un ou l’autre."),),
    Reason.NOT_JUSTIFIED: (
        _("La raison donnée n’exclut pas cette exigence. Répondez à la question, ou précisez ce qui l’exclut."),
    ),
    "": (
        _("À quelle page le document répond-il à l’exigence ?"),
        _("De quand date ce document, et qui l’a approuvé ?"),
    ),
}
