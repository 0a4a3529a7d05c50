"""Which addresses the catalog leads to, and from where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, URLField

from roles.checking.findings import Finding, about, in_one_query, rule, said
from roles.fixtures import catalog_models
from roles.models import LinkCheck, Resource
from roles.models.resources import DOI


def used() -> dict[str, list[Finding]]:
    """Every address, with the rows and fields in which it stands."""
    found: dict[str, list[Finding]] = defaultdict(list)
    for each in in_one_query(*(about(rows, F("address"), field=field) for rows, field in _rows_with_address())):
        found[each.words].append(each)
    return found


def _rows_with_address() -> Iterator[tuple[QuerySet[Any], str]]:
    """Rows of each kind, with the address, and the field in which it stands."""
    for model in catalog_models():
        for each in model._meta.concrete_fields:
            if isinstance(each, URLField):
                rows = model._default_manager.exclude(**{each.name: ""})
                yield rows.annotate(address=F(each.name)), each.name
    named = Resource.objects.filter(url="").exclude(doi="")
    yield named.annotate(address=said(DOI, F("doi"))), "doi"


@rule("link-dead", "Links that lead nowhere, or elsewhere", "Give the address where it is now, or take the link out.")
def dead_links(today: Any) -> Iterator[Finding]:
    checks = LinkCheck.objects.to_mend().filter(url=OuterRef("address"))
    yield from in_one_query(
        *(
            about(rows.filter(Exists(checks)), Subquery(checks.values("reason")[:1]), field=field)
            for rows, field in _rows_with_address()
        )
    )
