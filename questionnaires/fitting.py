"""What a content says that its rows cannot hold, told before anything is written."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from questionnaires import engine, models
from questionnaires.rows import SHARED


def misfits(content: engine.Questionnaire) -> list[str]:
    """French sentences; none when every text, number and name finds its place."""
    return [*_of_rows(content), *_repeated(content)]


def _of_rows(content: engine.Questionnaire) -> Iterator[str]:
    head = content.code
    yield from _said(head, models.Questionnaire, {"code": content.code, "slug": content.slug})
    yield from _said(head, models.Version, {"number": content.version, **_fields(content, ("title", "description"))})
    for part in content.parts:
        yield from _said(part.code, models.Part, _fields(part, ("code", "slug", "title", "description")))
    for theme in content.themes:
        yield from _said(theme.code, models.Theme, _fields(theme, ("code", "slug", "title", "description")))
    for question in content.questions():
        yield from _question(question)
    for number, outcome in enumerate(content.outcomes, start=1):
        place = _("conclusion %(number)d") % {"number": number}
        told = {"condition": outcome.when, **_fields(outcome, ("outcome", "title", "reason"))}
        yield from _said(place, models.Outcome, told)
        if any("\n" in step for step in outcome.next_steps):
            yield _("%(place)s : une étape tient sur une ligne.") % {"place": place}


def _question(question: engine.Question) -> Iterator[str]:
    told = {**_fields(question, SHARED), "formats": " ".join(question.formats)}
    yield from _said(question.key, models.Question, told)
    if question.weight <= 0:
        yield _("%(place)s : le poids est plus grand que zéro.") % {"place": question.key}
    for choice in question.choices:
        yield from _said(question.key, models.Choice, _fields(choice, ("value", "label", "score")))
    for step in question.thresholds:
        yield from _said(question.key, models.Threshold, _fields(step, ("low", "high", "score")))


def _fields(source: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(source, name) for name in names}


def _said(place: str, model: type[Model], told: Mapping[str, Any]) -> Iterator[str]:
    """What the columns object to. What is not given yet is a draft's affair."""
    for name, value in told.items():
        if value in (None, "") or isinstance(value, bool):
            continue
        column = model._meta.get_field(name)
        try:
            column.clean(value, None)  # type: ignore[union-attr]
        except ValidationError as error:
            yield f"{place}, {column.verbose_name} : {' '.join(error.messages)}"  # type: ignore[union-attr]
        if isinstance(value, str) and "\0" in value:
            yield _("%(place)s, %(name)s : un caractère nul (U+0000) n’est pas un texte.") % {
                "place": place,
                "name": column.verbose_name,  # type: ignore[union-attr]
            }


def _repeated(content: engine.Questionnaire) -> Iterator[str]:
    """Names that tell rows apart, and are given twice."""
    names = (
        *((_("code de volet"), part.code) for part in content.parts),
        *((_("code de thème"), theme.code) for theme in content.themes),
        *((_("adresse de thème"), theme.slug) for theme in content.themes),
        *((_("clé"), question.key) for question in content.questions()),
        *((each.key, choice.value) for each in content.questions() for choice in each.choices),
    )
    for (kind, name), count in Counter(names).items():
        if count > 1:
            yield _("%(kind)s : « %(name)s » est donné %(count)d fois.") % {"kind": kind, "name": name, "count": count}
