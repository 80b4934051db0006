"""What the fields of a question are called on the screen."""

from collections.abc import Iterable

from questionnaires.models import Choice, Question, Threshold


def field_names(fields: Iterable[str]) -> list[str]:
    """The French names of a question's fields, as its form calls them, without a capital."""
    own = {field.name: str(field.verbose_name) for field in Question._meta.concrete_fields}
    lists = {"choices": Choice._meta.verbose_name_plural, "thresholds": Threshold._meta.verbose_name_plural}
    return [str(lists.get(field) or own[field]) for field in fields]
