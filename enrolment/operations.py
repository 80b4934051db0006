"""The life of an account request: draft, sent, precisions asked, decided."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, Publisher, StaffRole, User
from accounts.operations.publishers import PublisherExists, open_publisher
from accounts.operations.teams import StaffMember
from accounts.policies import is_staff_member
from audit.operations import record
from enrolment.models import AccountRequest, RequestMessage
from evidence.models import DocumentVersion
from evidence.operations import forget_bytes, receive
from notifications.operations import notify

State = AccountRequest.State
SIGNATORY = ("signatory_name", "signatory_role")


class NotNow(Exception):
    """The request is not in a state where this can be done: somebody else was faster, or it is over."""


class Stale(Exception):
    """The request is no longer the one that was read before deciding."""


class ProofMissing(Exception):
    """Nothing can be sent without the proof of mandate."""


class ProofNotCleared(Exception):
    """The scanner has not cleared the proof: nobody can have read it."""


class AccountClosed(Exception):
    """The person can no longer sign in: a team would have nobody to manage it."""


class AlreadyMember(Exception):
    """The person belongs to the company's team already."""


class AlreadyAsked(Exception):
    """The person has an open request for this company. `request` is that one."""

    def __init__(self, request: AccountRequest) -> None:
        super().__init__(request.siren)
        self.request = request


@transaction.atomic
def start(*, by: User, declared: Mapping[str, Any]) -> AccountRequest:
    """Begin a request. `declared`: the columns that the person fills, already checked. Raises AlreadyAsked."""
    now = timezone.now()
    try:
        with transaction.atomic():
            request = AccountRequest.objects.create(requester=by, state_since=now, **declared)
    except IntegrityError as error:
        known = AccountRequest.objects.open().filter(requester=by, siren=declared["siren"]).first()
        if known is None:
            raise
        raise AlreadyAsked(known) from error
    record("account_request.started", request, by=by)
    return request


@transaction.atomic
def change(request: AccountRequest, *, by: User, declared: Mapping[str, Any]) -> AccountRequest:
    """Correct what was declared, while the person has the next word. Raises NotNow or AlreadyAsked."""
    request = _locked(request, *AccountRequest.WITH_REQUESTER)
    before = request.siren
    changed = [name for name, value in declared.items() if getattr(request, name) != value]
    for name, value in declared.items():
        setattr(request, name, value)
    request.state_since = timezone.now()  # whoever still writes has not left it alone
    try:
        with transaction.atomic():
            request.save(update_fields=["state_since", *declared])
    except IntegrityError as error:
        known = AccountRequest.objects.open().filter(requester=by, siren=declared["siren"]).first()
        if known is None:
            raise
        raise AlreadyAsked(known) from error
    if changed:
        # A company's number is nobody's; of the rest the trail has the names of the columns, never what they held.
        record("account_request.changed", request, by=by, columns=changed, before=before, after=request.siren)
    return request


@transaction.atomic
def keep_answer(request: AccountRequest, *, by: User, text: str) -> AccountRequest:
    """Keep what the person began to answer. Raises NotNow."""
    request = _locked(request, State.MORE_ASKED)
    request.draft_answer = text
    request.save(update_fields=["draft_answer"])
    return request


def deposit_proof(request: AccountRequest, *, file: "UploadedFile[bytes]", by: User) -> AccountRequest:
    """Receive the proof of mandate, in place of a former one. Raises InvalidUpload or NotNow.

    Not atomic as a whole, like `evidence.operations.receive`: bytes travel before a row is locked.
    """
    if not request.takes_proof:
        raise NotNow
    version = receive(publisher=None, file=file, by=by, title=_("Justificatif"))
    try:
        return _attach(request, version)
    except NotNow:
        forget_bytes(version)  # no request would ever lead to it, nor an erasure
        raise


@transaction.atomic
def _attach(request: AccountRequest, version: DocumentVersion) -> AccountRequest:
    request = _locked(request, State.DRAFT, State.MORE_ASKED, State.SUBMITTED)
    if not request.takes_proof:
        raise NotNow
    former, request.proof = request.proof, version
    request.save(update_fields=["proof"])
    if former is not None:
        forget_bytes(former)
    return request


