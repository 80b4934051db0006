"""Where the typing happens: the orientation, a theme, one answer.

With JavaScript each answer is saved as it is given (`answer`); without it one button saves the page. The files of an
answer: `question_files`.
"""

import re
import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import SignedInRequest
from assessments import policies
from assessments.answer_states import Copy
from assessments.forms.answers import AnswerForm
from assessments.forms.drafts import Typed
from assessments.models import Dossier
from assessments.operations.answers import NotOpen, Saved, StaleAnswer, save_answer
from assessments.operations.dossiers import OrientationIncomplete, finish_orientation
from assessments.operations.not_applicable import last_set_aside, questions_to_set_aside
from assessments.overviews import neighbours, step_of, theme_row
from assessments.prepared import ID, Prepared
from assessments.presence import RENEWED_EVERY_SECONDS
from assessments.question_filters import choices, chosen, kept_on_page, sort_out
from assessments.sections import Section, orientation_of, section_of_key, sections_of
from assessments.teamwork import Teamwork
from assessments.views.desks import Desk
from assessments.views.dossiers import get_dossier, get_dossier_to_fill
from assessments.views.drafts import keep_typed, show_merged, take_theirs, told_kept
from assessments.views.whole_pages import base_of, save_page, tell_unsaved
from assessments.waypoints import waypoints
from products.models import Variant
from questionnaires import engine
from questionnaires.queries import published

MUTATION = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
VARIANTS = Prepared(lambda product_id: Variant.objects.filter(product=product_id), product_id=ID)

# --- Pages --------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def orientation(request: SignedInRequest, number: str) -> HttpResponse:
    dossier = get_dossier(request, number) if request.method == "GET" else get_dossier_to_fill(request, number)
    desk = Desk.of(request, dossier)
    themes = orientation_of(desk.copy.definition).themes
    unsaved: dict[str, Typed] = {}
    if request.method == "POST":
        unsaved = save_page(request, desk, [question for theme in themes for question in theme.questions])
        if not unsaved:
            return _after_orientation(request, dossier)
        desk = Desk.of(request, dossier)  # what was saved with it is shown as it is now
    rows = [(theme, desk.cards(theme.questions, unsaved=unsaved)) for theme in themes]
    tell_unsaved(request, [card for _theme, cards in rows for card in cards if card.key in unsaved])
    context = {
        "dossier": dossier,
        "themes": rows,
        "progress": _orientation_progress(desk.copy, desk.evaluation),
        "step": step_of(dossier),
        "in_orientation": dossier.state == Dossier.State.ORIENTATION,
        "was_submitted": desk.filing.submission is not None,
        "can_fill": bool(desk.open_keys & desk.filing.orientation),
        "reads_only": _reads_only(desk),
    }
    return render(request, "dossiers/orientation.html", context, status=422 if unsaved else 200)


def _after_orientation(request: SignedInRequest, dossier: Dossier) -> HttpResponse:
    if "finish" not in request.POST:
        return redirect("dossiers:orientation", dossier.number)
    try:
        finish_orientation(dossier=dossier, by=request.user)
    except OrientationIncomplete as error:
        count = len(error.keys)
        text = ngettext(
            "Il reste {count} question sans réponse. <a href='#{key}'>Aller à cette question</a>",
            "Il reste {count} questions sans réponse. <a href='#{key}'>Aller à la première</a>",
            count,
        )
        messages.error(request, format_html(text, count=count, key=error.keys[0]))
        return redirect("dossiers:orientation", dossier.number)
    messages.success(request, _("Orientation terminée : voici les exigences qui concernent votre service."))
    return redirect(dossier)


