"""Figures of sources that a visitor may take over into the return calculator: by a link that says whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from roles.guides.parts.degree import Costs
from roles.models import Claim, CostItem, DegreeOption, Statistic, Verification


@dataclass(frozen=True, slots=True)
class Preset:
    """One figure, and what taking it over changes in the address; None takes a value away."""

    label: str
    changes: dict[str, str | None]
    claim: Claim


@dataclass(frozen=True, slots=True)
class Presets:
    """The figures for one field that one source states."""

    title: str
    note: str
    presets: list[Preset]

    @property
    def claim(self) -> Claim:
        """Who states them, and how far they could be checked."""
        return self.presets[0].claim


def presets_of(costs: Costs, figures: Iterable[Statistic]) -> list[Presets]:
    """What the catalog offers. Pay only where it could be checked: an unsourced figure is no ground to calculate on."""
    return [
        *_grouped("Tuition", "Takes the place of a total cost.", _tuition(costs.options)),
        *_grouped("Total cost of attendance", "Takes the place of tuition and other costs.", _total(costs.groups)),
        *_grouped("Months of study", "", _months(costs.options)),
        *_grouped("Pay expected afterwards", "A median of all, not of graduates in their first year.", _pay(figures)),
    ]


def _tuition(options: Iterable[DegreeOption]) -> Iterator[Preset]:
    for option in options:
        for end, amount in (("lower", option.tuition_min), ("upper", option.tuition_max)):
            if amount is not None:
                changes = {"tuition": str(amount), "total": None}
                yield Preset(f"{option.name}, {end} end: ${amount:,}", changes, option)


def _total(groups: Iterable[tuple[str, list[CostItem]]]) -> Iterator[Preset]:
    """Each amount once, under the name that says most: that of the item whose only amount it is."""
    named: dict[int, CostItem] = {}
    for item in (item for _, items in groups for item in items if item.kind == CostItem.Kind.TOTAL):
        amounts = [amount for amount in (item.amount_min, item.amount_max) if amount is not None]
        for amount in amounts:
            if amount not in named or len(amounts) == 1:
                named[amount] = item
    for amount, item in sorted(named.items(), key=lambda each: each[0]):
        about = "about " if item.approximate else ""
        changes = {"total": str(amount), "tuition": None, "other": None}
        yield Preset(f"{item.name}: {about}${amount:,}", changes, item)


def _months(options: Iterable[DegreeOption]) -> Iterator[Preset]:
    for option in options:
        for months in (option.months_min, option.months_max):
            if months is not None:
                yield Preset(f"{option.name}: {months} months", {"months": str(months)}, option)


def _pay(figures: Iterable[Statistic]) -> Iterator[Preset]:
    for figure in figures:
        is_pay = figure.topic == Statistic.Topic.PAY and figure.unit == Statistic.Unit.USD
        if is_pay and figure.value_high is None and figure.verification == Verification.VERIFIED:
            yield Preset(f"{figure.subject}: {figure.shown}", {"after": str(int(figure.value_low))}, figure)


def _grouped(title: str, note: str, presets: Iterable[Preset]) -> Iterator[Presets]:
    for _, those in groupby(presets, key=lambda preset: (preset.claim.source.code, preset.claim.verification)):
        yield Presets(title, note, list(those))
