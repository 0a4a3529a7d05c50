"""What the address of a guide chooses: a background, a category of questions, an aim. Nonsense is said and left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from roles.choosing.naming import choice_of


@dataclass(frozen=True, slots=True)
class Pick:
    """One choice out of a few, or none of them."""

    name: str  # of the parameter
    options: list[tuple[str, str]]
    chosen: str
    problems: tuple[str, ...]

    @property
    def label(self) -> str:
        """What was chosen, in words, or “”."""
        return dict(self.options).get(self.chosen, "")


def pick(data: Any, name: str, options: Iterable[tuple[str, str]]) -> Pick:
    """What a query string says of `name`: the first value that is an option, or none."""
    options = list(options)
    choice = choice_of(data.getlist(name), dict(options), what=name, most=1)
    return Pick(name, options, choice.slugs[0] if choice.slugs else "", choice.problems)
