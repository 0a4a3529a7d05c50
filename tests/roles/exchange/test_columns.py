"""The columns of every content model, and how their values are spelled."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.db import models

from config.editors import GROUP
from interviews.models import Question
from roles.exchange.columns import columns_of, content_models
from roles.exchange.keys import Keys, spelled
from roles.models import CatalogModel, Goal, Phase, Role

MODELS = pytest.mark.parametrize("model", content_models().values(), ids=list(content_models()))


def test_editors_may_change_all_content(db):
    theirs = Permission.objects.filter(group__name=GROUP, codename__startswith="change_")
    found = {f"{each.content_type.app_label}.{each.content_type.model}" for each in theirs}
    assert found >= set(content_models())


@MODELS
def test_a_row_is_found_by_the_key_that_its_columns_spell(model, db):
    columns, keys = columns_of(model), Keys()
    rows = list(columns.fetched(model.objects.all()))
    assert rows, "the catalog has some of each"
    for row in rows:
        key = columns.key_of(columns.state_of(row, keys))
        assert key == spelled(model.objects.get(pk=row.pk).natural_key()) == keys.of(model, row.pk)
        assert keys.number(model, key) == row.pk


@MODELS
def test_every_field_that_editors_write_is_a_column(model):
    fields = {field.name for field in model._meta.concrete_fields if field.editable and not field.primary_key}
    links = {field.name for field in model._meta.many_to_many if field.remote_field.through._meta.auto_created}
    assert fields | links <= set(columns_of(model).fields)
    assert "id" not in columns_of(model).fields


def test_what_the_system_writes_has_no_column_but_what_is_there_to_be_read():
    assert "blueprint" not in columns_of(Role).fields
    assert {"key", "published"} <= set(columns_of(Goal).fields)


@MODELS
def test_no_part_of_a_key_can_hold_what_stands_between_keys(model):
    for lookup in model.natural:
        field: models.Field = model._meta.get_field(lookup.partition("__")[0])
        holds_none = (models.SlugField, models.UUIDField, models.IntegerField, models.TimeField)
        if issubclass(type(field), models.ForeignKey):
            assert issubclass(field.related_model, CatalogModel)
        else:
            assert isinstance(field, holds_none) or field.choices


def test_relations_are_spelled_by_keys_and_in_one_order(db):
    question = Question.objects.filter(skills__isnull=False).first()
    state = columns_of(Question).state_of(question, Keys())
    assert state["skills"] == sorted(question.skills.values_list("slug", flat=True))
    phase = Phase.objects.first()
    goal = columns_of(Goal).state_of(phase.goals.first(), Keys())
    assert goal["phase"] == f"{phase.role.slug}/{phase.slug}"


def test_states_need_as_many_queries_however_many_rows_there_are(django_assert_num_queries, db):
    with django_assert_num_queries(8):  # rows, their three links, and the keys of the four models that they lead to
        list(columns_of(Question).states(Question.objects.all(), Keys()))