@transaction.atomic
def submit(request: AccountRequest, *, by: User, answer: str = "") -> AccountRequest:
    """Send the request to those who examine it, with an answer when they had asked for one.

    Raises NotNow, ProofMissing or AlreadyMember.

    A company that is on the portal already is not opened twice: its mandataires are told who asks.
    """
    _lock_company(request)
    request = _locked(request, *AccountRequest.WITH_REQUESTER)
    request.submitted_at = request.submitted_at or timezone.now()
    known = Publisher.objects.filter(siren=request.siren).first()
    if known is not None:
        if known.memberships.filter(user=request.requester).exists():
            raise AlreadyMember
        return _route_to_mandataires(request, known, by=None)
    if request.proof is None or request.proof.state == DocumentVersion.State.REFUSED:
        raise ProofMissing
    again = request.state == State.MORE_ASKED
    if answer:
        RequestMessage.objects.create(request=request, author=by, text=answer)
    request.draft_answer = ""
    _move(request, State.SUBMITTED, "submitted_at", "draft_answer")
    record("account_request.answered" if again else "account_request.submitted", request, by=by)
    notify(
        User.objects.filter(groups__name=StaffRole.SUPPORT, is_active=True),
        subject=(_("Réponse à vos questions : %(name)s") if again else _("Demande de compte : %(name)s"))
        % {"name": request.legal_name},
        body=_("%(name)s (SIREN %(siren)s) demande un compte. Examinez sa demande.")
        % {"name": request.legal_name, "siren": request.siren},
        path=reverse("enrolment:examine", args=[request.pk]),
        about=request.requester,
    )
    _tell(
        request,
        _("Demande bien reçue"),
        _("Une personne va l’examiner. Vous recevrez un message dès que ce sera fait : rien à faire d’ici là."),
    )
    return request


@transaction.atomic
def ask_more(request: AccountRequest, *, by: User, text: str, seen: str | None = None) -> AccountRequest:
    """Ask the person for precisions. Raises NotNow or Stale. `seen`: as for `approve`."""
    request = _judged(request, State.SUBMITTED, seen=seen)
    RequestMessage.objects.create(request=request, author=by, text=text)
    _move(request, State.MORE_ASKED)
    record("account_request.more_asked", request, by=by)
    _tell(request, _("Des précisions sont demandées"), text)
    return request


@transaction.atomic
def refuse(request: AccountRequest, *, by: User, reason: str, seen: str | None = None) -> AccountRequest:
    """Refuse, and say why. Raises NotNow or Stale. `seen`: as for `approve`."""
    request = _judged(request, State.SUBMITTED, State.MORE_ASKED, seen=seen)
    request.reason, request.decided_by = reason, by
    _move(request, State.REFUSED, "reason", "decided_by")
    record("account_request.refused", request, by=by)
    _tell(request, _("Votre demande de compte est refusée"), reason)
    return request


@transaction.atomic
def approve(request: AccountRequest, *, by: User, seen: str | None = None) -> AccountRequest:
    """Open the publisher; the person becomes its mandataire.

    `seen`: what the page showed, as `AccountRequest.as_seen` says it; None means `request` as it was given. Whoever
    asks may have changed it since, down to the company itself: what nobody read is not approved.

    Raises NotNow, Stale, ProofNotCleared, AccountClosed or StaffMember. When somebody else opened it meanwhile, the
    request is routed to its mandataires instead.
    """
    _lock_company(request)
    request = _judged(request, State.SUBMITTED, seen=seen)
    if request.proof is None or not request.proof.is_readable:
        raise ProofNotCleared
    requester = User.objects.select_for_update(of=("self",)).get(pk=request.requester_id)
    if not requester.is_active:
        raise AccountClosed
    if is_staff_member(requester):
        raise StaffMember
    try:
        publisher = open_publisher(
            mandataire=requester,
            siren=request.siren,
            legal_name=request.legal_name,
            address=request.address,
            postal_code=request.postal_code,
            city=request.city,
            by=by,
        )
    except PublisherExists:
        return _route_to_mandataires(request, Publisher.objects.get(siren=request.siren), by=by)
    request.publisher, request.decided_by = publisher, by
    _move(request, State.APPROVED, "publisher", "decided_by")
    record("account_request.approved", request, by=by, publisher=publisher.pk)
    _tell(
        request,
        _("Votre compte est ouvert"),
        _("%(name)s est inscrit et vous en êtes mandataire. Invitez votre équipe et déclarez un produit.")
        % {"name": publisher},
    )
    return request


@transaction.atomic
def expire(request: AccountRequest) -> AccountRequest:
    """Put out a request that its author has left alone. Raises NotNow."""
    request = _locked(request, *AccountRequest.WITH_REQUESTER)
    _put_out(request)
    return request


@transaction.atomic
def forget_requests_of(user: User) -> None:
    """When a person leaves the portal: put out what is under way, let go of what names people.

    Drafts that never left go whole; of the others the SIREN and the decision stay. A request that opened a publisher
    keeps until its term what proves who bound the company, not what was said.
    """
    rows = AccountRequest.objects.filter(requester=user).order_by("pk")
    for request in rows.select_for_update(of=("self",)).select_related("proof"):
        if request.is_open:
            _put_out(request)
        if request.state == State.APPROVED:
            request.messages.all().delete()
        elif request.submitted_at is None:
            _delete(request)
        else:
            _forget_declared(request)


def expire_old(now: datetime) -> int:
    """Put out those whose authors have had the next word for too long. Returns how many."""
    limit = now - timedelta(days=settings.ACCOUNT_REQUEST_DAYS)
    old = AccountRequest.objects.filter(state__in=AccountRequest.WITH_REQUESTER, state_since__lte=limit)
    expired = 0
    for request in list(old):
        try:
            expire(request)
        except NotNow:
            continue
        expired += 1
    return expired


