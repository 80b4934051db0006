"""The public library of the requirements: read, search, compare, and see what applies to a service."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from questionnaires import engine, profiles
from questionnaires.comparisons import edition_comparison_of, question_card
from questionnaires.french import ROLES
from questionnaires.library import Entry, Filters, Library, by_theme, found
from questionnaires.models import Edition
from questionnaires.queries import first_with_this_version, library_of, published
from questionnaires.requirements import changes_between, reading_of, when_in_french
from questionnaires.views.public import Shelf, library_page
from ui.search_words import Words

LONGEST = 200
PER_PAGE = 40


@library_page
def index(request: HttpRequest, shelf: Shelf) -> HttpResponse:
    if not shelf.editions:
        return render(request, "requirements/unavailable.html", status=503)
    return _edition_page(request, shelf, shelf.chosen(""))


@library_page
def edition(request: HttpRequest, shelf: Shelf, code: str) -> HttpResponse:
    return _edition_page(request, shelf, shelf.get(code))


def _edition_page(request: HttpRequest, shelf: Shelf, chosen: Edition) -> HttpResponse:
    library = library_of(chosen)
    context = {
        "edition": chosen,
        "in_force": shelf.in_force,
        "others": [each for each in shelf.editions if each.pk != chosen.pk],
        "questionnaires": [_contents(each) for each in library.definition.edition.questionnaires],
        "canonical": request.build_absolute_uri(reverse("requirements:edition", args=[chosen.code])),
        **_search_form(library, chosen, Words.of(""), Filters()),
    }
    return render(request, "requirements/edition.html", context)


def _contents(questionnaire: engine.Questionnaire) -> dict[str, Any]:
    """A questionnaire and its themes by part, with how many requirements each holds."""
    parts: list[dict[str, Any]] = []
    titles = {part.code: part for part in questionnaire.parts}
    for theme in questionnaire.themes:
        if not parts or parts[-1]["code"] != theme.part:
            parts.append({"code": theme.part, "part": titles.get(theme.part or ""), "themes": [], "count": 0})
        parts[-1]["themes"].append((theme, len(theme.questions)))
        parts[-1]["count"] += len(theme.questions)
    count = sum(1 for _question in questionnaire.questions())
    mandatory = sum(question.is_mandatory for question in questionnaire.questions())
    is_scored = questionnaire.kind is engine.Kind.EVALUATION
    return {"it": questionnaire, "parts": parts, "count": count, "mandatory": mandatory, "is_scored": is_scored}


@library_page
def questionnaire(request: HttpRequest, shelf: Shelf, code: str, slug: str) -> HttpResponse:
    chosen = shelf.get(code)
    library = library_of(chosen)
    if slug.upper() in library.entries:
        return redirect("requirements:requirement", code, slug.upper(), permanent=True)
    wanted = _questionnaire(library, slug)
    context = {
        "edition": chosen,
        "in_force": shelf.in_force,
        "contents": _contents(wanted),
        "themes": [(theme, _whole(theme, library)) for theme in wanted.themes],
        "canonical": _canonical(request, shelf, chosen, wanted, "requirements:questionnaire", slug),
    }
    return render(request, "requirements/questionnaire.html", context)


def _whole(theme: engine.Theme, library: Library) -> list[dict[str, Any]]:
    entries = [library.entries[question.key] for question in theme.questions]
    return [{"entry": each, "reading": reading_of(each, library.definition)} for each in entries]


@library_page
def theme(request: HttpRequest, shelf: Shelf, code: str, slug: str, theme: str) -> HttpResponse:
    chosen = shelf.get(code)
    library = library_of(chosen)
    wanted = _questionnaire(library, slug)
    place = next((place for place, each in enumerate(wanted.themes) if each.slug == theme), None)
    if place is None:
        raise Http404
    its = wanted.themes[place]
    context = {
        "edition": chosen,
        "in_force": shelf.in_force,
        "questionnaire": wanted,
        "theme": its,
        "entries": [
            (library.entries[each.key], ROLES.get(each.answered_by, ""), when_in_french(each, library.definition))
            for each in its.questions
        ],
        "before": wanted.themes[place - 1] if place else None,
        "after": wanted.themes[place + 1] if place + 1 < len(wanted.themes) else None,
        "canonical": _canonical(request, shelf, chosen, wanted, "requirements:theme", slug, theme),
    }
    return render(request, "requirements/theme.html", context)


def _questionnaire(library: Library, slug: str) -> engine.Questionnaire:
    wanted = library.questionnaire(slug)
    if wanted is None:
        raise Http404
    return wanted


@library_page
def requirement(request: HttpRequest, shelf: Shelf, code: str, key: str) -> HttpResponse:
    chosen = shelf.get(code)
    library = library_of(chosen)
    entry = library.entries.get(key)
    if entry is None:
        raise Http404
    before, after = library.around(key)
    context = {
        "edition": chosen,
        "in_force": shelf.in_force,
        "requirement": {"entry": entry, "reading": reading_of(entry, library.definition)},
        "entry": entry,
        "before": before,
        "after": after,
        "elsewhere": list(_elsewhere(key, chosen, shelf)),
        "address": request.build_absolute_uri(request.path),
        "canonical": _canonical(request, shelf, chosen, entry.questionnaire, "requirements:requirement", key),
    }
    return render(request, "requirements/requirement.html", context)


def _elsewhere(key: str, chosen: Edition, shelf: Shelf) -> Iterator[dict[str, Any]]:
    """The same requirement in the other editions, and what changed from the earlier of both to the later."""
    for other in shelf.editions:
        if other.pk == chosen.pk or key not in library_of(other).entries:
            continue
        is_earlier = shelf.editions.index(other) > shelf.editions.index(chosen)
        then, now = (other, chosen) if is_earlier else (chosen, other)
        changes = changes_between(key, library_of(then), library_of(now))
        yield {
            "edition": other,
            "then": then,
            "now": now,
            "card": question_card(changes, {}) if changes and changes.is_changed else None,
        }


def _canonical(
    request: HttpRequest, shelf: Shelf, chosen: Edition, wanted: engine.Questionnaire, name: str, *args: str
) -> str:
    """The first address of what several editions say in the same words."""
    first = first_with_this_version(chosen, wanted.code, shelf.editions)
    return request.build_absolute_uri(reverse(name, args=[first.code, *args]))


@library_page
def search(request: HttpRequest, shelf: Shelf) -> HttpResponse:
    chosen = shelf.chosen(request.GET.get("edition", ""))
    library = library_of(chosen)
    words = Words.of(request.GET.get("q", "").strip()[:LONGEST])
    filters = _filters(request, library)
    entries = library.search(words, filters)
    page = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "edition": chosen,
        "in_force": shelf.in_force,
        "themes": by_theme([found(each, words) for each in page]),
        "count": len(entries),
        "page": page,
        "query": _query(request),
        "shares": _shares(entries, library),
        "is_open": not words.each,
        **_search_form(library, chosen, words, filters),
    }
    return render(request, "requirements/search.html", context)


_PARAMETERS = {
    "questionnaire": "questionnaire",
    "level": "niveau",
    "answered_by": "repond",
    "evidence": "preuve",
    "flag": "profil",
}


def _filters(request: HttpRequest, library: Library) -> Filters:
    """Those of the address that exist; the others are as if they were not there."""
    choices = _choices(library)
    asked = {name: request.GET.get(parameter, "") for name, parameter in _PARAMETERS.items()}
    known = {name: value for name, value in asked.items() if value in dict(choices[name])}
    return Filters(**known)


def _choices(library: Library) -> dict[str, list[tuple[str, str]]]:
    """What each filter offers: (value, label), for those that some requirement has."""
    questionnaires: list[tuple[str, str]] = []
    for each in library.definition.edition.questionnaires:
        questionnaires.append((each.code, each.title))
        questionnaires += [(part.code, f"{each.title} – {part.title}") for part in each.parts]
    roles = {question.answered_by for question in library.definition.questions.values()}
    return {
        "questionnaire": questionnaires,
        "level": [("mandatory", _("obligatoire")), ("recommended", _("recommandée"))],
        "answered_by": [(role, str(label)) for role, label in ROLES.items() if role in roles],
        "evidence": [("oui", _("avec une preuve exigée")), ("non", _("sans preuve exigée"))],
        "flag": [(flag.name, flag.meaning or flag.name) for flag in library.definition.edition.flags],
    }


def _search_form(library: Library, chosen: Edition, words: Words, filters: Filters) -> dict[str, Any]:
    return {"edition": chosen, "words": words.typed, "filters": filters, "choices": _choices(library)}


def _query(request: HttpRequest) -> str:
    """The address without its page, to be followed by one."""
    kept = [(name, value) for name, value in request.GET.items() if name != "page" and value]
    return urlencode(kept)


def _shares(entries: list[Entry], library: Library) -> list[tuple[engine.Questionnaire, int]]:
    """How many results each questionnaire has; empty when one has them all."""
    counted = [
        (each, sum(entry.questionnaire.code == each.code for entry in entries))
        for each in library.definition.edition.questionnaires
    ]
    kept = [(each, count) for each, count in counted if count]
    return kept if len(kept) > 1 else []


@library_page
def profile(request: HttpRequest, shelf: Shelf) -> HttpResponse:
    chosen = shelf.chosen(request.GET.get("edition", ""))
    library = library_of(chosen)
    flags = profiles.flags_to_tick(library.definition)
    programme = request.GET.get("demarche", "")
    ticked = [flag.name for flag in flags if flag.name in request.GET.getlist("profil")]
    is_asked = programme in engine.PROGRAMMES
    groups = profiles.applying(library, programme, ticked) if is_asked else ()
    context = {
        "edition": chosen,
        "in_force": shelf.in_force,
        "flags": flags,
        "ticked": ticked,
        "programme": programme,
        "is_asked": is_asked,
        "lacks_programme": bool(ticked) and not is_asked,
        "groups": groups,
        "certain": sum(group.certain for group in groups),
        "depends": sum(group.depends for group in groups),
        "total": sum(group.total for group in groups),
    }
    return render(request, "requirements/profile.html", context)


@library_page
def differences(request: HttpRequest, shelf: Shelf) -> HttpResponse:
    codes = request.GET.get("de", ""), request.GET.get("a", "")
    then, now = (shelf.get(code) if code else None for code in codes)
    comparison = None
    if then and now and then.pk != now.pk:
        one, other = (published(each).definition.edition for each in (then, now))
        comparison = edition_comparison_of(engine.compare_editions(one, other))
    context = {"editions": shelf.editions, "then": then, "now": now, "comparison": comparison}
    return render(request, "requirements/differences.html", context)
