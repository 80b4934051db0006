"""The questionnaires, to read: they are written and published in the editor (decision 24).

What it does not have is written here: the disclaimer of an edition, the parts and the conclusions of a draft, and a
diagnostic's publication.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.admin import KeptAdmin, ReadOnlyAdmin, ReadOnlyInline, TabularInline
from audit.operations import record
from questionnaires import engine
from questionnaires.models import (
    Choice,
    Edition,
    EditionVersion,
    Flag,
    Outcome,
    Part,
    Question,
    Questionnaire,
    Theme,
    Threshold,
    Version,
)
from questionnaires.operations.publishing import (
    publish_diagnostic,
)
from questionnaires.policies import is_draft
from questionnaires.rows import read_version

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm


PUBLISHED = gettext_lazy("« %s » est publié : plus rien n’y changera.")
HOLDS = gettext_lazy("« %s » tient : aucun problème.")
# What is published stays: whoever publishes proves once more who they are.
to_publish = reauthentication_required(enabled=lambda request: "confirmed" in request.POST)


def _is_open(row: Model | None) -> bool:
    """Whether the edition or version may be written; without one, there may be some."""
    return row is None or (isinstance(row, Edition | Version) and is_draft(row))


class DraftAdmin(KeptAdmin):
    """Rows that may be written while they are drafts. The database refuses the rest, whoever asks."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and _is_open(obj)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Model | None = None,
    ) -> HttpResponse:
        """Tell the page whether the row is still a draft, for its notice."""
        context["is_draft"] = _is_open(obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        record("draft.changed", obj, by=_person(request))
        return super().log_change(request, obj, message)


class DraftInline(TabularInline):
    """Parts of a draft, written on its page: changed, added by those who may, never removed here."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_add_permission(request, obj) and _is_open(obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and _is_open(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


# --- Conditions ----------------------------------------------------------------------------------


def readable_condition(text: str) -> str:
    """Return the condition, or raise ValidationError with the place where it stops making sense."""
    try:
        engine.parse(text)
    except engine.ConditionError as error:
        raise forms.ValidationError(
            _("Cette condition ne peut pas être lue : %(reason)s") % {"reason": error}
        ) from None
    return text


class ConditionForm(ModelForm):
    """A flag or an outcome of the diagnostic."""

    def clean_condition(self) -> str:
        return readable_condition(self.cleaned_data["condition"])


# --- Editions ------------------------------------------------------------------------------------


class EntryInline(ReadOnlyInline):
    model = EditionVersion
    fields = ["position", "questionnaire", "version"]
    verbose_name_plural = gettext_lazy("questionnaires de cette édition")

    def get_queryset(self, request: HttpRequest) -> QuerySet[EditionVersion]:
        return (
            super()
            .get_queryset(request)
            .select_related("questionnaire", "version__questionnaire")
            .defer("version__source")
        )


SEALED = (
    "code",
    "status",
    "effective_on",
    "proposed_at",
    "proposed_by",
    "published_at",
    "published_by",
    "content_hash",
)


class FlagInline(ReadOnlyInline):
    model = Flag
    fields = ["position", "name", "meaning", "condition"]


@admin.register(Edition)
class EditionAdmin(DraftAdmin):
    """The disclaimer stays editable after publication: it is a word to the reader, no part of what is sealed."""

    list_display = ["title", "code", "status", "effective_on", "proposed_by", "published_at", "published_by"]
    list_filter = ["status"]
    list_select_related = ["proposed_by", "published_by"]
    search_fields = ["code", "title"]
    fields = ["title", "disclaimer", *SEALED]
    inlines = [EntryInline, FlagInline]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super(DraftAdmin, self).has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [*SEALED] if obj is not None and _is_open(obj) else ["title", *SEALED]


# --- Versions and themes -------------------------------------------------------------------------


class PartInline(DraftInline):
    model = Part
    fields = ["position", "code", "title", "description"]
    readonly_fields = ["code"]

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ThemeInline(ReadOnlyInline):
    model = Theme
    fields = ["position", "code", "title", "part"]
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Theme]:
        return super().get_queryset(request).select_related("part")


class OutcomeInline(DraftInline):
    model = Outcome
    form = ConditionForm
    fields = ["position", "outcome", "condition", "title", "reason", "next_steps"]

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _is_diagnostic(obj) and super().has_add_permission(request, obj)


@admin.register(Version)
class VersionAdmin(DraftAdmin):
    list_display = ["title", "questionnaire", "number", "status", "question_count", "published_at"]
    list_filter = ["status", "questionnaire"]
    list_select_related = ["questionnaire"]
    search_fields = ["title", "questionnaire__code", "number"]
    fields = ["questionnaire", "number", "title", "description", "status", "published_at", "content_hash"]
    readonly_fields = ["questionnaire", "number", "status", "published_at", "content_hash"]
    inlines = [PartInline, ThemeInline, OutcomeInline]
    actions = ["verify", "publish"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Version]:
        rows: QuerySet[Version] = super().get_queryset(request).select_related("questionnaire").defer("source")
        return rows.annotate(questions=Count("themes__questions"))

    @admin.display(description=gettext_lazy("questions"), ordering="questions")
    def question_count(self, version: Any) -> int:
        return int(version.questions)

    @admin.action(description=gettext_lazy("Vérifier (diagnostic)"), permissions=["change"])
    def verify(self, request: HttpRequest, queryset: QuerySet[Version]) -> None:
        for version in _only_diagnostics(request, queryset):
            _tell(request, version, lambda row: engine.compile_diagnostic(read_version(row)))

    @admin.action(description=gettext_lazy("Publier (diagnostic)"), permissions=["change"])
    @method_decorator(to_publish)
    def publish(self, request: HttpRequest, queryset: QuerySet[Version]) -> TemplateResponse | None:
        if "confirmed" not in request.POST:
            diagnostics = _only_diagnostics(request, queryset)
            return _confirmation(self, request, diagnostics) if diagnostics else None
        for version in _only_diagnostics(request, queryset):
            _tell(request, version, lambda row: publish_diagnostic(row, by=_person(request)), done=PUBLISHED)
        return None


class QuestionInline(ReadOnlyInline):
    model = Question
    fields = ["position", "key", "title", "type", "level"]
    show_change_link = True


@admin.register(Theme)
class ThemeAdmin(ReadOnlyAdmin):
    list_display = ["code", "title", "version", "part", "question_count"]
    list_filter = ["version__status", "version"]
    list_select_related = ["version__questionnaire", "part"]
    search_fields = ["code", "title"]
    fields = ["version", "part", "position", "code", "slug", "title", "description"]
    readonly_fields = ["version", "part", "code", "slug"]
    inlines = [QuestionInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Theme]:
        rows: QuerySet[Theme] = super().get_queryset(request).select_related("version__questionnaire", "part")
        return rows.defer("version__source").annotate(size=Count("questions"))

    @admin.display(description=gettext_lazy("questions"), ordering="size")
    def question_count(self, theme: Any) -> int:
        return int(theme.size)


# --- Questions -----------------------------------------------------------------------------------


class ChoiceInline(ReadOnlyInline):
    model = Choice
    fields = ["position", "value", "label", "score", "rule"]


class ThresholdInline(ReadOnlyInline):
    model = Threshold
    fields = ["position", "operator", "low", "high", "score"]


@admin.register(Question)
class QuestionAdmin(ReadOnlyAdmin):
    list_display = ["key", "title", "theme", "version", "type", "level", "weight", "verification"]
    list_filter = [
        "theme__version__status", "theme__version", "type", "level", "scored", "reference_confidence", "verification",
    ]  # fmt: skip
    list_select_related = ["theme__version__questionnaire"]
    search_fields = ["key", "title", "wording", "reference"]
    fieldsets = [
        (None, {"fields": ["theme", "key", "position", "type", "title", "wording"]}),
        (
            gettext_lazy("Ce que lit la personne qui répond"),
            {
                "fields": [
                    "asked", "why", "help", "accepted_example", "refused_example", "evidence", "answered_by", "minutes",
                ],
            },
        ),
        (
            gettext_lazy("Quand et combien elle compte"),
            {"fields": ["level", "scored", "weight", "pass_score", "applies_when", "allows_not_applicable"]},
        ),
        (
            gettext_lazy("Ce qui rend une réponse acceptable"),
            {
                "classes": ["collapse"],
                "fields": [
                    "scoring", "unit", "minimum", "maximum", "not_after_today", "not_before_today", "max_age_months",
                    "score_ok", "score_old", "min_length", "max_length", "formats", "min_files", "max_files",
                ],
            },
        ),
        (
            gettext_lazy("D’où elle vient"),
            {"fields": ["reference", "reference_confidence", "verification", "source", "tier", "editor_note"]},
        ),
    ]  # fmt: skip
    inlines = [ChoiceInline, ThresholdInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        rows: QuerySet[Question] = super().get_queryset(request).select_related("theme__version__questionnaire")
        return rows.defer("theme__version__source")

    @admin.display(description=gettext_lazy("version"), ordering="theme__version")
    def version(self, question: Question) -> str:
        return str(question.theme.version)


@admin.register(Questionnaire)
class QuestionnaireAdmin(ReadOnlyAdmin):
    list_display = ["code", "slug", "kind"]
    list_filter = ["kind"]


# --- Checking and publishing ---------------------------------------------------------------------


def _tell(request: HttpRequest, row: Any, act: Callable[[Any], object], *, done: str | Promise = HOLDS) -> None:
    """Check or publish one row, and say how it went: every problem, or that there is none."""
    try:
        act(row)
    except engine.DefinitionErrors as error:
        _tell_problems(request, _("« %s » ne tient pas :") % row, error.problems)
    else:
        messages.success(request, str(done) % row)


def _tell_problems(request: HttpRequest, sentence: str, problems: Sequence[engine.Problem]) -> None:
    """One line for all that share a reason. No list inside: the admin would draw each of its items as a success."""
    places: dict[str, list[str]] = {}
    for problem in problems:
        places.setdefault(problem.reason, []).append(problem.where)
    lines = ((f"{', '.join(where)} : {reason}",) for reason, where in places.items())
    messages.error(request, format_html("{}{}", sentence, format_html_join("", "<br>{}", lines)))


def _confirmation(model_admin: KeptAdmin, request: HttpRequest, rows: list[Version]) -> TemplateResponse:
    """Says what publishing does to these rows, and asks for it to be confirmed: templates/admin/questionnaires/."""
    context = {
        **model_admin.admin_site.each_context(request),
        "title": _("Publier ?"),
        "opts": model_admin.opts,
        "rows": rows,
        "checkbox": helpers.ACTION_CHECKBOX_NAME,
        "media": model_admin.media,
    }
    return TemplateResponse(request, "admin/questionnaires/confirm.html", context)


def _only_diagnostics(request: HttpRequest, versions: QuerySet[Version]) -> list[Version]:
    """The diagnostics of the selection; says that the other versions are checked and published with their edition."""
    chosen = list(versions.select_related("questionnaire"))
    diagnostics = [version for version in chosen if _is_diagnostic(version)]
    for version in chosen:
        if version not in diagnostics:
            messages.warning(request, _("« %s » se vérifie et se publie avec son édition.") % version)
    return diagnostics


def _is_diagnostic(row: Model | None) -> bool:
    return isinstance(row, Version) and row.questionnaire.kind == Questionnaire.Kind.DIAGNOSTIC


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the admin's pages are behind sign-in
    return request.user
