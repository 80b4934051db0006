"""Where the typing happens: the orientation, a theme, one answer, its files.

With JavaScript each answer is saved as it is given (`answer`); without it one button saves the page.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import SignedInRequest
from assessments import policies
from assessments.answer_states import AnswerState, Copy, working_copy
from assessments.cards import QuestionCard, card_of, cards_of, refusal_of_file
from assessments.forms.answers import AnswerForm
from assessments.models import Attachment, Dossier
from assessments.operations.answers import NotOpen, Saved, StaleAnswer, attach, detach, save_answer
from assessments.operations.dossiers import OrientationIncomplete, finish_orientation
from assessments.overviews import neighbours, step_of, theme_row
from assessments.sections import Section, orientation_of, section_of_key, sections_of
from assessments.views.dossiers import get_dossier, get_dossier_to_fill
from evidence.operations import note_opening, receive
from evidence.uploads import InvalidUpload
from evidence.views import file_response
from questionnaires import engine


@dataclass(slots=True)
class Desk:
    """A dossier open on somebody's screen: what its pages read, loaded once."""

    dossier: Dossier
    copy: Copy
    evaluation: engine.Evaluation
    open_keys: frozenset[str]

    @classmethod
    def of(cls, request: SignedInRequest, dossier: Dossier) -> "Desk":
        copy = working_copy(dossier)
        evaluation = copy.evaluate(timezone.localdate())
        may_write = policies.can_fill(request.user, dossier)
        open_keys = policies.open_keys(dossier, copy, evaluation) if may_write else frozenset()
        return cls(dossier, copy, evaluation, open_keys)

    def question(self, key: str) -> engine.Question:
        """The shown question of this key, or 404: a hidden one is not there."""
        if key not in self.evaluation.questions or not self.evaluation.questions[key].shown:
            raise Http404
        return self.copy.definition.questions[key]

    def card(self, key: str, *, data: QueryDict | None = None, conflict: AnswerState | None = None) -> QuestionCard:
        return card_of(
            self.copy.definition.questions[key],
            self.copy,
            self.evaluation,
            open_keys=self.open_keys,
            today=timezone.localdate(),
            data=data,
            verdict=policies.reopening_verdicts(self.dossier, self.copy).get(key),
            conflict=conflict,
        )

    def cards(self, questions: Iterable[engine.Question]) -> list[QuestionCard]:
        return cards_of(
            questions,
            self.copy,
            self.evaluation,
            open_keys=self.open_keys,
            today=timezone.localdate(),
            verdicts=policies.reopening_verdicts(self.dossier, self.copy),
        )


