"""The page behind the link of an invitation. Whoever holds the link sees it; accepting asks for an account."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import Invitation, User
from accounts.operations import invitations, teams


@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    rows = Invitation.objects.select_related("publisher", "invited_by")
    found = rows.filter(token_hash=invitations.hashed(token)).first()
    if found is None:  # mistyped, or replaced when the invitation was sent again
        return render(request, "accounts/invitation_unknown.html", status=404)
    if found.state != Invitation.State.SENT or found.has_expired:
        return _over(request, found)
    user = request.user
    if not isinstance(user, User):
        if request.method == "POST":
            return _to_sign_up(request, found)
        return render(request, "accounts/invitation.html", {"invitation": found, "here": request.path})
    if request.method == "POST":
        return _accept(request, found, user)
    context = {"invitation": found, "holds": invitations.holds(user, found.email), "here": request.path}
    return render(request, "accounts/invitation.html", context)


def _to_sign_up(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """The link came to that address, so the address needs no second proof."""
    get_adapter().stash_verified_email(request, invitation.email)
    return redirect(f"{reverse('account_signup')}?{urlencode({'next': request.path})}")


def _accept(request: HttpRequest, invitation: Invitation, user: User) -> HttpResponse:
    try:
        membership = invitations.accept(invitation, by=user)
    except (invitations.InvitationOver, teams.ClosedAccount):
        return _over(request, invitation)
    except invitations.AnotherAddress:
        return redirect(request.path)
    except teams.AlreadyMember:
        messages.info(request, _("Vous faites déjà partie de cette équipe."))
    except teams.StaffMember:
        messages.error(request, _("Un agent de l’Agence ou du GIE ne peut pas rejoindre un éditeur."))
    else:
        messages.success(
            request,
            _("Vous faites maintenant partie de l’équipe %(publisher)s, comme %(role)s.")
            % {"role": membership.get_role_display(), "publisher": invitation.publisher},
        )
    return redirect("home")


def _over(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    return render(request, "accounts/invitation_over.html", {"invitation": invitation}, status=410)
