"""Editions: what is being written, what is wrong with it, who proposed it, and its publication."""

from collections.abc import Mapping, Sequence
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import SignedInRequest
from questionnaires import engine
from questionnaires.desk import reasons_by_place, versions_of
from questionnaires.forms.editions import BeginForm, ProposalForm, RenameForm
from questionnaires.models import Edition, PublicationStatus, Version
from questionnaires.operations.drafts import NotADraft
from questionnaires.operations.editions import (
    EditionTaken,
    QuestionnaireThere,
    begin_edition,
    enter_version,
    rename_edition,
)
from questionnaires.operations.publishing import (
    NeedsSomebodyElse,
    NotProposed,
    StillInForce,
    TooEarly,
    propose_edition,
    publish_edition,
    retire_edition,
)
from questionnaires.policies import is_draft
from questionnaires.queries import applies_from, predecessors, read_edition
from questionnaires.views.access import for_editors, get_edition, get_version
from ui.formats import long_date


@require_GET
@for_editors
def index(request: SignedInRequest) -> HttpResponse:
    editions = Edition.objects.annotate(questionnaires=Count("entries")).order_by("-code")
    alone = Version.objects.filter(editions=None).select_related("questionnaire").order_by("-pk")
    context = {"editions": editions.select_related("proposed_by", "published_by"), "alone": alone}
    return render(request, "questionnaires/index.html", context)