@require_http_methods(["GET", "POST"])
def theme(request: SignedInRequest, number: str, section_slug: str, theme_slug: str) -> HttpResponse:
    dossier = get_dossier(request, number) if request.method == "GET" else get_dossier_to_fill(request, number)
    desk = Desk.of(request, dossier)
    section, current = find_theme(desk.copy.definition, section_slug, theme_slug)
    if dossier.state == Dossier.State.ORIENTATION:
        messages.info(request, _("Terminez d’abord l’orientation : elle choisit les questions à poser."))
        return redirect("dossiers:orientation", number)
    unsaved: dict[str, Typed] = {}
    if request.method == "POST":
        unsaved = save_page(request, desk, current.questions)
        if not unsaved:
            return redirect(request.get_full_path())
        desk = Desk.of(request, dossier)  # what was saved with it is shown as it is now
    teamwork = Teamwork(desk.filing, request.user)
    sets, current_filter = sort_out(desk.filing, teamwork), chosen(request.GET.get("filtre", ""))
    kept = sets[current_filter]
    questions = kept_on_page(current.questions, desk.filing, kept | unsaved.keys())
    cards = desk.cards(questions, unsaved=unsaved)
    tell_unsaved(request, [card for card in cards if card.key in unsaved])
    rows = [theme_row(dossier, section, each, desk.evaluation, desk.filing.unsettled) for each in section.themes]
    before, after = neighbours(rows, current.code)
    context = {
        "dossier": dossier,
        "section": section,
        "theme": current,
        "row": theme_row(dossier, section, current, desk.evaluation),
        "rows": rows,
        "previous": before,
        "next": after,
        "cards": cards,
        "can_fill": bool(desk.open_keys),
        "reads_only": _reads_only(desk),
        "filing": desk.filing,
        "teamwork": teamwork,
        "filters": choices(sets, current_filter, [question.key for question in current.questions]),
        "nothing_kept": "" if kept.intersection(q.key for q in current.questions) else current_filter.empty_words,
        "presence_seconds": RENEWED_EVERY_SECONDS,
        **_quicker(desk, current, request.user),
    }
    return render(request, "dossiers/theme.html", context, status=422 if unsaved else 200)


def _quicker(desk: Desk, theme: engine.Theme, user: User) -> dict[str, object]:
    """What makes the theme quicker to fill: see _theme_tools.html and _waypoints.html. One query."""
    in_theme = {question.key for question in theme.questions}
    last = last_set_aside(desk.filing, theme, user)
    return {
        "ways": waypoints(desk.filing, theme, desk.open_keys),
        "can_set_aside": any(each.key in in_theme for each in questions_to_set_aside(desk.filing, desk.open_keys)),
        "can_take_back": last is not None and not desk.open_keys.isdisjoint(last[1]),
        "variants": list(VARIANTS.objects(product_id=desk.dossier.product_id)),
    }


def _reads_only(desk: Desk) -> bool:
    """Whether the person's role, and not the dossier's state, keeps them from writing."""
    return not desk.may_write and desk.dossier.state in Dossier.WRITABLE


def find_theme(definition: engine.Definition, section_slug: str, theme_slug: str) -> tuple[Section, engine.Theme]:
    for section in sections_of(definition):
        for each in section.themes:
            if (section.slug, each.slug) == (section_slug, theme_slug):
                return section, each
    raise Http404


# --- One answer, by htmx ------------------------------------------------------------------------


@require_http_methods(["GET", "PATCH"])
def answer(request: SignedInRequest, number: str, key: str) -> HttpResponse:
    """GET gives the question's card again; PATCH saves it and tells what changed on the page."""
    dossier = get_dossier(request, number) if request.method == "GET" else get_dossier_to_fill(request, number)
    if request.method == "GET":
        desk = Desk.of(request, dossier)
        desk.question(key)
        context = {"dossier": dossier, "card": desk.card(key), "teamwork": Teamwork(desk.filing, request.user)}
        return render(request, "questions/one.html", context)
    question = published(dossier.edition).definition.questions.get(key)
    if question is None:
        raise Http404
    data = QueryDict(request.body, encoding=request.encoding)
    form = AnswerForm(question, data)
    if chosen_answer := _chosen_in_conflict(request, dossier, question, form, data):
        return chosen_answer
    if not form.is_valid():
        return _not_saved(request, dossier, key, data=data)
    try:
        saved = save_answer(
            dossier=dossier,
            key=key,
            entry=form.entry,
            base_revision=base_of(data, key),
            by=request.user,
            mutation_id=_mutation(data, key),
            after=_mutations(data, f"{key}-after"),
        )
    except StaleAnswer:
        return _not_saved(request, dossier, key, data=data)
    except NotOpen:
        return _not_saved(request, dossier, key)
    context = saved_context(key, saved) | {
        "teamwork": Teamwork(saved.after, request.user),
        "takes_focus": key in {data.get("keep_mine"), data.get("save_draft")},
    }
    return render(request, "questions/saved.html", context)


