"""{% csrf_token %}, which also says on whose page the form was: built into every template (settings.TEMPLATES)."""

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html

from accounts.held_forms import FILLED_BY, mark_of

register = template.Library()


class FormMarks(CsrfTokenNode):
    def render(self, context: Context) -> str:
        token = super().render(context)
        user = getattr(context.get("request"), "user", None)
        if not token or user is None or not user.is_authenticated:
            return token
        return token + format_html('<input type="hidden" name="{}" value="{}">', FILLED_BY, mark_of(user.pk))


@register.tag
def csrf_token(parser: Parser, token: Token) -> FormMarks:
    return FormMarks()
