"""A version as a tree of themes and questions: read, put in order, added to, taken from."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import SignedInRequest
from questionnaires import engine
from questionnaires.conditions import in_french
from questionnaires.desk import Desk
from questionnaires.forms.questions import KeyForm
from questionnaires.forms.remarks import RemarkForm
from questionnaires.models import QuestionDraft, QuestionRevision, Remark, Version
from questionnaires.operations.drafts import NotADraft
from questionnaires.operations.questions import (
    KeyTaken,
    QuestionGone,
    add_question,
    bring_back,
    move_question,
    take_out,
)
from questionnaires.operations.themes import ThemeGone, move_theme
from questionnaires.views.access import for_editors, get_version


@require_GET
@for_editors
def version(request: SignedInRequest, code: str, number: str) -> HttpResponse:
    return _page(request, Desk(get_version(code, number)))


def _page(request: SignedInRequest, desk: Desk, *, said: str = "", status: int = 200) -> HttpResponse:
    """The whole page, or its tree alone for the script that moved something."""
    context = {**_tree(request, desk), "said": said}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "questionnaires/_tree.html", context, status=status)
    context |= {
        "remarks": Remark.objects.filter(version=desk.version, key="").select_related("author", "settled_by"),
        "remark_form": RemarkForm(),
        "taken_out": _taken_out(desk),
    }
    return render(request, "questionnaires/version.html", context, status=status)


def _tree(request: SignedInRequest, desk: Desk) -> dict[str, Any]:
    waiting = Count("pk", filter=Q(settled_at=None))
    remarks = Remark.objects.filter(version=desk.version).values_list("key").annotate(waiting=waiting).order_by()
    drafts = QuestionDraft.objects.filter(version=desk.version).select_related("author")
    # Of several on one question, the reader's own is the one to know of.
    drafts_of = {draft.key: draft for draft in sorted(drafts, key=lambda each: each.author_id == request.user.pk)}
    return {
        "desk": desk,
        "version": desk.version,
        "groups": _groups(desk, dict(remarks), drafts_of, request),
        "themes": desk.content.themes,
        "level": 3 if desk.content.parts else 2,
    }


def _groups(
    desk: Desk, remarks: Mapping[str, int], drafts: Mapping[str, QuestionDraft], request: SignedInRequest
) -> list[dict[str, Any]]:
    """The themes, each under its part's title where there are parts."""
    parts = {part.code: part.title for part in desk.content.parts}
    return [
        {
            "part": parts.get(theme.part or "", ""),
            "theme": theme,
            "errors": desk.errors.get(f"thème {theme.code}", ()),
            "rows": [
                {
                    "question": question,
                    "condition": _condition(desk, question),
                    "errors": desk.errors.get(question.key, ()),
                    "remarks": remarks.get(question.key, 0),
                    "draft": drafts.get(question.key),
                    "is_mine": question.key in drafts and drafts[question.key].author_id == request.user.pk,
                }
                for question in theme.questions
            ],
        }
        for theme in desk.content.themes
    ]


def _condition(desk: Desk, question: engine.Question) -> str:
    return "" if question.applies_when == "always" else in_french(question.applies_when, desk.vocabulary)


def _taken_out(desk: Desk) -> list[str]:
    """The questions that people took out of this draft, and may bring back."""
    kept = QuestionRevision.objects.filter(version=desk.version).values_list("key", flat=True).distinct()
    return sorted(set(kept) - desk.questions.keys())


@require_POST
@for_editors
def move(request: SignedInRequest, code: str, number: str, key: str) -> HttpResponse:
    """`theme`: where to; `before`: the question to stand before, blank for the end."""
    version = get_version(code, number)
    theme, before = request.POST.get("theme", ""), request.POST.get("before") or None
    try:
        move_question(version=version, key=key, theme=theme, before=before, by=request.user)
    except (NotADraft, QuestionGone) as error:
        return _refused(request, version, error)
    return _moved(request, version, _whereabouts(version, key))


@require_POST
@for_editors
def shift(request: SignedInRequest, code: str, number: str, key: str) -> HttpResponse:
    """One place up or down, from theme to theme: what the buttons do, for whoever does not drag."""
    desk = Desk(get_version(code, number))
    try:
        _shift(request, desk, key, up="up" in request.POST)
    except (NotADraft, QuestionGone) as error:
        return _refused(request, desk.version, error)
    return _moved(request, desk.version, _whereabouts(desk.version, key))


def _shift(request: SignedInRequest, desk: Desk, key: str, *, up: bool) -> None:
    if key not in desk.questions:
        raise QuestionGone
    themes = desk.content.themes
    theme = desk.theme_of[key]
    keys = [question.key for question in theme.questions]
    place, rank = keys.index(key), themes.index(theme)
    before: str | None
    if up and place:
        target, before = theme, keys[place - 1]
    elif not up and place + 1 < len(keys):
        target, before = theme, (keys[place + 2] if place + 2 < len(keys) else None)
    elif up and rank:
        target, before = themes[rank - 1], None
    elif not up and rank + 1 < len(themes):
        target = themes[rank + 1]
        before = target.questions[0].key if target.questions else None
    else:
        return
    move_question(version=desk.version, key=key, theme=target.code, before=before, by=request.user)