# --- Pages --------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def orientation(request: SignedInRequest, number: str) -> HttpResponse:
    dossier = get_dossier(request, number) if request.method == "GET" else get_dossier_to_fill(request, number)
    desk = Desk.of(request, dossier)
    themes = orientation_of(desk.copy.definition).themes
    unsaved: dict[str, QuestionCard] = {}
    if request.method == "POST":
        unsaved = _save_page(request, desk, [question for theme in themes for question in theme.questions])
        if not unsaved:
            return _after_orientation(request, dossier)
    rows = [(theme, [unsaved.get(card.key, card) for card in desk.cards(theme.questions)]) for theme in themes]
    context = {
        "dossier": dossier,
        "themes": rows,
        "progress": _orientation_progress(desk.copy, desk.evaluation),
        "step": step_of(dossier),
        "in_orientation": dossier.state == Dossier.State.ORIENTATION,
        "can_fill": bool(desk.open_keys),
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
    section, current = _find_theme(desk.copy.definition, section_slug, theme_slug)
    if dossier.state == Dossier.State.ORIENTATION:
        messages.info(request, _("Terminez d’abord l’orientation : elle choisit les questions à poser."))
        return redirect("dossiers:orientation", number)
    unsaved: dict[str, QuestionCard] = {}
    if request.method == "POST":
        unsaved = _save_page(request, desk, current.questions)
        if not unsaved:
            return redirect("dossiers:theme", number, section_slug, theme_slug)
    rows = [theme_row(dossier, section, each, desk.evaluation) for each in section.themes]
    before, after = neighbours(rows, current.code)
    context = {
        "dossier": dossier,
        "section": section,
        "theme": current,
        "row": theme_row(dossier, section, current, desk.evaluation),
        "rows": rows,
        "previous": before,
        "next": after,
        "cards": [unsaved.get(card.key, card) for card in desk.cards(current.questions)],
        "can_fill": bool(desk.open_keys),
    }
    return render(request, "dossiers/theme.html", context, status=422 if unsaved else 200)


def _find_theme(definition: engine.Definition, section_slug: str, theme_slug: str) -> tuple[Section, engine.Theme]:
    for section in sections_of(definition):
        for each in section.themes:
            if (section.slug, each.slug) == (section_slug, theme_slug):
                return section, each
    raise Http404


def _save_page(request: SignedInRequest, desk: Desk, questions: Iterable[engine.Question]) -> dict[str, QuestionCard]:
    """Save each posted answer that changed, then the posted files. Returns the cards of what could not be saved."""
    unsaved: dict[str, QuestionCard] = {}
    saved = 0
    for question in questions:
        if f"{question.key}-revision" not in request.POST or question.key not in desk.open_keys:
            continue
        card, changed = _save_posted(request, desk, question)
        saved += changed
        if card:
            unsaved[question.key] = card
        attached, refusals = _attach_posted(request, desk, question.key)
        saved += attached
        for sentence in refusals:
            messages.error(request, f"{question.key} : {sentence}")
    if saved:
        text = ngettext("%(count)d réponse enregistrée.", "%(count)d réponses enregistrées.", saved)
        messages.success(request, text % {"count": saved})
    if unsaved:
        text = ngettext(
            "{count} réponse n’a pas été enregistrée : voyez pourquoi à côté de la question {links}.",
            "{count} réponses n’ont pas été enregistrées : voyez pourquoi à côté des questions {links}.",
            len(unsaved),
        )
        links = format_html_join(", ", "<a href='#{0}'>{0}</a>", ((key,) for key in unsaved))
        messages.error(request, format_html(text, count=len(unsaved), links=links))
    return unsaved


def _save_posted(request: SignedInRequest, desk: Desk, question: engine.Question) -> tuple[QuestionCard | None, int]:
    form = AnswerForm(question, desk.copy.state(question.key), request.POST)
    if not form.is_valid():
        return desk.card(question.key, data=request.POST), 0
    if form.entry.is_in(desk.copy.state(question.key)):
        return None, 0
    try:
        save_answer(
            dossier=desk.dossier,
            key=question.key,
            entry=form.entry,
            base_revision=form.cleaned_data["revision"],
            by=request.user,
        )
    except StaleAnswer as error:
        return desk.card(
            question.key, data=_based_on(request.POST, question.key, error.current), conflict=error.current
        ), 0
    except NotOpen:
        # An answer of this very page has hidden the question since: what was typed has no place any more.
        return None, 0
    return None, 1


def _based_on(data: QueryDict, key: str, current: AnswerState) -> QueryDict:
    """What was typed, now based on the colleague's answer: saving again replaces it knowingly."""
    based = data.copy()
    based[f"{key}-revision"] = str(current.revision)
    return based


def _attach_posted(request: SignedInRequest, desk: Desk, key: str) -> tuple[int, list[str]]:
    """Receive and attach the posted files. Returns how many were, and a sentence for each that was not."""
    attached, refusals = 0, []
    question = desk.copy.definition.questions[key]
    there = {attachment.document_version_id for attachment in desk.copy.attachments.get(key, ())}
    for file in request.FILES.getlist(f"{key}-files"):
        if sentence := refusal_of_file(question, file.name or "", already=len(there)):
            refusals.append(sentence)
            continue
        try:
            version = receive(publisher=desk.dossier.product.publisher, file=file, by=request.user)
            if version.pk in there:
                refusals.append(_("Ce fichier est déjà joint, sous le nom %(name)s.") % {"name": version.original_name})
                continue
            attach(dossier=desk.dossier, key=key, version=version, by=request.user)
            there.add(version.pk)
        except InvalidUpload as error:
            refusals.append(error.sentence)
        except NotOpen:
            refusals.append(_("Cette question n’est plus ouverte : le fichier n’a pas été joint."))
        else:
            attached += 1
    return attached, refusals


@require_GET
def file(request: SignedInRequest, number: str, key: str, attachment_id: int) -> FileResponse:
    """A file attached to an answer, for whoever sees the dossier: the team, and consultants to whom it is open."""
    dossier = get_dossier(request, number)
    attachments = Attachment.objects.select_related("document_version__document")
    attachment = get_object_or_404(
        attachments, pk=attachment_id, answer__assessment__dossier=dossier, answer__question__key=key, removed_at=None
    )
    version = attachment.document_version
    if not version.is_readable:
        raise PermissionDenied
    note_opening(version, by=request.user, dossier=dossier.number)
    return file_response(version)


# --- One answer, by htmx ------------------------------------------------------------------------


@require_http_methods(["GET", "PATCH"])
def answer(request: SignedInRequest, number: str, key: str) -> HttpResponse:
    """GET gives the question's card again; PATCH saves it and tells what changed on the page."""
    dossier = get_dossier(request, number) if request.method == "GET" else get_dossier_to_fill(request, number)
    desk = Desk.of(request, dossier)
    question = desk.question(key)
    if request.method == "GET":
        return render(request, "dossiers/_slot.html", {"dossier": dossier, "card": desk.card(key)})
    data = QueryDict(request.body, encoding=request.encoding)
    form = AnswerForm(question, desk.copy.state(key), data)
    if not form.is_valid():
        context = {"dossier": dossier, "card": desk.card(key, data=data)}
        return render(request, "dossiers/_not_saved.html", context, status=422)
    try:
        saved = save_answer(
            dossier=dossier,
            key=key,
            entry=form.entry,
            base_revision=form.cleaned_data["revision"],
            by=request.user,
        )
    except StaleAnswer as error:
        context = {"dossier": dossier, "card": desk.card(key, data=data, conflict=error.current)}
        return render(request, "dossiers/_conflict.html", context, status=409)
    except NotOpen:
        context = {"dossier": dossier, "card": desk.card(key), "closed": True}
        return render(request, "dossiers/_not_saved.html", context, status=409)
    return render(request, "dossiers/_saved.html", _saved_context(request, desk, key, saved))


def _saved_context(request: SignedInRequest, desk: Desk, key: str, saved: Saved) -> dict[str, object]:
    """What the page must redraw: this question's state, and the neighbours that appeared or vanished."""
    after = Desk(desk.dossier, saved.copy, saved.after, desk.open_keys)
    if saved.before is not saved.after:
        after.open_keys = policies.open_keys(desk.dossier, saved.copy, saved.after)
    changed = [
        other
        for other, result in saved.after.questions.items()
        if other != key and result.shown != saved.before.questions[other].shown
    ]
    here = section_of_key(saved.copy.definition, key)
    on_page = {question.key for question in here[1].questions} if here else set()
    return {
        "dossier": desk.dossier,
        "card": after.card(key),
        "slots": [after.card(other) for other in changed if other in on_page],
        "appeared": sum(1 for other in changed if saved.after.questions[other].shown),
        "vanished": sum(1 for other in changed if not saved.after.questions[other].shown),
        "row": theme_row(desk.dossier, *here, saved.after) if here else None,
        "progress": None if here else _orientation_progress(saved.copy, saved.after),
    }


def _orientation_progress(copy: Copy, evaluation: engine.Evaluation) -> engine.GroupResult:
    return evaluation.questionnaires[orientation_of(copy.definition).code]


# --- Files --------------------------------------------------------------------------------------


def _place(desk: Desk, key: str) -> tuple[Section, engine.Theme]:
    """Where the shown question stands, or 404; the orientation takes no file."""
    desk.question(key)
    place = section_of_key(desk.copy.definition, key)
    if place is None:
        raise Http404
    return place


def _files_fragment(
    request: SignedInRequest, dossier: Dossier, key: str, *, refusals: Iterable[str] = ()
) -> HttpResponse:
    desk = Desk.of(request, dossier)
    context = {
        "dossier": dossier,
        "card": desk.card(key),
        "refusals": refusals,
        "row": theme_row(dossier, *_place(desk, key), desk.evaluation),
        "announce": request.method == "POST",
    }
    return render(request, "dossiers/_files_changed.html", context)


@require_http_methods(["GET", "POST"])
def files(request: SignedInRequest, number: str, key: str) -> HttpResponse:
    """The files of one answer: GET while they are being scanned, POST to add some (htmx)."""
    dossier = get_dossier(request, number) if request.method == "GET" else get_dossier_to_fill(request, number)
    desk = Desk.of(request, dossier)
    _place(desk, key)
    refusals: list[str] = []
    if request.method == "POST":
        _attached, refusals = _attach_posted(request, desk, key)
    return _files_fragment(request, dossier, key, refusals=refusals)


@require_POST
def remove_file(request: SignedInRequest, number: str, key: str, attachment_id: int) -> HttpResponse:
    dossier = get_dossier_to_fill(request, number)
    section, current = _place(Desk.of(request, dossier), key)
    attachment = get_object_or_404(
        Attachment, pk=attachment_id, answer__assessment__dossier=dossier, answer__question__key=key
    )
    refusals = []
    try:
        detach(dossier=dossier, key=key, attachment=attachment, by=request.user)
    except NotOpen:
        refusals.append(_("Cette question n’est plus ouverte : le fichier reste joint."))
    if request.headers.get("HX-Request"):
        return _files_fragment(request, dossier, key, refusals=refusals)
    for sentence in refusals:
        messages.error(request, sentence)
    response = redirect("dossiers:theme", number, section.slug, current.slug)
    response["Location"] += f"#{key}"
    return response
