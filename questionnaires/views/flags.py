"""The flags of an edition, each read in French."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import SignedInRequest
from questionnaires import engine
from questionnaires.conditions import in_french, read_condition, words_of
from questionnaires.desk import reasons_by_place, vocabulary_of
from questionnaires.forms.editions import FlagForm, NewFlagForm
from questionnaires.models import Edition, Flag
from questionnaires.operations.drafts import NotADraft
from questionnaires.operations.flags import (
    FlagEditedMeanwhile,
    FlagGone,
    FlagTaken,
    add_flag,
    remove_flag,
    save_flag,
)
from questionnaires.policies import is_draft
from questionnaires.queries import predecessors, read_edition
from questionnaires.views.access import base_in, for_editors, get_edition


@require_GET
@for_editors
def index(request: SignedInRequest, edition: str) -> HttpResponse:
    found = get_edition(edition)
    content = read_edition(found)
    vocabulary = vocabulary_of(content)
    errors = reasons_by_place(engine.examine(content, predecessors(found)).errors)
    read: dict[str, list[str]] = {}
    for question in vocabulary.questions.values():
        for name in _flags_in(question.applies_when):
            read.setdefault(name, []).append(question.key)
    rows = [
        {
            "flag": flag,
            "french": in_french(flag.condition, vocabulary),
            "errors": errors.get(f"drapeau {flag.name}", ()),
            "read_by": read.get(flag.name, []),
        }
        for flag in content.flags
    ]
    context = {"edition": found, "is_draft": is_draft(found), "rows": rows}
    return render(request, "questionnaires/flags.html", context)


def _flags_in(condition: str) -> set[str]:
    try:
        return engine.flags_read(engine.parse(condition))
    except engine.ConditionError:
        return set()


@require_http_methods(["GET", "POST"])
@for_editors
def new(request: SignedInRequest, edition: str) -> HttpResponse:
    found = _get_draft(edition)
    form = NewFlagForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_flag(edition=found, by=request.user, **form.cleaned_data)
        except FlagTaken:
            form.add_error("name", _("Un drapeau de cette édition porte ce nom."))
        except NotADraft:
            messages.error(request, _("Cette édition est publiée : plus rien n’y change."))
            return redirect("questionnaires:flags", edition)
        else:
            messages.success(request, _("Le drapeau est créé."))
            return redirect("questionnaires:flags", edition)
    return _page(request, found, form)


@require_http_methods(["GET", "POST"])
@for_editors
def edit(request: SignedInRequest, edition: str, name: str) -> HttpResponse:
    found = _get_draft(edition)
    flag = found.flags.filter(name=name).first()
    if flag is None:
        raise Http404
    form = FlagForm(request.POST or None, initial={"meaning": flag.meaning, "condition": flag.condition})
    if request.method == "GET" or not form.is_valid():
        return _page(request, found, form, flag=flag)
    try:
        save_flag(
            edition=found,
            name=name,
            base_revision=base_in(request.POST, -1),
            by=request.user,
            **form.cleaned_data,
        )
    except FlagEditedMeanwhile as conflict:
        return _page(request, found, form, flag=conflict.current, theirs=True)
    except (NotADraft, FlagGone):
        messages.error(request, _("Ce drapeau n’est plus à écrire : rien n’a été enregistré."))
    else:
        messages.success(request, _("Le drapeau est enregistré."))
    return redirect("questionnaires:flags", edition)


@require_POST
@for_editors
def remove(request: SignedInRequest, edition: str, name: str) -> HttpResponse:
    try:
        remove_flag(edition=get_edition(edition), name=name, by=request.user)
    except NotADraft:
        messages.error(request, _("Cette édition est publiée : plus rien n’y change."))
    else:
        messages.success(request, _("Le drapeau est retiré. Les conditions qui le citaient sont à revoir."))
    return redirect("questionnaires:flags", edition)


@require_POST
@for_editors
def check(request: SignedInRequest, edition: str, name: str) -> HttpResponse:
    """The condition that is being typed: its French, or what is wrong with it."""
    content = read_edition(get_edition(edition))
    reading = read_condition(content, name, request.POST.get("condition", ""))
    return render(request, "questionnaires/_condition.html", {"reading": reading, "is_flag": True})


def _get_draft(code: str) -> Edition:
    found = get_edition(code)
    if not is_draft(found):
        raise Http404
    return found


def _page(
    request: SignedInRequest, edition: Edition, form: FlagForm, *, flag: Flag | None = None, theirs: bool = False
) -> HttpResponse:
    """`theirs`: somebody changed it meanwhile, and what they wrote is shown beside what was typed."""
    content = read_edition(edition)
    context: dict[str, Any] = {
        "edition": edition,
        "form": form,
        "flag": flag,
        "theirs": theirs,
        "vocabulary": words_of(vocabulary_of(content)),
        "reading": read_condition(content, flag.name if flag else "", str(form["condition"].value() or "always")),
    }
    status = 409 if theirs else 422 if form.errors else 200
    return render(request, "questionnaires/flag.html", context, status=status)
