"""Whether a file that came back is taken, and its rows read one by one."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from assessments.models import Dossier
from assessments.offline.layout import FORMAT
from assessments.offline.proposals import Edit
from assessments.offline.returned import Returned, Unknown, Unreadable
from assessments.offline.typing_in import Row, read_row
from questionnaires import engine


class NotTaken(Exception):
    """The file is not taken. `sentence` says in French why, and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def require_same(dossier: Dossier, *, format: object, number: object, edition: object) -> None:
    """The file must have left this very dossier, as this version of the portal writes it. Raises NotTaken."""
    if format != FORMAT:
        raise NotTaken(
            _("Ce fichier n’est pas dans un format que cette version du portail sait lire. Exportez-en un nouveau.")
        )
    if number != dossier.number:
        raise NotTaken(
            _(
                "Ce fichier vient du dossier %(theirs)s, et non du dossier %(ours)s : importez-le depuis la page "
                "de l’autre dossier."
            )
            % {"theirs": str(number)[:40], "ours": dossier.number}
        )
    if edition != dossier.edition.code:
        raise NotTaken(
            _(
                "Ce fichier suit l’édition %(theirs)s, et ce dossier l’édition %(ours)s : les questions ne sont pas "
                "les mêmes. Exportez un nouveau fichier."
            )
            % {"theirs": str(edition)[:40], "ours": dossier.edition.code}
        )


def gather(rows: Iterable[Row], definition: engine.Definition) -> Returned:
    """Read each row by its question. A key that comes twice is read once; the others are said."""
    edits: dict[str, Edit] = {}
    unreadable: list[Unreadable] = []
    unknown: list[Unknown] = []
    for row in rows:
        question = definition.questions.get(row.key)
        place = next(iter(row.places.values()), row.key)
        if question is None:
            unknown.append(Unknown(key=row.key[:40], place=place))
        elif row.key in edits:
            problem = _("Cette question est deux fois dans le fichier : la première ligne est lue, effacez celle-ci.")
            unreadable.append(Unreadable(key=row.key, place=place, text=row.key, problem=problem))
        else:
            edits[row.key], problems = read_row(question, row)
            unreadable += problems
    ordered = tuple(edits[key] for key in definition.questions if key in edits)
    return Returned(edits=ordered, unreadable=tuple(unreadable), unknown=tuple(unknown))
