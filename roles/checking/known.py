"""Findings that are known and may stay: set aside with a reason, until their row changes.

Whether a row has changed is told by a fingerprint of all that it says, its links included, made by the database. What
the system writes into it, such as a blueprint, does not count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection, models, transaction

from accounts.models import User
from roles.checking.findings import Finding, Rule, rules
from roles.fixtures import fields_of
from roles.models import CatalogModel, KnownFinding

type Rows = Mapping[type[CatalogModel], Iterable[int]]


@dataclass(slots=True)
class Found:
    """What one rule found, and what of it may stay."""

    rule: Rule
    open: list[Finding] = field(default_factory=list)
    known: list[tuple[Finding, KnownFinding]] = field(default_factory=list)


def check(*, today: date, only: str = "") -> list[Found]:
    """What every rule finds now, or one of them."""
    said = {(each.rule, each.model, each.row, each.field, each.other): each for each in _said(only)}
    found = [Found(each, list(each.find(today))) for each in rules() if only in ("", each.name)]
    pairs = [
        (each, finding, said[each.rule.name, *finding.key])
        for each in found
        for finding in each.open
        if (each.rule.name, *finding.key) in said
    ]
    prints = fingerprints(_rows_of(finding for _, finding, _ in pairs))
    for each, finding, known in pairs:
        if known.seen == _print_of(finding, prints):
            each.known.append((finding, known))
    for each in found:
        held = {finding for finding, _ in each.known}
        each.open = [finding for finding in each.open if finding not in held]
    return found


def _said(only: str) -> Iterable[KnownFinding]:
    known = KnownFinding.objects.select_related("by")
    return known.filter(rule=only) if only else known


@transaction.atomic
def set_aside(*, rule: str, findings: Iterable[Finding], reason: str, by: User, now: datetime) -> int:
    """Say of findings of a rule that they are known. Whoever says so again has the last word on the reason."""
    findings = list(findings)
    prints = fingerprints(_rows_of(findings))
    KnownFinding.objects.bulk_create(
        [
            KnownFinding(
                rule=rule, model=model, row=row, field=name, other=other, shown=each.shown[:300],
                seen=_print_of(each, prints), reason=reason, by=by, at=now,
            )
            for each in findings
            for model, row, name, other in [each.key]
        ],
        update_conflicts=True,
        unique_fields=["rule", "model", "row", "field", "other"],
        update_fields=["shown", "seen", "reason", "by", "at"],
    )  # fmt: skip
    return len(findings)


def take_up(*, pks: Iterable[int]) -> int:
    """Let findings be open again."""
    return KnownFinding.objects.filter(pk__in=pks).delete()[0]


def _rows_of(findings: Iterable[Finding]) -> Rows:
    rows: dict[type[CatalogModel], set[int]] = defaultdict(set)
    for each in findings:
        rows[each.model] |= {each.row, each.other} - {0}
    return rows


def _print_of(finding: Finding, prints: Mapping[tuple[str, int], str]) -> str:
    label = finding.model._meta.label_lower
    return "".join(prints.get((label, row), "") for row in (finding.row, finding.other) if row)


def fingerprints(rows: Rows) -> dict[tuple[str, int], str]:
    """By label and number, what tells whether a row is still the same."""
    parts, values = [], []
    for model, numbers in rows.items():
        label, table = model._meta.label_lower, _name(model)
        parts.append(f"SELECT '{label}', t.id, md5({_said_by(model)}) FROM {table} t WHERE t.id = ANY(%s)")  # noqa: S608
        values.append(sorted(numbers))
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return {(label, row): found for label, row, found in cursor.fetchall()}


def _said_by(model: type[CatalogModel]) -> str:
    """SQL for all that a row says, as text."""
    parts = []
    for name in fields_of(model):
        described = model._meta.get_field(name)
        if isinstance(described, models.ManyToManyField):
            own, other = described.m2m_column_name(), described.m2m_reverse_name()
            links = described.remote_field.through
            assert links is not None, "the models are loaded"
            table = _name(links)
            parts.append(f"(SELECT array_agg(m.{other} ORDER BY m.{other}) FROM {table} m WHERE m.{own} = t.id)")  # noqa: S608
        else:
            assert isinstance(described, models.Field)
            parts.append(f"t.{connection.ops.quote_name(described.column or name)}")
    return f"jsonb_build_array({', '.join(parts)})::text"


def _name(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)
