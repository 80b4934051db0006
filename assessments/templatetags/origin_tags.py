"""Where an answer was taken up from, as somebody of the publisher's side reads it."""

from django import template
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policies import is_member
from assessments.models import AnswerOrigin

register = template.Library()


@register.filter
def told_to(origin: AnswerOrigin, user: User) -> str:
    """{{ origin|told_to:request.user }}. A consultant learns no number of a dossier that may not be open to them."""
    if origin.kind == AnswerOrigin.Kind.EDITION:
        change = origin.source.answer.assessment.replaced_by
        return _("de « %(edition)s »") % {"edition": change.from_edition.title if change else ""}
    source = origin.source.answer.assessment.dossier
    if not is_member(user, source.publisher_id):
        return _("d’un autre dossier")
    return _("du dossier %(number)s (%(product)s)") % {"number": source.number, "product": source.product.name}
