"""Choosing rows in the admin of content: by searching, wherever their table can grow; and where rows are counted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteMixin
from django.db.models import Model
from django.urls import reverse

from accounts.looking_up import ReadOnlyAdmin
from interviews.models import Question
from roles.admin.places import counted_within
from roles.models import CareerLevel, DegreeOption, Guide, Phase, Role, RoleFit, Statistic
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def pages() -> Iterator[Any]:
    for model, page in admin.site._registry.items():
        if model._meta.app_label in ("roles", "interviews") and not isinstance(page, ReadOnlyAdmin):
            yield page


def relations(model: type[Model]) -> set[str]:
    return {each.name for each in (*model._meta.fields, *model._meta.many_to_many) if each.remote_field}


def boxes(rf) -> Iterator[tuple[str, Any]]:
    """Every box of every page of content, rows included, that chooses rows of another table."""
    request = rf.get("/")
    request.user = UserFactory(is_staff=True, is_superuser=True)
    for page in pages():
        for where, fields in [
            (page.model.__name__, page.get_form(request).base_fields),
            *(
                (f"{page.model.__name__}: {each.model.__name__}", each.get_formset(request).form.base_fields)
                for each in page.get_inline_instances(request)
            ),
        ]:
            model = (
                page.model
                if ":" not in where
                else next(each.model for each in page.inlines if each.model.__name__ == where.partition(": ")[2])
            )
            for name in relations(model) & fields.keys():
                yield f"{where}.{name}", fields[name]


def test_every_relation_is_chosen_by_searching(rf):
    found = dict(boxes(rf))
    plain = {
        name
        for name, field in found.items()
        if not isinstance(getattr(field.widget, "widget", field.widget), AutocompleteMixin)
    }
    assert plain == set()
    assert {"Question.guide", "Goal.skills", "Phase: Goal.skills", "Company: CompanyListing.source"} <= found.keys()


@pytest.mark.parametrize(
    ("model", "within"),
    [
        (Phase, (("role",), "order")),
        (RoleFit, (("role", "polarity"), "order")),
        (Guide, ((), "order")),
        (Role, ((), "order")),  # no constraint: as they are listed
        (Statistic, (("topic",), "order")),
        (Question, ((), "order")),
        (CareerLevel, None),  # the rung says which one it is
    ],
)
def test_where_rows_are_counted(model, within):
    assert counted_within(model) == within


class TestBoxesSayWhereTheyCount:
    @pytest.fixture
    def desk(self, client):
        client.force_login(UserFactory(is_staff=True, is_superuser=True))
        return client

    def box(self, form) -> str:
        return form.fields["order"].widget.attrs["data-place"]

    def test_rows_of_a_page_are_counted_in_it(self, desk, analytics):
        page = desk.get(reverse("admin:roles_role_change", args=[analytics.pk]))
        formsets = {each.formset.prefix: each.formset for each in page.context["inline_admin_formsets"]}
        assert {self.box(form) for form in formsets["phases"].forms} == {""}
        assert {self.box(form) for form in formsets["fits"].forms} == {"polarity"}
        assert "data-place" not in formsets["levels"].forms[0].fields["order"].widget.attrs

    def test_rows_of_a_list_are_counted_in_their_own(self, desk, analytics):
        page = desk.get(reverse("admin:roles_phase_changelist"))
        shown = {form.instance.role_id: self.box(form) for form in page.context["cl"].formset.forms}
        assert shown[analytics.pk] == f"={analytics.pk}"
        assert len(set(shown.values())) == len(shown) > 1
        page = desk.get(reverse("admin:roles_degreeoption_changelist"))
        assert {self.box(form) for form in page.context["cl"].formset.forms} == {
            f"={axis}" for axis in DegreeOption.objects.values_list("axis", flat=True)
        }
