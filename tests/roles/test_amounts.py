from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from roles.guides import amounts
from roles.guides.amounts import MOST_DOLLARS, UnreadableError, dollars, in_dollars, in_years, months, percent, years


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("35000", 35000),
        (" 35,000 ", 35000),
        ("$35,000", 35000),
        ("$ 35 000", 35000),
        ("35 000", 35000),
        ("35’000", 35000),
        ("35k", 35000),
        ("$35K", 35000),
        ("1.2 million", 1_200_000),
        ("US$ 4,500.50", Decimal("4500.50")),
        ("4500 dollars", 4500),
        ("USD 120,000", 120_000),
        ("３５０００", 35000),
        ("0", 0),
        ("10,000,000", MOST_DOLLARS),
    ],
)
def test_amounts_are_read_as_people_write_them(text, amount):
    assert dollars(text) == amount


@pytest.mark.parametrize(
    "text",
    ["NaN", "inf", "1e9", "abc", "35k k", "35,00", "3,50,000", "1,2", "$", "k", "0x10", "--5", "5-10", "٣٥", "9" * 400],
)
def test_what_is_no_amount_is_said_with_an_example(text):
    with pytest.raises(UnreadableError, match="such as 35000, 35,000 or 35k"):
        dollars(text)


@pytest.mark.parametrize("text", ["-5", "−5", "- $5", "$-5", "-0.5"])
def test_a_negative_amount_is_called_so(text):
    with pytest.raises(UnreadableError, match="negative"):
        dollars(text)


def test_an_enormous_amount_is_turned_away():
    with pytest.raises(UnreadableError, match=r"\$10,000,000"):
        dollars("10,000,001")
    with pytest.raises(UnreadableError, match=r"\$10,000,000"):
        dollars("999999999999999999999")


def test_a_point_before_three_digits_is_asked_about():
    with pytest.raises(UnreadableError, match="Write thousands with a comma"):
        dollars("35.000")


@pytest.mark.parametrize(("text", "number"), [("24", 24), ("24 months", 24), ("2 years", 24), ("1 month", 1)])
def test_months_may_be_given_in_years(text, number):
    assert months(text, most=120) == number


@pytest.mark.parametrize("text", ["0", "121", "11 years", "99999999999999999999"])
def test_months_beyond_the_limits_name_the_limits(text):
    with pytest.raises(UnreadableError, match="Write 1 to 120 months"):
        months(text, most=120)


@pytest.mark.parametrize("text", ["1.5", "two", "24 weeks", "-3"])
def test_what_is_no_number_of_months_is_said(text):
    with pytest.raises(UnreadableError):
        months(text, most=120)


@pytest.mark.parametrize(("text", "rate"), [("6.5", "6.5"), ("6.5%", "6.5"), ("7 percent", "7"), ("0", "0")])
def test_rates_are_read(text, rate):
    assert percent(text, most=40) == Decimal(rate)


@pytest.mark.parametrize("text", ["41", "-1", "NaN", "6,5", "x"])
def test_rates_that_make_no_sense_are_said(text):
    with pytest.raises(UnreadableError):
        percent(text, most=40)


@given(st.text(max_size=60))
@example("$")
@example("\x00")
@example("½")
def test_no_text_breaks_a_reader(text):
    for read in (dollars, lambda each: percent(each, most=40), lambda each: months(each, most=120)):
        with suppress(UnreadableError):
            assert 0 <= read(text) <= MOST_DOLLARS
    with suppress(UnreadableError):
        assert 1 <= years(text, most=40) <= 40


@given(st.integers(0, MOST_DOLLARS))
def test_what_is_shown_can_be_typed_again(amount):
    assert dollars(in_dollars(Decimal(amount))) == amount


@pytest.mark.parametrize(
    ("amount", "said"), [("38000", "$38,000"), ("-1234.50", "−$1,235"), ("-0.2", "$0"), ("0.5", "$1"), ("0", "$0")]
)
def test_amounts_are_shown_to_the_dollar(amount, said):
    assert in_dollars(Decimal(amount)) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [(59, "4 years and 11 months"), (12, "1 year"), (13, "1 year and 1 month"), (8, "8 months"), (0, "0 months")],
)
def test_months_are_shown_in_years(number, said):
    assert in_years(number) == said


def test_only_plain_digits_reach_the_arithmetic():
    # Python's own int() and Decimal() would take these.
    for text in ("١٢٣", "1_000", "०"):
        with pytest.raises(amounts.UnreadableError):
            dollars(text)
