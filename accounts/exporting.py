"""Everything that is held on one person, as the law lets them ask for it.

Nothing here names a table: what is *about* a person is what the relations of the models say goes with them, as in
`accounts.erasing`. So a new table cannot be forgotten. Rows that only *name* the person, such as a decision on somebody
else's work, are somebody else's: they are listed by number.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import CASCADE, ForeignKey, Q, QuerySet

from accounts.models import User
from accounts.offices import offices

# What is held, but opens doors; that it is there is said.
SECRET = {
    "accounts.user.password": "opens the account",
    "mfa.authenticator.data": "is the second factor",
    "usersessions.usersession.session_key": "opens the account",
    "account.emailconfirmation.key": "confirms the address",
    "socialaccount.socialtoken.token": "opens the account elsewhere",
    "socialaccount.socialtoken.token_secret": "opens the account elsewhere",
}
# What has a path to a person, but says nothing about them.
LEFT_OUT: Mapping[str, str] = {}

type Link = ForeignKey[Any, Any]


@transaction.atomic
def lay_open(*, person: User, by: User | None, now: datetime) -> str:
    """All of it as JSON. The person can see that somebody looked. `by` is None for a command."""
    for office in offices():
        office.laid_open(person=person, by=by, now=now)
    return json.dumps(everything_on(person, now=now), cls=DjangoJSONEncoder, indent=2, ensure_ascii=False)


def everything_on(person: User, *, now: datetime) -> dict[str, Any]:
    about = {_label(model): [_row(row) for row in _rows(model, person)] for model in models_about_people()}
    named = {_label(field): _numbers(field, person) for field in links_that_name()}
    return {
        "person": person.email,
        "made_at": now,
        "about": {name: rows for name, rows in about.items() if rows},
        "named_in": {name: numbers for name, numbers in named.items() if numbers},
        "kept_secret": SECRET,
        "left_out": LEFT_OUT,
        "files": (
            "Uploaded files are listed under mentoring.evidence, recordings under interviews.recording; their owner "
            "downloads them from the milestone, and with the tables of their practice."
        ),
    }


@cache
def models_about_people() -> tuple[type[models.Model], ...]:
    """The account, and every table whose rows go with it."""
    found: list[type[models.Model]] = [User]
    for model in found:  # it grows on the way
        found += [link.model for link in _links_to(model) if _goes_along(link) and link.model not in found]
    return tuple(model for model in found if _label(model) not in LEFT_OUT)


@cache
def links_that_name() -> tuple[Link, ...]:
    """Fields that name a person in rows that stay when the person goes."""
    return tuple(link for link in _links_to(User) if not _goes_along(link) and _label(link) not in LEFT_OUT)


def _links_to(target: type[models.Model]) -> list[Link]:
    return _links().get(target, [])


@cache
def _links() -> dict[type[models.Model], list[Link]]:
    """All of them by where they lead, read once: every road to a person asks for them again, thousands of times."""
    found: dict[type[models.Model], list[Link]] = {}
    for model in apps.get_models(include_auto_created=True):
        for field in () if model._meta.proxy else model._meta.concrete_fields:
            if isinstance(field, ForeignKey):
                found.setdefault(field.related_model, []).append(field)
    return found


def _goes_along(link: Link) -> bool:
    return link.remote_field.on_delete is CASCADE


def _rows(model: type[models.Model], person: User) -> QuerySet[models.Model]:
    """The rows of a table that are about the person, by whatever road."""
    rows = model._default_manager.order_by("pk")
    return rows.filter(pk=person.pk) if model is User else rows.filter(_about(model, person)).distinct()


def _about(model: type[models.Model], person: User) -> Q:
    roads = Q(pk__in=[])
    for target in models_about_people():
        for link in _links_to(target):
            if link.model is not model or target is model or not _goes_along(link):
                continue
            one = target is User
            roads |= Q(**{link.name: person} if one else {f"{link.name}__in": _rows(target, person).order_by()})
    return roads


def _row(row: models.Model) -> dict[str, Any]:
    return {field.attname: _value(field, row) for field in row._meta.concrete_fields}


def _value(field: Any, row: models.Model) -> Any:
    if _label(field) in SECRET:
        return "kept secret"
    value = field.value_from_object(row)
    return value if isinstance(value, (dict, list, int, float, type(None))) else field.value_to_string(row)


def _numbers(field: Link, person: User) -> list[Any]:
    rows = field.model._default_manager.filter(**{field.name: person})
    return list(rows.order_by("pk").values_list("pk", flat=True))


def _label(what: Any) -> str:
    """Such as “mentoring.thread” for a model, “mentoring.thread.learner” for a field of it."""
    return str(what._meta.label_lower) if hasattr(what, "_meta") else f"{_label(what.model)}.{what.name}"
