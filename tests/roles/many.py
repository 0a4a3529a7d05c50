"""The catalog in other sizes: a page must read ten times the rows in as many queries, and stand without any."""

from contextlib import contextmanager, nullcontext
from datetime import time

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

    Only where a test asks for it can the search find them: making their words takes seconds. Otherwise no trigger runs,
    and their history is not kept.
    """
    with nullcontext() if searchable else _no_triggers(), connection.cursor() as cursor:
        for statement in _ten_times_the_catalog():
            cursor.execute(statement)


@contextmanager
def _no_triggers():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def _ten_times_the_catalog():
    nine = f"CROSS JOIN generate_series(1, {TIMES - 1}) n"
    for model, *unique in (
        (Role, "slug", "name"),
        (Skill, "slug", "name"),
        (Tool, "slug", "name"),
        (Resource, "slug", "title"),
        (Source, "code", "title"),
        (Correction, "slug"),
    ):
        yield _copying(model, nine, **{name: f"{name} || '-' || n" for name in unique})
    for model in (CareerLevel, RoleMetric, RoleFit):
        yield _copying(model, _copies_of("roles_role", "role_id"), role_id="copy.id")
    for links in (Correction.sources, Correction.roles, Correction.resources):
        of_correction = _copies_of("roles_correction", "correction_id")
        yield _copying(links.through, of_correction, correction_id="copy.id")


def _copies_of(table, key):
    return f"JOIN {table} first ON first.id = {key} JOIN {table} copy ON starts_with(copy.slug, first.slug || '-')"


def _copying(model, joined, **values):
    """Without leaving the database: the blueprints of a hundred roles are megabytes to read and to write."""
    table = model._meta.db_table
    columns = [each.column for each in model._meta.local_concrete_fields if not (each.primary_key or each.generated)]
    chosen = ", ".join(values.get(name, f'old."{name}"') for name in columns)
    named = ", ".join(f'"{name}"' for name in columns)
    return f"INSERT INTO {table} ({named}) SELECT {chosen} FROM {table} old {joined}"


def ten_times_a_role(role):
    """Nine more of every row that a role's page shows and that there may be more of."""
    with _no_triggers():
        _ten_times_a_role(role)


def _ten_times_a_role(role):
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
