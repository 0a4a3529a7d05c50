"""The catalog in other sizes: a page must read ten times the rows in as many queries, and stand without any."""

from contextlib import nullcontext
from datetime import time

import pgtrigger
from django.apps import apps
from django.db import connection

from interviews.models import Question
from roles.models import (
    CareerLevel,
    CatalogVersion,
    Correction,
    DaySlot,
    LevelDuty,
    LevelTitle,
    Resource,
    Role,
    RoleFit,
    RoleMetric,
    RolePoint,
    RoleSector,
    Skill,
    Source,
    Tool,
)

TIMES = 10


def empty_the_catalog():
    """As before the first load."""
    models = [
        model for label in ("roles", "roadmaps", "interviews") for model in apps.get_app_config(label).get_models()
    ]
    tables = ", ".join(model._meta.db_table for model in models if model is not CatalogVersion)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} CASCADE")


def ten_times_the_catalog(*, searchable=False):
    """Nine more of every role, skill, tool, resource, source and correction, linked as the first ones are.

    Only where a test asks for it can the search find them: making their words takes seconds.
    """
    with nullcontext() if searchable else pgtrigger.ignore():
        _ten_times_the_catalog()


def _ten_times_the_catalog():
    for model, unique in (
        (Role, ("slug", "name")),
        (Skill, ("slug", "name")),
        (Tool, ("slug", "name")),
        (Resource, ("slug", "title")),
        (Source, ("code", "title")),
    ):
        model.objects.bulk_create(copy for row in model.objects.all() for copy in _copies(row, unique))
    for model in (CareerLevel, RoleMetric, RoleFit):
        model.objects.bulk_create(
            _copy(row, role=role)
            for row in model.objects.select_related("role")
            for role in Role.objects.filter(slug__startswith=f"{row.role.slug}-")
        )
    for correction in Correction.objects.all():
        copies = Correction.objects.bulk_create(_copies(correction, ("slug",)))
        for links in (Correction.sources, Correction.roles, Correction.resources):
            targets = getattr(correction, links.field.name).all()
            name = links.field.m2m_reverse_field_name()
            links.through.objects.bulk_create(
                links.through(correction=copy, **{name: target}) for copy in copies for target in targets
            )


def ten_times_a_role(role):
    """Nine more of every row that a role's page shows and that there may be more of."""
    for model in (RolePoint, RoleFit, RoleSector):
        for row in model.objects.filter(role=role):
            model.objects.bulk_create(_copy(row, order=row.order + 100 * n) for n in range(1, TIMES))
    for model in (LevelTitle, LevelDuty):
        for row in model.objects.filter(level__role=role):
            model.objects.bulk_create(_copy(row, order=row.order + 100 * n) for n in range(1, TIMES))
    for row in DaySlot.objects.filter(role=role):
        DaySlot.objects.bulk_create(_copy(row, time=time(row.time.hour, row.time.minute + n)) for n in range(1, TIMES))
    for question in Question.objects.of(role):
        for copy in Question.objects.bulk_create(_copies(question, ("slug",))):
            copy.roles.add(role)
    role.corrections.set(Correction.objects.all())


def _copies(row, unique):
    return [_copy(row, **{name: f"{getattr(row, name)}-{n}" for name in unique}) for n in range(1, TIMES)]


def _copy(row, **values):
    fields = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
    }
    values = {row._meta.get_field(name).attname: getattr(value, "pk", value) for name, value in values.items()}
    return type(row)(**fields | values)
