"""Long tables in `make quick`: every so many rows of each, spread over the whole; `make test` takes them all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def sampled(rows: Iterable[Any], *, every: int, alone: bool = False) -> list[Any]:
    """The rows for `parametrize`; all but one of so many are slow. `alone`: each row is one argument, a tuple too."""
    return [
        pytest.param(
            *((row,) if alone or not isinstance(row, tuple) else row),
            marks=() if number % every == 0 else pytest.mark.slow,
        )
        for number, row in enumerate(rows)
    ]