def delete_old(before: datetime) -> int:
    """Delete what led nowhere; of what opened a publisher, let go of who bound it, of the words and of the proof.

    Returns how many were deleted.
    """
    ended = AccountRequest.objects.exclude(state__in=AccountRequest.OPEN).filter(state_since__lte=before)
    waiting = ended.exclude(state=State.APPROVED, signatory_name="")
    return sum(_let_go(pk) for pk in list(waiting.values_list("pk", flat=True)))


@transaction.atomic
def _let_go(pk: int) -> bool:
    """Whether the whole row went. What is over never moves again: only an erasure can have come first."""
    rows = AccountRequest.objects.select_for_update(of=("self",)).select_related("proof")
    request = rows.filter(pk=pk).first()
    if request is None:
        return False
    if request.state == State.APPROVED:
        _forget(request, *SIGNATORY)
        return False
    _delete(request)
    return True


def _forget_declared(request: AccountRequest) -> None:
    if request.reason:
        request.reason = _("Effacé avec le compte.")
        request.save(update_fields=["reason"])
    _forget(request, *(name for name in AccountRequest.DECLARED if name != "siren"))


def _forget(request: AccountRequest, *columns: str) -> None:
    """Empty these columns; what was said, or begun, goes too, and the bytes of the proof."""
    columns = (*columns, "draft_answer")
    for name in columns:
        setattr(request, name, "")
    request.save(update_fields=columns)
    request.messages.all().delete()
    if request.proof is not None:
        forget_bytes(request.proof)


def _delete(request: AccountRequest) -> None:
    if request.proof is not None:
        forget_bytes(request.proof)
    request.delete()


def _route_to_mandataires(request: AccountRequest, publisher: Publisher, *, by: User | None) -> AccountRequest:
    request.publisher, request.decided_by = publisher, by
    _move(request, State.DUPLICATE, "publisher", "decided_by", "submitted_at")
    record("account_request.duplicate", request, by=by, publisher=publisher.pk)
    if not _has_asked_before(request):
        _tell_mandataires(request, publisher)
    _tell(
        request,
        _("Cette entreprise est déjà inscrite"),
        _("Ses mandataires sont prévenus : l’un d’eux peut vous inviter dans l’équipe."),
    )
    return request


def _has_asked_before(request: AccountRequest) -> bool:
    """Whoever asks ten times is told of once: a team is not to be worn out by messages."""
    same = AccountRequest.objects.filter(requester=request.requester_id, siren=request.siren, state=State.DUPLICATE)
    return same.exclude(pk=request.pk).exists()


def _tell_mandataires(request: AccountRequest, publisher: Publisher) -> None:
    mandataires = User.objects.filter(
        memberships__publisher=publisher, memberships__role=Membership.Role.MANDATAIRE, is_active=True
    )
    notify(
        mandataires,
        subject=_("Une personne demande à vous rejoindre"),
        body=_(
            "%(who)s (%(email)s) a demandé un compte pour %(publisher)s, déjà inscrit. Si vous la connaissez, "
            "invitez-la dans votre équipe ; sinon, ne faites rien."
        )
        % {"who": request.requester, "email": request.requester.email, "publisher": publisher},
        path=f"{reverse('accounts:team', args=[publisher.siren])}#inviter",
        about=request.requester,
    )


def _lock_company(request: AccountRequest) -> None:
    """The publisher of this SIREN, when it is there: publishers are locked before requests (docs/architecture.md)."""
    Publisher.objects.select_for_update(of=("self",)).filter(siren=request.siren).first()


def _locked(request: AccountRequest, *states: AccountRequest.State) -> AccountRequest:
    rows = AccountRequest.objects.select_for_update(of=("self",)).select_related("requester", "proof")
    found = rows.filter(pk=request.pk).first()
    if found is None or found.state not in states:  # erased with its author's account, or moved on
        raise NotNow
    return found


def _judged(request: AccountRequest, *states: AccountRequest.State, seen: str | None) -> AccountRequest:
    """The row as it is now, which must be the one that was read."""
    read = request.as_seen if seen is None else seen
    request = _locked(request, *states)
    if request.as_seen != read:
        raise Stale
    return request


def _put_out(request: AccountRequest) -> None:
    _move(request, State.EXPIRED)
    record("account_request.expired", request, by=None)


def _move(request: AccountRequest, state: AccountRequest.State, *columns: str) -> None:
    request.state, request.state_since = state, timezone.now()
    request.save(update_fields=["state", "state_since", *columns])


def _tell(request: AccountRequest, subject: str, body: str) -> None:
    """Every message says which company it is about: somebody may ask for several."""
    company = {"name": request.legal_name, "siren": request.siren}
    notify(
        [request.requester],
        subject=f"{subject} ({request.legal_name})",
        body="\n\n".join([_("Votre demande de compte pour %(name)s (SIREN %(siren)s).") % company, body]),
        path=request.get_absolute_url(),
    )
