"""The answers taken up from another dossier that nobody has read again yet, as pages of the dossier tell them."""

from django.utils.translation import gettext as _

from assessments.filing import Filing
from assessments.models import Dossier
from assessments.overviews import Gap, places_of


def origin_gaps(filing: Filing) -> list[Gap]:
    """Those of shown questions, in the order of the screen; none where the team does not write. One query."""
    if filing.dossier.state not in Dossier.WRITABLE:
        return []
    places = places_of(filing.dossier, filing.working)
    return [
        Gap(key=key, title=question.title, words=_("réponse reprise, à relire"), url=places[key])
        for key, question in filing.working.definition.questions.items()
        if key in filing.origins and filing.result(key).shown
    ]
