"""One question as an editor types it: every field that it has, whatever its type."""

from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questionnaires import engine
from questionnaires.forms.scales import (
    Number,
    Percent,
    Typed,
    choice_rows,
    read_choices,
    read_thresholds,
    threshold_rows,
)
from questionnaires.french import ROLES
from questionnaires.models import Question
from ui.forms import PortalForm

# What each type of answer reads; what the others hold says nothing and is not kept.
READ_BY_TYPE = {
    "number": ("unit", "minimum", "maximum"),
    "date": ("not_after_today", "not_before_today", "max_age_months", "score_ok", "score_old"),
    "text": ("min_length", "max_length"),
    "file": ("formats", "min_files", "max_files"),
    "multiple_choice": ("scoring",),
}
WITH_CHOICES = frozenset({"yes_no", "single_choice", "multiple_choice"})
TEXTS = (
    *("title", "wording", "asked", "why", "help", "accepted_example", "refused_example", "evidence", "reference"),
    *("source", "editor_note", "unit"),
)
_DEFAULTS = {field.name: field.default for field in fields(engine.Question)}


def _text(label: Any, *, rows: int = 3, required: Any = "", help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=bool(required),
        strip=False,
        help_text=help_text,
        error_messages={"required": required} if required else None,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def _count(label: Any, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=30_000,
        error_messages={"invalid": gettext_lazy("Écrivez un nombre entier, par exemple 12.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        **more,
    )


def _positive(weight: Decimal) -> None:
    if weight <= 0:
        raise ValidationError(_("Un poids est supérieur à 0 : pour que la question ne compte pas, décochez plus haut."))


class QuestionForm(PortalForm):
    """What was typed of one question, and what it makes of it. `current` is the question as it stands.

    Percentages on the screen are fractions in the question. What is unchanged stays to the letter, so that saving a
    form that nobody touched saves nothing.
    """

    conditional = ("reference", "accepted_example", "refused_example", "weight", "pass_score")

    type = forms.ChoiceField(label=gettext_lazy("Type de réponse"), choices=Question.Type.choices)
    title = forms.CharField(
        label=gettext_lazy("Intitulé court"),
        max_length=150,
        strip=False,
        error_messages={"required": gettext_lazy("Donnez un intitulé : c’est sous ce nom que la question est citée.")},
    )
    wording = _text(gettext_lazy("Question"), required=gettext_lazy("Écrivez la question telle qu’elle sera posée."))
    asked = _text(gettext_lazy("Ce qui est demandé"))
    why = _text(gettext_lazy("Pourquoi cette question"))
    help = _text(gettext_lazy("Aide"))
    accepted_example = _text(
        gettext_lazy("Exemple accepté"), help_text=gettext_lazy("Nécessaire pour publier une exigence obligatoire.")
    )
    refused_example = _text(
        gettext_lazy("Exemple refusé"), help_text=gettext_lazy("Nécessaire pour publier une exigence obligatoire.")
    )
    evidence = _text(gettext_lazy("Preuve attendue"), help_text=gettext_lazy("Vide : aucune preuve n’est exigée."))
    answered_by = forms.ChoiceField(
        label=gettext_lazy("Qui répond d’habitude"),
        required=False,
        choices=[("", gettext_lazy("Non précisé")), *ROLES.items()],
    )
    minutes = _count(gettext_lazy("Temps de réponse, en minutes"))

    applies_when = _text(
        gettext_lazy("Condition"), rows=3, required=gettext_lazy("Écrivez « always » pour poser la question à tous.")
    )

    level = forms.ChoiceField(label=gettext_lazy("Niveau"), choices=Question.Level.choices, widget=forms.RadioSelect)
    scored = forms.BooleanField(label=gettext_lazy("Compte dans le score"), required=False)
    allows_not_applicable = forms.BooleanField(label=gettext_lazy("Peut être déclarée non applicable"), required=False)
    weight = Number(label=gettext_lazy("Poids"), decimal_places=2, validators=[_positive])
    pass_score = Percent(
        label=gettext_lazy("Score à atteindre, en pourcentage"), help_text=gettext_lazy("Vide : 100 %.")
    )

    scoring = forms.ChoiceField(label=gettext_lazy("Calcul du score"), choices=Question.Scoring.choices, required=False)
    unit = forms.CharField(label=gettext_lazy("Unité"), max_length=40, required=False, strip=False)
    minimum = Number(label=gettext_lazy("Minimum"))
    maximum = Number(label=gettext_lazy("Maximum"))
    not_after_today = forms.BooleanField(label=gettext_lazy("Refuse une date future"), required=False)
    not_before_today = forms.BooleanField(label=gettext_lazy("Refuse une date passée"), required=False)
    max_age_months = _count(gettext_lazy("Âge maximal, en mois"), help_text=gettext_lazy("Vide : sans limite d’âge."))
    score_ok = Percent(label=gettext_lazy("Score d’une date valable, en pourcentage"))
    score_old = Percent(label=gettext_lazy("Score d’une date trop ancienne, en pourcentage"))
    min_length = _count(gettext_lazy("Longueur minimale, en caractères"))
    max_length = _count(gettext_lazy("Longueur maximale, en caractères"))
    formats = forms.CharField(
        label=gettext_lazy("Formats de fichier"),
        max_length=100,
        required=False,
        help_text=gettext_lazy("Séparés par un espace, par exemple « pdf png ». Vide : les formats habituels."),
    )
    min_files = _count(gettext_lazy("Fichiers au moins"))
    max_files = _count(gettext_lazy("Fichiers au plus"))

    reference = _text(
        gettext_lazy("Référence juridique"),
        rows=2,
        help_text=gettext_lazy("La source telle qu’elle se cite. Nécessaire pour publier une exigence obligatoire."),
    )
    reference_confidence = forms.ChoiceField(
        label=gettext_lazy("Confiance dans la référence"),
        required=False,
        choices=[
            ("", gettext_lazy("Non précisée")),
            ("high", gettext_lazy("haute")),
            ("medium", gettext_lazy("moyenne : à vérifier")),
            ("low", gettext_lazy("basse : à vérifier")),
        ],
    )
    verification = forms.ChoiceField(
        label=gettext_lazy("Comment elle a été vérifiée"),
        required=False,
        choices=[
            ("", gettext_lazy("Non précisé")),
            ("memory", gettext_lazy("de mémoire")),
            ("partly_read", gettext_lazy("texte lu en partie")),
            ("read_excerpt", gettext_lazy("extrait lu")),
            ("read", gettext_lazy("texte lu")),
        ],
    )
    source = _text(gettext_lazy("Source"), rows=2)
    tier = forms.ChoiceField(
        label=gettext_lazy("Étage"),
        required=False,
        choices=[
            ("", gettext_lazy("Non précisé")),
            ("core", gettext_lazy("socle")),
            ("extra", gettext_lazy("complément")),
        ],
    )
    editor_note = _text(gettext_lazy("Note entre rédacteurs"), rows=2)

    def __init__(self, data: Typed | None, current: engine.Question) -> None:
        self.current = current
        super().__init__(data, initial=_initial(current))
        for name in ("reference_confidence", "verification", "tier", "answered_by"):
            _admit(self.fields[name], getattr(current, name))
        self.choice_rows = choice_rows(data, current)
        self.threshold_rows = threshold_rows(data, current)

    def is_valid(self) -> bool:
        """The fields, and the rows of choices or thresholds that the type reads."""
        own = super().is_valid()
        return own and all(rows.is_valid() for rows in self._rows_in_use)

    @property
    def _rows_in_use(self) -> list[Any]:
        kind = self["type"].value()
        if kind in WITH_CHOICES:
            return [self.choice_rows]
        return [self.threshold_rows] if kind == "number" else []

    def clean_applies_when(self) -> str:
        condition: str = self._as_it_was("applies_when")
        try:
            engine.parse(condition)
        except engine.ConditionError as error:
            raise ValidationError(_("Cette condition ne se lit pas, %(reason)s.") % {"reason": error}) from None
        return condition

    def clean_weight(self) -> Decimal:
        return self.cleaned_data["weight"] or Decimal(1)

    def _as_it_was(self, name: str) -> str:
        """A text to the letter where nobody touched it, and without the spaces around it where somebody did."""
        typed = str(self.cleaned_data[name]).replace("\r\n", "\n").replace("\r", "\n")
        before: str = getattr(self.current, name)
        return before if typed == before else typed.strip()

    @property
    def content(self) -> engine.Question:
        """The question that was typed. Needs a valid form."""
        typed = self.cleaned_data
        kind = engine.QuestionType(typed["type"])
        read = {name for names in READ_BY_TYPE.values() for name in names}
        values: dict[str, Any] = {
            name: typed[name] if name in READ_BY_TYPE.get(kind, ()) or name not in read else _DEFAULTS[name]
            for name in self.fields
        }
        for name in TEXTS:
            if values[name]:
                values[name] = self._as_it_was(name)
        values |= {
            "type": kind,
            "level": engine.Level(typed["level"]),
            "scoring": engine.Scoring(values["scoring"] or engine.Scoring.SUM),
            "minutes": typed["minutes"] or 0,
            "formats": tuple(str(values["formats"] or "").split()) if values["formats"] else (),
            "score_ok": _or(values["score_ok"], _DEFAULTS["score_ok"]),
            "score_old": _or(values["score_old"], _DEFAULTS["score_old"]),
            "choices": read_choices(self.choice_rows) if kind in WITH_CHOICES else (),
            "thresholds": read_thresholds(self.threshold_rows) if kind is engine.QuestionType.NUMBER else (),
        }
        return replace(self.current, **values)


class KeyForm(PortalForm):
    """The key of a new question, and the theme that it joins. Its words come after."""

    key = forms.RegexField(
        label=gettext_lazy("Clé"),
        regex=r"^[A-Z][A-Z0-9]*(-[A-Z0-9]+)*$",
        max_length=20,
        help_text=gettext_lazy("Pour la vie : jamais changée, jamais réutilisée. Par exemple SEC-INC-07."),
        error_messages={
            "required": gettext_lazy("Donnez une clé à cette question."),
            "invalid": gettext_lazy("Écrivez des majuscules, des chiffres et des tirets, par exemple SEC-INC-07."),
        },
    )
    title = forms.CharField(
        label=gettext_lazy("Intitulé court"),
        max_length=150,
        error_messages={"required": gettext_lazy("Donnez un intitulé à cette question.")},
    )
    type = forms.ChoiceField(label=gettext_lazy("Type de réponse"), choices=Question.Type.choices)

    @property
    def content(self) -> engine.Question:
        """A question to write: what is asked is still to be said. Needs a valid form."""
        kind = engine.QuestionType(self.cleaned_data["type"])
        title: str = self.cleaned_data["title"]
        return engine.Question(
            key=self.cleaned_data["key"], type=kind, title=title, wording=title, choices=first_choices(kind)
        )


def first_choices(kind: engine.QuestionType) -> tuple[engine.Choice, ...]:
    """What a new question begins with."""
    if kind is not engine.QuestionType.YES_NO:
        return ()
    return (
        engine.Choice(value="oui", label="Oui", score=Decimal(1)),
        engine.Choice(value="non", label="Non", score=Decimal(0)),
    )


def _initial(question: engine.Question) -> Mapping[str, Any]:
    known = {field.name: getattr(question, field.name) for field in fields(question)}
    return known | {"formats": " ".join(question.formats)}


def _admit(field: Any, value: str) -> None:
    """A code that a file brought and that the list does not know stays possible, as it is."""
    if value and value not in {code for code, _label in field.choices}:
        field.choices = [*field.choices, (value, value)]


def _or(value: Any, default: Any) -> Any:
    return default if value is None else value
