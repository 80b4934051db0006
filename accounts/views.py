"""Publishers and their teams: open one, see who is in it, say who may do what."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import operations, policies
from accounts.forms import MemberForm, PublisherForm, RoleForm
from accounts.models import Membership, Publisher
from accounts.requests import SignedInRequest


@require_http_methods(["GET", "POST"])
def publisher_create(request: SignedInRequest) -> HttpResponse:
    if not policies.can_open_publisher(request.user):
        raise PermissionDenied
    form = PublisherForm(request.POST or None)
    if form.is_valid():
        try:
            publisher = operations.open_publisher(by=request.user, **form.cleaned_data)
        except operations.PublisherExists:
            form.add_error("siren", form.already_registered)
        else:
            messages.success(
                request,
                _("%(publisher)s est inscrit et vous en êtes mandataire. Ajoutez maintenant votre premier produit.")
                % {"publisher": publisher},
            )
            return redirect("products:create")
    return render(request, "accounts/publisher_create.html", {"form": form})


@require_http_methods(["GET", "POST"])
def team(request: SignedInRequest, siren: str) -> HttpResponse:
    publisher = get_object_or_404(Publisher.objects.visible_to(request.user), siren=siren)
    can_manage = policies.can_manage_team(request.user, publisher.pk)
    if request.method == "POST" and not can_manage:
        raise PermissionDenied
    form = MemberForm(request.POST or None)
    if form.is_valid():
        try:
            operations.add_member(publisher, by=request.user, **form.cleaned_data)
        except operations.AlreadyMember:
            form.add_error("email", _("Cette personne fait déjà partie de l’équipe : changez son rôle dans la liste."))
        else:
            # One sentence whatever happened: it must not tell who has an account.
            messages.info(request, _("Si un compte confirmé existe à cette adresse, il rejoint l’équipe."))
            return redirect("accounts:team", siren=publisher.siren)
    members = publisher.memberships.select_related("user").order_by("user__full_name", "pk")
    others = Publisher.objects.visible_to(request.user).exclude(pk=publisher.pk)
    return render(
        request,
        "accounts/team.html",
        {"publisher": publisher, "members": members, "others": others, "can_manage": can_manage, "form": form},
    )


@require_http_methods(["GET", "POST"])
def member(request: SignedInRequest, siren: str, pk: int) -> HttpResponse:
    membership = _managed_membership(request, siren, pk)
    form = RoleForm(request.POST or None, initial={"role": membership.role})
    if form.is_valid():
        try:
            operations.change_role(membership, by=request.user, role=form.cleaned_data["role"])
        except operations.LastMandataire:
            form.add_error("role", _("Nommez d’abord un autre mandataire : une équipe en garde toujours un."))
        except Membership.DoesNotExist:
            messages.info(request, _("Cette personne vient de quitter l’équipe."))
            return redirect("accounts:team", siren=siren)
        else:
            messages.success(request, _("Le rôle est changé."))
            return _to_team_or_home(request, membership)
    return render(
        request,
        "accounts/member.html",
        {"membership": membership, "form": form, "is_self": membership.user_id == request.user.pk},
    )


@require_POST
def member_remove(request: SignedInRequest, siren: str, pk: int) -> HttpResponse:
    membership = _managed_membership(request, siren, pk)
    try:
        operations.remove_member(membership, by=request.user)
    except operations.LastMandataire:
        messages.error(request, _("Nommez d’abord un autre mandataire : une équipe en garde toujours un."))
        return redirect("accounts:member", siren=siren, pk=pk)
    except Membership.DoesNotExist:
        messages.info(request, _("Cette personne vient de quitter l’équipe."))
    else:
        messages.success(request, _("%(person)s ne fait plus partie de l’équipe.") % {"person": membership.user})
    return _to_team_or_home(request, membership)


def _managed_membership(request: SignedInRequest, siren: str, pk: int) -> Membership:
    """404 to whom the team is not visible, 403 to whom it is but who does not manage it."""
    publisher = get_object_or_404(Publisher.objects.visible_to(request.user), siren=siren)
    if not policies.can_manage_team(request.user, publisher.pk):
        raise PermissionDenied
    return get_object_or_404(publisher.memberships.select_related("user", "publisher"), pk=pk)


def _to_team_or_home(request: SignedInRequest, membership: Membership) -> HttpResponse:
    """Whoever has just left the team can no longer see its page."""
    if Publisher.objects.visible_to(request.user).filter(pk=membership.publisher_id).exists():
        return redirect("accounts:team", siren=membership.publisher.siren)
    return redirect("home")
