"""People and publishers: to read, except that an account can be closed and opened again."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Publisher, StaffRole, User
from audit.admin import KeptAdmin, ReadOnlyAdmin, ReadOnlyInline
from audit.operations import record


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


@admin.register(User)
class UserAdmin(KeptAdmin):
    """Passwords are not even shown hashed; roles are given by the commands of the people who run the portal."""

    list_display = ["email", "full_name", "roles", "is_active", "is_staff", "date_joined"]
    list_filter = ["is_active", "is_staff", "groups"]
    search_fields = ["email", "full_name"]
    fields = ["is_active", *READ]
    ordering = ["email"]
    inlines = [TeamInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """All but `is_active`; nobody closes their own account here, nor that of a superuser without being one."""
        untouchable = obj == request.user or (
            isinstance(obj, User) and obj.is_superuser and not getattr(request.user, "is_superuser", False)
        )
        return ["is_active", *READ] if untouchable else [*READ]

    @admin.display(description=_("rôles"))
    def roles(self, user: User) -> str:
        return ", ".join(str(StaffRole(group.name).label) for group in user.groups.all()) or "—"

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if "is_active" in form.changed_data:
            obj.save(update_fields=["is_active"])
            assert isinstance(request.user, User)
            record("user.reopened" if obj.is_active else "user.closed", obj, by=request.user)
