"""People in the admin: accounts, their addresses, second factors and sessions. Superusers only; editors see none."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

# allauth registers its own pages when these are imported; what follows replaces them.
import allauth.account.admin
import allauth.mfa.admin
import allauth.socialaccount.admin
import allauth.usersessions.admin  # noqa: F401
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import NestedObjects
from django.contrib.auth.admin import UserAdmin as StockUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts import appointing, erasing, exporting
from accounts.careful import CarefulAdmin, CarefulForm, for_staff
from accounts.demo import may_exist
from accounts.forms import timezone_choices
from accounts.models import Notification, User

# Only a superuser hands out authority; whoever may merely edit accounts must not raise themselves.
_AUTHORITY = ("is_staff", "is_superuser", "groups", "user_permissions")


class NewUserForm(CarefulForm, AdminUserCreationForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("email", "display_name")
        field_classes: ClassVar[dict[str, type[forms.Field]]] = {}

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if not may_exist(email):
            raise ValidationError("This domain is reserved for demo accounts.")
        if User.objects.filter(email__iexact=email).exists():
            raise ValidationError("This address has an account.")
        return email


class UserForm(CarefulForm, UserChangeForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = "__all__"
        field_classes: ClassVar[dict[str, type[forms.Field]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "timezone" in self.fields:
            known = timezone_choices()
            saved = self.instance.timezone
            if saved not in {name for _, group in known for name, _ in group}:
                known = [("", [(saved, saved)]), *known]
            self.fields["timezone"] = forms.ChoiceField(label="Time zone", choices=known)


@admin.register(User)
class UserAdmin(CarefulAdmin, StockUserAdmin):  # type: ignore[type-arg]
    form = UserForm
    add_form = NewUserForm
    list_display = ("email", "display_name", "is_mentor", "is_staff", "is_active", "date_joined", "last_login")
    list_filter = ("is_mentor", "is_active", "is_staff", "is_superuser", "groups")
    search_fields = ("email", "display_name")
    ordering = ("-date_joined",)
    list_per_page = 50
    show_full_result_count = False
    empty_value_display = "–"
    filter_horizontal = ("groups", "user_permissions")
    actions = ("make_mentors", "unmake_mentors", "activate", "deactivate", "lay_open")
    readonly_fields = ("email", "date_joined", "last_login", "visited_at")
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("email", "display_name", "usable_password", "password1", "password2"),
                "description": "The person confirms the address by a code when they first sign in.",
            },
        ),
    )
    fieldsets = (
        (
            None,
            {
                "fields": ("email", "display_name", "password"),
                "description": "People change their own address, under Profile: the new one has to be confirmed.",
            },
        ),
        ("What they may do", {"fields": ("is_active", "is_mentor")}),
        ("Their weeks", {"fields": (("timezone", "hours_a_week"),)}),
        (
            "Staff",
            {
                "classes": ("collapse",),
                "fields": _AUTHORITY,
                "description": "An editor is staff in the group Editors: all content, no learner data. "
                "A superuser may do everything here.",
            },
        ),
        ("For the record", {"fields": (("date_joined", "last_login", "visited_at"),)}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        fixed = tuple(super().get_readonly_fields(request, obj)) if obj else ()
        return fixed if request.user.is_superuser else (*fixed, *_AUTHORITY)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = bool(super().has_change_permission(request, obj))
        return allowed and (obj is None or not obj.is_superuser or bool(request.user.is_superuser))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Staff are deactivated, not deleted: the log of what they did hangs on their account."""
        allowed = bool(super().has_delete_permission(request, obj))
        return allowed and (obj is None or not (obj.is_staff or LogEntry.objects.filter(user=obj).exists()))

    @for_staff
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:
        return super().user_change_password(request, id, form_url)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        for name in ("is_mentor", "is_active"):
            if change and name in form.changed_data:
                self._say(request, self._follow(request, obj, name))

    @admin.action(description="Make selected people mentors", permissions=["change"])
    def make_mentors(self, request: HttpRequest, people: QuerySet[User]) -> None:
        self._set(request, people.filter(is_mentor=False), is_mentor=True)

    @admin.action(description="Selected people are mentors no longer: hand everything back", permissions=["change"])
    def unmake_mentors(self, request: HttpRequest, people: QuerySet[User]) -> None:
        self._set(request, people.filter(is_mentor=True), is_mentor=False)

    @admin.action(description="Activate selected people", permissions=["change"])
    def activate(self, request: HttpRequest, people: QuerySet[User]) -> None:
        self._set(request, people.filter(is_active=False), is_active=True)

    @admin.action(description="Deactivate selected people", permissions=["change"])
    def deactivate(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """Their sessions end with the next click. Nobody locks themselves out."""
        self._set(request, people.filter(is_active=True).exclude(pk=request.user.pk or 0), is_active=False)

    @admin.action(description="Everything we hold on this person (JSON)", permissions=["lay_open"])
    def lay_open(self, request: HttpRequest, people: QuerySet[User]) -> HttpResponse | None:
        """As a download, for the person who asked for it. They can see that somebody looked."""
        person = people.first()
        if person is None or people.count() > 1:
            self.message_user(request, "Choose one person.", messages.ERROR)
            return None
        assert isinstance(request.user, User), "the admin has signed them in"
        everything = exporting.lay_open(person=person, by=request.user, now=timezone.now())
        self.log_change(request, person, "Everything that is held on the person was exported.")
        response = HttpResponse(everything, content_type="application/json")
        response.headers["Content-Disposition"] = f'attachment; filename="person-{person.pk}.json"'
        return response

    def has_lay_open_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        self._erase(request, [obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._erase(request, queryset)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[list[Any], Any, set[str], list[Any]]:
        """All that is about them goes, whoever may delete it elsewhere; what they have in hand is handed back first."""
        collector = NestedObjects(using=DEFAULT_DB_ALIAS)
        collector.collect(objs)
        models = collector.model_objs.items()
        counts = {str(model._meta.verbose_name_plural): len(rows) for model, rows in models}  # type: ignore[attr-defined]
        refused = set() if self.has_delete_permission(request) else {"account"}
        return [f"{person} ({person.email}) and all that is about them" for person in objs], counts, refused, []

    def _set(self, request: HttpRequest, people: QuerySet[User], **values: bool) -> None:
        changed = [user for user in people if self.has_change_permission(request, user)]
        for user in changed:
            for name, value in values.items():
                setattr(user, name, value)
                self._say(request, self._follow(request, user, name))
            labels = [str(User._meta.get_field(name).verbose_name) for name in values]  # type: ignore[union-attr]
            self.log_change(request, user, [{"changed": {"fields": labels}}])
        count = len(changed)
        said = f"{count} {'account' if count == 1 else 'accounts'} changed." if count else "Nothing had to change."
        self.message_user(request, said, messages.SUCCESS if count else messages.INFO)

    def _follow(self, request: HttpRequest, person: User, name: str) -> list[str]:
        """What follows from a right that the person has now, or has no longer; what was handed back, in sentences."""
        assert isinstance(request.user, User), "the admin has signed them in"
        by, now = request.user, timezone.now()
        if name == "is_mentor" and person.is_mentor:
            appointing.make_mentor(person=person, by=by, now=now)
        elif name == "is_mentor":
            return appointing.unmake_mentor(person=person, by=by, now=now)
        elif person.is_active:
            appointing.activate(person=person)
        else:
            return appointing.deactivate(person=person, by=by, now=now)
        return []

    def _erase(self, request: HttpRequest, people: Iterable[User]) -> None:
        assert isinstance(request.user, User), "the admin has signed them in"
        for person in people:
            self._say(request, erasing.erase(person=person, by=request.user, now=timezone.now()))

    def _say(self, request: HttpRequest, sentences: Iterable[str]) -> None:
        for sentence in sentences:
            self.message_user(request, sentence, messages.INFO)


class _ForTheRecord(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that people make by using the site: staff can look, and delete where that helps somebody."""

    list_select_related = ("user",)
    search_fields: ClassVar[tuple[str, ...]] = ("user__email",)
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AuthenticatorAdmin(_ForTheRecord):
    """Second factors and passkeys. Deleting one helps whoever lost theirs; its secret is never shown."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    fields = ("user", "type", "created_at", "last_used_at")


class UserSessionAdmin(_ForTheRecord):
    """Deleting one signs that device out."""

    list_display = ("user", "created_at", "last_seen_at", "ip", "user_agent")
    search_fields = ("user__email", "ip")
    fields = ("user", "created_at", "last_seen_at", "ip", "user_agent")

    def delete_model(self, request: HttpRequest, obj: UserSession) -> None:
        obj.end()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[UserSession]) -> None:
        for session in queryset:
            session.end()


class SocialAccountAdmin(_ForTheRecord):
    list_display = ("user", "provider", "uid", "date_joined")
    list_filter = ("provider",)
    search_fields = ("user__email", "uid")
    fields = ("user", "provider", "uid", "date_joined", "last_login")


@admin.register(Notification)
class NotificationAdmin(_ForTheRecord):
    """What became of the mail about something. Superusers only, and not what it said: that is the person's."""

    list_display = ("created_at", "person", "kind", "mail", "mail_at", "mail_tries", "read_at")
    list_filter = ("mail", "kind")
    list_select_related = ("person",)
    search_fields = ("person__email",)
    ordering = ("-created_at",)
    fields = (*list_display, "in_app", "digest")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


# Keys of providers come from the environment, and nobody has to read a person's tokens.
admin.site.unregister([Authenticator, SocialAccount, SocialApp, SocialToken, UserSession])
admin.site.register(Authenticator, AuthenticatorAdmin)
admin.site.register(SocialAccount, SocialAccountAdmin)
admin.site.register(UserSession, UserSessionAdmin)
