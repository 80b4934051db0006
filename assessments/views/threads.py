"""What the team says of one question, and who sees to it: a part of the question's page, or a page of its own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from assessments import mentions, policies
from assessments.filing import Filing
from assessments.forms.teamwork import AttributionForm, CommentForm
from assessments.models import Dossier, TeamComment
from assessments.operations.attributions import Subject
from assessments.operations.comments import Written, delete_comment, edit_comment, settle_comment, write_comment
from assessments.sections import section_of_key
from assessments.teams import fillers_of, members_of
from assessments.teamwork import Teamwork
from assessments.views.dossiers import get_dossier, get_dossier_to_fill
from assessments.views.teamwork import attribute_as_typed, initial_of
from questionnaires.queries import published


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A comment as it is shown. `pieces`: its text, and which parts call somebody. `form`: to change one's own."""

    comment: TeamComment
    pieces: tuple[tuple[str, bool], ...]
    form: CommentForm | None


@require_http_methods(["GET", "POST"])
def thread(request: SignedInRequest, number: str, key: str) -> HttpResponse:
    """GET shows it, POST adds to it."""
    dossier = get_dossier(request, number) if request.method == "GET" else get_dossier_to_fill(request, number)
    subject = _get_subject(dossier, key)
    if request.method == "GET":
        return _show(request, dossier, subject)
    form = _comment_form(request, key)
    if not form.is_valid():
        return _show(request, dossier, subject, form=form)
    written = write_comment(dossier=dossier, key=key, text=form.cleaned_data["text"], by=request.user)
    return _done(request, dossier, subject, _("Commentaire ajouté."), written)


@require_POST
def attribute_question(request: SignedInRequest, number: str, key: str) -> HttpResponse:
    dossier = get_dossier_to_fill(request, number)
    subject = _get_subject(dossier, key)
    form = AttributionForm(request.POST, members=fillers_of(dossier), auto_id=f"equipe-{key}-%s")
    if not form.is_valid():
        return _show(request, dossier, subject, attribution=form)
    return _done(request, dossier, subject, attribute_as_typed(request, dossier, subject, form))


@require_POST
def edit(request: SignedInRequest, number: str, key: str, pk: int) -> HttpResponse:
    dossier, subject, comment = _get_own_comment(request, number, key, pk)
    form = _comment_form(request, key, pk)
    if not form.is_valid():
        return _show(request, dossier, subject, edited={pk: form})
    written = edit_comment(comment, text=form.cleaned_data["text"], by=request.user)
    return _done(request, dossier, subject, _("Commentaire modifié."), written)


@require_POST
def delete(request: SignedInRequest, number: str, key: str, pk: int) -> HttpResponse:
    dossier, subject, comment = _get_own_comment(request, number, key, pk)
    delete_comment(comment, by=request.user)
    return _done(request, dossier, subject, _("Commentaire supprimé."))


@require_POST
def settle(request: SignedInRequest, number: str, key: str, pk: int) -> HttpResponse:
    """Whoever may write may say that a comment is dealt with, or, with `action` « reopen », that it is not."""
    dossier = get_dossier_to_fill(request, number)
    subject, comment = _get_subject(dossier, key), _get_comment(dossier, key, pk)
    settled = request.POST.get("action") != "reopen"
    settle_comment(comment, settled=settled, by=request.user)
    said = _("Commentaire réglé.") if settled else _("Commentaire à régler de nouveau.")
    return _done(request, dossier, subject, said)


def _get_subject(dossier: Dossier, key: str) -> Subject:
    """The question and its place, or 404; nothing is said of the orientation."""
    place = section_of_key(published(dossier.edition).definition, key)
    if place is None:
        raise Http404
    return Subject(section=place[0], theme=place[1], key=key)


def _get_comment(dossier: Dossier, key: str, pk: int) -> TeamComment:
    comments = TeamComment.objects.select_related("dossier", "question").filter(dossier=dossier, question__key=key)
    return get_object_or_404(comments, pk=pk)


def _get_own_comment(request: SignedInRequest, number: str, key: str, pk: int) -> tuple[Dossier, Subject, TeamComment]:
    dossier = get_dossier_to_fill(request, number)
    comment = _get_comment(dossier, key, pk)
    if comment.author_id != request.user.pk:
        raise PermissionDenied
    return dossier, _get_subject(dossier, key), comment


