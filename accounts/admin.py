"""People and publishers: to read, except that an account can be closed and opened again."""

import json
from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation, Membership, Publisher, StaffRole, User
from accounts.operations.staff import (
    MemberOfPublisher,
    close_account,
    forget_second_factors,
    give_staff_role,
    reopen_account,
    take_staff_role,
)
from accounts.operations.teams import LastMandataire
from audit.admin import KeptAdmin, ReadOnlyAdmin, ReadOnlyInline

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[User]
else:
    ModelForm = forms.ModelForm


class MemberInline(ReadOnlyInline):
    """A team changes on its own page of the portal, where its rules hold."""

    model = Membership
    fields = ["user", "role", "created_at"]
    readonly_fields = ["user", "role", "created_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("user", "publisher")


class TeamInline(MemberInline):
    fields = ["publisher", "role", "created_at"]
    readonly_fields = ["publisher", "role", "created_at"]


@admin.register(Publisher)
class PublisherAdmin(ReadOnlyAdmin):
    list_display = ["legal_name", "siren", "city", "member_count", "created_at"]
    search_fields = ["legal_name", "siren", "city"]
    list_filter = [("created_at", admin.DateFieldListFilter)]
    fields = ["legal_name", "siren", "address", "postal_code", "city", "created_at", "created_by"]
    inlines = [MemberInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Publisher]:
        rows: QuerySet[Publisher] = super().get_queryset(request)
        return rows.annotate(members=Count("memberships"))

    @admin.display(description=_("membres"), ordering="members")
    def member_count(self, publisher: Any) -> int:
        return int(publisher.members)


READ = ("email", "full_name", "roles", "is_staff", "date_joined", "last_login")


class AccountForm(ModelForm):
    """What an administrator changes of an account; each by the portal's own operation."""

    staff_roles = forms.MultipleChoiceField(
        label=_("Rôles d’agent"),
        choices=StaffRole.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Une personne qui fait partie d’un éditeur n’en a aucun : elle quitte d’abord son équipe."),
    )
    forgets_factors = forms.BooleanField(
        label=_("Retirer ses seconds facteurs"),
        required=False,
        help_text=_(
            "Pour qui a perdu téléphone, clés et codes de secours. Vérifiez d’abord son identité ; elle en choisira "
            "d’autres à sa prochaine connexion."
        ),
    )

    class Meta:
        model = User
        fields = ("is_active",)

    class Media:
        css: ClassVar = {"all": ["css/administration.css"]}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "staff_roles" in self.fields:
            self.initial["staff_roles"] = sorted(self.instance.staff_roles)


@admin.register(User)
class UserAdmin(KeptAdmin):
    """Passwords are not even shown hashed."""

    form = AccountForm

    list_display = ["email", "full_name", "roles", "is_active", "is_staff", "date_joined"]
    list_filter = ["is_active", "is_staff", "groups"]
    search_fields = ["email", "full_name"]
    ordering = ["email"]
    inlines = [TeamInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @method_decorator(reauthentication_required(allow_get=True))
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().changeform_view(request, *args, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        if self._is_untouchable(request, obj):
            # Fields that a form declares are read even when the page does not show them.
            kwargs["form"] = forms.ModelForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        changed = [] if self._is_untouchable(request, obj) else ["staff_roles", "forgets_factors"]
        return ["is_active", *changed, *READ]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        return ["is_active", *READ] if self._is_untouchable(request, obj) else [*READ]

    def _is_untouchable(self, request: HttpRequest, obj: User | None) -> bool:
        """Nobody changes their own account here, nor a superuser's without being one; an erased one stays closed."""
        if obj is None or obj == request.user or obj.erased_at is not None:
            return True
        return obj.is_superuser and not getattr(request.user, "is_superuser", False)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> LogEntry:
        """Under a number: Django's log keeps what a row was called, and would outlive the account with its name."""
        assert isinstance(request.user, User)
        entry: LogEntry = LogEntry.objects.create(
            user=request.user,
            content_type=ContentType.objects.get_for_model(obj),
            object_id=str(obj.pk),
            object_repr=str(obj.pk),
            action_flag=CHANGE,
            change_message=json.dumps(message),
        )
        return entry

    @admin.display(description=_("rôles"))
    def roles(self, user: User) -> str:
        return ", ".join(str(StaffRole(group.name).label) for group in user.groups.all()) or "—"

    def save_model(self, request: HttpRequest, obj: User, form: AccountForm, change: bool) -> None:
        assert isinstance(request.user, User)
        if "is_active" in form.changed_data:
            self._open_or_close(request, obj, by=request.user)
        if "staff_roles" in form.changed_data:
            self._change_roles(request, obj, set(form.cleaned_data["staff_roles"]), by=request.user)
        if form.cleaned_data.get("forgets_factors"):
            forget_second_factors(obj, by=request.user)

    def _open_or_close(self, request: HttpRequest, account: User, *, by: User) -> None:
        if account.is_active:
            reopen_account(account, by=by)
            return
        try:
            close_account(account, by=by)
        except LastMandataire:
            self.message_user(
                request,
                _("Ce compte reste ouvert : c’est le seul mandataire d’un éditeur. Faites-en nommer un autre."),
                messages.ERROR,
            )

    def _change_roles(self, request: HttpRequest, account: User, wanted: set[str], *, by: User) -> None:
        had = account.staff_roles
        for role in sorted(had - wanted):
            take_staff_role(account, StaffRole(role), by=by)
        try:
            for role in sorted(wanted - had):
                give_staff_role(account, StaffRole(role), by=by)
        except MemberOfPublisher:
            self.message_user(
                request,
                _("Aucun rôle n’est donné : cette personne fait partie d’un éditeur. Elle le quitte d’abord."),
                messages.ERROR,
            )


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    list_display = ["email", "publisher", "role", "state", "sent_at", "expires_at"]
    list_filter = ["state", "role"]
    list_select_related = ["publisher"]
    search_fields = ["email", "publisher__legal_name", "publisher__siren"]
    fields = [
        "email",
        "publisher",
        "role",
        "access_until",
        "state",
        "sent_at",
        "expires_at",
        "invited_by",
        "accepted_by",
    ]
