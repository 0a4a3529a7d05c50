"""What an address names, such as the roles of a comparison: kept as far as it makes sense, and said where not. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.text import Truncator

from roles.words import listed

# Unknown values that are repeated to the reader; further ones are counted.
MOST_SAID = 3
_LONGEST_SAID = 40


@dataclass(frozen=True, slots=True)
class Choice:
    """The slugs that an address names and that there are, in its order, each once; and what was left out of it."""

    slugs: tuple[str, ...]
    problems: tuple[str, ...]


def choice_of(values: Iterable[str], known: Mapping[str, str], *, what: str, most: int | None = None) -> Choice:
    """What can be used of the values of an address. `known`: names by slug. `what`: one of them, such as “role”."""
    counted = Counter(value for value in values if value)
    slugs = [slug for slug in counted if slug in known]
    doubled = [known[slug] for slug in slugs if counted[slug] > 1]
    kept, beyond = (slugs, []) if most is None else (slugs[:most], [known[slug] for slug in slugs[most:]])
    said = (
        _unknown([value for value in counted if value not in known], what),
        f"Named more than once, shown once: {listed(doubled)}." if doubled else "",
        f"At most {most} {what}s can be chosen. Left out: {listed(beyond)}." if beyond else "",
    )
    return Choice(tuple(kept), tuple(sentence for sentence in said if sentence))


def _unknown(values: list[str], what: str) -> str:
    if not values:
        return ""
    shown = [f"“{Truncator(value).chars(_LONGEST_SAID)}”" for value in values[:MOST_SAID]]
    if more := len(values) - len(shown):
        shown.append(f"{more} more")
    return f"We know no {what} called {listed(shown)}, so {'it is' if len(values) == 1 else 'they are'} left out."
