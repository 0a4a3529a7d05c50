"""Whether a degree pays off, on the visitor's own figures. Pure arithmetic in Decimal; no database, no defaults.

US dollars before tax, in today's money: no raises, no inflation, no return on savings. Time runs in months from the
first month of study. With S months of study:

    outlay      = tuition + other costs - aid
    lost        = income lost a month × S
    gain        = (pay afterwards - pay now) ÷ 12                                    a month, from month S on
    balance(m)  = -outlay × m/S - income lost a month × m - interest(m)              for m ≤ S
    balance(m)  = -outlay - lost - interest(m) + gain × (m - S)                      for m > S

Without a loan, interest is 0. With one, at the rate r a year over n years, the outlay is borrowed evenly over the
months of study. Simple interest of r ÷ 12 a month runs on what has been drawn and is added to the debt when the studies
end, as with US loans to graduate students. Then D is owed and paid back in 12 × n equal payments of

    payment     = D × i ÷ (1 - (1 + i)^(-12n))      with i = r ÷ 12,      or D ÷ 12n where r is 0.

What is still owed counts as spent, so that interest is the only thing a loan changes about the balance.

The degree has paid off in the first month after the studies whose balance is not below 0. If it cost anything, it
stays so from there on: each month adds the gain less an interest that shrinks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cached_property

# Years that the table and the chart show.
YEARS_SHOWN = 10
# A degree that takes longer than a working life has not paid off.
MOST_YEARS = 50
_ZERO = Decimal(0)


class Verdict(Enum):
    PAID_OFF = "paid_off"
    TOO_LONG = "too_long"  # not within MOST_YEARS years
    NEVER = "never"  # the pay afterwards is not above the pay now
    NOTHING_TO_PAY_BACK = "nothing"  # aid covers costs and lost income


@dataclass(frozen=True, slots=True)
class Figures:
    """What the visitor gave. Dollars; pay and rate a year, lost income a month."""

    costs: Decimal  # tuition and other costs, or the total cost of attendance
    months: int
    pay_now: Decimal
    pay_after: Decimal
    aid: Decimal = _ZERO
    lost_a_month: Decimal = _ZERO
    rate: Decimal = _ZERO  # percent a year
    loan_years: int = 0  # 0: no loan

    @property
    def outlay(self) -> Decimal:
        """What is left to pay; below 0 where aid exceeds the costs."""
        return self.costs - self.aid

    @property
    def lost(self) -> Decimal:
        """Income given up over the whole of the studies."""
        return self.lost_a_month * self.months

    @property
    def gain(self) -> Decimal:
        """What the pay afterwards is above the pay now, a year; below 0 where it is less."""
        return self.pay_after - self.pay_now

    @property
    def gain_size(self) -> Decimal:
        """The gain without its sign."""
        return abs(self.gain)

    @property
    def borrowed(self) -> Decimal:
        return max(self.outlay, _ZERO) if self.loan_years else _ZERO


@dataclass(frozen=True)
class Return:
    """What the figures come to."""

    figures: Figures

    most_years = MOST_YEARS

    @cached_property
    def balances(self) -> tuple[Decimal, ...]:
        """The balance at the end of each month, from month 0 to the month MOST_YEARS years in."""
        return tuple(_balances(self.figures))

    @property
    def interest(self) -> Decimal:
        """All interest on the loan, until it is paid back."""
        return sum(_interest(self.figures), _ZERO)

    @property
    def cost(self) -> Decimal:
        """The whole of it: outlay, lost income and interest."""
        return self.figures.outlay + self.figures.lost + self.interest

    @cached_property
    def months_until_even(self) -> int | None:
        """Months from the beginning until it has paid off, or None: not within MOST_YEARS years."""
        after = range(self.figures.months, len(self.balances))
        return next((month for month in after if self.balances[month] >= 0), None)

    @property
    def verdict(self) -> Verdict:
        if self.cost <= 0:
            return Verdict.NOTHING_TO_PAY_BACK
        if self.figures.gain <= 0:
            return Verdict.NEVER
        return Verdict.TOO_LONG if self.months_until_even is None else Verdict.PAID_OFF

    @property
    def months_after_study(self) -> int | None:
        """The same, counted from the end of the studies."""
        return None if self.months_until_even is None else self.months_until_even - self.figures.months

    @property
    def by_year(self) -> list[tuple[int, Decimal]]:
        """The balance at the end of each year, from year 0 to YEARS_SHOWN."""
        return [(year, self.balances[12 * year]) for year in range(YEARS_SHOWN + 1)]

    @property
    def deepest(self) -> Decimal:
        """The lowest balance within the years shown."""
        return min(self.balances[: 12 * YEARS_SHOWN + 1])


def _balances(figures: Figures) -> Iterator[Decimal]:
    interest = _interest(figures)
    paid = _ZERO
    for month in range(12 * MOST_YEARS + 1):
        paid += next(interest, _ZERO) if month else _ZERO
        if month < figures.months:
            yield -figures.outlay * month / figures.months - figures.lost_a_month * month - paid
        else:
            yield -figures.outlay - figures.lost - paid + figures.gain * (month - figures.months) / 12


def _interest(figures: Figures) -> Iterator[Decimal]:
    """The interest of each month from the first: during the studies, then while the loan is paid back."""
    monthly = figures.rate / 1200
    if not figures.borrowed or not monthly:
        return
    owed = figures.borrowed
    for month in range(1, figures.months + 1):
        interest = figures.borrowed * month / figures.months * monthly
        owed += interest
        yield interest
    payments = 12 * figures.loan_years
    payment = owed * monthly / (1 - (1 + monthly) ** -payments)
    for _ in range(payments):
        interest = owed * monthly
        owed -= payment - interest
        yield interest
