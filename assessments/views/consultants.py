"""Which dossiers of a publisher a consultant may read and fill."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Membership, Publisher
from accounts.requests import SignedInRequest
from assessments import policies
from assessments.forms.consultants import ConsultationForm
from assessments.models import Dossier
from assessments.operations.consultants import NotTheirs, grant_exactly


@require_http_methods(["GET", "POST"])
@reauthentication_required(allow_get=True)
def consultant(request: SignedInRequest, siren: str, pk: int) -> HttpResponse:
    publisher = get_object_or_404(Publisher.objects.visible_to(request.user), siren=siren)
    if not policies.can_open_to_consultants(request.user, publisher.pk):
        raise PermissionDenied
    members = publisher.memberships.select_related("user", "publisher")
    membership = get_object_or_404(members, pk=pk, role=Membership.Role.CONSULTANT)
    offered = Dossier.objects.filter(product__publisher=publisher).select_related("product").order_by("-pk")
    granted = membership.consultations.values_list("dossier_id", flat=True)
    form = ConsultationForm(request.POST or None, offered=offered, initial={"dossiers": list(granted)})
    if request.method == "POST" and form.is_valid():
        try:
            grant_exactly(membership, list(form.cleaned_data["dossiers"]), by=request.user)
        except (NotTheirs, Membership.DoesNotExist):
            messages.info(request, _("Cette personne n’est plus consultante de l’équipe."))
        else:
            messages.success(request, _("C’est noté : cette personne voit les dossiers choisis, et eux seuls."))
        return redirect("accounts:team", siren=publisher.siren)
    context = {"publisher": publisher, "membership": membership, "form": form, "has_dossiers": offered.exists()}
    return render(request, "dossiers/consultant.html", context)
