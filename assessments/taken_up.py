"""The answers taken up from another dossier, or from an earlier edition, that nobody has read again yet, as pages of
the dossier tell them."""

from django.utils.translation import gettext as _

from assessments.filing import Filing
from assessments.models import AnswerOrigin, Dossier
from assessments.overviews import Gap, places_of
from ui.formats import long_date


def origin_gaps(filing: Filing, kind: str) -> list[Gap]:
    """Those of shown questions, in the order of the screen; none where the team does not write. One query."""
    if filing.dossier.state not in Dossier.WRITABLE:
        return []
    places = places_of(filing.dossier, filing.working)
    return [
        Gap(key=key, title=question.title, words=_first_said(filing.origins[key]), url=places[key])
        for key, question in filing.working.definition.questions.items()
        if key in filing.origins and filing.origins[key].kind == kind and filing.result(key).shown
    ]


def origin_gaps_to_file(filing: Filing, kind: str) -> list[Gap]:
    """Those that submitting now would file: not what was taken up since the last submission and stays behind."""
    leaving, working = filing.next_copy, filing.working
    return [
        gap
        for gap in origin_gaps(filing, kind)
        if gap.key in filing.to_file and leaving.state(gap.key).revision == working.state(gap.key).revision
    ]


def _first_said(origin: AnswerOrigin) -> str:
    if origin.why:
        return origin.why
    words = {"day": long_date(origin.source.saved_at), "who": origin.source.saved_by}
    return _("répondu le %(day)s par %(who)s") % words
