"""Rules and what they find. Every app brings its own rules; whoever runs them asks here.

A rule is a function that yields findings from one query, whatever the size of the catalog.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import BigIntegerField, F, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat

from roles.fixtures import target_of
from roles.models import CatalogModel


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a row that an editor should look at."""

    model: type[CatalogModel]
    row: int
    shown: str  # what the row is called
    words: str  # what is the matter, as one sentence
    field: str = ""  # where to mend it
    other: int = 0  # the second row of the same model, for what is about two
    part_of: tuple[type[CatalogModel], int] | None = None  # the row that it belongs to, if any

    @property
    def key(self) -> tuple[str, int, str, int]:
        """What tells it from other findings of its rule."""
        return self.model._meta.label_lower, self.row, self.field, self.other

    @property
    def token(self) -> str:
        return ":".join(str(part) for part in self.key)


type Find = Callable[[date], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    title: str  # of a list of its findings
    advice: str  # what to do about them
    find: Find


_rules: dict[str, Rule] = {}


def rule(name: str, title: str, advice: str) -> Callable[[Find], Find]:
    """Register a function as a rule. `name` stays for good: what is known is remembered by it."""

    def register(find: Find) -> Find:
        assert name not in _rules, f"two rules called {name}"
        _rules[name] = Rule(name, title, advice, find)
        return find

    return register


def rules() -> list[Rule]:
    return list(_rules.values())


def in_one_query(*queries: QuerySet[Any, tuple[Any, ...]]) -> Iterator[Finding]:
    """The findings of several queries made by `about`, in one."""
    first, *others = queries
    for label, row, shown, words, field, owner, owner_row in first.union(*others, all=True).order_by():
        part_of = (_model(owner), owner_row) if owner else None
        yield Finding(_model(label), row, shown, words, field, part_of=part_of)


def _model(label: str) -> type[CatalogModel]:
    model = apps.get_model(label)
    assert issubclass(model, CatalogModel)
    return model


def about(rows: QuerySet[Any], words: Any, *, field: str = "") -> QuerySet[Any, tuple[Any, ...]]:
    """Rows as findings. `words` is a sentence, or an expression that makes one; `field` is where to mend it."""
    model: type[CatalogModel] = rows.model
    owner = owner_of(model)
    target = model._meta.get_field(owner).related_model._meta.label_lower if owner else ""  # type: ignore[union-attr]
    return rows.order_by().values_list(
        Value(model._meta.label_lower, TextField()),
        Cast("pk", BigIntegerField()),
        Cast(F(title_of(model)), TextField()),
        Cast(Value(words) if isinstance(words, str) else words, TextField()),
        Value(field, TextField()),
        Value(target, TextField()),
        Cast(F(f"{owner}_id") if owner else Value(0), BigIntegerField()),
    )


def said(*parts: Any) -> Concat:
    """Words for `about`, made of texts and expressions."""
    return Concat(*(Value(each) if isinstance(each, str) else each for each in parts), output_field=TextField())


# The field that says what a row is called, the first that there is.
_TITLES = ("name", "title", "question", "subject", "where", "text", "prompt", "metric", "measure", "employer", "focus")


def title_of(model: type[CatalogModel]) -> str:
    """The field that says what rows are called; rows without one are called after what they are a part of."""
    names = {each.name for each in model._meta.concrete_fields}
    own = next((name for name in _TITLES if name in names and not model._meta.get_field(name).is_relation), "")
    if own:
        return own
    owner = owner_of(model)
    return f"{owner}__{title_of(target_of(model, owner))}" if owner else "pk"


def owner_of(model: type[CatalogModel]) -> str:
    """The relation to the row that a row is a part of, or “” where it stands for itself."""
    name, _, rest = model.natural[0].partition("__")
    return name if rest else ""
