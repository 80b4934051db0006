"""The map of a draft: what becomes of each question of the version before."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import SignedInRequest
from questionnaires import engine
from questionnaires.comparisons import Card, question_card
from questionnaires.desk import Desk, reasons_by_place
from questionnaires.forms.maps import GraceForm, MoveForm
from questionnaires.operations.drafts import NotADraft
from questionnaires.operations.maps import MapChangedMeanwhile, NothingBefore, refresh_map, save_grace, save_move
from questionnaires.queries import version_before
from questionnaires.rows import read_version
from questionnaires.views.access import for_editors, get_version


@dataclass(frozen=True, kw_only=True)
class Line:
    """One old question on the page of the map."""

    old: engine.Question
    move: engine.Move | None
    errors: tuple[str, ...]
    doubts: tuple[str, ...]

    @property
    def needs_somebody(self) -> bool:
        return bool(self.errors or self.doubts or self.move is None)


@require_GET
@for_editors
def index(request: SignedInRequest, code: str, number: str) -> HttpResponse:
    desk = Desk(get_version(code, number))
    before = version_before(desk.version.questionnaire) if desk.is_open else None
    migration = desk.content.migration
    if before is not None:
        old = read_version(before)
    elif migration is not None:
        old = desk.predecessors[migration.from_version]
    else:
        return render(request, "questionnaires/map.html", {"desk": desk, "version": desk.version, "lines": []})
    lines = list(_lines(desk, old))
    context = {
        "desk": desk,
        "version": desk.version,
        "old": old,
        "lines": lines,
        "urgent": [line for line in lines if line.needs_somebody],
        "calm": [line for line in lines if not line.needs_somebody],
        "fresh": _new_questions(desk),
        "is_stale": desk.is_open and migration != engine.refreshed(migration, old, desk.content),
        "grace_form": GraceForm(initial={"days": migration.grace_days}) if migration else None,
    }
    return render(request, "questionnaires/map.html", context)


def _lines(desk: Desk, old: engine.Questionnaire) -> Iterator[Line]:
    migration = desk.content.migration
    found = engine.check_succession(desk.context, desk.predecessors)
    errors, doubts = reasons_by_place(found.errors), reasons_by_place(found.warnings)
    for question in old.questions():
        yield Line(
            old=question,
            move=engine.move_of(migration, question.key) if migration else None,
            errors=errors.get(question.key, ()),
            doubts=doubts.get(question.key, ()),
        )


def _new_questions(desk: Desk) -> list[engine.Question]:
    migration = desk.content.migration
    reached = set(migration.targets()) if migration else set()
    return [question for key, question in desk.questions.items() if key not in reached]


@require_http_methods(["GET", "POST"])
@for_editors
def move(request: SignedInRequest, code: str, number: str, key: str) -> HttpResponse:
    desk = Desk(get_version(code, number))
    before, migration = version_before(desk.version.questionnaire), desk.content.migration
    if not desk.is_open or before is None or migration is None:
        raise Http404
    old = {question.key: question for question in read_version(before).questions()}.get(key)
    if old is None:
        raise Http404
    said = engine.move_of(migration, key)
    form = MoveForm(request.POST or None, old=old, new=desk.content, move=said)
    if request.method == "GET" or not form.is_valid():
        return _move_page(request, desk, form, status=422 if form.errors else 200)
    if request.POST.get("seen") != digest(said):
        messages.warning(request, _("Un collègue a décidé autrement entre-temps : voici les deux, choisissez."))
        return _move_page(request, desk, form, status=409)
    try:
        save_move(
            version=desk.version,
            source=key,
            operation=engine.Operation(form.cleaned_data["operation"]),
            targets=form.cleaned_data["targets"],
            choices=form.choices,
            why=form.cleaned_data["why"].strip(),
            seen=said,
            by=request.user,
        )
    except (MapChangedMeanwhile, NotADraft, NothingBefore):
        messages.error(request, _("La carte a changé pendant que vous enregistriez : recommencez."))
        return redirect("questionnaires:map-move", code, number, key)
    messages.success(request, _("Ce que devient %(key)s est enregistré.") % {"key": key})
    return redirect("questionnaires:map", code, number)


def _move_page(request: SignedInRequest, desk: Desk, form: MoveForm, *, status: int) -> HttpResponse:
    """The old question beside the new one of the same key, and what the map says."""
    card: Card | None = None
    new = desk.questions.get(form.old.key)
    if new is not None:
        difference = engine.compare_questions(form.old, new, (desk.vocabulary,) * 2)
        card = question_card(difference, {}) if difference.is_changed else None
    context = {
        "desk": desk,
        "version": desk.version,
        "form": form,
        "old": form.old,
        "said": form.move,
        "seen": digest(form.move),
        "card": card,
        "is_there": new is not None,
    }
    return render(request, "questionnaires/map_move.html", context, status=status)


def digest(move: engine.Move | None) -> str:
    """What the person had before them, in a few characters."""
    return hashlib.sha256(repr(move).encode()).hexdigest()[:16]


@require_POST
@for_editors
def refresh(request: SignedInRequest, code: str, number: str) -> HttpResponse:
    try:
        refresh_map(get_version(code, number), by=request.user)
    except NotADraft:
        messages.error(request, _("Cette version est publiée : sa carte ne change plus."))
    except NothingBefore:
        messages.error(request, _("C’est la première version : il n’y a rien à reprendre."))
    else:
        messages.success(request, _("La carte suit ce que dit le brouillon. Ce que vous aviez décidé est gardé."))
    return redirect("questionnaires:map", code, number)


@require_POST
@for_editors
def grace(request: SignedInRequest, code: str, number: str) -> HttpResponse:
    form = GraceForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Le délai n’est pas enregistré : %(why)s") % {"why": form.errors["days"][0]})
        return redirect("questionnaires:map", code, number)
    try:
        save_grace(get_version(code, number), days=form.cleaned_data["days"], by=request.user)
    except (NotADraft, NothingBefore):
        messages.error(request, _("Cette version est publiée, ou ne suit aucune autre : le délai ne change pas."))
    else:
        messages.success(request, _("Le délai est enregistré."))
    return redirect("questionnaires:map", code, number)
