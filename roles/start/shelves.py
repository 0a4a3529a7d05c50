"""Where content stands, as the start page of the admin shows it: everything of a role, and the rest by theme.

Every app brings the links to its own content; the page shows those that the person may follow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from django.db.models import Count, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.models import User
from roles.models import Role
from roles.start.concerns import Asked


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    address: str
    count: int | None = None
    # What the link is of, for those who hear one link after the other.
    of: str = ""


@dataclass(slots=True)
class RoleShelf:
    """All that belongs to a role."""

    role: Role
    links: list[Link] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Theme:
    title: str
    models: tuple[type[Model], ...]


# By the role's number.
type OfRoles = Callable[[Asked], Mapping[int, Iterable[Link]]]

_of_roles: list[OfRoles] = []
_themes: list[Theme] = []


def of_roles(links: OfRoles) -> OfRoles:
    """Register a function that gives links for every role at once, in few queries."""
    _of_roles.append(links)
    return links


def theme(title: str, *models: type[Model]) -> None:
    """Put lists of content on the page, under a title; the same title twice adds to it."""
    for place, each in enumerate(_themes):
        if each.title == title:
            _themes[place] = Theme(title, (*each.models, *models))
            return
    _themes.append(Theme(title, models))


def on_shelves() -> set[type[Model]]:
    return set(chain.from_iterable(each.models for each in _themes))


def role_shelves(asked: Asked) -> list[RoleShelf]:
    """The roles in their order, those with a full profile first."""
    if not asked.user.has_perm("roles.view_role"):
        return []
    given = [links(asked) for links in _of_roles]
    roles = Role.objects.only("slug", "name", "short_name", "profile", "order").order_by("profile", "order", "name")
    return [RoleShelf(role, [link for links in given for link in links.get(role.pk, ())]) for role in roles]


def themes(user: User) -> list[tuple[str, list[Link]]]:
    """The lists that the person may open, by theme."""
    shown = [(each.title, [_list_of(model) for model in each.models if may_view(user, model)]) for each in _themes]
    return [(title, links) for title, links in shown if links]


def may_view(user: User, model: type[Model]) -> bool:
    return user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")


def list_address(model: type[Model], **filters: object) -> str:
    """A model's list in the admin, filtered."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist", query=filters or None)


def counted(rows: QuerySet[Model], role: str) -> Coalesce:
    """For a query of roles: how many rows lead to each; `role` is their relation to it."""
    total = rows.order_by().filter(**{role: OuterRef("pk")}).values(role).annotate(total=Count("pk"))
    return Coalesce(Subquery(total.values("total")), 0)


def _list_of(model: type[Model]) -> Link:
    name = str(model._meta.verbose_name_plural)
    return Link(name[:1].upper() + name[1:], list_address(model))
