"""A newer edition: what it changes for this dossier, what following it would do, and following it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.requests import SignedInRequest
from assessments import policies
from assessments.earlier_editions import editions_of
from assessments.filing import Filing
from assessments.models import AnswerOrigin, Dossier
from assessments.next_edition import MAY_FOLLOW, NextEdition, next_edition_of
from assessments.operations.dossiers import AlreadyOpen
from assessments.operations.next_edition import NotANextEdition, NotNow, follow_edition
from assessments.views.dossiers import get_dossier
from questionnaires.engine import Fate
from questionnaires.models import Edition


@require_GET
def summary(request: SignedInRequest, number: str) -> HttpResponse:
    """What changed for this dossier, in a few numbers, and by when it is to follow."""
    dossier = get_dossier(request, number)
    edition = next_edition_of(dossier)
    context = {"dossier": dossier, "changes": editions_of(dossier)}
    if edition is not None:
        plan = NextEdition(Filing(dossier), edition)
        context |= {"plan": plan, "counts": _counts(plan), **_may(request, dossier)}
    return render(request, "dossiers/next_edition.html", context)


@require_GET
def simulation(request: SignedInRequest, number: str) -> HttpResponse:
    """What following it would do, question by question. Nothing is written."""
    dossier = get_dossier(request, number)
    edition = next_edition_of(dossier)
    if edition is None:
        return redirect("dossiers:next-edition", number)
    plan = NextEdition(Filing(dossier), edition)
    context = {
        "dossier": dossier,
        "plan": plan,
        "counts": _counts(plan),
        "to_read": plan.of(Fate.TO_RECONFIRM),
        "to_answer": plan.of(Fate.TO_ANSWER),
        "new": plan.of(Fate.NEW),
        **_may(request, dossier),
    }
    return render(request, "dossiers/next_edition_simulation.html", context)


@require_http_methods(["GET", "POST"])
def accept(request: SignedInRequest, number: str) -> HttpResponse:
    """The confirmation, and the passage."""
    dossier = get_dossier(request, number)
    if not policies.can_follow_edition(request.user, dossier):
        raise PermissionDenied
    if request.method == "POST":
        return _follow(request, dossier)
    edition = next_edition_of(dossier)
    if edition is None or dossier.state not in MAY_FOLLOW:
        return redirect("dossiers:next-edition", number)
    plan = NextEdition(Filing(dossier), edition)
    return render(
        request, "dossiers/next_edition_accept.html", {"dossier": dossier, "plan": plan, "counts": _counts(plan)}
    )


def _follow(request: SignedInRequest, dossier: Dossier) -> HttpResponse:
    edition = get_object_or_404(Edition, code=request.POST.get("edition", ""))
    try:
        follow_edition(dossier=dossier, edition=edition, by=request.user)
    except NotNow:
        messages.error(request, _("Ce dossier ne peut pas changer d’édition dans son état : rien n’a changé."))
    except NotANextEdition:
        messages.error(request, _("Une autre édition a été publiée depuis : relisez ce qu’elle change."))
    except AlreadyOpen as error:
        words = {"number": error.dossier.number}
        text = _("Ce produit a déjà un dossier ouvert sous cette édition, le %(number)s : rien n’a changé.")
        messages.error(request, text % words)
    else:
        return _followed(request, dossier, edition)
    return redirect("dossiers:next-edition", dossier.number)


def _followed(request: SignedInRequest, dossier: Dossier, edition: Edition) -> HttpResponse:
    dossier = Dossier.objects.select_related("product", "edition").get(pk=dossier.pk)
    left = sum(each.kind == AnswerOrigin.Kind.EDITION for each in Filing(dossier).origins.values())
    text = ngettext(
        "Le dossier suit maintenant « %(edition)s ». %(count)d réponse est à relire avant de soumettre.",
        "Le dossier suit maintenant « %(edition)s ». %(count)d réponses sont à relire avant de soumettre.",
        left,
    )
    messages.success(request, text % {"edition": edition.title, "count": left})
    if dossier.state == Dossier.State.ORIENTATION:
        messages.info(request, _("L’orientation a une question nouvelle : répondez-y pour retrouver la suite."))
        return redirect("dossiers:orientation", dossier.number)
    return redirect(dossier)


def _may(request: SignedInRequest, dossier: Dossier) -> dict[str, bool]:
    return {
        "is_possible": dossier.state in MAY_FOLLOW,
        "is_over": dossier.state in Dossier.OVER,
        "corrections_asked": dossier.state == Dossier.State.CORRECTIONS_ASKED,
        "can_follow": policies.can_follow_edition(request.user, dossier),
    }


def _counts(plan: NextEdition) -> dict[str, int]:
    """How many questions, among those that this dossier would be asked, of each kind."""
    kept = [each for each in plan.of(Fate.KEPT) if each.is_filled]
    return {
        "kept": len(kept),
        "to_read": len(plan.of(Fate.TO_RECONFIRM)),
        "to_answer": len(plan.of(Fate.TO_ANSWER)),
        "new": len(plan.of(Fate.NEW)),
        "left": len(plan.left),
    }
