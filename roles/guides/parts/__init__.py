"""What a section of a guide shows after its text: parts of the catalog, read in one query, as the templates need them.

Each part has its tables (what to read) and its reader (what the rows become). Companies and interview questions are
read by the view: the former have a list of their own, the latter belong to another app.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass

from roles.guides.parts import degree, market
from roles.guides.parts.rows import Rows, Tables
from roles.models import Claim, DegreeOption, Statistic
from roles.models.guides import SectionShows

_PARTS: dict[str, tuple[Callable[[], Tables], Callable[[Mapping[str, Rows]], object]]] = {
    SectionShows.DRIVERS: (market.drivers_tables, market.read_drivers),
    SectionShows.ROLES: (market.roles_tables, market.read_roles),
    SectionShows.SKILL_AREAS: (market.areas_tables, market.read_areas),
    SectionShows.USE_CASES: (market.work_tables, market.read_work),
    SectionShows.CHALLENGES: (market.challenges_tables, market.read_challenges),
    SectionShows.ENTRY_PATHS: (market.ways_tables, market.read_ways),
    SectionShows.ADMISSION: (degree.admission_tables, degree.read_admission),
    SectionShows.DURATION: (degree.options_tables, degree.read_options(DegreeOption.Axis.TIME)),
    SectionShows.FORMATS: (degree.options_tables, degree.read_options(DegreeOption.Axis.PLACE)),
    SectionShows.ACCREDITATION: (degree.accreditation_tables, degree.read_accreditation),
    SectionShows.COURSEWORK: (degree.coursework_tables, degree.read_coursework),
    SectionShows.COST: (degree.cost_tables, degree.read_cost),
    SectionShows.CERTIFICATIONS: (degree.credentials_tables, degree.read_credentials),
    SectionShows.PROGRAMS: (degree.checks_tables, degree.read_checks),
}


def tables_of(shows: Iterable[str]) -> Tables:
    """What to read for these parts; a table that two of them need is read once."""
    return {name: table for each in shows if each in _PARTS for name, table in _PARTS[each][0]().items()}


def part_of(shows: str, rows: Mapping[str, Rows]) -> object | None:
    """The part made of what was read, or None where the section shows none, or one that is read elsewhere."""
    return _PARTS[shows][1](rows) if shows in _PARTS else None


def claims_in(part: object) -> Iterator[Claim]:
    """Everything in a part that somebody states, figures beside it included; not what is only linked to."""
    if isinstance(part, Claim):
        if part._meta.get_field("source").is_cached(part):
            yield part
        for name in ("statistic", "share"):
            if isinstance(figure := getattr(part, name, None), Statistic):
                yield figure
    elif isinstance(part, list | tuple):
        for each in part:
            yield from claims_in(each)
    elif is_dataclass(part):
        for field in fields(part):
            yield from claims_in(getattr(part, field.name))
