"""Geometry of the drawn skill map: a row for each skill, a column for each role, and arcs between skills.

Where a row meets a column stands a mark if the role needs the skill. On the left an arc leads from each skill to what
builds on it. Numbers for attributes, never paint.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from roles.choosing.skill_map import Entry, SkillMap, Standing
from roles.models import Role

WIDTH = 1180
_TOP = 150  # for the names of roles, which run upwards
_ROW = 24
_GROUP = 38  # the row of a category's name
_ARCS = 120  # right end of the arcs
_GLYPH = 136
_NAME = 150
_FIRST_COLUMN = 480
_LAST_COLUMN = 1056  # names of roles lean over it to the right
_BOTTOM = 150  # for the names of roles once more


@dataclass(frozen=True, slots=True)
class Column:
    x: float
    role: Role


@dataclass(frozen=True, slots=True)
class Mark:
    """A role needs a skill; in which phase, where a roadmap says it."""

    x: float
    phase: int | None


@dataclass(frozen=True, slots=True)
class Line:
    y: int
    entry: Entry
    marks: tuple[Mark, ...]

    @property
    def end(self) -> float:
        """Where the row ends."""
        return self.marks[-1].x if self.marks else 0


@dataclass(frozen=True, slots=True)
class Heading:
    y: int
    label: str


@dataclass(frozen=True, slots=True)
class Arc:
    """From a skill to one that builds on it."""

    path: str
    tip: str
    is_open: bool  # the first of the two is there


@dataclass(frozen=True, slots=True)
class MapChart:
    width: int
    height: int
    columns: tuple[Column, ...]
    headings: tuple[Heading, ...]
    lines: tuple[Line, ...]
    arcs: tuple[Arc, ...]
    # Where things stand in every row
    top: int = _TOP
    glyph: int = _GLYPH
    name: int = _NAME
    middle: int = _FIRST_COLUMN - 40

    @property
    def bottom(self) -> int:
        return self.height - _BOTTOM


def map_chart(skill_map: SkillMap) -> MapChart:
    columns = _columns(skill_map.roles)
    places = {column.role.slug: column.x for column in columns}
    headings, lines, y = [], [], _TOP
    for label, entries in skill_map.groups:
        y += _GROUP
        headings.append(Heading(y, label))
        for entry in entries:
            y += _ROW
            marks = tuple(Mark(places[need.role.slug], need.phase) for need in entry.needs)
            lines.append(Line(y, entry, marks))
    return MapChart(WIDTH, y + _ROW + _BOTTOM, columns, tuple(headings), tuple(lines), tuple(_arcs(lines)))


def _columns(roles: list[Role]) -> tuple[Column, ...]:
    step = (_LAST_COLUMN - _FIRST_COLUMN) / max(len(roles) - 1, 1)
    return tuple(Column(round(_FIRST_COLUMN + place * min(step, 72), 1), role) for place, role in enumerate(roles))


def _arcs(lines: list[Line]) -> Iterable[Arc]:
    rows = {line.entry.skill.slug: line for line in lines}
    longest = max((line.y for line in lines), default=0) - _TOP
    for line in lines:
        for before in line.entry.builds_on:
            start = rows[before.slug]
            yield _arc(start.y, line.y, longest, is_open=start.entry.standing == Standing.HAD)


def _arc(start: int, end: int, longest: int, *, is_open: bool) -> Arc:
    """A curve to the left, the wider the farther its ends lie apart."""
    reach = 18 + (_ARCS - 22) * 4 / 3 * abs(end - start) / max(longest, 1)
    x = round(_ARCS - reach, 1)
    path = f"M{_ARCS} {start}C{x} {start} {x} {end} {_ARCS} {end}"
    return Arc(path, f"M{_ARCS + 4} {end}l-7 -4v8z", is_open)
