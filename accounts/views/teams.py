"""A publisher's team: who is in it, who is invited, who may do what."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.core import ratelimit
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import policies
from accounts.forms import AccessEndForm, InvitationForm, RoleForm
from accounts.models import Invitation, Membership, Publisher
from accounts.operations import invitations, teams
from accounts.requests import SignedInRequest


@require_http_methods(["GET", "POST"])
@reauthentication_required(allow_get=True)
def team(request: SignedInRequest, siren: str) -> HttpResponse:
    publisher = get_object_or_404(Publisher.objects.visible_to(request.user), siren=siren)
    roles = policies.manageable_roles(request.user, publisher.pk)
    if request.method == "POST" and not roles:
        raise PermissionDenied
    form = InvitationForm(request.POST or None, roles=roles, initial={"email": request.GET.get("email", "")})
    if form.is_valid():
        if not ratelimit.consume(request, action="invite", user=request.user):
            return _too_many(request)
        try:
            invitations.invite(publisher, by=request.user, **form.cleaned_data)
        except teams.AlreadyMember:
            form.add_error("email", _("Cette personne fait déjà partie de l’équipe : changez son rôle dans la liste."))
        except invitations.NotTheirsToReplace:
            form.add_error("email", _("Un mandataire a déjà invité cette personne : adressez-vous à lui."))
        else:
            messages.success(
                request, _("L’invitation part à cette adresse. La personne y trouvera un lien pour accepter.")
            )
            return redirect("accounts:team", siren=publisher.siren)
    return render(request, "accounts/team.html", _team_context(request, publisher, roles, form))


def _team_context(
    request: SignedInRequest, publisher: Publisher, roles: tuple[Membership.Role, ...], form: InvitationForm
) -> dict[str, object]:
    memberships = publisher.memberships.select_related("user").order_by("user__full_name", "pk")
    people: list[dict[str, Any]] = [{"membership": each, "can_change": each.role in roles} for each in memberships]
    return {
        "publisher": publisher,
        "people": [each for each in people if each["membership"].role != Membership.Role.CONSULTANT],
        "consultants": [each for each in people if each["membership"].role == Membership.Role.CONSULTANT],
        "invitations": [
            {"invitation": each, "can_change": each.role in roles}
            for each in publisher.invitations.filter(state=Invitation.State.SENT).select_related("invited_by")
        ],
        "others": Publisher.objects.visible_to(request.user).exclude(pk=publisher.pk),
        "can_manage": bool(roles),
        "can_read_journal": policies.can_read_journal(request.user, publisher.pk),
        "form": form,
    }


@require_http_methods(["GET", "POST"])
@reauthentication_required(allow_get=True)
def member(request: SignedInRequest, siren: str, pk: int) -> HttpResponse:
    membership = _changeable_membership(request, siren, pk)
    if membership.role == Membership.Role.CONSULTANT:
        return _consultant(request, membership)
    roles = policies.manageable_roles(request.user, membership.publisher_id)
    form = RoleForm(request.POST or None, roles=roles, initial={"role": membership.role})
    if form.is_valid():
        try:
            teams.change_role(membership, by=request.user, role=form.cleaned_data["role"])
        except teams.LastMandataire:
            form.add_error("role", _("Nommez d’abord un autre mandataire : une équipe en garde toujours un."))
        except (Membership.DoesNotExist, teams.RoleChanged) as meanwhile:
            return _moved_meanwhile(request, membership, meanwhile)
        else:
            messages.success(request, _("Le rôle est changé."))
            return _to_team_or_home(request, membership)
    context = {"membership": membership, "form": form, "is_self": membership.user_id == request.user.pk}
    return render(request, "accounts/member.html", context)


def _consultant(request: SignedInRequest, membership: Membership) -> HttpResponse:
    form = AccessEndForm(request.POST or None, initial={"access_until": membership.expires_at})
    if form.is_valid():
        try:
            teams.change_end(membership, by=request.user, expires_at=form.cleaned_data["access_until"])
        except (Membership.DoesNotExist, teams.RoleChanged) as meanwhile:
            return _moved_meanwhile(request, membership, meanwhile)
        else:
            messages.success(request, _("La fin de l’accès est changée."))
        return redirect("accounts:team", siren=membership.publisher.siren)
    return render(request, "accounts/member.html", {"membership": membership, "form": form, "is_self": False})


@require_http_methods(["GET", "POST"])
@reauthentication_required(allow_get=True)
def member_remove(request: SignedInRequest, siren: str, pk: int) -> HttpResponse:
    """Say what is lost, then take somebody out; anybody takes themselves out."""
    membership = _changeable_membership(request, siren, pk, or_own=True)
    is_self = membership.user_id == request.user.pk
    if request.method == "GET":
        return render(request, "accounts/member_remove.html", {"membership": membership, "is_self": is_self})
    try:
        teams.remove_member(membership, by=request.user)
    except teams.LastMandataire:
        messages.error(request, _("Nommez d’abord un autre mandataire : une équipe en garde toujours un."))
        return redirect("accounts:member", siren=siren, pk=pk)
    except (Membership.DoesNotExist, teams.RoleChanged) as meanwhile:
        return _moved_meanwhile(request, membership, meanwhile)
    else:
        left = _("Vous avez quitté l’équipe %(publisher)s.") % {"publisher": membership.publisher}
        taken_out = _("%(person)s ne fait plus partie de l’équipe.") % {"person": membership.user}
        messages.success(request, left if is_self else taken_out)
    return _to_team_or_home(request, membership)


@require_POST
@reauthentication_required
def invitation_resend(request: SignedInRequest, siren: str, pk: int) -> HttpResponse:
    invitation = _changeable_invitation(request, siren, pk)
    if not ratelimit.consume(request, action="invite", user=request.user):
        return _too_many(request)
    try:
        invitations.resend(invitation, by=request.user)
    except invitations.InvitationOver:
        messages.info(request, _("Cette invitation vient d’être acceptée ou annulée."))
    except invitations.AccessPast:
        messages.error(request, _("L’accès prévu est déjà terminé : invitez la personne de nouveau, à une autre date."))
    else:
        messages.success(request, _("L’invitation repart, avec un nouveau lien : l’ancien ne sert plus."))
    return redirect("accounts:team", siren=siren)


@require_POST
@reauthentication_required
def invitation_revoke(request: SignedInRequest, siren: str, pk: int) -> HttpResponse:
    invitation = _changeable_invitation(request, siren, pk)
    try:
        invitations.revoke(invitation, by=request.user)
    except invitations.InvitationOver:
        messages.info(request, _("Cette invitation vient d’être acceptée : retirez la personne de l’équipe."))
    else:
        messages.success(request, _("L’invitation est annulée : son lien ne sert plus."))
    return redirect("accounts:team", siren=siren)


def _changeable_membership(request: SignedInRequest, siren: str, pk: int, *, or_own: bool = False) -> Membership:
    """404 to whom the team is not visible, 403 to whom it is but who may not change this member's place."""
    publisher = get_object_or_404(Publisher.objects.visible_to(request.user), siren=siren)
    roles = policies.manageable_roles(request.user, publisher.pk)
    found = publisher.memberships.select_related("user", "publisher").filter(pk=pk).first()
    own = or_own and found is not None and found.user_id == request.user.pk
    if not roles and not own:
        raise PermissionDenied
    membership = get_object_or_404(publisher.memberships.select_related("user", "publisher"), pk=pk)
    if membership.role not in roles and not own:
        raise PermissionDenied
    return membership


