"""One question of a version: read, typed, checked, tried, saved."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from questionnaires import engine
from questionnaires.conditions import read_condition, words_of
from questionnaires.desk import Desk, vocabulary_of
from questionnaires.forms.questions import QuestionForm
from questionnaires.forms.remarks import RemarkForm
from questionnaires.forms.trying import PREFIX, programmes, situation_from, trial_fields
from questionnaires.french import field_name
from questionnaires.models import Choice, Question, QuestionDraft, Remark, Threshold, Version
from questionnaires.operations.drafts import NotADraft
from questionnaires.operations.questions import EditedMeanwhile, QuestionGone, save_question
from questionnaires.operations.typing import give_up_question_draft, keep_question_draft
from questionnaires.trying import CannotBeTried, Situation, situation_that_shows, try_question
from questionnaires.views.access import base_in, for_editors, get_version

UNTOUCHED = Situation(programme=engine.PROGRAMMES[0], answers={})


@require_http_methods(["GET", "POST"])
@for_editors
def question(request: SignedInRequest, code: str, number: str, key: str) -> HttpResponse:
    version = get_version(code, number)
    # Before what it numbers: had somebody saved in between, their words would pass for what the person began with.
    revision = _revision(version, key)
    if request.method == "POST" and revision is None:
        return _keep_for_later(request, version, key)
    desk, current = _open(version, key)
    if request.method == "POST":
        return _save(request, desk, current)
    draft = QuestionDraft.objects.filter(version=desk.version, key=key, author=request.user).first()
    if draft is not None and _says_what_is_saved(draft, current):
        # Typed before the save that it went with, and kept just after.
        give_up_question_draft(version=desk.version, key=key, by=request.user)
        draft = None
    if draft is None or not desk.is_open:
        return _page(request, desk, QuestionForm(None, current), base=revision)
    return _page(request, desk, QuestionForm(_typed(draft), current), draft=draft, base=draft.base_revision)


def _says_what_is_saved(draft: QuestionDraft, current: engine.Question) -> bool:
    form = QuestionForm(_typed(draft), current)
    return form.is_valid() and form.content == current


def _revision(version: Version, key: str) -> int | None:
    """Of the question as it stands; None when the version has it no more."""
    rows = Question.objects.filter(theme__version=version, key=key)
    return rows.values_list("revision", flat=True).first()


def _get(code: str, number: str, key: str) -> tuple[Desk, engine.Question]:
    return _open(get_version(code, number), key)


def _open(version: Version, key: str) -> tuple[Desk, engine.Question]:
    desk = Desk(version)
    if key not in desk.questions:
        raise Http404
    return desk, desk.questions[key]


def _save(request: SignedInRequest, desk: Desk, current: engine.Question) -> HttpResponse:
    form = QuestionForm(request.POST, current)
    base = base_in(request.POST, 0)
    if not form.is_valid():
        return _page(request, desk, form, base=base, status=422)
    try:
        saved = save_question(version=desk.version, content=form.content, base_revision=base, by=request.user)
    except NotADraft:
        messages.error(request, _("Cette version est publiée : rien n’a été enregistré."))
        desk.version.refresh_from_db(fields=["status"])
        return _page(request, desk, form, base=base, status=409)
    except QuestionGone:
        return _keep_for_later(request, desk.version, current.key)
    except EditedMeanwhile as conflict:
        # The person's words, with what the others changed elsewhere: the next save is judged against theirs.
        form = QuestionForm(None, conflict.merged)
        return _page(request, desk, form, base=conflict.revision, conflict=conflict, status=409)
    if saved.kept:
        names = ", ".join(_names_of(saved.kept))
        messages.info(
            request, _("Un collègue avait changé ceci entre-temps, et c’est gardé : %(names)s.") % {"names": names}
        )
    elif not saved.is_changed:
        messages.info(request, _("Rien n’avait changé : il n’y avait rien à enregistrer."))
    if saved.is_changed:
        messages.success(request, _("%(key)s est enregistrée.") % {"key": current.key})
    return redirect("questionnaires:question", desk.version.questionnaire.code, desk.version.number, current.key)


def _keep_for_later(request: SignedInRequest, version: Version, key: str) -> HttpResponse:
    """Somebody took the question out while the person typed: their words wait for it to come back."""
    try:
        _keep(request, version, key)
    except QuestionGone:
        raise Http404 from None
    except NotADraft:
        messages.error(request, _("Cette version est publiée : rien n’a été enregistré."))
    else:
        messages.error(
            request,
            _("Quelqu’un a retiré %(key)s : ce que vous avez tapé est gardé, vous le retrouverez si elle revient.")
            % {"key": key},
        )
    return redirect("questionnaires:version", version.questionnaire.code, version.number)


@require_POST
@for_editors
def keep_draft(request: SignedInRequest, code: str, number: str, key: str) -> HttpResponse:
    """What is typed, kept as it is while it is typed. Says when, or why not."""
    version = get_version(code, number)
    try:
        draft = _keep(request, version, key)
    except QuestionGone:
        raise Http404 from None
    except NotADraft:
        return render(request, "questionnaires/_draft_kept.html")
    context = {"draft": draft, "gone": _revision(version, key) is None}
    return render(request, "questionnaires/_draft_kept.html", context)


def _keep(request: SignedInRequest, version: Version, key: str) -> QuestionDraft:
    typed = {name: request.POST.getlist(name) for name in request.POST if _is_of_question(name)}
    base = base_in(request.POST, 0)
    return keep_question_draft(version=version, key=key, typed=typed, base_revision=base, by=request.user)


def _is_of_question(name: str) -> bool:
    return name not in {"csrfmiddlewaretoken", "base"} and not name.startswith(PREFIX)


@require_POST
@for_editors
def give_up_draft(request: SignedInRequest, code: str, number: str, key: str) -> HttpResponse:
    give_up_question_draft(version=get_version(code, number), key=key, by=request.user)
    messages.success(request, _("Votre brouillon est abandonné. Voici la question telle qu’elle est enregistrée."))
    return redirect("questionnaires:question", code, number, key)


@require_POST
@for_editors
def check_condition(request: SignedInRequest, code: str, number: str, key: str) -> HttpResponse:
    """The condition that is being typed: its French, or what is wrong with it."""
    desk, _current = _get(code, number, key)
    reading = read_condition(desk.context, key, request.POST.get("applies_when", ""))
    return render(request, "questionnaires/_condition.html", {"reading": reading})


@require_POST
@for_editors
def attempt(request: SignedInRequest, code: str, number: str, key: str) -> HttpResponse:
    """The question as it is typed, in a dossier made up for the trial. Nothing is saved."""
    desk, current = _get(code, number, key)
    form = QuestionForm(request.POST, current)
    trial = _trial(desk, form, request.POST)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "questionnaires/_trial.html", trial | _place(desk, current))
    return _page(request, desk, form, base=base_in(request.POST, 0), trial=trial)


def _trial(desk: Desk, form: QuestionForm, data: QueryDict | None) -> dict[str, Any]:
    """What the panel shows. What is typed is tried where it is a question, else what is saved: the panel says which."""
    is_typed = data is not None and form.is_valid()
    tried = form.content if is_typed else form.current
    edition = desk.with_question(tried)
    nowhere = False
    try:
        if data is not None and f"{PREFIX}montrer" in data:
            found = situation_that_shows(edition, tried.key)
            nowhere, situation = found is None, found or UNTOUCHED
        elif data is not None:
            situation = situation_from(data, vocabulary_of(edition).questions)
        else:
            situation = UNTOUCHED
        trial = try_question(edition, tried.key, situation, timezone.localdate())
    except CannotBeTried as error:
        return {"trial": None, "problems": error.problems}
    return {
        "trial": trial,
        "fields": trial_fields(trial),
        "programmes": programmes(),
        "is_saved_text": data is not None and not is_typed,
        "nowhere": nowhere,
    }


def _page(
    request: SignedInRequest,
    desk: Desk,
    form: QuestionForm,
    *,
    base: int | None,
    draft: QuestionDraft | None = None,
    conflict: EditedMeanwhile | None = None,
    trial: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    # The form may go on from what two people wrote: the page is of the question that stands.
    current = desk.questions[form.current.key]
    condition = str(form["applies_when"].value())
    context = {
        **_place(desk, current),
        "form": form,
        "base": base,
        "is_stale": draft is not None and draft.base_revision != _revision(desk.version, current.key),
        "draft": draft,
        "conflict": conflict,
        "conflict_rows": _conflict_rows(conflict) if conflict else [],
        "kept_names": _names_of(conflict.kept) if conflict else [],
        "reading": read_condition(desk.context, current.key, condition),
        "vocabulary": words_of(desk.vocabulary),
        "others": _others_typing(request, desk, current.key),
        "remarks": Remark.objects.filter(version=desk.version, key=current.key).select_related("author", "settled_by"),
        "remark_form": RemarkForm(),
        "errors": desk.errors.get(current.key, ()),
        **_neighbours(desk, current.key),
        **(trial or _trial(desk, form, None)),
    }
    return render(request, "questionnaires/question.html", context, status=status)


def _place(desk: Desk, current: engine.Question) -> dict[str, Any]:
    """Where the page is, for its links and its breadcrumb."""
    return {
        "desk": desk,
        "version": desk.version,
        "question": current,
        "theme": desk.theme_of[current.key],
        "page": reverse(
            "questionnaires:question", args=[desk.version.questionnaire.code, desk.version.number, current.key]
        ),
    }


def _neighbours(desk: Desk, key: str) -> dict[str, str | None]:
    keys = list(desk.questions)
    place = keys.index(key)
    return {
        "previous": keys[place - 1] if place else None,
        "following": keys[place + 1] if place + 1 < len(keys) else None,
    }


def _others_typing(request: SignedInRequest, desk: Desk, key: str) -> list[QuestionDraft]:
    drafts = QuestionDraft.objects.filter(version=desk.version, key=key).exclude(author=request.user)
    return list(drafts.select_related("author").order_by("-saved_at"))


def _conflict_rows(conflict: EditedMeanwhile) -> list[dict[str, object]]:
    """What the colleague wrote where both wrote: the person's own words are in the form."""
    names = _names_of(conflict.fields)
    return [
        {"field": field, "name": name, "theirs": getattr(conflict.current, field)}
        for field, name in zip(conflict.fields, names, strict=True)
    ]


def _names_of(fields: Iterable[str]) -> list[str]:
    lists = {"choices": Choice._meta.verbose_name_plural, "thresholds": Threshold._meta.verbose_name_plural}
    return [str(lists.get(field) or field_name(engine.Question, field)) for field in fields]


def _typed(draft: QuestionDraft) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, texts in draft.typed.items():
        data.setlist(name, texts)
    return data
