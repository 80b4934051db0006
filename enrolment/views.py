"""Account requests: the person who asks, and those who examine."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.core import ratelimit
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from stdnum.fr import siren as siren_number

from accounts.models import Publisher
from accounts.operations.teams import StaffMember
from accounts.requests import SignedInRequest
from enrolment import operations, policies
from enrolment.forms import AnswerForm, DecisionForm, DeclarationForm, ProofForm
from enrolment.models import AccountRequest, AccountRequestQuerySet
from evidence.operations import note_opening
from evidence.uploads import InvalidUpload
from evidence.views import file_response

PER_PAGE = 25


@require_http_methods(["GET", "POST"])
def start(request: SignedInRequest) -> HttpResponse:
    """Begin; whoever has a request under way, or was told that the company is there, is brought back to it."""
    if not policies.can_request(request.user):
        raise PermissionDenied
    mine = AccountRequest.objects.filter(requester=request.user)
    if request.method == "GET" and (standing := _standing(request, mine)):
        return redirect(standing)
    # Sent a second time from the empty form's address: the draft that the first time left is taken up.
    typed = siren_number.compact(request.POST.get("siren", ""))
    return _declare(request, mine.filter(siren=typed, state__in=AccountRequest.WITH_REQUESTER).first())


def _standing(request: SignedInRequest, mine: AccountRequestQuerySet) -> AccountRequest | None:
    """The request that the person is waiting for, unless they ask for another form by `?nouvelle`."""
    under_way = mine.open().order_by("-pk").first()
    if under_way is not None or "nouvelle" in request.GET or request.user.membership_roles:
        return under_way
    last = mine.order_by("-pk").first()
    return last if last is not None and last.state == AccountRequest.State.DUPLICATE else None


@require_http_methods(["GET", "POST"])
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """One's own request: where it is, whose turn it is; and, when it is one's own turn, the form again."""
    asked = _own(request, pk)
    if asked.state in AccountRequest.WITH_REQUESTER or (request.method == "POST" and asked.takes_proof):
        return _declare(request, asked)
    if request.method == "POST":
        messages.info(request, _("Cette demande est déjà partie."))
        return redirect(asked)
    return _detail_page(request, asked, ProofForm())


def _detail_page(request: SignedInRequest, asked: AccountRequest, proof_form: ProofForm) -> HttpResponse:
    context = {"asked": asked, "exchange": _exchange(asked), "proof_form": proof_form}
    return render(request, "enrolment/detail.html", context)


def _declare(request: SignedInRequest, asked: AccountRequest | None) -> HttpResponse:
    if request.method == "POST" and asked is not None and asked.state == AccountRequest.State.SUBMITTED:
        return _replace_proof(request, asked)
    sending = request.POST.get("action") != "keep"
    initial = {name: getattr(asked, name) for name in AccountRequest.DECLARED} if asked else None
    form = DeclarationForm(request.POST or None, request.FILES or None, initial=initial, keeping=not sending)
    answer = None
    if asked is not None and asked.state == AccountRequest.State.MORE_ASKED:
        answer = AnswerForm(request.POST or None, initial={"answer": asked.draft_answer}, keeping=not sending)
    if form.is_valid() and (answer is None or answer.is_valid()):
        try:
            asked = _keep(request, asked, form, answer)
        except operations.NotNow:
            messages.info(request, _("Cette demande vient de changer d’état."))
            return redirect(asked or "enrolment:start")
        if asked is not None and not form.errors:
            if not sending:
                messages.success(request, _("Votre brouillon est gardé : revenez quand vous voulez."))
                return redirect(asked)
            words = answer.cleaned_data["answer"] if answer is not None else ""
            if (sent := _send(request, asked, form, words)) is not None:
                return sent
    context = {"form": form, "answer": answer, "asked": asked, "exchange": _exchange(asked) if asked else []}
    return render(request, "enrolment/declare.html", context)


def _keep(
    request: SignedInRequest, asked: AccountRequest | None, form: DeclarationForm, answer: AnswerForm | None
) -> AccountRequest | None:
    """Write what was declared and answered, and the proof. What could not be, the form says. Raises NotNow."""
    declared: dict[str, Any] = {name: form.cleaned_data[name] for name in AccountRequest.DECLARED}
    try:
        if asked is None:
            asked = operations.start(by=request.user, declared=declared)
        else:
            asked = operations.change(asked, by=request.user, declared=declared)
        if answer is not None:
            asked = operations.keep_answer(asked, by=request.user, text=answer.cleaned_data["answer"])
        if form.cleaned_data["proof"]:
            asked = operations.deposit_proof(asked, file=form.cleaned_data["proof"], by=request.user)
    except operations.AlreadyAsked:
        form.add_error("siren", _("Vous avez déjà une demande en cours pour cette entreprise."))
    except InvalidUpload as error:
        form.add_error("proof", error.sentence)
    return asked


def _send(request: SignedInRequest, asked: AccountRequest, form: DeclarationForm, answer: str) -> HttpResponse | None:
    """None when it did not leave: the form says why. Each one that leaves is a message to somebody, hence the limit."""
    if not ratelimit.consume(request, action="account_request", user=request.user):
        too_many = _("Votre demande est gardée, pas envoyée : plusieurs viennent de partir. Réessayez dans une heure.")
        form.add_error(None, too_many)
        return None
    try:
        asked = operations.submit(asked, by=request.user, answer=answer)
    except operations.ProofMissing:
        form.add_error("proof", _("Joignez le justificatif : sans lui, votre demande ne peut pas être examinée."))
        return None
    except operations.AlreadyMember:
        form.add_error("siren", _("Vous faites déjà partie de l’équipe de cette entreprise."))
        return None
    except operations.NotNow:
        messages.info(request, _("Cette demande vient de changer d’état."))
    else:
        messages.success(request, _("Votre demande est partie."))
    return redirect(asked)


def _replace_proof(request: SignedInRequest, asked: AccountRequest) -> HttpResponse:
    """The scanner refused the file of a request that has been sent."""
    form = ProofForm(request.POST, request.FILES)
    if not form.is_valid():
        return _detail_page(request, asked, form)
    try:
        operations.deposit_proof(asked, file=form.cleaned_data["proof"], by=request.user)
    except InvalidUpload as error:
        form.add_error("proof", error.sentence)
        return _detail_page(request, asked, form)
    except operations.NotNow:
        messages.info(request, _("Cette demande vient de changer d’état."))
    else:
        messages.success(request, _("Le nouveau justificatif est reçu : il va être analysé."))
    return redirect(asked)


def _own(request: SignedInRequest, pk: int) -> AccountRequest:
    rows = AccountRequest.objects.select_related("proof", "publisher", "requester")
    return get_object_or_404(rows, pk=pk, requester=request.user)


def _exchange(asked: AccountRequest) -> list[dict[str, object]]:
    """What was asked and answered; to the person, staff are « l’Agence »."""
    return [
        {"text": each.text, "at": each.written_at, "own": each.author_id == asked.requester_id}
        for each in asked.messages.all()
    ]


# --- Those who examine -------------------------------------------------------------------------


@require_GET
def queue(request: SignedInRequest) -> HttpResponse:
    _check_examiner(request)
    requests = AccountRequest.objects.visible_to(request.user)
    counts = dict(requests.values_list("state").annotate(number=Count("pk")).order_by())
    shown = [each for each in AccountRequest.State if each != AccountRequest.State.DRAFT]
    state = request.GET.get("etat", "")
    if state not in shown:
        state = AccountRequest.State.SUBMITTED
    rows = requests.filter(state=state).select_related("requester", "proof").order_by("state_since", "pk")
    tabs = [{"value": each.value, "label": each.label, "number": counts.get(each.value, 0)} for each in shown]
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "enrolment/queue.html", {"page": page, "tabs": tabs, "state": state})


@require_http_methods(["GET", "POST"])
@reauthentication_required(allow_get=True)
def examine(request: SignedInRequest, pk: int) -> HttpResponse:
    asked = _examined(request, pk)
    form = DecisionForm(request.POST or None, initial={"seen": asked.as_seen})
    if not form.is_valid():
        return _examine_page(request, asked, form)
    try:
        if not _decide(request, asked, form):
            return _examine_page(request, asked, form)
    except (operations.NotNow, operations.Stale):
        return _stale_page(request, _examined(request, pk), form)
    return redirect("enrolment:queue")


def _stale_page(request: SignedInRequest, asked: AccountRequest, form: DecisionForm) -> HttpResponse:
    """The request as it is now. What was typed stays; sent again, it decides upon what is now seen."""
    if asked.state == AccountRequest.State.MORE_ASKED and form.cleaned_data["seen"] == asked.as_seen:
        form.add_error("decision", _("La personne n’a pas encore répondu : vous pouvez seulement refuser."))
        return _examine_page(request, asked, form)
    typed = request.POST.copy()
    typed["seen"] = asked.as_seen
    return _examine_page(request, asked, DecisionForm(typed), is_stale=True)


def _examine_page(
    request: SignedInRequest, asked: AccountRequest, form: DecisionForm, *, is_stale: bool = False
) -> HttpResponse:
    context = {
        "asked": asked,
        "exchange": _exchange(asked),
        "known": Publisher.objects.filter(siren=asked.siren).first(),
        "others": AccountRequest.objects.visible_to(request.user).filter(siren=asked.siren).exclude(pk=asked.pk),
        "form": form,
        "is_stale": is_stale,
    }
    return render(request, "enrolment/examine.html", context, status=409 if is_stale else 200)


def _decide(request: SignedInRequest, asked: AccountRequest, form: DecisionForm) -> bool:
    """Whether it was decided; the form says why not. Raises NotNow or Stale."""
    text, seen = form.cleaned_data["text"].strip(), form.cleaned_data["seen"]
    try:
        match form.cleaned_data["decision"]:
            case DecisionForm.APPROVE:
                asked = operations.approve(asked, by=request.user, seen=seen)
            case DecisionForm.ASK:
                asked = operations.ask_more(asked, by=request.user, text=text, seen=seen)
            case _:
                asked = operations.refuse(asked, by=request.user, reason=text, seen=seen)
    except operations.ProofNotCleared:
        form.add_error(
            "decision",
            _("L’antivirus n’a pas déclaré le justificatif sans danger : attendez, ou demandez-en un autre."),
        )
        return False
    except operations.AccountClosed:
        form.add_error("decision", _("Le compte de cette personne est fermé : refusez la demande."))
        return False
    except StaffMember:
        form.add_error("decision", _("Cette personne est devenue agent : elle ne peut plus représenter un éditeur."))
        return False
    messages.success(
        request,
        _("%(name)s : %(state)s. La personne est prévenue.")
        % {"name": asked.legal_name, "state": asked.get_state_display()},
    )
    return True


@require_GET
def proof(request: SignedInRequest, pk: int) -> FileResponse:
    asked = _examined(request, pk)
    if asked.proof is None or not asked.proof.is_readable:
        raise Http404
    note_opening(asked.proof, by=request.user, account_request=asked.pk)
    return file_response(asked.proof)


def _check_examiner(request: SignedInRequest) -> None:
    if not policies.can_examine(request.user):
        raise PermissionDenied


def _examined(request: SignedInRequest, pk: int) -> AccountRequest:
    _check_examiner(request)
    rows = AccountRequest.objects.visible_to(request.user).select_related(
        "proof__document", "publisher", "requester", "decided_by"
    )
    return get_object_or_404(rows, pk=pk)
