"""How companies are listed: by the category that a source puts them in. Pure; no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from roles.models import Company, CompanyListing
from roles.models.companies import CompanyCategory


@dataclass(frozen=True, slots=True)
class Entry:
    """A company as a list shows it; without a listing it is named for a use case only."""

    company: Company
    listing: CompanyListing | None


@dataclass(frozen=True, slots=True)
class Group:
    label: str
    entries: list[Entry]


def by_category(companies: Iterable[Company], *, only: str = "") -> list[Group]:
    """Companies read `with_places()` under their categories in the source's order; closed ones come last.

    A company in two categories stands in both, unless `only` one of them was asked for.
    """
    companies = list(companies)
    groups = [
        Group(str(category.label), _listed(companies, category))
        for category in CompanyCategory
        if not only or only == category
    ]
    if not only:
        unlisted = [Entry(company, None) for company in companies if not company.listings.all()]
        groups.append(Group("Named for a use case only", sorted(unlisted, key=_by_name)))
    return [group for group in groups if group.entries]


def _listed(companies: Iterable[Company], category: str) -> list[Entry]:
    entries = [
        Entry(company, listing)
        for company in companies
        for listing in company.listings.all()
        if listing.category == category
    ]
    return sorted(entries, key=lambda entry: entry.listing.order if entry.listing else 0)


def _by_name(entry: Entry) -> tuple[bool, str]:
    return not entry.company.is_hiring_place, entry.company.name.lower()