def _changeable_invitation(request: SignedInRequest, siren: str, pk: int) -> Invitation:
    publisher = get_object_or_404(Publisher.objects.visible_to(request.user), siren=siren)
    roles = policies.manageable_roles(request.user, publisher.pk)
    if not roles:
        raise PermissionDenied
    invitation = get_object_or_404(publisher.invitations, pk=pk)
    if invitation.role not in roles:
        raise PermissionDenied
    return invitation


def _moved_meanwhile(request: SignedInRequest, membership: Membership, what: Exception) -> HttpResponse:
    if isinstance(what, teams.RoleChanged):
        messages.info(request, _("Un collègue vient de changer le rôle de cette personne : rien d’autre n’est changé."))
    else:
        messages.info(request, _("Cette personne vient de quitter l’équipe."))
    return _to_team_or_home(request, membership)


def _to_team_or_home(request: SignedInRequest, membership: Membership) -> HttpResponse:
    """Whoever has just left the team can no longer see its page."""
    if Publisher.objects.visible_to(request.user).filter(pk=membership.publisher_id).exists():
        return redirect("accounts:team", siren=membership.publisher.siren)
    return redirect("home")


def _too_many(request: SignedInRequest) -> HttpResponse:
    response: HttpResponse = ratelimit.respond_429(request)
    return response
