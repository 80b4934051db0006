"""A team's dossiers: the list, opening one, its page."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import CharField
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Membership
from accounts.policies import FILLING
from accounts.requests import SignedInRequest
from assessments import policies
from assessments.activity import LATEST, acts_of
from assessments.earlier_editions import editions_of
from assessments.filing import Filing
from assessments.forms.dossiers import OpenDossierForm
from assessments.models import AnswerOrigin, Dossier
from assessments.next_edition import next_edition_of, next_editions_of
from assessments.operations.dossiers import AlreadyOpen, open_dossier
from assessments.operations.visits import note_visit
from assessments.overviews import Turn, overview, pending_gaps, refused_files_of, sent_back_gaps, step_of, turn_of
from assessments.pack_panel import pack_panel
from assessments.prepared import ID, Prepared
from assessments.proofs import refused_files
from assessments.remaining_time import remaining_time
from assessments.reuse import suggested_source
from assessments.since_visits import news_since
from assessments.taken_up import origin_gaps
from assessments.teamwork import Teamwork
from products.models import Product
from questionnaires.queries import edition_in_force

PAGE_SIZE = 25


BESIDE_A_DOSSIER = ("product__publisher", "edition")
# What visible_to gives whoever is nobody's consultant.
OF_PUBLISHERS = Prepared(
    lambda publishers, number: Dossier.objects.filter(
        product__publisher__pk__in=publishers, number=number
    ).select_related(*BESIDE_A_DOSSIER),
    publishers=[ID],
    number=CharField(),
)


def get_dossier(request: SignedInRequest, number: str) -> Dossier:
    """The dossier of the person's own publisher, or 404."""
    user = request.user
    if user.is_consultant:
        return get_object_or_404(Dossier.objects.visible_to(user).select_related(*BESIDE_A_DOSSIER), number=number)
    found: Iterable[Dossier] = OF_PUBLISHERS.objects(publishers=user.team_publishers, number=number)
    for dossier in found:
        return dossier
    raise Http404


def get_dossier_to_fill(request: SignedInRequest, number: str) -> Dossier:
    """The same, for those who may write in it; others get 403."""
    dossier = get_dossier(request, number)
    if not policies.can_fill(request.user, dossier):
        raise PermissionDenied
    return dossier


def _publishers_to_fill(request: SignedInRequest) -> list[int]:
    return [pk for pk, role in request.user.membership_roles.items() if role in FILLING]


@require_GET
def index(request: SignedInRequest) -> HttpResponse:
    dossiers = (
        Dossier.objects.visible_to(request.user).select_related("product__publisher", "review", "edition").yours_first()
    )
    page = Paginator(dossiers, PAGE_SIZE).get_page(request.GET.get("page"))
    refused = refused_files(page)
    newer = next_editions_of(page)
    rows = [
        (dossier, _turn_in_list(request, dossier), refused.get(dossier.pk, 0), newer.get(dossier.pk))
        for dossier in page
    ]
    roles = set(request.user.membership_roles.values())
    context = {
        "page": page,
        "rows": rows,
        "can_open": bool(_publishers_to_fill(request)),
        "is_consultant": roles == {Membership.Role.CONSULTANT},
    }
    return render(request, "dossiers/index.html", context)


def _turn_in_list(request: SignedInRequest, dossier: Dossier) -> Turn:
    review = getattr(dossier, "review", None)  # there is none before the first submission
    return turn_of(dossier, policies.part_of(request.user, dossier), answer_by=review.due_on if review else None)


@require_http_methods(["GET", "POST"])
def create(request: SignedInRequest) -> HttpResponse:
    publishers = _publishers_to_fill(request)
    if not publishers:
        raise PermissionDenied
    products = Product.objects.visible_to(request.user).filter(publisher_id__in=publishers)
    asked = products.filter(reference=request.GET.get("produit", "")).first()
    form = OpenDossierForm(request.POST or None, products=products, initial={"product": asked})
    if request.method == "POST" and form.is_valid():
        edition = edition_in_force(timezone.localdate())
        if edition is None:
            raise Http404
        product, programme = form.cleaned_data["product"], form.cleaned_data["programme"]
        try:
            dossier = open_dossier(product=product, programme=programme, edition=edition, by=request.user)
        except AlreadyOpen as error:
            messages.info(request, _("Ce produit a déjà un dossier ouvert pour cette démarche : le voici."))
            return redirect(error.dossier)
        messages.success(request, _("Dossier %(number)s ouvert.") % {"number": dossier.number})
        return redirect("dossiers:orientation", dossier.number)
    return render(request, "dossiers/create.html", {"form": form, "has_products": products.exists()})


@require_GET
def detail(request: SignedInRequest, number: str) -> HttpResponse:
    dossier = get_dossier(request, number)
    visit = note_visit(dossier=dossier, by=request.user, at=timezone.now())
    filing = Filing(dossier)
    sent_back = sent_back_gaps(filing)
    to_correct = [gap for gap in sent_back if not gap.is_done]
    part, missing = policies.part_of(request.user, dossier), len(filing.next_evaluation.incomplete)
    context = {
        "dossier": dossier,
        "sections": overview(dossier, filing.working, filing.evaluation, to_correct=filing.unsettled).sections,
        "overview": overview(dossier, filing.next_copy, filing.next_evaluation),
        "pending": pending_gaps(filing),
        "sent_back": sent_back,
        "to_correct": to_correct,
        "refused_files": refused_files_of(filing),
        "news": news_since(filing, visit.previous_at, besides=request.user),
        "turn": turn_of(dossier, part, missing, corrected=not to_correct, answer_by=filing.answer_by),
        "remaining": remaining_time(filing),
        "step": step_of(dossier),
        "in_orientation": dossier.state == Dossier.State.ORIENTATION,
        "is_submittable": dossier.state in Dossier.SUBMITTABLE,
        "was_submitted": filing.submission is not None,
        "is_closed": dossier.state == Dossier.State.CLOSED,
        "can_submit": policies.can_submit(request.user, dossier),
        "can_fill": policies.can_fill(request.user, dossier),
        "disclaimer": dossier.edition.disclaimer,
        "shares": Teamwork(filing, request.user).shares(),
        "activity": acts_of(dossier, size=LATEST),
        "variants": list(dossier.product.variants.all()),
        "source": suggested_source(filing, request.user),
        "to_confirm": origin_gaps(filing, AnswerOrigin.Kind.DOSSIER),
        "to_read_again": origin_gaps(filing, AnswerOrigin.Kind.EDITION),
        "next_edition": next_edition_of(dossier),
        "changes_of_edition": editions_of(dossier),
    }
    if filing.submission is not None and policies.can_take_evidence(request.user, dossier):
        filing.submission.dossier = dossier
        context |= pack_panel(filing.submission, space="dossiers")
    return render(request, "dossiers/detail.html", context)
