"""Who reviews, and whom: mentors, cohorts with their invites, memberships."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts import appointing
from accounts.careful import CarefulAdmin, CarefulForm, for_staff, write_changes
from accounts.looking_up import LearnerDataAdmin, SuperusersAdmin
from accounts.models import User
from mentoring import absence, cohorting
from mentoring.admin.acts import membership_handover
from mentoring.models import Cohort, Invite, Membership, Mentor
from mentoring.pooling import with_nobody

_AWAY = ("away_from", "away_until")


def person(request: HttpRequest) -> User:
    assert isinstance(request.user, User), "the admin has signed them in"
    return request.user


@admin.register(Mentor)
class MentorAdmin(SuperusersAdmin, CarefulAdmin):
    """Making one lets the account review. Taking the right back hands back what they have in hand."""

    list_display = ("user", "address", "covers", "open_limit", "may_review", "away_from", "away_until")
    list_filter = ("user__is_mentor", "roles")
    list_select_related = ("user",)
    search_fields = ("user__email", "user__display_name")
    autocomplete_fields = ("user",)
    filter_horizontal = ("roles",)
    list_per_page = 50
    show_full_result_count = False
    actions = ("take_right_back", "give_right_again")
    fieldsets = (
        (None, {"fields": ("user", "may_review", "open_limit", "roles")}),
        (
            "Out of office",
            {
                "fields": (_AWAY,),
                "description": "What the mentor holds goes back to the queue with its age. Empty: they are here.",
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mentor]:
        return super().get_queryset(request).prefetch_related("roles")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("may_review", "user") if obj else ("may_review",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The right is taken back; what was settled with them stays for the day they come back."""
        return False

    @for_staff
    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        waiting = with_nobody(timezone.now()).count() if request.method == "GET" else 0
        if waiting:
            said = "1 submission waits" if waiting == 1 else f"{waiting} submissions wait"
            address = reverse("admin:mentoring_thread_changelist", query={"who": "nobody"})
            text = '{}, and no mentor who is here may take what waits. <a href="{}">Which</a>'
            messages.warning(request, format_html(text, said, address))
        return super().changelist_view(request, extra_context)

    def save_model(self, request: HttpRequest, obj: Mentor, form: Any, change: bool) -> None:
        now = timezone.now()
        if not change:
            super().save_model(request, obj, form, change)
            appointing.make_mentor(person=obj.user, by=person(request), now=now)
        else:
            since, until = obj.away_from, obj.away_until
            moved = bool(set(_AWAY) & set(form.changed_data))
            form.changed_data = [name for name in form.changed_data if name not in _AWAY]
            write_changes(form)
            if moved:
                self._set_absence(request, obj, since, until)

    def _set_absence(self, request: HttpRequest, mentor: Mentor, since: Any, until: Any) -> None:
        by, now = person(request), timezone.now()
        if since is None:
            absence.come_back(mentor=mentor.user, now=now)
            return
        back = absence.go_out(mentor=mentor.user, by=by, since=since, until=until, now=now)
        for sentence in back.said(mentor.user):
            self.message_user(request, sentence, messages.INFO)

    @admin.action(description="Hand everything back: mentors no longer", permissions=["change"])
    def take_right_back(self, request: HttpRequest, mentors: QuerySet[Mentor]) -> HttpResponse | None:
        """Ask once, with what each of them would hand back; nothing of that comes back by itself."""
        if "confirmed" not in request.POST:
            return self._sure(request, mentors)
        for mentor in mentors.filter(user__is_mentor=True):
            said = appointing.unmake_mentor(person=mentor.user, by=person(request), now=timezone.now())
            self.log_change(request, mentor, " ".join(["Mentor no longer.", *said]))
            for sentence in said or [f"{mentor} had nothing in hand."]:
                self.message_user(request, sentence, messages.INFO)
        return None

    def _sure(self, request: HttpRequest, mentors: QuerySet[Mentor]) -> HttpResponse:
        now = timezone.now()
        context = {
            **self.admin_site.each_context(request),
            "title": "Hand everything back?",
            "opts": self.opts,
            "mentors": [(each, absence.in_hand(mentor=each.user, now=now)) for each in mentors],
            "selected": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/mentoring/take_right_back.html", context)

    @admin.action(description="Mentors again", permissions=["change"])
    def give_right_again(self, request: HttpRequest, mentors: QuerySet[Mentor]) -> None:
        for mentor in mentors.filter(user__is_mentor=False):
            appointing.make_mentor(person=mentor.user, by=person(request), now=timezone.now())
            self.log_change(request, mentor, "Mentor again.")
            self.message_user(request, f"{mentor} may review again.", messages.SUCCESS)

    @admin.display(description="address", ordering="user__email")
    def address(self, mentor: Mentor) -> str:
        return mentor.user.email

    @admin.display(description="roles")
    def covers(self, mentor: Mentor) -> str:
        return ", ".join(role.short_name for role in mentor.roles.all())

    @admin.display(description="may review", boolean=True)
    def may_review(self, mentor: Mentor) -> bool:
        return mentor._state.adding or (mentor.user.is_mentor and mentor.user.is_active)


class InviteInline(admin.TabularInline):  # type: ignore[type-arg]  # the class is not generic at run time
    model = Invite
    form = CarefulForm
    extra = 0
    can_delete = False
    fields = ("label", "limit", "used", "expires_at", "revoked_at")
    readonly_fields = ("used",)


class MembershipInline(admin.TabularInline):  # type: ignore[type-arg]  # the class is not generic at run time
    """Who is in it. Learners come by an invite and leave by themselves; staff hand them over."""

    model = Membership
    extra = 0
    can_delete = False
    verbose_name_plural = "learners"
    fields = ("learner", "mentor", "joined_at", "act")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        current = Q(left_at__isnull=True)
        return super().get_queryset(request).filter(current).select_related("learner", "mentor", "cohort")

    @admin.display(description="hand over")
    def act(self, membership: Membership) -> SafeString:
        return handover_link(membership)


class CohortForm(CarefulForm):
    def clean_mentors(self) -> Any:
        mentors = self.cleaned_data["mentors"]
        if self.instance.pk:
            inside = Membership.objects.current().filter(cohort=self.instance, learner__in=mentors)
            names = [each.learner.name for each in inside.select_related("learner")]
            if names:
                raise ValidationError(f"A learner of this cohort cannot be its mentor: {', '.join(names)}.")
        return mentors


@admin.register(Cohort)
class CohortAdmin(SuperusersAdmin, CarefulAdmin):
    form = CohortForm
    list_display = ("name", "role", "starts_on", "ends_on", "learners", "closed_at")
    list_filter = ("role", ("closed_at", admin.EmptyFieldListFilter))
    list_select_related = ("role",)
    search_fields = ("name", "slug")
    prepopulated_fields: ClassVar[dict[str, Sequence[str]]] = {"slug": ("name",)}
    autocomplete_fields = ("mentors",)
    inlines = (InviteInline, MembershipInline)
    list_per_page = 50
    actions = ("close", "open_again")
    fields = ("name", "slug", "role", ("starts_on", "ends_on"), "mentors", "closed_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cohort]:
        current = Count("memberships", filter=Q(memberships__left_at__isnull=True))
        rows: QuerySet[Cohort] = super().get_queryset(request)
        return rows.defer("role__blueprint").annotate(current=current)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        # Memberships and threads hang on its role, links on its address.
        return ("closed_at", "role", "slug") if obj else ("closed_at",)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        return {} if obj else dict(self.prepopulated_fields)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One that somebody was in stays, closed if need be."""
        return super().has_delete_permission(request, obj) and obj is not None and not obj.memberships.exists()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for sentence in cohorting.mentors_changed(cohort=form.instance, now=timezone.now()):
            self.message_user(request, sentence, messages.INFO)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for invite in formset.save(commit=False):
            if invite.pk is None:
                invite.created_by = person(request)
            invite.save()
        formset.save_m2m()

    @admin.action(description="Close to new people", permissions=["change"])
    def close(self, request: HttpRequest, cohorts: QuerySet[Cohort]) -> None:
        self._each(request, cohorts, [c for c in cohorts if cohorting.close(cohort=c, now=timezone.now())], "closed")

    @admin.action(description="Open to new people again", permissions=["change"])
    def open_again(self, request: HttpRequest, cohorts: QuerySet[Cohort]) -> None:
        self._each(request, cohorts, [c for c in cohorts if cohorting.open_again(cohort=c)], "open again")

    def _each(self, request: HttpRequest, cohorts: QuerySet[Cohort], changed: list[Cohort], what: str) -> None:
        for cohort in changed:
            self.log_change(request, cohort, what.capitalize())
        names = ", ".join(cohort.name for cohort in changed)
        self.message_user(request, f"{names}: {what}." if changed else "Nothing had to change.")

    @admin.display(description="learners", ordering="current")
    def learners(self, cohort: Cohort) -> int:
        return int(getattr(cohort, "current", 0))

    def view_on_site(self, cohort: Cohort) -> str:
        return cohort.get_absolute_url()


@admin.register(Membership)
class MembershipAdmin(LearnerDataAdmin):
    list_display = ("id", "address", "cohort", "mentor", "joined_at", "left_at", "act")
    list_select_related = ("learner", "cohort", "mentor")
    search_fields = ("learner__email__exact", "cohort__slug__exact", "learner__id__exact")
    search_help_text = "A learner's whole address, their number, or a cohort's slug."
    fields = ("learner", "cohort", "mentor", "invite", "joined_at", "left_at", "act")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(membership_handover)
        return [path("<int:number>/handover/", view, name="mentoring_membership_handover"), *super().get_urls()]

    @admin.display(description="learner")
    def address(self, membership: Membership) -> str:
        return membership.learner.email

    @admin.display(description="hand over")
    def act(self, membership: Membership) -> SafeString | str:
        return handover_link(membership) if membership.left_at is None else "–"


def handover_link(membership: Membership) -> SafeString:
    address = reverse("admin:mentoring_membership_handover", args=[membership.pk])
    return format_html('<a href="{}">Hand {} over</a>', address, membership.learner.name)
