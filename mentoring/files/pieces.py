"""Which pieces of evidence changed between two submissions. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pieces[T]:
    """What became of the evidence. Each piece is in one of them."""

    kept: tuple[T, ...]
    added: tuple[T, ...]
    removed: tuple[T, ...]
    replaced: tuple[tuple[T, T], ...]

    @property
    def is_same(self) -> bool:
        return not (self.added or self.removed or self.replaced)


def pieces[T](old: Sequence[T], new: Sequence[T], *, replaced: Iterable[tuple[T, T]] = ()) -> Pieces[T]:
    """`replaced` says which new piece is the next version of which old one; pairs of others are passed over."""
    pairs = tuple(
        (was, now) for was, now in replaced if was in old and now in new and was not in new and now not in old
    )
    left = [was for was, _ in pairs]
    came = [now for _, now in pairs]
    return Pieces(
        kept=tuple(each for each in new if each in old),
        added=tuple(each for each in new if each not in old and each not in came),
        removed=tuple(each for each in old if each not in new and each not in left),
        replaced=pairs,
    )
