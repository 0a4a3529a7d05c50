"""Roles side by side: every row of the comparison, cell by cell, with who states it.

A cell that nobody states is empty and says so; nothing is filled in. Months are a source's statement, weeks the sum of
a roadmap's phases: both stand, neither is bent. Pay by level and pay without a level never share a chart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, partial
from itertools import combinations
from urllib.parse import urlencode

from django.contrib.humanize.templatetags.humanize import apnumber

from roles.blueprint import Link, Phase
from roles.charts import Band, band, weeks_band
from roles.choosing.columns import Column
from roles.models import Claim, RoleFit, RoleMetric, RolePoint, RoleRequirement, Source
from roles.words import listed

MOST_ROLES = 4
# By how much two scores may differ without saying anything: nobody publishes how they come about.
_MEANS_NOTHING = Decimal("0.1")
# Scores that are numbers on a scale. The other metrics repeat what the role itself states.
SCORES = (RoleMetric.Metric.DEMAND, RoleMetric.Metric.REPLACEMENT_RISK)


@dataclass(frozen=True, slots=True)
class Cell:
    """What is said about one role in one row; nothing at all where nobody states it."""

    text: str = ""
    note: str = ""
    items: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()  # what it rests on; empty for what we computed or wrote ourselves
    stands_out: str = ""  # such as “fewest”, among those that are stated
    phases: tuple[Phase, ...] = ()
    bands: tuple[Band, ...] = ()  # drawn on the scale that the whole row shares
    score: Band | None = None  # from 0, on the score’s own scale
    lower_is_better: bool = False

    @property
    def is_stated(self) -> bool:
        return bool(self.text or self.items)

    @property
    def origin(self) -> dict[tuple[str, str], Claim]:
        """Who states it and how far it could be checked, each once, with one claim that says so."""
        return {(claim.source.code, claim.verification): claim for claim in self.claims}


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    cells: tuple[Cell, ...]
    note: str = ""


@dataclass(frozen=True)
class Group:
    """Rows that belong together. Who states them is said once for each role where one source states all."""

    title: str
    rows: tuple[Row, ...]
    note: str = ""

    @cached_property
    def origins(self) -> list[list[Claim]]:
        """For each role, a claim of every source and state of checking that its cells rest on."""
        columns = zip(*(row.cells for row in self.rows), strict=True)
        return [
            list({key: claim for cell in cells for key, claim in cell.origin.items()}.values()) for cells in columns
        ]

    @property
    def lines(self) -> list[tuple[Row, list[tuple[Cell, list[Claim]]]]]:
        """Rows with their cells; with each cell whom it must name because the column has several sources."""
        return [
            (
                row,
                [
                    (cell, list(cell.origin.values()) if len(origins) > 1 else [])
                    for cell, origins in zip(row.cells, self.origins, strict=True)
                ],
            )
            for row in self.rows
        ]


@dataclass(frozen=True, slots=True)
class Sharing:
    """What these roles have and the others of the comparison have not."""

    columns: tuple[Column, ...]
    links: list[Link]
    is_all: bool

    @property
    def title(self) -> str:
        names = listed([column.name for column in self.columns])
        if self.is_all:
            return f"In both: {names}" if len(self.columns) == 2 else f"In all {apnumber(len(self.columns))}"
        return f"Only in {names}" if len(self.columns) == 1 else f"In {names}"


@dataclass
class Comparison:
    columns: list[Column]
    _query: list[tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self._query = [("role", column.role.slug) for column in self.columns]

    @property
    def removable(self) -> list[tuple[Column, str]]:
        """Each role with the query string of the comparison without it."""
        return [
            (column, urlencode([each for each in self._query if each[1] != column.role.slug]))
            for column in self.columns
        ]

    @cached_property
    def groups(self) -> list[Group]:
        """The rows in which something is stated of at least one role."""
        found = (Group(each.title, tuple(filter(_is_stated, each.rows)), each.note) for each in self._all_groups)
        return [group for group in found if group.rows]

    @property
    def unstated(self) -> list[str]:
        """The rows in which nothing is stated of any of these roles."""
        return [row.label for group in self._all_groups for row in group.rows if not _is_stated(row)]

    @cached_property
    def _all_groups(self) -> list[Group]:
        return [self._brief(), self._time(), self._scores(), self._pay(), self._job()]

    @cached_property
    def sources(self) -> list[Source]:
        """Every source that something in the table rests on, each once."""
        claims = [claim for group in self.groups for origins in group.origins for claim in origins]
        return list({claim.source.code: claim.source for claim in claims}.values())

    @cached_property
    def skills(self) -> list[Sharing]:
        return sharing(self.columns, lambda column: column.skills)

    @cached_property
    def tools(self) -> list[Sharing]:
        return sharing(self.columns, lambda column: column.tools)

    @property
    def without_skills(self) -> str:
        """The roles of which nobody names a skill."""
        return listed([column.name for column in self.columns if not column.skills])

    @property
    def without_tools(self) -> str:
        return listed([column.name for column in self.columns if not column.tools])

    @property
    def only_named(self) -> str:
        """The roles whose skills are those that their duties and requirements name."""
        return listed([column.name for column in self.columns if column.skills and not column.role.roadmap])

    @property
    def notes(self) -> list[str]:
        """What editors say about pay and scores, each thing once."""
        claims = [claim for column in self.columns for claim in (*column.ladder.values(), *column.pay)]
        scores = [column.metrics[name] for column in self.columns for name in SCORES if name in column.metrics]
        notes = list(dict.fromkeys(claim.editor_note for claim in (*claims, *scores) if claim.editor_note))
        return [note for note in notes if not any(other != note and other.startswith(note) for other in notes)]

    @property
    def findings(self) -> list[str]:
        """What stands out, in sentences. Scores are left out: nobody says how they come about."""
        found, covered = [], True
        if quickest := _least(self.columns, lambda column: column.role.months_to_ready):
            found.append(f"{quickest.name} is stated to take the fewest months.")
            covered = all(column.role.months_to_ready is not None for column in self.columns)
        level = self._last_common_level()
        if best := _least(self.columns, lambda column: -column.ladder[level].salary_max if column.ladder else None):
            found.append(f"{best.name} is said to pay most at level {level}.")
            covered = covered and all(column.ladder for column in self.columns)
        if not covered:
            found.append("Roles of which nobody states it are left out of that.")
        return found + self._shared_skills()

    def _shared_skills(self) -> list[str]:
        if not all(column.skills for column in self.columns):
            return []
        count = sum(len(each.links) for each in self.skills if each.is_all)
        of = "both" if len(self.columns) == 2 else f"all {apnumber(len(self.columns))}"
        skills = "One skill is" if count == 1 else f"{str(apnumber(count or 'no')).capitalize()} skills are"
        return [f"{skills} in {of}."]

    def _last_common_level(self) -> int:
        """The highest level that all ladders have; 0 without any."""
        ladders = [set(column.ladder) for column in self.columns if column.ladder]
        return max(set.intersection(*ladders), default=0) if ladders else 0

    # The groups of rows

    def _brief(self) -> Group:
        role = [
            self._row("In one line", lambda column: Cell(column.role.tagline)),
            self._row("A good start", lambda column: _fit(column, RoleFit.Polarity.FIT)),
            self._row("Look elsewhere if", lambda column: _fit(column, RoleFit.Polarity.NOT_FIT)),
            self._row("Difficulty", lambda column: _own(column, column.role.get_difficulty_display())),
            self._row("Entry barrier", lambda column: _own(column, column.role.get_entry_barrier_display())),
            self._row(
                "Coding", lambda column: _own(column, _said(column.role.coding_required, "Required", "Not required"))
            ),
            self._row("Remote work", _remote),
        ]
        return Group("In brief", tuple(role))

    def _time(self) -> Group:
        fewest = _least(self.columns, lambda column: column.role.months_to_ready)
        most_weeks = max((column.ring.weeks for column in self.columns if column.ring), default=0)
        rows = [self._row("Months until ready", lambda column: _months(column, fewest), "As stated by a source.")]
        if most_weeks:
            label = "Weeks of the roadmap"
            rows.append(self._row(label, lambda column: _weeks(column, most_weeks), "Summed by us from its phases."))
        return Group("Time", tuple(rows), "No source says how many hours a week its months assume.")

    def _scores(self) -> Group:
        rows = []
        for metric in SCORES:
            found = [column.metrics[metric] for column in self.columns if metric in column.metrics]
            if found:
                rows.append(self._row(metric.label, partial(_score, name=metric), _reading(found)))
        return Group("Scores", tuple(rows), "A source’s own scores, published without a method." if rows else "")

    def _pay(self) -> Group:
        levels = [level for column in self.columns for level in column.ladder.values()]
        ranges = [each for column in self.columns for each in column.pay]
        # Where there are levels, the scale is theirs, and what names no level stays out of the drawing.
        top = max([level.salary_max for level in levels] or [each.high or each.low for each in ranges], default=0)
        rows = [
            self._row(f"Level {order}", partial(_rung, order=order, top=top))
            for order in sorted({level.order for level in levels})
        ]
        if ranges:
            label = "Range as stated"
            rows.append(self._row(label, partial(_range, top=0 if levels else top), "Level not given."))
        note = f"US dollars a year. Every bar is on one scale, $0 to ${top:,}."
        if levels and ranges:
            note += " Pay without a level is not drawn: it cannot be set beside a level."
        return Group("Pay", tuple(rows), note)

    def _job(self) -> Group:
        rows = []
        if any(column.work for column in self.columns):
            rows.append(self._row("Core work", lambda column: _list(column.work)))
        if any(column.requirements for column in self.columns):
            rows.append(self._row("What it asks for", _asked, "Listed where a role has no roadmap."))
        return Group("The job", tuple(rows))

    def _row(self, label: str, cell: Callable[[Column], Cell], note: str = "") -> Row:
        return Row(label, tuple(cell(column) for column in self.columns), note)


def sharing(columns: list[Column], of: Callable[[Column], Mapping[str, Link]]) -> list[Sharing]:
    """For each set of columns, the largest first, what exactly these have and the others have not."""
    having = [column for column in columns if of(column)]
    found = []
    for size in range(len(having), 0, -1):
        for those in combinations(having, size):
            slugs = [
                slug for slug in of(those[0]) if [column for column in having if slug in of(column)] == list(those)
            ]
            links = sorted((of(those[0])[slug] for slug in slugs), key=lambda link: link.name.lower())
            if links:
                found.append(Sharing(those, links, is_all=size == len(columns) > 1))
    return found


def _is_stated(row: Row) -> bool:
    return any(cell.is_stated for cell in row.cells)


def _own(column: Column, text: str) -> Cell:
    """What the role's own row states."""
    return Cell(text, claims=(column.role,) if text else ())


