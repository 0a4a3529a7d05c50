"""A role in brief, as lists show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from roles.charts import Ring, ring
from roles.models import CareerLevel, Role, RoleFit, RoleMetric, SalaryObservation


@dataclass(frozen=True, slots=True)
class RoleCard:
    """A role with the few things by which people choose; None where nobody states one."""

    role: Role
    ring: Ring | None
    entry: CareerLevel | None
    pay: SalaryObservation | None  # where no level is given
    demand: RoleMetric | None
    risk: RoleMetric | None
    good_start: RoleFit | None


def cards_of(roles: Iterable[Role]) -> list[RoleCard]:
    """Cards of roles read `for_cards()`."""
    return [_card(role) for role in roles]


def _card(role: Role) -> RoleCard:
    metrics = {metric.metric: metric for metric in role.metrics.all()}
    return RoleCard(
        role=role,
        ring=ring(role.roadmap) if role.roadmap else None,
        entry=next((level for level in role.levels.all() if level.order == 1), None),
        pay=next(iter(role.pay.all()), None),
        demand=metrics.get(RoleMetric.Metric.DEMAND),
        risk=metrics.get(RoleMetric.Metric.REPLACEMENT_RISK),
        good_start=next((fit for fit in role.fits.all() if fit.polarity == RoleFit.Polarity.FIT), None),
    )


def _months(card: RoleCard) -> Decimal | None:
    months = card.role.months_to_ready
    return None if months is None else Decimal(months)


def _weeks(card: RoleCard) -> Decimal | None:
    return Decimal(card.ring.weeks) if card.ring else None


def _entry_pay(card: RoleCard) -> Decimal | None:
    return -Decimal(card.entry.salary_min) if card.entry else None


def _demand(card: RoleCard) -> Decimal | None:
    return -card.demand.share if card.demand else None


# What comes first has the smallest key; roles that do not state it come last.
_KEYS: dict[str, Callable[[RoleCard], Decimal | None]] = {
    "months": _months,
    "weeks": _weeks,
    "pay": _entry_pay,
    "demand": _demand,
}


def in_order(cards: Iterable[RoleCard], by: str) -> list[RoleCard]:
    """Cards by months, weeks, pay or demand; in the editors' order for anything else, and among equals."""
    key = _KEYS.get(by)
    if key is None:
        return list(cards)
    return sorted(cards, key=lambda card: _none_last(key(card)))


def _none_last(value: Decimal | None) -> tuple[bool, Decimal]:
    return value is None, value or Decimal(0)
