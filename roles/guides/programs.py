"""Degree programs side by side: read from an address or a form, checked, counted. Pure; no database.

In both, `p1` is the name of the first program, `c1` the slugs of its ticked checks (repeated, or with commas between)
and `n1` its note.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.utils.http import urlencode

from roles.choosing.naming import choice_of
from roles.models import Program, ProgramCheck
from roles.models.programs import MOST_PROGRAMS

LONGEST_NAME = 120
LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True)
class Draft:
    """A program as somebody filled it in, at one of the places; only checks that there are."""

    place: int
    name: str = ""
    checked: tuple[str, ...] = ()
    note: str = ""
    fault: str = ""
    row: int | None = None  # the key of the saved program
    is_sent: bool = True  # whether the form had a field for it at all

    @property
    def is_empty(self) -> bool:
        return not (self.name or self.checked or self.note)

    @property
    def label(self) -> str:
        return self.name or f"Program {self.place}"

    @property
    def fields(self) -> dict[str, str]:
        """What a form sends for it, as an address or hidden fields carry it."""
        found = {"p": self.name, "c": ",".join(self.checked), "n": self.note}
        return {f"{letter}{self.place}": value for letter, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a form or an address says: every place in order, and what could not be used."""

    drafts: tuple[Draft, ...]
    problems: tuple[str, ...] = ()

    @property
    def filled(self) -> list[Draft]:
        return [draft for draft in self.drafts if not draft.is_empty]

    @property
    def has_faults(self) -> bool:
        return any(draft.fault for draft in self.drafts)

    @property
    def query(self) -> str:
        """Names and ticks as an address has them. Notes are nobody else's business and stay out of it."""
        fields = {name: value for draft in self.filled for name, value in draft.fields.items()}
        return urlencode({name: value for name, value in fields.items() if not name.startswith("n")})


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of the checks a program passes."""

    draft: Draft
    done: int
    of: int


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    checks: list[ProgramCheck]
    tallies: list[Tally]


class Comparison:
    """Programs beside each other, check by check."""

    def __init__(self, checks: Iterable[ProgramCheck], drafts: Iterable[Draft]) -> None:
        self.checks = list(checks)
        self.drafts = list(drafts)

    @property
    def groups(self) -> list[Group]:
        order = ProgramCheck.Group.values
        ordered = sorted(self.checks, key=lambda check: order.index(check.group))
        return [
            Group(str(ProgramCheck.Group(value).label), those := list(found), self._tallies(those))
            for value, found in groupby(ordered, key=lambda check: check.group)
        ]

    @property
    def tallies(self) -> list[Tally]:
        """Of the programs that have a name or a tick."""
        return [tally for tally in self._tallies(self.checks) if not tally.draft.is_empty]

    def _tallies(self, checks: list[ProgramCheck]) -> list[Tally]:
        slugs = {check.slug for check in checks}
        return [Tally(draft, len(slugs & set(draft.checked)), len(slugs)) for draft in self.drafts]


def read(data: Any, known: Mapping[str, str]) -> Reading:
    """What a form or an address gives. `known`: the checks' texts by slug; others are said and left out."""
    drafts, unknown = [], []
    for place in range(1, MOST_PROGRAMS + 1):
        given = [slug.strip() for value in data.getlist(f"c{place}") for slug in value.split(",")]
        drafts.append(
            Draft(
                place=place,
                name=" ".join(_plain(data.get(f"p{place}", "")).split()),
                checked=_known(given, known),
                note=_plain(data.get(f"n{place}", "")).strip(),
                is_sent=f"p{place}" in data,
            )
        )
        unknown += [slug for slug in given if slug not in known]
    problems = choice_of(dict.fromkeys(unknown), known, what="check").problems
    return Reading(tuple(_too_long(draft) for draft in drafts), problems)


def of_rows(programs: Iterable[Program], known: Mapping[str, str]) -> Reading:
    """The saved programs at their places. A check that staff took away since is left out."""
    rows = {program.place: program for program in programs}
    return Reading(
        tuple(
            Draft(place, row.name, _known(row.checked, known), row.note, row=row.pk)
            if (row := rows.get(place))
            else Draft(place)
            for place in range(1, MOST_PROGRAMS + 1)
        )
    )


def judged(reading: Reading, saved: Iterable[Program]) -> Reading:
    """The same with what keeps it from being saved said at each program, and the keys of saved ones."""
    rows = {program.place: program.pk for program in saved}
    drafts = [replace(draft, row=rows.get(draft.place)) for draft in reading.drafts]
    return Reading(tuple(_judged(draft, drafts) for draft in drafts), reading.problems)


def _judged(draft: Draft, drafts: list[Draft]) -> Draft:
    if draft.fault:
        return draft
    if draft.is_sent and not draft.name and draft.row is not None:
        return replace(draft, fault="Give the program a name, or remove it.")
    if not draft.name and not draft.is_empty:
        return replace(draft, fault="Give the program a name.")
    twins = [other.place for other in drafts if draft.name and same_name(other.name, draft.name)]
    if twins and twins[0] != draft.place:
        return replace(draft, fault=f"Program {twins[0]} has this name already. Tell them apart.")
    return draft


def same_name(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _too_long(draft: Draft) -> Draft:
    if len(draft.name) > LONGEST_NAME:
        return replace(draft, fault=f"Use {LONGEST_NAME} characters or fewer; these are {len(draft.name)}.")
    if len(draft.note) > LONGEST_NOTE:
        return replace(draft, fault=f"Keep the note to {LONGEST_NOTE:,} characters; these are {len(draft.note):,}.")
    return draft


def _known(slugs: Iterable[str], known: Mapping[str, str]) -> tuple[str, ...]:
    """Each check once, in the order of the checklist."""
    given = set(slugs)
    return tuple(slug for slug in known if slug in given)


def _plain(text: str) -> str:
    # The database stores no NUL, and browsers send other line ends than they show.
    return text.replace("\x00", "").replace("\r\n", "\n")