def _fit(column: Column, polarity: str) -> Cell:
    items = column.fit(polarity)
    return Cell(items=items, claims=(column.role,) if items else ())


def _said(answer: bool | None, yes: str, no: str) -> str:
    return "" if answer is None else yes if answer else no


def _remote(column: Column) -> Cell:
    metric = column.metrics.get(RoleMetric.Metric.REMOTE)
    if metric is not None and metric.word:
        return Cell(metric.word, claims=(metric,))
    return _own(column, _said(column.role.remote_friendly, "Possible", "Not usual"))


def _months(column: Column, fewest: Column | None) -> Cell:
    months = column.role.months_to_ready
    if months is None:
        return Cell()
    about = "about " if column.role.months_approximate else ""
    claim = column.metrics.get(RoleMetric.Metric.MONTHS) or column.role
    text = f"{about}{months} {'month' if months == 1 else 'months'}"
    return Cell(text, claims=(claim,), stands_out="Fewest stated" if column is fewest else "")


def _weeks(column: Column, most: int) -> Cell:
    roadmap, time = column.role.roadmap, column.time
    if roadmap is None:
        return Cell()
    count = len(roadmap.phases)
    text = f"{roadmap.weeks} weeks in {count} {'phase' if count == 1 else 'phases'}"
    note = ""
    if time:
        note = f"That is {time.months_of_weeks} months."
        if time.unexplained:
            note += f" The source does not explain the other {time.unexplained} weeks of its {time.months} months."
    return Cell(text, note, phases=roadmap.phases, bands=weeks_band(roadmap, most))


