"""Natural keys and numbers of rows, each found by the other: one query a model, however many rows ask."""

from __future__ import annotations

from roles.models.base import CatalogModel

BETWEEN_PARTS = "/"


def spelled(parts: object) -> str:
    """A natural key as files spell it."""
    assert isinstance(parts, tuple)
    return BETWEEN_PARTS.join(str(part) for part in parts)


class Keys:
    """What one export, or one try of an import, knows of the rows that others refer to."""

    def __init__(self) -> None:
        self._keys: dict[type[CatalogModel], dict[int, str]] = {}
        self._numbers: dict[type[CatalogModel], dict[str, int]] = {}

    def of(self, model: type[CatalogModel], number: int) -> str:
        """The key of a row that exists."""
        self._learn(model)
        return self._keys[model][number]

    def number(self, model: type[CatalogModel], key: str) -> int | None:
        self._learn(model)
        return self._numbers[model].get(key)

    def add(self, model: type[CatalogModel], key: str, number: int) -> None:
        """A row that was written meanwhile."""
        self._learn(model)
        self._keys[model][number], self._numbers[model][key] = key, number

    def _learn(self, model: type[CatalogModel]) -> None:
        if model not in self._keys:
            rows = model._base_manager.values_list("pk", *model.natural)
            self._keys[model] = {pk: spelled(parts) for pk, *parts_ in rows if (parts := tuple(parts_))}
            self._numbers[model] = {key: pk for pk, key in self._keys[model].items()}
