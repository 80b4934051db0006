"""An account request, as typed, and what is decided of it."""

from typing import Any

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.fr import siren as siren_number

from accounts.names import validate_line, validate_name, validate_no_link
from ui.forms import PortalForm

# These words leave in mails to people who do not know their author.
OF_A_COMPANY = [validate_line, validate_no_link]


PROOF_FORMATS = ("pdf", "png", "jpg", "jpeg")


def proof_field(*, required: bool) -> forms.FileField:
    return forms.FileField(
        label=_("Justificatif"),
        required=required,
        error_messages={"required": _("Choisissez le fichier du justificatif.")},
        help_text=_(
            "Extrait Kbis ou équivalent si vous représentez l’entreprise ; mandat signé par son représentant sinon. "
            "PDF, PNG ou JPEG, 50 Mo au plus. Il est analysé, puis lu par les seules personnes qui examinent votre "
            "demande."
        ),
        validators=[
            FileExtensionValidator(
                PROOF_FORMATS, _("Ce n’est ni un PDF, ni une image PNG ou JPEG. Scannez ou exportez le document.")
            )
        ],
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(f".{each}" for each in PROOF_FORMATS)}),
    )


class ProofForm(PortalForm):
    """Another proof, in place of one that could not be read."""

    proof = proof_field(required=True)


class DeclarationForm(PortalForm):
    """What a person declares of the company. Kept as a draft, only its SIREN is needed; sent, all of it."""

    conditional = ("proof",)

    siren = forms.CharField(
        label=_("Numéro SIREN"),
        error_messages={"required": _("Saisissez le numéro SIREN de l’entreprise.")},
        max_length=20,
        help_text=_("Neuf chiffres, avec ou sans espaces. Exemple : 732 829 320."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    legal_name = forms.CharField(
        label=_("Raison sociale"),
        error_messages={"required": _("Saisissez la raison sociale.")},
        max_length=200,
        help_text=_("Le nom de l’entreprise tel qu’il figure au registre."),
        validators=OF_A_COMPANY,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    address = forms.CharField(
        label=_("Adresse"),
        error_messages={"required": _("Saisissez l’adresse du siège.")},
        max_length=300,
        help_text=_("Numéro et voie du siège."),
        validators=OF_A_COMPANY,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    postal_code = forms.RegexField(
        label=_("Code postal"),
        regex=r"^[0-9]{5}$",
        strip=True,
        max_length=10,
        error_messages={
            "required": _("Saisissez le code postal."),
            "invalid": _("Un code postal compte cinq chiffres. Exemple : 75002."),
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "postal-code"}),
    )
    city = forms.CharField(
        label=_("Ville"),
        error_messages={"required": _("Saisissez la ville.")},
        max_length=100,
        validators=OF_A_COMPANY,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )

    signatory_name = forms.CharField(
        label=_("Représentant légal de l’entreprise"),
        error_messages={"required": _("Saisissez le nom de la personne qui engage l’entreprise.")},
        max_length=150,
        help_text=_("Vous-même, ou la personne qui vous donne mandat."),
        validators=[validate_name],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    signatory_role = forms.CharField(
        label=_("Sa fonction"),
        error_messages={"required": _("Saisissez la fonction de cette personne.")},
        max_length=100,
        help_text=_("Exemple : directrice générale."),
        validators=[validate_name],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    proof = proof_field(required=False)

    def __init__(self, *args: Any, keeping: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if keeping:
            for name, field in self.fields.items():
                field.required = name == "siren"

    def clean_siren(self) -> str:
        typed = self.cleaned_data["siren"]
        try:
            return siren_number.validate(typed)
        except StdnumError as error:
            raise forms.ValidationError(
                _(
                    "Ce numéro n’est pas un SIREN. Recopiez les neuf chiffres de votre extrait Kbis ; "
                    "le SIRET en compte quatorze, dont les neuf premiers sont le SIREN."
                )
            ) from error


class AnswerForm(PortalForm):
    """What a person answers to those who asked for more. Kept as a draft, it may still be empty."""

    answer = forms.CharField(
        label=_("Votre réponse"),
        error_messages={"required": _("Écrivez votre réponse, même courte.")},
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, keeping: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].required = not keeping


class DecisionForm(PortalForm):
    """One of three, and the words that go with two of them. `initial["seen"]`: what the page shows."""

    conditional = ("text",)
    APPROVE, ASK, REFUSE = "approve", "ask", "refuse"

    decision = forms.ChoiceField(
        label=_("Votre décision"),
        choices=[
            (APPROVE, _("Accepter : l’éditeur est ouvert, et la personne en devient mandataire")),
            (ASK, _("Demander des précisions")),
            (REFUSE, _("Refuser")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez une décision.")},
    )
    text = forms.CharField(
        label=_("Message à la personne"),
        required=False,
        max_length=5_000,
        help_text=_("Obligatoire pour demander des précisions ou refuser. Dites ce qui manque et quoi faire."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("decision") in {self.ASK, self.REFUSE} and not cleaned.get("text", "").strip():
            self.add_error("text", _("Écrivez à la personne ce qui manque, ou pourquoi sa demande est refusée."))
        return cleaned
