from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roles.guides.balance_chart import balance_chart
from roles.guides.degree_return import MOST_YEARS, YEARS_SHOWN, Figures, Return, Verdict


def found(**given):
    plain = {"costs": 48_000, "months": 42, "pay_now": 82_000, "pay_after": 110_000} | given
    whole = {"months", "loan_years"}
    return Return(Figures(**{name: value if name in whole else Decimal(value) for name, value in plain.items()}))


amounts = st.integers(0, 10_000_000)
figures = st.fixed_dictionaries(
    {
        "costs": amounts,
        "months": st.integers(1, 120),
        "pay_now": amounts,
        "pay_after": amounts,
        "aid": amounts,
        "lost_a_month": st.integers(0, 1_000_000),
        "rate": st.decimals(0, 40, places=2),
        "loan_years": st.integers(0, 40),
    }
)


def test_part_time_beside_the_job_pays_off_by_the_gain_alone():
    result = found(aid=10_000)
    # $38,000 at $28,000 more a year: 16.3 months after the studies, so in the 17th.
    assert result.cost == 38_000
    assert result.months_after_study == 17
    assert result.months_until_even == 59
    assert result.verdict == Verdict.PAID_OFF
    assert result.by_year[10] == (10, Decimal(144_000))


def test_lost_income_counts_for_every_month_of_study():
    result = found(months=24, lost_a_month=5_000)
    assert result.figures.lost == 120_000
    assert result.cost == 168_000
    assert result.balances[12] == -84_000
    assert result.balances[24] == -168_000
    assert result.months_after_study == 72


def test_pay_that_does_not_rise_never_pays_it_off():
    assert found(pay_after=82_000).verdict == Verdict.NEVER
    assert found(pay_after=60_000).verdict == Verdict.NEVER
    assert found(pay_after=60_000).months_until_even is None


def test_a_gain_too_small_for_a_working_life_is_said_so():
    assert found(pay_after=82_001).verdict == Verdict.TOO_LONG


def test_where_aid_covers_everything_there_is_nothing_to_pay_back():
    assert found(aid=48_000).verdict == Verdict.NOTHING_TO_PAY_BACK
    assert found(aid=60_000).verdict == Verdict.NOTHING_TO_PAY_BACK
    assert found(aid=48_000, lost_a_month=1).verdict == Verdict.PAID_OFF


def test_the_interest_of_a_loan_is_that_of_equal_payments():
    result = found(costs=24_000, months=24, rate=6, loan_years=10)
    # Drawn evenly, $1,000 a month: simple interest of 0.5% on 1, 2, … 24 thousand while studying.
    while_studying = Decimal("0.005") * 1_000 * sum(range(1, 25))
    debt = 24_000 + while_studying
    payment = debt * Decimal("0.005") / (1 - Decimal("1.005") ** -120)
    assert result.interest == pytest.approx(payment * 120 - 24_000)
    assert result.balances[24] == -debt
    assert result.balances[24 + 120] == pytest.approx(-payment * 120 + 28_000 * 10)


def test_a_loan_without_interest_changes_nothing():
    assert found(rate=0, loan_years=10).balances == found().balances


def test_aid_is_not_borrowed():
    assert found(aid=48_000, rate=8, loan_years=10).interest == 0


@given(figures)
def test_any_figures_come_to_a_result(values):
    result = found(**values)
    assert len(result.balances) == 12 * MOST_YEARS + 1
    assert result.balances[0] == 0
    assert result.interest >= 0
    assert len(result.by_year) == YEARS_SHOWN + 1
    assert (result.verdict == Verdict.NEVER) == (result.cost > 0 and result.figures.gain <= 0)
    chart = balance_chart(result)
    assert all(0 <= float(number) <= 100 for point in chart.points.split() for number in point.split(","))
    assert all(0 <= line.y <= 100 for line in chart.lines)
    assert len(chart.lines) <= 8


@given(figures)
def test_once_it_has_paid_off_it_stays_so(values):
    result = found(**values)
    if result.verdict == Verdict.PAID_OFF:
        assert all(balance >= 0 for balance in result.balances[result.months_until_even :])
        before = result.balances[values["months"] : result.months_until_even]
        assert all(balance < 0 for balance in before)


@given(figures, st.integers(1, 1_000_000))
def test_what_costs_more_or_brings_less_never_pays_off_sooner(values, more):
    plain = found(**values)
    worse = [{"costs": values["costs"] + more}, {"lost_a_month": values["lost_a_month"] + more}]
    worse += [{"pay_now": values["pay_now"] + more}, {"rate": min(values["rate"] + more, Decimal(1000))}]
    for change in worse:
        assert _wait(found(**values | change)) >= _wait(plain)
    assert _wait(found(**values | {"aid": values["aid"] + more})) <= _wait(plain)
    assert _wait(found(**values | {"pay_after": values["pay_after"] + more})) <= _wait(plain)


def _wait(result):
    return float("inf") if result.months_until_even is None else result.months_until_even


@given(figures)
def test_while_studying_the_balance_only_falls(values):
    values["aid"] = min(values["aid"], values["costs"])
    study = found(**values).balances[: values["months"] + 1]
    assert all(later <= earlier for earlier, later in pairwise(study))


def test_the_chart_marks_where_it_has_paid_off_and_where_studies_end():
    chart = balance_chart(found(aid=10_000))
    assert chart.even == round(100 * 59 / 120, 2)
    assert chart.studies == 35
    assert balance_chart(found(pay_after=84_000)).even is None


def test_the_chart_stands_where_nothing_is_spent_or_gained():
    chart = balance_chart(found(costs=0, pay_after=82_000))
    assert [line.label for line in chart.lines] == ["$1"]
    assert set(chart.points.split()) == {f"{x},100.0" for x in (round(100 * m / 120, 2) for m in range(0, 121, 3))}
