"""What a browser sends back of a form that it was shown."""

from typing import Any

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from questionnaires import engine
from questionnaires.forms.questions import QuestionForm


def posted(question: engine.Question, **changes: Any) -> QueryDict:
    """The form of a question as it was shown, with some fields typed over."""
    form = QuestionForm(None, question)
    sent = QueryDict(mutable=True)
    for field in form:
        _send(sent, field)
    for rows in (form.choice_rows, form.threshold_rows):
        for field in (field for row in [rows.management_form, *rows] for field in row):
            _send(sent, field)
    for name, value in ((name.replace("__", "-"), value) for name, value in changes.items()):
        if value is None:
            sent.pop(name, None)
        else:
            sent.setlist(name, value if isinstance(value, list) else [value])
    return sent


def _send(sent: "MultiValueDict[str, str]", field: Any) -> None:
    """As a browser does: unticked boxes say nothing, textareas speak CR LF."""
    value = field.value()
    if field.field.widget.__class__.__name__ == "CheckboxInput":
        if value:
            sent[field.html_name] = "on"
        return
    shown = field.field.widget.format_value(value)
    text = shown[0] if isinstance(shown, list) and shown else shown
    sent[field.html_name] = "" if text in (None, []) else str(text).replace("\n", "\r\n")