def _chosen_in_conflict(
    request: SignedInRequest, dossier: Dossier, question: engine.Question, form: AnswerForm, data: QueryDict
) -> HttpResponse | None:
    """What becomes of two answers, when theirs was taken or both were merged; None otherwise."""
    key = question.key
    if data.get("merge") == key:
        return show_merged(request, dossier, question, data)
    if data.get("give_way") != key:
        return None
    try:
        return take_theirs(request, dossier, key, form, data, _mutation(data, key))
    except StaleAnswer:
        return _not_saved(request, dossier, key, data=data)


def _mutation(data: QueryDict, key: str) -> uuid.UUID | None:
    return next(iter(_mutations(data, f"{key}-mutation")), None)


def _mutations(data: QueryDict, name: str) -> list[uuid.UUID]:
    """The saves that the page names, at most those that it remembers. What is no identifier names none."""
    return [uuid.UUID(each) for each in data.get(name, "").split()[:20] if MUTATION.fullmatch(each)]


def _not_saved(request: SignedInRequest, dossier: Dossier, key: str, *, data: QueryDict | None = None) -> HttpResponse:
    """Why, with what was typed, now a draft; beside the other answer when somebody answered since, until somebody
    chooses. Without `data`, because the question is shut. 404 when it is hidden."""
    Desk.of(request, dossier).question(key)
    is_kept = data is not None and keep_typed(request, dossier, key, data)
    card = Desk.of(request, dossier).card(key, data=data)
    template = "questions/in_conflict.html" if card.conflict else "questions/not_saved.html"
    status = 409 if card.conflict or data is None else 422
    response = render(request, template, {"dossier": dossier, "card": card, "closed": data is None}, status=status)
    return told_kept(response) if is_kept else response


def saved_context(key: str, saved: Saved) -> dict[str, object]:
    """What the page must redraw: this question's state, and the neighbours that appeared or vanished."""
    before, filing = saved.before, saved.after
    after = Desk(filing, policies.open_keys(filing))
    readers = filing.working.definition.read_by[key]
    changed = [
        other
        for other in filing.evaluation.questions
        if other in readers and filing.result(other).shown != before.result(other).shown
    ]
    appeared = [other for other in changed if filing.result(other).shown]
    here = section_of_key(filing.working.definition, key)
    on_page = {question.key for question in here[1].questions} if here else set()
    return {
        "dossier": filing.dossier,
        "card": after.card(key),
        "slots": [after.card(other) for other in changed if other in on_page],
        "came_and_went": _came_and_went(len(appeared), len(changed) - len(appeared)),
        "row": theme_row(filing.dossier, *here, filing.evaluation) if here else None,
        "progress": None if here else _orientation_progress(filing.working, filing.evaluation),
    }


def _came_and_went(appeared: int, vanished: int) -> str:
    """How many questions an answer made appear and vanish, in sentences; blank for none."""
    came = ngettext("Une question de plus s’applique.", "%(count)d questions de plus s’appliquent.", appeared)
    went = ngettext("Une question ne s’applique plus.", "%(count)d questions ne s’appliquent plus.", vanished)
    return " ".join(text % {"count": count} for text, count in ((came, appeared), (went, vanished)) if count)


def _orientation_progress(copy: Copy, evaluation: engine.Evaluation) -> engine.GroupResult:
    return evaluation.questionnaires[orientation_of(copy.definition).code]
