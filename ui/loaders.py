"""Templates without the indentation that only their authors read: a tenth of a page of questions."""

import re

from django.template import Origin
from django.template.loaders import filesystem

# Of the template's own lines: what a person typed comes in later, and is left alone.
_INDENTATION = re.compile(r"\n\s+")


def unindented(template: str) -> str:
    return _INDENTATION.sub("\n", template)


class Loader(filesystem.Loader):
    """As Django's, for our own pages."""

    def get_contents(self, origin: Origin) -> str:
        contents = super().get_contents(origin)
        return unindented(contents) if origin.name.endswith(".html") else contents