@require_http_methods(["GET", "POST"])
@for_editors
def begin(request: SignedInRequest) -> HttpResponse:
    form = BeginForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            edition = begin_edition(by=request.user, **form.cleaned_data)
        except EditionTaken:
            form.add_error("code", _("Une édition porte ce code, ou une version ce numéro : choisissez-en un autre."))
        else:
            messages.success(
                request, _("L’édition est ouverte en brouillon : tout s’y change sans que rien ne bouge ailleurs.")
            )
            return redirect("questionnaires:edition", edition.code)
    return render(request, "questionnaires/begin.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@for_editors
def edition(request: SignedInRequest, edition: str) -> HttpResponse:
    return _page(request, get_edition(edition), ProposalForm())


def _page(request: SignedInRequest, edition: Edition, form: ProposalForm, status: int = 200) -> HttpResponse:
    content = read_edition(edition)
    versions = versions_of(edition)
    before = predecessors(edition)
    found = engine.examine(content, before)
    homes = _homes(content, versions)
    context = {
        "edition": edition,
        "is_draft": is_draft(edition),
        "rows": list(zip(versions, content.questionnaires, strict=True)),
        "errors": _grouped(found.errors, homes, of_maps=_of_maps(content, before)),
        "error_count": len(found.errors),
        "warnings": _grouped(found.warnings, homes),
        "warning_count": len(found.warnings),
        "form": form,
        "rename_form": RenameForm(initial={"title": edition.title, "disclaimer": edition.disclaimer}),
        "is_current": bool(edition.proposed_hash) and not found.errors and edition.proposed_hash == _hash(content),
        "is_mine": edition.proposed_by_id == request.user.pk,
        "addable": _addable(versions) if is_draft(edition) else [],
    }
    return render(request, "questionnaires/edition.html", context, status=status)


def _hash(content: engine.Edition) -> str:
    return engine.compile_edition(content).hash


def _homes(content: engine.Edition, versions: Sequence[Version]) -> dict[str, Version]:
    """The version in which each question and theme stands, by what problems call them."""
    homes: dict[str, Version] = {}
    for version, questionnaire in zip(versions, content.questionnaires, strict=True):
        for theme in questionnaire.themes:
            homes[f"thème {theme.code}"] = version
            homes |= {question.key: version for question in theme.questions}
    return homes


def _of_maps(content: engine.Edition, before: Mapping[str, engine.Questionnaire]) -> frozenset[tuple[str, str]]:
    """What is wrong with the maps: it is mended on their pages."""
    found = engine.check_succession(content, before)
    return frozenset((each.where, each.reason) for each in found.errors)


def _grouped(
    problems: Sequence[engine.Problem],
    homes: dict[str, Version],
    of_maps: frozenset[tuple[str, str]] = frozenset(),
) -> list[dict[str, Any]]:
    """One line for all that share a reason, each place with where it is mended."""
    places: dict[str, list[dict[str, Any]]] = {}
    for where, reasons in reasons_by_place(problems).items():
        for reason in reasons:
            is_question = not where.startswith(("thème ", "drapeau ", "questionnaire ", "partie "))
            version = homes.get(where)
            places.setdefault(reason, []).append(
                {
                    "where": where,
                    "version": version,
                    "is_question": is_question and version is not None,
                    "is_of_map": (where, reason) in of_maps and version is not None,
                }
            )
    return [{"reason": reason, "places": each} for reason, each in places.items()]


def _addable(versions: Sequence[Version]) -> list[Version]:
    """Versions of questionnaires that the edition does not hold: those that were imported, most of all."""
    there = {version.questionnaire_id for version in versions}
    others = Version.objects.exclude(questionnaire__in=there).exclude(questionnaire__kind="diagnostic")
    return list(others.select_related("questionnaire").order_by("questionnaire__code", "-pk"))


@require_POST
@for_editors
def enter(request: SignedInRequest, edition: str) -> HttpResponse:
    """Let the edition hold one more questionnaire."""
    found = get_edition(edition)
    code, _at, number = request.POST.get("version", "").partition("@")
    try:
        enter_version(edition=found, version=get_version(code, number), by=request.user)
    except NotADraft:
        messages.error(request, _("Cette édition n’est plus un brouillon : rien n’y entre."))
    except QuestionnaireThere:
        messages.info(request, _("Cette édition contient déjà une version de ce questionnaire."))
    else:
        messages.success(request, _("Le questionnaire fait partie de l’édition."))
    return redirect("questionnaires:edition", edition)


@require_POST
@for_editors
def rename(request: SignedInRequest, edition: str) -> HttpResponse:
    form = RenameForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Rien n’est enregistré : %(why)s") % {"why": form.errors["title"][0]})
        return redirect("questionnaires:edition", edition)
    try:
        rename_edition(edition=get_edition(edition), by=request.user, **form.cleaned_data)
    except NotADraft:
        messages.error(request, _("Cette édition n’est plus un brouillon : son titre ne change plus."))
    else:
        messages.success(request, _("Le titre et l’avertissement sont enregistrés."))
    return redirect("questionnaires:edition", edition)


@require_POST
@for_editors
def propose(request: SignedInRequest, edition: str) -> HttpResponse:
    found = get_edition(edition)
    form = ProposalForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        propose_edition(found, effective_on=form.cleaned_data["effective_on"], by=request.user)
    except TooEarly as error:
        day = long_date(applies_from(error.standing))
        words = {"title": error.standing.title, "day": day}
        form.add_error(
            "effective_on",
            _("« %(title)s » s’applique à partir du %(day)s : choisissez ce jour ou un autre après.") % words,
        )
        return _page(request, found, form, status=422)
    except engine.DefinitionErrors:
        messages.error(request, _("Rien n’est proposé : corrigez d’abord ce qui est listé ci-dessous."))
    except NotADraft:
        messages.error(request, _("Cette édition n’est plus un brouillon : il n’y a rien à proposer."))
    else:
        messages.success(request, _("L’édition est proposée : une autre personne doit l’approuver pour la publier."))
    return redirect("questionnaires:edition", edition)


@require_POST
@for_editors
@reauthentication_required
def publish(request: SignedInRequest, edition: str) -> HttpResponse:
    try:
        publish_edition(get_edition(edition), by=request.user)
    except NotProposed:
        messages.error(request, _("L’édition a changé depuis qu’elle a été proposée : il faut la proposer à nouveau."))
    except NeedsSomebodyElse:
        messages.error(request, _("Vous l’avez proposée : une autre personne doit l’approuver."))
    except engine.DefinitionErrors:
        messages.error(request, _("Rien n’est publié : corrigez d’abord ce qui est listé ci-dessous."))
    else:
        messages.success(request, _("L’édition est publiée : plus rien n’y changera."))
    return redirect("questionnaires:edition", edition)


@require_POST
@for_editors
@reauthentication_required
def retire(request: SignedInRequest, edition: str) -> HttpResponse:
    try:
        found = retire_edition(get_edition(edition), by=request.user)
    except StillInForce:
        messages.error(request, _("De nouveaux dossiers s’ouvrent sur cette édition : elle n’est pas retirée."))
    else:
        if found.status == PublicationStatus.RETIRED:
            messages.success(request, _("L’édition est retirée : aucun dossier ne s’y ouvrira plus."))
        else:
            messages.error(request, _("L’édition n’est pas publiée : il n’y a rien à retirer."))
    return redirect("questionnaires:edition", edition)