def _comment_form(request: SignedInRequest, key: str, pk: int | None = None, text: str | None = None) -> CommentForm:
    """Of a new comment, or of the one whose number is given; `text`: as it stands, when nothing was typed."""
    id_of = f"equipe-{key}-{pk or 'nouveau'}-%s"
    if text is None:
        return CommentForm(request.POST, auto_id=id_of)
    return CommentForm(initial={"text": text}, auto_id=id_of)


def _done(
    request: SignedInRequest, dossier: Dossier, subject: Subject, said: str, written: Written | None = None
) -> HttpResponse:
    """`written`: the comment that was, whose calls are told too."""
    warned = ""
    if written is not None:
        said, warned = f"{said} {_told_words(written)}".strip(), _unknown_words(written)
    if request.headers.get("HX-Request"):
        return _show(request, dossier, subject, said=said, warned=warned)
    messages.success(request, said)
    if warned:
        messages.warning(request, warned)
    return redirect("dossiers:thread", dossier.number, subject.key)


def _told_words(written: Written) -> str:
    """To whom a notification went; blank for nobody."""
    if not written.told:
        return ""
    return _("Notification adressée à %(people)s.") % {"people": ", ".join(map(str, written.told))}


def _unknown_words(written: Written) -> str:
    """That a call names nobody, and what to do; blank when each names somebody."""
    if not written.unknown:
        return ""
    text = ngettext(
        "%(calls)s ne désigne personne de l’équipe : choisissez un nom sous le champ, ou écrivez-le en entier après "
        "@, pour prévenir quelqu’un.",
        "%(calls)s ne désignent personne de l’équipe : choisissez un nom sous le champ, ou écrivez-le en entier après "
        "@, pour prévenir quelqu’un.",
        len(written.unknown),
    )
    return text % {"calls": ", ".join(f"« {each} »" for each in written.unknown)}


def _show(
    request: SignedInRequest,
    dossier: Dossier,
    subject: Subject,
    *,
    form: CommentForm | None = None,
    attribution: AttributionForm | None = None,
    edited: Mapping[int, CommentForm] | None = None,
    said: str = "",
    warned: str = "",
) -> HttpResponse:
    """The thread; the forms are those that came back with something wrong in them."""
    key, teamwork = subject.key, Teamwork(Filing(dossier), request.user)
    can_fill = policies.can_fill(request.user, dossier)
    is_open = can_fill and dossier.state in Dossier.WRITABLE
    if attribution is None and is_open:
        own = initial_of(teamwork.own(key))
        attribution = AttributionForm(members=fillers_of(dossier), initial=own, auto_id=f"equipe-{key}-%s")
    came_back = bool(form or edited or (attribution and attribution.is_bound))
    context = {
        "dossier": dossier,
        "subject": subject,
        "question": teamwork.filing.working.definition.questions[key],
        "teamwork": teamwork,
        "thread": list(_said(request, dossier, key, edited or {})),
        "can_fill": can_fill,
        "form": form or _comment_form(request, key, text=""),
        "attribution": attribution,
        "members": [member.user for member in members_of(dossier) if member.user_id != request.user.pk],
        "said": said,
        "warned": warned,
    }
    template = "dossiers/team/_answered.html" if request.headers.get("HX-Request") else "dossiers/team/thread.html"
    return render(request, template, context, status=422 if came_back else 200)


def _said(request: SignedInRequest, dossier: Dossier, key: str, edited: Mapping[int, CommentForm]) -> Iterator[Said]:
    """The comments of a question, in order. Two queries."""
    question = published(dossier.edition).question_ids[key]
    comments = TeamComment.objects.filter(dossier=dossier, question=question).order_by("pk")
    for comment in comments.select_related("author", "settled_by").prefetch_related("mentions__person"):
        names = {each.person_id: str(each.person) for each in comment.mentions.all()}
        is_own = comment.author_id == request.user.pk and comment.deleted_at is None
        form = edited.get(comment.pk) or _comment_form(
            request, key, comment.pk, text=mentions.typed(comment.text, names)
        )
        yield Said(comment=comment, pieces=tuple(mentions.parts(comment.text, names)), form=form if is_own else None)
