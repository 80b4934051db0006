"""A theme as typed."""

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from questionnaires.models import Part, Version
from ui.forms import PortalForm


class ThemeForm(PortalForm):
    """What a theme is called. `version` gives the parts that it may belong to."""

    title = forms.CharField(
        label=_("Titre"), max_length=200, error_messages={"required": _("Donnez un titre à ce thème.")}
    )
    description = forms.CharField(
        label=_("Description"),
        required=False,
        help_text=_("Une ou deux phrases, lues en tête de la page du thème."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    part = forms.ModelChoiceField(
        label=_("Volet"), queryset=Part.objects.none(), error_messages={"required": _("Choisissez un volet.")}
    )

    def __init__(self, *args: Any, version: Version, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parts = version.parts.all()
        if parts:
            self.fields["part"].queryset = parts
        else:
            del self.fields["part"]

    @property
    def words(self) -> dict[str, Any]:
        """Needs a valid form."""
        return {"part": None} | {name: self.cleaned_data[name] for name in self.fields if name in _WORDS}


_WORDS = ("title", "description", "part")


class NewThemeForm(ThemeForm):
    """Its code and its address are for life."""

    code = forms.RegexField(
        label=_("Code"),
        regex=r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*$",
        max_length=20,
        help_text=_("Pour la vie. Par exemple SEC-INC."),
        error_messages={
            "required": _("Donnez un code à ce thème."),
            "invalid": _("Écrivez des majuscules, des chiffres et des tirets, par exemple SEC-INC."),
        },
    )
    field_order = ("code", "title", "description", "part")

    @property
    def slug(self) -> str:
        """The theme's address, from its title. Needs a valid form."""
        of_title: str = slugify(self.cleaned_data["title"])[:80].strip("-")
        return of_title or str(slugify(self.cleaned_data["code"]))
