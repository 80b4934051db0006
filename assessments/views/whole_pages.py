"""A page of questions saved by its one button: what each question held, and what could not be saved."""

from collections.abc import Iterable

from django.contrib import messages
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.requests import SignedInRequest
from assessments.answer_states import answer_at
from assessments.cards import QuestionCard
from assessments.forms.answers import AnswerForm
from assessments.forms.drafts import Typed, base_in, seen_in
from assessments.operations.answers import Entry, NotOpen, StaleAnswer, give_way, save_answer
from assessments.views.desks import Desk
from assessments.views.drafts import keep_typed, merge_typed
from assessments.views.question_files import attach_posted
from questionnaires import engine


def base_of(data: Typed, key: str) -> int:
    """The revision that saving this replaces: the one that it was written from, or the one that was shown beside it
    when the person chose their own. The buttons of a conflict name their question; any other chooses nothing."""
    return seen_in(data, key) if data.get("keep_mine") == key else base_in(data, key)


def save_page(request: SignedInRequest, desk: Desk, questions: Iterable[engine.Question]) -> dict[str, Typed]:
    """Save each posted answer that changed, then the posted files. Returns what could not be saved, by key."""
    unsaved: dict[str, Typed] = {}
    saved = 0
    posted = [each for each in questions if f"{each.key}-revision" in request.POST and each.key in desk.open_keys]
    drafted = desk.drafted([question.key for question in posted])
    for question in posted:
        left, changed = _save_posted(request, desk, question, has_draft=question.key in drafted)
        saved += changed
        if left:
            unsaved[question.key] = left
        outcome = attach_posted(request, desk, question.key)
        saved += outcome.count
        for sentence in outcome.refusals:
            messages.error(request, f"{question.key} : {sentence}")
    if saved:
        text = ngettext("%(count)d réponse enregistrée.", "%(count)d réponses enregistrées.", saved)
        messages.success(request, text % {"count": saved})
    return unsaved


def _save_posted(
    request: SignedInRequest, desk: Desk, question: engine.Question, *, has_draft: bool
) -> tuple[Typed | None, int]:
    """What could not be saved, and how many answers were. `has_draft`: saving what is stored ends it."""
    key, data = question.key, request.POST
    state = desk.copy.state(key)
    form = AnswerForm(question, data)
    entry = form.entry if form.is_valid() else None
    gives_way = request.POST.get("give_way") == key
    if request.POST.get("merge") == key:
        return _kept(request, desk, key, merge_typed(desk, question, data)), 0
    if entry is None and not gives_way:
        return _kept(request, desk, key, data), 0
    if entry and entry.is_in(state) and not (gives_way or has_draft):
        return None, 0
    try:
        return None, _write(request, desk, key, entry)
    except StaleAnswer:
        if entry and not has_draft and _was_left_alone(desk, key, entry, data):
            return None, 0
        return _kept(request, desk, key, data), 0
    except NotOpen:
        # An answer of this very page has hidden the question since.
        if keep_typed(request, desk.dossier, key, data):
            text = _("%(key)s ne s’applique plus : ce que vous y aviez écrit est gardé en brouillon.")
            messages.info(request, text % {"key": key})
        return None, 0


def _write(request: SignedInRequest, desk: Desk, key: str, entry: Entry | None) -> int:
    """Save what was typed, or take the other answer; `entry` None: it is taken, and what was typed was no answer."""
    dossier, by, data = desk.dossier, request.user, request.POST
    if entry is None or request.POST.get("give_way") == key:
        give_way(dossier=dossier, key=key, entry=entry, seen=seen_in(data, key), by=by)
        return 0
    saved = save_answer(dossier=dossier, key=key, entry=entry, base_revision=base_of(data, key), by=by)
    return int(saved.after is not saved.before)


def _was_left_alone(desk: Desk, key: str, entry: Entry, data: Typed) -> bool:
    """The page sends every question: one that still holds what the page was opened with is nobody's word."""
    return entry.is_in(answer_at(desk.dossier, desk.copy.edition.question_ids[key], base_in(data, key)))


def _kept(request: SignedInRequest, desk: Desk, key: str, data: Typed) -> Typed:
    keep_typed(request, desk.dossier, key, data)
    return data


def tell_unsaved(request: SignedInRequest, cards: Iterable[QuestionCard]) -> None:
    """Say of these cards why they are not saved: to be chosen, to be corrected, or merged and to be read."""
    cards = list(cards)
    conflicts = [card.key for card in cards if card.conflict]
    refused = [card.key for card in cards if not card.conflict and card.form and card.form.errors]
    merged = [card.key for card in cards if card.key not in {*conflicts, *refused}]
    if conflicts:
        text = ngettext(
            "Une réponse reste à départager avec une autre, enregistrée entre-temps : {links}. Rien n’est remplacé "
            "tant que vous n’avez pas choisi ; votre saisie est gardée en brouillon.",
            "{count} réponses restent à départager avec d’autres, enregistrées entre-temps : {links}. Rien n’est "
            "remplacé tant que vous n’avez pas choisi ; vos saisies sont gardées en brouillon.",
            len(conflicts),
        )
        messages.warning(request, format_html(text, count=len(conflicts), links=_links(conflicts)))
    if refused:
        text = ngettext(
            "{count} réponse n’a pas été enregistrée : voyez pourquoi à côté de la question {links}.",
            "{count} réponses n’ont pas été enregistrées : voyez pourquoi à côté des questions {links}.",
            len(refused),
        )
        messages.error(request, format_html(text, count=len(refused), links=_links(refused)))
    if merged:
        text = _("{links} : les deux textes sont réunis. Relisez, puis enregistrez.")
        messages.info(request, format_html(text, links=_links(merged)))


def _links(keys: Iterable[str]) -> SafeString:
    return format_html_join(", ", "<a href='#{0}'>{0}</a>", ((key,) for key in keys))
