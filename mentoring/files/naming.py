"""Whose rows name stored files: what no row names is swept.

Files of several apps lie in the same storage. An app that stores some says here which of some names its rows know; it
calls `register` once, when it starts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

type Named = Callable[[Collection[str]], Collection[str]]

_NAMED: list[Named] = []


def register(named: Named) -> None:
    _NAMED.append(named)


def named_anywhere(names: Collection[str]) -> set[str]:
    """Those of the names that a row of any app knows."""
    return {name for named in _NAMED for name in named(names)}
