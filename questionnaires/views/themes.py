"""The themes of a version: added, called otherwise, removed once they are empty."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from questionnaires.forms.themes import NewThemeForm, ThemeForm
from questionnaires.models import Theme, Version
from questionnaires.operations.drafts import NotADraft
from questionnaires.operations.themes import (
    ThemeEditedMeanwhile,
    ThemeGone,
    ThemeNotEmpty,
    ThemeTaken,
    add_theme,
    remove_theme,
    save_theme,
)
from questionnaires.policies import is_draft
from questionnaires.views.access import base_in, for_editors, get_version


def _get_draft(code: str, number: str) -> Version:
    version = get_version(code, number)
    if not is_draft(version):
        raise Http404
    return version


@require_http_methods(["GET", "POST"])
@for_editors
def new(request: SignedInRequest, code: str, number: str) -> HttpResponse:
    version = _get_draft(code, number)
    form = NewThemeForm(request.POST or None, version=version)
    if request.method == "POST" and form.is_valid():
        try:
            add_theme(version=version, code=form.cleaned_data["code"], slug=form.slug, by=request.user, **form.words)
        except ThemeTaken:
            form.add_error("code", _("Un thème de cette version porte ce code, ou un titre trop proche."))
        except NotADraft:
            messages.error(request, _("Cette version est publiée : plus rien n’y change."))
            return redirect("questionnaires:version", code, number)
        else:
            messages.success(request, _("Le thème est créé, à la fin. Ajoutez-y des questions."))
            return redirect("questionnaires:version", code, number)
    return _page(request, version, form)


@require_http_methods(["GET", "POST"])
@for_editors
def edit(request: SignedInRequest, code: str, number: str, theme: str) -> HttpResponse:
    version = _get_draft(code, number)
    current = version.themes.filter(code=theme).first()
    if current is None:
        raise Http404
    initial = {"title": current.title, "description": current.description, "part": current.part_id}
    form = ThemeForm(request.POST or None, version=version, initial=initial)
    if request.method == "GET" or not form.is_valid():
        return _page(request, version, form, theme=current, base=current.revision)
    try:
        save_theme(
            version=version,
            code=theme,
            base_revision=base_in(request.POST, -1),
            by=request.user,
            **form.words,
        )
    except ThemeEditedMeanwhile as conflict:
        return _page(request, version, form, theme=conflict.current, base=conflict.current.revision, theirs=True)
    except (NotADraft, ThemeGone):
        messages.error(request, _("Ce thème n’est plus à écrire : rien n’a été enregistré."))
    else:
        messages.success(request, _("Le thème est enregistré."))
    return redirect("questionnaires:version", code, number)


def _page(
    request: SignedInRequest,
    version: Version,
    form: ThemeForm,
    *,
    theme: Theme | None = None,
    base: int | None = None,
    theirs: bool = False,
) -> HttpResponse:
    """`theirs`: somebody changed it meanwhile, and what they wrote is shown beside what was typed."""
    context = {"version": version, "form": form, "theme": theme, "base": base, "theirs": theirs}
    status = 409 if theirs else 422 if form.errors else 200
    return render(request, "questionnaires/theme.html", context, status=status)


@require_POST
@for_editors
def remove(request: SignedInRequest, code: str, number: str, theme: str) -> HttpResponse:
    version = get_version(code, number)
    try:
        remove_theme(version=version, code=theme, by=request.user)
    except ThemeNotEmpty:
        messages.error(request, _("Ce thème a des questions : déplacez-les ou retirez-les d’abord."))
    except NotADraft:
        messages.error(request, _("Cette version est publiée : plus rien n’y change."))
    else:
        messages.success(request, _("Le thème est retiré."))
    return redirect("questionnaires:version", code, number)
