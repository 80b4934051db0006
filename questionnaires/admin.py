"""The questionnaires: drafts are written here, checked and published; what is published is only read."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.db.models import Count, ForeignKey, Model, QuerySet
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
    PublicationStatus,
    Question,
    Questionnaire,
    Theme,
    Threshold,
    Version,
)
from questionnaires.operations.drafts import NotADraft
from questionnaires.operations.publishing import (
    NeedsSomebodyElse,
    NotProposed,
    StillInForce,
    propose_edition,
    publish_diagnostic,
    publish_edition,
    retire_edition,
)
from questionnaires.queries import predecessors, read_edition
from questionnaires.rows import read_version

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[Any]
else:
    ModelForm = forms.ModelForm


PUBLISHED = gettext_lazy("« %s » est publié : plus rien n’y changera.")
HOLDS = gettext_lazy("« %s » tient : aucun problème.")
# What is published stays: whoever publishes proves once more who they are.
to_publish = reauthentication_required(enabled=lambda request: "confirmed" in request.POST)


class ProposalForm(forms.Form):
    effective_on = forms.DateField(
        label=gettext_lazy("Date d’effet"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Dites à partir de quand cette édition s’appliquera."),
            "invalid": gettext_lazy("Écrivez une date qui existe, par exemple 31/12/2026."),
        },
    )


def is_draft(row: Model) -> bool:
    """Whether the row belongs to an edition or a version that is not published."""
    match row:
        case Edition() | Version():
            return row.status == PublicationStatus.DRAFT
        case Theme():
            return is_draft(row.version)
        case Question():
            return is_draft(row.theme.version)
    raise TypeError(type(row).__name__)


class DraftAdmin(KeptAdmin):
    """Rows that may be written while they are drafts. The database refuses the rest, whoever asks."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or is_draft(obj))

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
        context["is_draft"] = obj is None or is_draft(obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        record("draft.added", obj, by=_person(request))
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        record("draft.changed", obj, by=_person(request))
        return super().log_change(request, obj, message)


class DraftInline(TabularInline):
    """Parts of a draft, written on its page: changed, added by those who may, never removed here."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_add_permission(request, obj) and (obj is None or is_draft(obj))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or is_draft(obj))

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


class QuestionForm(ModelForm):
    def clean_applies_when(self) -> str:
        return readable_condition(self.cleaned_data["applies_when"])


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


class FlagInline(DraftInline):
    model = Flag
    form = ConditionForm
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
    actions = ["verify", "propose", "publish", "retire"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super(DraftAdmin, self).has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [*SEALED] if obj is not None and is_draft(obj) else ["title", *SEALED]

    @admin.action(description=gettext_lazy("Vérifier"), permissions=["change"])
    def verify(self, request: HttpRequest, queryset: QuerySet[Edition]) -> None:
        for edition in queryset:
            found = engine.examine(read_edition(edition), predecessors(edition))
            _tell_problems(request, _("« %s » ne tient pas :") % edition, found.errors)
            doubts = _("« %s » mérite un regard avant d’être publiée :") % edition
            _tell_problems(request, doubts, found.warnings, level=messages.WARNING)
            if not found.errors:
                messages.success(request, _("« %s » peut être publiée.") % edition)

    @admin.action(description=gettext_lazy("Proposer à la publication"), permissions=["change"])
    def propose(self, request: HttpRequest, queryset: QuerySet[Edition]) -> TemplateResponse | None:
        form = ProposalForm(request.POST if "confirmed" in request.POST else None)
        if not form.is_valid():
            return _confirmation(self, request, queryset, act="propose", form=form)
        effective_on = form.cleaned_data["effective_on"]
        for edition in queryset:
            _tell(
                request,
                edition,
                lambda row: propose_edition(row, effective_on=effective_on, by=_person(request)),
                done=_("« %s » est proposée : une autre personne doit l’approuver pour qu’elle soit publiée."),
            )
        return None

    @admin.action(description=gettext_lazy("Approuver et publier"), permissions=["change"])
    @method_decorator(to_publish)
    def publish(self, request: HttpRequest, queryset: QuerySet[Edition]) -> TemplateResponse | None:
        if "confirmed" not in request.POST:
            return _confirmation(self, request, queryset)
        for edition in queryset:
            _tell(request, edition, lambda row: publish_edition(row, by=_person(request)), done=PUBLISHED)
        return None

    @admin.action(description=gettext_lazy("Retirer"), permissions=["change"])
    @method_decorator(to_publish)
    def retire(self, request: HttpRequest, queryset: QuerySet[Edition]) -> TemplateResponse | None:
        if "confirmed" not in request.POST:
            return _confirmation(self, request, queryset, act="retire")
        for edition in queryset:
            try:
                retired = retire_edition(edition, by=_person(request)).status == PublicationStatus.RETIRED
            except StillInForce:
                sentence = _("« %s » est en vigueur : de nouveaux dossiers s’y ouvrent, elle n’est pas retirée.")
                messages.error(request, sentence % edition)
                continue
            if retired:
                messages.success(request, _("« %s » est retirée : aucun dossier ne s’y ouvrira plus.") % edition)
            else:
                messages.warning(request, _("« %s » n’est pas publiée : il n’y a rien à retirer.") % edition)
        return None


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
class ThemeAdmin(DraftAdmin):
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


class ChoiceInline(DraftInline):
    model = Choice
    fields = ["position", "value", "label", "score", "rule"]


class ThresholdInline(DraftInline):
    model = Threshold
    fields = ["position", "operator", "low", "high", "score"]


@admin.register(Question)
class QuestionAdmin(DraftAdmin):
    form = QuestionForm
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

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super(DraftAdmin, self).has_add_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        rows: QuerySet[Question] = super().get_queryset(request).select_related("theme__version__questionnaire")
        return rows.defer("theme__version__source")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """A key is for life, and its question stays in its version."""
        return ["theme", "key"] if obj else []

    def formfield_for_foreignkey(self, db_field: "ForeignKey[Any]", request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "theme":
            drafts = Theme.objects.filter(version__status=PublicationStatus.DRAFT)
            kwargs["queryset"] = drafts.select_related("version__questionnaire").defer("version__source")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=gettext_lazy("version"), ordering="theme__version")
    def version(self, question: Question) -> str:
        return str(question.theme.version)


@admin.register(Questionnaire)
class QuestionnaireAdmin(ReadOnlyAdmin):
    list_display = ["code", "slug", "kind"]
    list_filter = ["kind"]


# --- Checking and publishing ---------------------------------------------------------------------


def _tell(request: HttpRequest, row: Any, act: Callable[[Any], object], *, done: str | Promise = HOLDS) -> None:
    """Check, propose or publish one row, and say how it went: every problem, or that there is none."""
    try:
        act(row)
    except engine.DefinitionErrors as error:
        _tell_problems(request, _("« %s » ne tient pas :") % row, error.problems)
    except NotADraft:
        messages.error(request, _("« %s » n’est plus un brouillon : il n’y a rien à proposer.") % row)
    except NotProposed:
        messages.error(
            request,
            _("« %s » n’est pas proposée dans son état actuel : quelqu’un doit d’abord la proposer.") % row,
        )
    except NeedsSomebodyElse:
        messages.error(
            request, _("Vous avez proposé « %s » : une autre personne doit l’approuver pour la publier.") % row
        )
    else:
        messages.success(request, str(done) % row)


def _tell_problems(
    request: HttpRequest, sentence: str, problems: Sequence[engine.Problem], *, level: int = messages.ERROR
) -> None:
    """One line for all that share a reason. No list inside: the admin would draw each of its items as a success."""
    if not problems:
        return
    places: dict[str, list[str]] = {}
    for problem in problems:
        places.setdefault(problem.reason, []).append(problem.where)
    lines = ((f"{', '.join(where)} : {reason}",) for reason, where in places.items())
    messages.add_message(request, level, format_html("{}{}", sentence, format_html_join("", "<br>{}", lines)))


def _confirmation(
    model_admin: KeptAdmin,
    request: HttpRequest,
    rows: QuerySet[Any] | list[Version],
    *,
    act: str = "publish",
    form: ProposalForm | None = None,
) -> TemplateResponse:
    """Says what the act does to these rows, and asks for it to be confirmed: see templates/admin/questionnaires/."""
    titles = {"publish": _("Publier ?"), "propose": _("Proposer à la publication ?"), "retire": _("Retirer ?")}
    context = {
        **model_admin.admin_site.each_context(request),
        "title": titles[act],
        "act": act,
        "form": form,
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
