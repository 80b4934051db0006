"""What becomes of one old question, as typed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from questionnaires import engine
from questionnaires.models import MigrationMove
from ui.forms import PortalForm, choice_with_hint

HINTS = {
    "keep": _("La même question : réponse, commentaire et preuves sont repris tels quels."),
    "reconfirm": _("La question a changé : la réponse est reprise, et doit être relue avant de soumettre."),
    "split": _("Plusieurs questions la remplacent : la réponse est reprise dans chacune, à relire."),
    "merge": _("Elle rejoint d’autres questions dans une seule : les réponses y sont réunies, à relire."),
    "drop": _("Elle n’est plus posée : la réponse reste lisible dans l’ancienne évaluation."),
}


NEEDS_A_REASON = {MigrationMove.Operation.RECONFIRM, MigrationMove.Operation.DROP}


class MoveForm(PortalForm):
    """`old` is the question that goes, `new` the version where it arrives, `move` what the map says of it now."""

    conditional = ("targets", "why")

    operation = forms.ChoiceField(label=_("Ce qu’elle devient"), widget=forms.RadioSelect)
    targets = forms.MultipleChoiceField(
        label=_("Questions d’arrivée"),
        required=False,
        help_text=_("Plusieurs avec la touche Ctrl ou Cmd. Aucune si la question est abandonnée."),
        widget=forms.SelectMultiple(attrs={"size": 8}),
        error_messages={"invalid_choice": _("« %(value)s » n’est pas une question de la nouvelle version.")},
    )
    why = forms.CharField(
        label=_("Pourquoi"),
        required=False,
        help_text=_("Les éditeurs de services la liront. Nécessaire pour « à reconfirmer » et « abandonnée »."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: Any, *, old: engine.Question, new: engine.Questionnaire, move: engine.Move | None) -> None:
        self.old, self.new, self.move = old, new, move
        initial = {
            "operation": move.operation.value if move else "",
            "targets": list(move.targets) if move else [],
            "why": move.why if move else "",
        }
        super().__init__(data, initial=initial)
        self.fields["operation"].choices = [
            (code, choice_with_hint(str(label).capitalize(), str(HINTS[code])))
            for code, label in MigrationMove.Operation.choices
        ]
        self.fields["targets"].choices = [(each.key, f"{each.key} {each.title}") for each in new.questions()]
        for name, field in self._choice_fields(move):
            self.fields[name] = field

    def _choice_fields(self, move: engine.Move | None) -> list[tuple[str, forms.ChoiceField]]:
        """One per old choice that some new question does not have, or that the map names."""
        targets = self._targets_shown(move)
        said = move.choices if move else ()
        named = {(each.target, each.old): each.new for each in said if each.source == self.old.key}
        found = []
        for target in targets:
            values = {choice.value for choice in target.choices}
            for choice in self.old.choices if target.choices else ():
                if choice.value in values and (target.key, choice.value) not in named:
                    continue
                now = named.get((target.key, choice.value), "")
                field = forms.ChoiceField(
                    label=_("« %(choice)s » devient, dans %(key)s") % {"choice": choice.label, "key": target.key},
                    required=False,
                    initial=self.NOTHING if now is None else now,
                    choices=[
                        ("", _("Le même choix")) if choice.value in values else ("", _("À décider")),
                        *((each.value, each.label) for each in target.choices),
                        (self.NOTHING, _("Aucun : il faudra répondre à nouveau")),
                    ],
                )
                found.append((f"choice:{target.key}:{choice.value}", field))
        return found

    NOTHING = " "

    def _targets_shown(self, move: engine.Move | None) -> Sequence[engine.Question]:
        chosen = self.data.getlist("targets") if self.data else (move.targets if move else ())
        return [each for each in self.new.questions() if each.key in chosen]

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned: dict[str, Any] = self.cleaned_data
        if cleaned.get("operation") == MigrationMove.Operation.DROP:
            cleaned["targets"] = []
        if cleaned.get("operation") in NEEDS_A_REASON and not str(cleaned.get("why", "")).strip():
            self.add_error("why", _("Écrivez la raison : les éditeurs de services la liront."))
        return cleaned

    @property
    def choices(self) -> list[engine.ChoiceMove]:
        """Needs a valid form."""
        moves = []
        for name, value in self.cleaned_data.items():
            if name.startswith("choice:") and value:
                _word, target, old = name.split(":", 2)
                new = None if value == self.NOTHING else value
                if target in self.cleaned_data["targets"]:
                    moves.append(engine.ChoiceMove(source=self.old.key, target=target, old=old, new=new))
        return moves


class GraceForm(PortalForm):
    days = forms.IntegerField(
        label=_("Délai pour suivre, en jours"),
        min_value=0,
        max_value=3650,
        help_text=_("À partir du jour où l’édition s’applique. Les dossiers en cours sont prévenus de cette échéance."),
        error_messages={
            "required": _("Dites combien de jours les dossiers ont pour suivre."),
            "invalid": _("Écrivez un nombre de jours, par exemple 90."),
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
