"""Drafting a roadmap: phases, goals, milestones, criteria. Learners see it only once it is published."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html_join

from accounts.careful import for_staff
from roles.admin.base import CLAIM, Cards, CatalogAdmin, Rows, roadmap_address
from roles.admin.fields import Stays
from roles.admin.places import PlacedForm, PlacedInlineFormSet, stays
from roles.admin.taking_out import EXPORT_ACTIONS
from roles.models import Criterion, Goal, Milestone, Phase, PhaseResource, Role


def shown_roadmap(role: Role) -> str | None:
    return roadmap_address(role) if role.blueprint else None


class KeyedFormSet(PlacedInlineFormSet):
    """Rows whose key learners' progress may hang on: once published, they can be retired but not deleted."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if form.instance.published and "DELETE" in form.fields:
            form.fields["DELETE"].widget = Stays()
            form.fields["DELETE"].disabled = True


class KeyedAdmin(CatalogAdmin):
    """Offers to delete only what was never published."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = bool(super().has_delete_permission(request, obj))
        return allowed and not (isinstance(obj, Goal | Milestone | Criterion) and obj.published)

    @for_staff
    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is not None and row.published:
            messages.error(request, f"{str(self.opts.verbose_name).capitalize()} “{row}” {self.stays}")
            change = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
            return HttpResponseRedirect(change)
        return super().delete_view(request, object_id, extra_context)

    stays = "was published, so it cannot be deleted. Retire it instead: learners keep what they did."

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        doomed, counts, refused, protected = super().get_deleted_objects(objs, request)
        kept = [f"“{row}” {self.stays}" for row in objs if row.published]
        return doomed, counts, set() if kept else refused, [*protected, *kept]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        (name, options), *rest = super().get_fieldsets(request, obj)
        if obj and obj.published:
            options = {**options, "description": f"This {self.opts.verbose_name} {self.stays}"}
        return [(name, options), *rest]


class GoalForm(PlacedForm):
    """Credit stays on the roadmap on which it was earned, and goes one way: from what is retired to what is there."""

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        phase: Phase | None = cleaned.get("phase") or (self.instance.phase if self.instance.phase_id else None)
        if phase and "phase" in self.changed_data:
            self._refuse_other_roadmap(phase)
        if phase and cleaned.get("replaces"):
            self._refuse_foreign_credit(phase, cleaned["replaces"])
        if not self.judged_in_list:
            refuse_living([self])
        return cleaned

    def _refuse_other_roadmap(self, phase: Phase) -> None:
        if not self.instance.published:
            return
        here = Role.objects.filter(phases__goals=self.instance).values_list("pk", flat=True)
        if phase.role_id not in here:
            self.add_error(
                "phase",
                ValidationError("This goal was published: it can move to another phase of its own roadmap only."),
            )

    def _refuse_foreign_credit(self, phase: Phase, replaced: QuerySet[Goal]) -> None:
        if any(goal.pk == self.instance.pk for goal in replaced):
            self.add_error("replaces", ValidationError("A goal cannot replace itself."))
        elif foreign := replaced.exclude(phase__role=phase.role_id).first():
            self.add_error("replaces", ValidationError(f"“{foreign}” belongs to another roadmap."))
        elif self.instance.pk and self.instance.came_before(replaced):
            self.add_error("replaces", ValidationError("A goal cannot replace one that came of it."))


class GoalFormSet(KeyedFormSet):
    """The goals of a phase, of which one may be retired in the same save in which another takes its place."""

    def clean(self) -> None:
        super().clean()
        refuse_living([form for form in self.forms if stays(form)])


def refuse_living(forms: Iterable[Any]) -> None:
    """Say of each form whose goal replaces one that is not retired, or comes back although it was replaced. Of goals
    that have a form here that one counts, not what is stored."""
    shown = {form.instance.pk: form for form in forms if form.instance.pk}
    for form in forms:
        for goal in form.cleaned_data.get("replaces") or ():
            is_retired = goal.retired
            if goal.pk in shown:
                is_retired = shown[goal.pk].cleaned_data.get("retired", is_retired)
            if not is_retired:
                said = f"“{goal}” is not retired. Choose “Replace” on its page, or retire it first."
                form.add_error("replaces", ValidationError(said))
                break
    back = {pk for pk, form in shown.items() if not form.cleaned_data.get("retired", True)}
    heirs = Goal.objects.filter(replaces__in=back).exclude(pk__in=shown).distinct().prefetch_related("replaces")
    for heir in heirs if back else ():
        for goal in heir.replaces.all():
            if goal.pk in back and "retired" not in shown[goal.pk].errors:
                said = f"“{heir}” takes its place. Take that back first."
                shown[goal.pk].add_error("retired", ValidationError(said))


class MilestoneInline(Cards):
    model = Milestone
    formset = KeyedFormSet
    fields = ("text", "brief")
    max_num = 1
    show_change_link = True
    verbose_name_plural = "milestone (its criteria: “Change”)"


class GoalInline(Cards):
    model = Goal
    form = GoalForm
    formset = GoalFormSet
    fieldsets = (
        (None, {"fields": (("order", "retired", "acts"), "text", "skills", "tools")}),
        (
            "Takes the place of",
            {
                "classes": ("collapse",),
                "fields": ("replaces",),
                "description": "Retire the goals that this one replaces: learners who did them keep the credit here.",
            },
        ),
    )
    many = ("skills", "tools", "replaces")
    autocomplete_fields = ("skills", "tools", "replaces")
    readonly_fields = ("acts",)
    show_change_link = True

    @admin.display(description="what to do with it")
    def acts(self, goal: Goal) -> str:
        """Links to what is done to one goal; each says to which, since a page has many of them."""
        if goal._state.adding or goal.retired:
            return "–"
        named = ((act, reverse(f"admin:roadmaps_goal_{act}", args=[goal.pk])) for act in ("retire", "replace", "split"))
        links = [*named, ("merge", reverse("admin:roadmaps_goal_merge", query={"goal": goal.pk}))]
        shown = ((address, act.capitalize(), goal) for act, address in links)
        return format_html_join(" · ", '<a href="{}">{}<span class="visually-hidden"> “{}”</span></a>', shown)


class ResourceLinkInline(Rows):
    model = PhaseResource
    verbose_name = "resource"
    verbose_name_plural = "resources"
    fields = ("order", "resource", "note", "as_stated")
    one = ("resource", "phase__role")
    autocomplete_fields = ("resource",)


@admin.register(Phase)
class PhaseAdmin(CatalogAdmin):
    list_display = ("title", "role", "order", "kind", "weeks", "goal_count", "retired")
    list_editable = ("order",)
    list_filter = ("role", "kind", "retired")
    search_fields = ("title", "slug", "role__name", "summary")
    ordering = ("role__order", "role__name", "order")
    list_select_related = ("role",)
    prepopulated_fields = {"slug": ("title",)}
    autocomplete_fields = ("role",)
    fixed_fields = ("role", "slug")
    inlines = (MilestoneInline, GoalInline, ResourceLinkInline)
    fieldsets = (
        (None, {"fields": ("role", ("title", "slug"), ("order", "kind", "weeks"), "summary", "retired")}),
        CLAIM,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Phase]:
        live = Count("goals", filter=Q(goals__retired=False))
        rows: QuerySet[Phase] = super().get_queryset(request)
        return rows.annotate(goal_total=live).defer("role__blueprint")

    @admin.display(description="goals", ordering="goal_total")
    def goal_count(self, phase: Phase) -> int:
        return int(phase.goal_total)  # type: ignore[attr-defined]

    def view_on_site(self, phase: Phase) -> str | None:
        return shown_roadmap(phase.role)


@admin.action(description="Merge into one goal…", permissions=["change", "add"])
def merge_goals(page: Any, request: HttpRequest, goals: QuerySet[Goal]) -> HttpResponse | None:
    """To the page that asks for the new one."""
    numbers = list(goals.values_list("pk", flat=True)[:100])
    if len(numbers) < 2:
        messages.warning(request, "Choose two goals or more.")
        return None
    return HttpResponseRedirect(reverse("admin:roadmaps_goal_merge", query={"goal": numbers}))


@admin.register(Goal)
class GoalAdmin(KeyedAdmin):
    form = GoalForm
    actions = (*EXPORT_ACTIONS, merge_goals)
    list_display = ("text", "phase", "order", "teaches", "retired", "published")
    list_filter = ("phase__role", "retired", "published", "skills__category")
    search_fields = ("text", "key__exact", "phase__title", "skills__name", "tools__name")
    ordering = ("phase__role__order", "phase__order", "order")
    list_select_related = ("phase__role",)
    readonly_fields = ("published", "key")
    autocomplete_fields = ("phase", "skills", "tools", "replaces")
    fieldsets = (
        (None, {"fields": ("text", ("phase", "order"), "retired")}),
        ("What it teaches", {"fields": ("skills", "tools")}),
        (
            "Takes the place of",
            {
                "fields": ("replaces",),
                "description": "Retire the goals that this one replaces: learners who did them keep the credit here.",
            },
        ),
        ("For the record", {"classes": ("collapse",), "fields": ("published", "key")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Goal]:
        rows = super().get_queryset(request)
        return rows.prefetch_related("skills", "tools").defer("phase__role__blueprint")

    @admin.display(description="teaches")
    def teaches(self, goal: Goal) -> str:
        return ", ".join(str(each) for each in (*goal.skills.all(), *goal.tools.all()))

    def view_on_site(self, goal: Goal) -> str | None:
        return shown_roadmap(goal.phase.role)


class CriterionInline(Rows):
    model = Criterion
    formset = KeyedFormSet
    fields = ("order", "text", "required", "retired")


@admin.register(Milestone)
class MilestoneAdmin(KeyedAdmin):
    list_display = ("text", "phase", "criterion_count", "published")
    list_filter = ("phase__role", "published")
    search_fields = ("text", "key__exact", "phase__title", "brief")
    ordering = ("phase__role__order", "phase__order")
    list_select_related = ("phase__role",)
    readonly_fields = ("published", "key")
    autocomplete_fields = ("phase",)
    fixed_fields = ("phase",)
    inlines = (CriterionInline,)
    fieldsets = (
        (None, {"fields": ("phase", "text", "brief")}),
        ("For the record", {"classes": ("collapse",), "fields": ("published", "key")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Milestone]:
        live = Count("criteria", filter=Q(criteria__retired=False))
        rows: QuerySet[Milestone] = super().get_queryset(request)
        return rows.annotate(criterion_total=live).defer("phase__role__blueprint")

    @admin.display(description="criteria", ordering="criterion_total")
    def criterion_count(self, milestone: Milestone) -> int:
        return int(milestone.criterion_total)  # type: ignore[attr-defined]

    def view_on_site(self, milestone: Milestone) -> str | None:
        return shown_roadmap(milestone.phase.role)
