"""Form bases of the portal: DSFR classes, accessible errors, one crispy helper."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.forms import widgets
from django.utils.html import format_html
from django.utils.safestring import SafeString
from dsfr.forms import DsfrBaseForm, DsfrBoundField

_CHOICES = (widgets.RadioSelect, widgets.CheckboxSelectMultiple, widgets.CheckboxInput)


def _dsfr_class(widget: widgets.Widget) -> str:
    """The class the DSFR wants on the control itself; none on boxes and radios."""
    if isinstance(widget, _CHOICES) or widget.is_hidden:
        return ""
    if isinstance(widget, widgets.Select):
        return "fr-select"
    if isinstance(widget, widgets.FileInput):
        return "fr-upload"
    if isinstance(widget, widgets.PasswordInput):
        return "fr-password__input fr-input"
    return "fr-input"


def choice_with_hint(label: str, hint: str) -> SafeString:
    """The label of a radio or box, with a smaller line under it that explains the choice."""
    return format_html('{}<span class="fr-hint-text">{}</span>', label, hint)


class PortalBoundField(DsfrBoundField):
    """A field whose control always carries its DSFR class, whatever else was asked of it."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: widgets.Widget | None = None) -> dict[str, Any]:
        built: dict[str, Any] = super().build_widget_attrs(attrs, widget)
        control = widget or self.field.widget
        wanted = _dsfr_class(control).split()
        present = str(control.attrs.get("class", "")).split()
        if classes := [*wanted, *(name for name in present if name not in wanted)]:
            built["class"] = " ".join(classes)
        # `required` is left out (see PortalForm); assistive technologies must still be told.
        if self.field.required and not self.use_fieldset and not control.is_hidden:
            built["aria-required"] = "true"
        return built


class PortalForm(DsfrBaseForm):
    """Base of every form, rendered by `{% crispy form %}` inside the page's own <form> tag.

    The browser's own validation bubbles are off: errors are ours, in French, under each field
    and summed up on top. Optional fields are marked, required ones are not (DSFR).
    """

    bound_field_class = PortalBoundField
    use_required_attribute = False
    # Fields that are needed in some cases, which their help says: neither optional nor obligatory.
    conditional: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("dsfr", None)  # a marker for django-dsfr's templates, not HTML
            field.is_conditional = name in self.conditional

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True  # the page's <form> carries the token
        helper.render_hidden_fields = True
        return helper


class PortalModelForm(PortalForm, forms.ModelForm):  # type: ignore[type-arg, misc]
    """The same for forms that create or change one row."""