def _score(column: Column, name: str) -> Cell:
    metric = column.metrics.get(name)
    if metric is None:
        return Cell()
    drawn = Band(0, round(float(100 * metric.share), 2)) if metric.scale_max else None
    lower = metric.better == RoleMetric.Better.LOWER
    return Cell(metric.shown, claims=(metric,), score=drawn, lower_is_better=lower)


def _reading(metrics: list[RoleMetric]) -> str:
    """How to read the scores of a row: direction, and that a small difference says nothing."""
    directions = dict.fromkeys(metric.get_better_display() for metric in metrics)
    note = f"{' or '.join(directions)}."
    values = [metric.value for metric in metrics if metric.value is not None and metric.unit == RoleMetric.Unit.SCORE]
    if values and 0 < max(values) - min(values) <= _MEANS_NOTHING:
        note += f" The difference of {max(values) - min(values):.1f} means nothing."
    return note


def _rung(column: Column, order: int, top: int) -> Cell:
    level = column.ladder.get(order)
    if level is None:
        return Cell()
    titles = ", ".join(title.title for title in column.titles[order])
    note = f"{titles}, {level.years}" if titles else level.years.capitalize()
    return Cell(level.pay, note, claims=(level,), bands=(band(level.salary_min, level.salary_max, top),))


def _range(column: Column, top: int) -> Cell:
    """Pay that names no level; drawn up to `top`, or not at all where that is 0."""
    if not column.pay:
        return Cell()
    notes = dict.fromkeys(each.geography or "No country named" for each in column.pay)
    read = " The year is our reading." if any(each.period_assumed for each in column.pay) else ""
    text = "; ".join(f"{each.shown} ({each.get_measure_display().lower()})" for each in column.pay)
    found = tuple(band(each.low, each.high or each.low, top) for each in column.pay) if top else ()
    return Cell(text, f"{'; '.join(notes)}.{read}", claims=tuple(column.pay), bands=found)


def _list(points: Iterable[RolePoint]) -> Cell:
    points = tuple(points)
    return Cell(items=tuple(point.text for point in points), claims=points)


def _asked(column: Column) -> Cell:
    items = tuple(
        each.text if each.strength == RoleRequirement.Strength.REQUIRED else f"{each.text} (preferred)"
        for each in column.requirements
    )
    return Cell(items=items, claims=tuple(column.requirements))


def _least(columns: Iterable[Column], value: Callable[[Column], int | None]) -> Column | None:
    """The one column with the least value, or None where fewer than two state one or two share it."""
    stated = sorted(
        ((number, column) for column in columns if (number := value(column)) is not None), key=lambda each: each[0]
    )
    if len(stated) < 2 or stated[0][0] == stated[1][0]:
        return None
    return stated[0][1]
