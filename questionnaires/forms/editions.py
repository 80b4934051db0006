"""An edition as typed: begun, called otherwise, proposed; and its flags."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from questionnaires import engine
from questionnaires.models import Edition, PublicationStatus
from ui.forms import PortalForm


class BeginForm(PortalForm):
    source = forms.ModelChoiceField(
        label=_("Édition de départ"),
        queryset=Edition.objects.exclude(status=PublicationStatus.DRAFT).order_by("-code"),
        to_field_name="code",
        empty_label=None,
        help_text=_("Ses questions, ses thèmes et ses conditions sont recopiés. Elle-même ne change pas."),
        error_messages={
            "required": _("Choisissez l’édition de départ."),
            "invalid_choice": _("Cette édition n’est pas publiée."),
        },
    )
    code = forms.RegexField(
        label=_("Code de la nouvelle édition"),
        regex=r"^[0-9A-Za-z-]+$",
        max_length=16,
        help_text=_("L’année, le plus souvent. Par exemple 2028."),
        error_messages={
            "required": _("Donnez un code à la nouvelle édition."),
            "invalid": _("Écrivez des lettres sans accent, des chiffres et des tirets, par exemple 2028."),
        },
    )
    title = forms.CharField(
        label=_("Titre"), max_length=200, error_messages={"required": _("Donnez un titre à la nouvelle édition.")}
    )


class RenameForm(PortalForm):
    title = forms.CharField(
        label=_("Titre"), max_length=200, error_messages={"required": _("Donnez un titre à cette édition.")}
    )
    disclaimer = forms.CharField(
        label=_("Avertissement"),
        required=False,
        help_text=_("Un mot au lecteur, sur les pages publiques de l’édition."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ProposalForm(PortalForm):
    effective_on = forms.DateField(
        label=_("Date d’effet"),
        help_text=_("Le jour à partir duquel les nouveaux dossiers suivront cette édition."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Dites à partir de quand cette édition s’appliquera."),
            "invalid": _("Écrivez une date qui existe, par exemple 31/12/2026."),
        },
    )


class FlagForm(PortalForm):
    """What a flag means and when it is raised."""

    meaning = forms.CharField(
        label=_("Sens"),
        max_length=300,
        help_text=_("Une phrase sans point final, qui complète « Posée parce que … »."),
        error_messages={"required": _("Dites ce que ce drapeau veut dire.")},
    )
    condition = forms.CharField(
        label=_("Condition"),
        strip=True,
        error_messages={"required": _("Écrivez la condition qui lève ce drapeau.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_condition(self) -> str:
        typed: str = self.cleaned_data["condition"]
        try:
            engine.parse(typed)
        except engine.ConditionError as error:
            raise forms.ValidationError(_("Cette condition ne se lit pas, %(reason)s.") % {"reason": error}) from None
        return typed


class NewFlagForm(FlagForm):
    name = forms.RegexField(
        label=_("Nom"),
        regex=r"^[a-z][a-z0-9_]*$",
        max_length=40,
        help_text=_("Celui que les conditions citent : minuscules sans accent, chiffres et « _ »."),
        error_messages={
            "required": _("Donnez un nom à ce drapeau."),
            "invalid": _("Écrivez des minuscules sans accent, des chiffres et « _ », par exemple mobile_app."),
        },
    )
    field_order = ("name", "meaning", "condition")

    def clean_name(self) -> Any:
        name = self.cleaned_data["name"]
        if name in engine.KEYWORDS:
            raise forms.ValidationError(_("Ce mot appartient au langage des conditions : choisissez-en un autre."))
        return name
