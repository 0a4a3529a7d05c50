"""`migrate` notes constraints, indexes and triggers without putting all models together anew."""

import pgtrigger
import pytest
from django.db import migrations, models
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger

from config.management.commands.migrate import OPTIONS, only_the_model_is_told

OPERATIONS = [
    migrations.AddConstraint("goal", models.CheckConstraint(condition=models.Q(order__gte=1), name="%(class)s_first")),
    migrations.AddConstraint("goal", models.UniqueConstraint(fields=["order"], name="goal_place")),
    migrations.AddIndex("goal", models.Index(fields=["order"], name="goal_order")),
    AddTrigger("goal", pgtrigger.Protect(name="stays", operation=pgtrigger.Delete)),
]


@pytest.fixture
def state() -> ProjectState:
    """Two models, put together."""
    state = ProjectState()
    key = ("id", models.AutoField(primary_key=True))
    phase = models.ForeignKey("roles.Phase", models.CASCADE)
    for name, fields in (("Phase", [key]), ("Goal", [key, ("order", models.IntegerField()), ("phase", phase)])):
        migrations.CreateModel(name, fields).state_forwards("roles", state)
    assert state.apps.get_model("roles", "goal")._meta.total_unique_constraints == []
    return state


def add(state: ProjectState) -> None:
    for operation in OPERATIONS:
        operation.state_forwards("roles", state)


def options_of(state: ProjectState) -> list[object]:
    described = state.apps.get_model("roles", "goal")._meta
    return [described.constraints, described.indexes, described.triggers, described.total_unique_constraints]


def test_the_model_has_the_options_as_if_it_were_put_together_anew(state):
    anew = state.clone()
    add(anew)
    with only_the_model_is_told():
        add(state)
    assert options_of(state) == options_of(anew)
    assert [len(found) for found in options_of(state)] == [2, 1, 1, 1]
    assert state.models == anew.models


def test_no_model_is_put_together_anew(state):
    before = [state.apps.get_model("roles", name) for name in ("phase", "goal")]
    with only_the_model_is_told():
        add(state)
    assert [state.apps.get_model("roles", name) for name in ("phase", "goal")] == before


def test_models_that_nobody_has_put_together_yet_get_the_options_later(state):
    del state.apps
    with only_the_model_is_told():
        add(state)
    assert "apps" not in vars(state)
    assert [len(found) for found in options_of(state)] == [2, 1, 1, 1]


def test_django_is_left_as_it_was():
    before = [operation.state_forwards for operation in OPTIONS]
    with only_the_model_is_told():
        assert [operation.state_forwards for operation in OPTIONS] != before
    assert [operation.state_forwards for operation in OPTIONS] == before
