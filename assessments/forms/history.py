"""Which earlier answer to take back, and the one that it replaces."""

from django import forms


class RestoreForm(forms.Form):
    """Read only: each button of a history posts it, with the question's key as prefix. `revision` is the answer on
    the screen, as when answering."""

    number = forms.IntegerField(min_value=1)
    revision = forms.IntegerField(min_value=0)