@require_POST
@for_editors
def shift_theme(request: SignedInRequest, code: str, number: str, theme: str) -> HttpResponse:
    """One place up or down."""
    desk = Desk(get_version(code, number))
    codes = [each.code for each in desk.content.themes]
    try:
        if theme not in codes:
            raise ThemeGone
        place = codes.index(theme)
        if "up" in request.POST and place:
            move_theme(version=desk.version, code=theme, before=codes[place - 1], by=request.user)
        elif "up" not in request.POST and place + 1 < len(codes):
            before = codes[place + 2] if place + 2 < len(codes) else None
            move_theme(version=desk.version, code=theme, before=before, by=request.user)
    except (NotADraft, ThemeGone) as error:
        return _refused(request, desk.version, error)
    return _moved(request, desk.version, _("Le thème %(code)s a changé de place.") % {"code": theme})


def _whereabouts(version: Version, key: str) -> str:
    """Where a question stands now: an arrow may have led it to another theme."""
    theme = version.themes.filter(questions__key=key).first()
    return _("%(key)s a changé de place. Son thème : %(theme)s.") % {"key": key, "theme": theme.title if theme else ""}


def _moved(request: SignedInRequest, version: Version, sentence: str) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return _page(request, Desk(version), said=sentence)
    messages.success(request, sentence)
    return redirect("questionnaires:version", version.questionnaire.code, version.number)


def _refused(request: SignedInRequest, version: Version, error: Exception) -> HttpResponse:
    """Somebody else was there first: the tree is shown as it is now, and why."""
    version.refresh_from_db()
    if isinstance(error, NotADraft):
        sentence = _("Cette version est publiée : plus rien n’y change.")
    else:
        sentence = _("Un collègue a changé cette page entre-temps : la voici telle qu’elle est. Recommencez.")
    if request.htmx:  # type: ignore[attr-defined]
        return _page(request, Desk(version), said=sentence)
    messages.error(request, sentence)
    return redirect("questionnaires:version", version.questionnaire.code, version.number)


@require_http_methods(["GET", "POST"])
@for_editors
def new_question(request: SignedInRequest, code: str, number: str, theme: str) -> HttpResponse:
    desk = Desk(get_version(code, number))
    found = next((each for each in desk.content.themes if each.code == theme), None)
    if found is None or not desk.is_open:
        messages.error(request, _("On n’ajoute plus de question ici."))
        return redirect("questionnaires:version", code, number)
    form = KeyForm(request.POST or None, initial={"key": _next_key(desk, found)})
    if request.method == "POST" and form.is_valid():
        try:
            add_question(version=desk.version, theme=theme, content=form.content, by=request.user)
        except KeyTaken:
            form.add_error("key", _("Cette clé désigne ou a désigné une autre question : choisissez-en une nouvelle."))
        except (NotADraft, QuestionGone) as error:
            return _refused(request, desk.version, error)
        else:
            messages.success(request, _("La question est créée : il reste à l’écrire."))
            return redirect("questionnaires:question", code, number, form.cleaned_data["key"])
    context = {"desk": desk, "version": desk.version, "theme": found, "form": form}
    return render(request, "questionnaires/new_question.html", context, status=422 if form.errors else 200)


def _next_key(desk: Desk, theme: engine.Theme) -> str:
    """The first number after the last one of the theme: those that were taken out stay taken."""
    revisions = QuestionRevision.objects.filter(version=desk.version, key__startswith=f"{theme.code}-")
    keys = {*desk.questions, *revisions.values_list("key", flat=True)}
    ends = [key.rpartition("-") for key in keys if key.startswith(f"{theme.code}-")]
    last = max((int(end) for _start, _dash, end in ends if end.isdigit()), default=0)
    return f"{theme.code}-{last + 1:02d}"


@require_http_methods(["GET", "POST"])
@for_editors
def take_out_question(request: SignedInRequest, code: str, number: str, key: str) -> HttpResponse:
    """Asks first; what is taken out is kept, and can be brought back."""
    desk = Desk(get_version(code, number))
    if key not in desk.questions or not desk.is_open:
        return _refused(request, desk.version, NotADraft() if not desk.is_open else QuestionGone())
    if request.method == "GET":
        readers = [
            question.key
            for question in desk.vocabulary.questions.values()
            if key != question.key and f"({key})" in question.applies_when.replace(" ", "")
        ]
        context = {"desk": desk, "version": desk.version, "question": desk.questions[key], "readers": readers}
        return render(request, "questionnaires/take_out.html", context)
    try:
        take_out(version=desk.version, key=key, by=request.user)
    except NotADraft as error:
        return _refused(request, desk.version, error)
    messages.success(request, _("%(key)s est retirée. Vous la retrouverez en bas de page.") % {"key": key})
    return redirect("questionnaires:version", code, number)


@require_POST
@for_editors
def bring_question_back(request: SignedInRequest, code: str, number: str) -> HttpResponse:
    version = get_version(code, number)
    key, theme = request.POST.get("key", ""), request.POST.get("theme", "")
    try:
        bring_back(version=version, key=key, theme=theme, by=request.user)
    except (NotADraft, QuestionGone, KeyTaken) as error:
        return _refused(request, version, error)
    messages.success(request, _("%(key)s est de retour, à la fin du thème, avec ce qu’elle disait.") % {"key": key})
    return redirect("questionnaires:question", code, number, key)
