"""From times to figures: medians, ratios, limits, and how they are written down. Pure."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass

# How much longer a page may take with many learners than with few.
GROWTH_LIMIT = 1.3


@dataclass(frozen=True, slots=True)
class Figures:
    """One page with one number of learners: a row of `bench.json`."""

    name: str
    learners: int
    median_ms: float
    p95_ms: float
    req_s: float
    queries: int
    ratio: float  # of the median, to the empty view of the same visitor
    limit: float | None

    @property
    def is_missed(self) -> bool:
        return self.limit is not None and self.ratio > self.limit


@dataclass(frozen=True, slots=True)
class Growth:
    """How the time of one page grows from few learners to many."""

    name: str
    ratio: float

    @property
    def is_missed(self) -> bool:
        return self.ratio > GROWTH_LIMIT


def figures(
    *,
    name: str,
    learners: int,
    times: Sequence[float],
    empty: Sequence[float],
    req_s: float,
    queries: int,
    limit: float | None,
) -> Figures:
    """`times`, `empty`: milliseconds of the page and of the empty view that it is measured against."""
    median = statistics.median(times)
    return Figures(
        name,
        learners,
        round(median, 3),
        round(percentile(times, 95), 3),
        round(req_s, 1),
        queries,
        round(median / statistics.median(empty), 2),
        limit,
    )


def percentile(times: Sequence[float], percent: int) -> float:
    """The smallest time that so many percent of all do not exceed."""
    return sorted(times)[max(0, -(-len(times) * percent // 100) - 1)]


@dataclass(frozen=True, slots=True)
class Trial:
    """All figures of one run."""

    rows: Sequence[Figures]
    growing: Sequence[str]  # names of the pages that must not grow with the number of learners

    @property
    def growth(self) -> list[Growth]:
        """Of each growing page: its median with most learners to that with fewest."""
        few, many = self._sizes[0], self._sizes[-1]
        medians = {(row.name, row.learners): row.median_ms for row in self.rows}
        return [Growth(name, round(medians[name, many] / medians[name, few], 2)) for name in self.growing]

    @property
    def missed(self) -> int:
        """How many limits are missed."""
        return sum(row.is_missed for row in self.rows) + sum(each.is_missed for each in self.growth)

    def table(self) -> str:
        """All figures, for reading. What misses its limit is marked."""
        lines = []
        for learners in self._sizes:
            lines += [f"{f'{learners:,} learners':<24}median ms   p95 ms    req/s  queries    ratio    limit"]
            lines += [_line(row) for row in self.rows if row.learners == learners]
            lines += [""]
        lines += [f"Median with {self._sizes[-1]:,} learners, to that with {self._sizes[0]:,}"]
        lines += [f"  {each.name:<58}{each.ratio:9.2f}{GROWTH_LIMIT:9.2f}{_mark(each)}" for each in self.growth]
        lines += ["", f"Limits missed: {self.missed}." if self.missed else "Every limit is kept."]
        return "\n".join(lines)

    def to_json(self) -> str:
        return json.dumps([asdict(row) for row in self.rows], indent=2) + "\n"

    @property
    def _sizes(self) -> list[int]:
        return sorted({row.learners for row in self.rows})


def _line(row: Figures) -> str:
    limit = "" if row.limit is None else f"{row.limit:9.2f}"
    return (
        f"  {row.name:<22}{row.median_ms:9.2f}{row.p95_ms:9.2f}{row.req_s:9.1f}{row.queries:9}{row.ratio:9.2f}"
        f"{limit}{_mark(row)}"
    )


def _mark(row: Figures | Growth) -> str:
    return "  missed" if row.is_missed else ""
