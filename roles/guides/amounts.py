"""Amounts as people type and read them: “$35,000”, “35k”, “6.5 %”, “2 years”. Pure.

What cannot be read is said in words.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

# Above this, somebody slipped on a key.
MOST_DOLLARS = 10_000_000

_TIMES = {None: 1, "k": 1_000, "thousand": 1_000, "m": 1_000_000, "million": 1_000_000}
# Longer text is no number; the pattern need not look at it.
_LONGEST = 40
_NUMBER = r"(?P<whole>[0-9]{1,3}(?:[, '][0-9]{3})+|[0-9]+)(?P<part>\.[0-9]{1,6})?"
_DOLLARS = re.compile(
    rf"(?:usd|us\$|\$)? ?{_NUMBER} ?(?P<times>k|m|thousand|million)?(?: ?(?:usd|dollars?|\$))?", re.IGNORECASE
)
_PERCENT = re.compile(rf"{_NUMBER} ?(?:%|percent)?", re.IGNORECASE)
_MONTHS = re.compile(r"(?P<whole>[0-9]+) ?(?:(?P<years>years?|y)|months?|m)?", re.IGNORECASE)
_YEARS = re.compile(r"(?P<whole>[0-9]+) ?(?:years?|y)?", re.IGNORECASE)


class UnreadableError(ValueError):
    """The text is no such amount; the message says what to write instead."""


def dollars(text: str) -> Decimal:
    """“$35,000”, “35 000”, “35k” or “1.2 million”, from 0 to MOST_DOLLARS, to the cent."""
    found = _match(_DOLLARS, text, "Write an amount in dollars, such as 35000, 35,000 or 35k.")
    times = found["times"]
    if found["part"] and len(found["part"]) > 3 and not times:
        # 35.000 is thirty-five thousand to some readers and thirty-five to others.
        raise UnreadableError("Write thousands with a comma, such as 35,000, and at most two digits after the point.")
    amount = _number(found) * _TIMES[times.lower() if times else None]
    return _within(amount, most=MOST_DOLLARS, said=f"Amounts above ${MOST_DOLLARS:,} are left out.")


def percent(text: str, *, most: int) -> Decimal:
    """“6.5” or “6.5 %”, from 0."""
    found = _match(_PERCENT, text, "Write a percentage, such as 6.5.")
    return _within(_number(found), most=most, said=f"Write a percentage up to {most}.")


def months(text: str, *, most: int) -> int:
    """“24”, “24 months” or “2 years”, from 1."""
    found = _match(_MONTHS, text, "Write a whole number of months, such as 24.")
    return _whole(found, times=12 if found["years"] else 1, most=most, said=f"Write 1 to {most} months.")


def years(text: str, *, most: int) -> int:
    """“10” or “10 years”, from 1."""
    found = _match(_YEARS, text, "Write a whole number of years, such as 10.")
    return _whole(found, times=1, most=most, said=f"Write 1 to {most} years.")


def in_dollars(amount: Decimal) -> str:
    """“$38,000”, “−$1,234”: to the dollar."""
    whole = int(amount.quantize(Decimal(1), ROUND_HALF_UP))
    return f"{'−' if whole < 0 else ''}${abs(whole):,}"


def in_years(months: int) -> str:
    """“4 years and 11 months”, “1 year”, “8 months”, “0 months”."""
    whole, rest = divmod(months, 12)
    parts = [_counted(number, unit) for number, unit in ((whole, "year"), (rest, "month")) if number]
    return " and ".join(parts) or "0 months"


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _match(pattern: re.Pattern[str], text: str, unreadable: str) -> re.Match[str]:
    plain = " ".join(unicodedata.normalize("NFKC", text[: 2 * _LONGEST]).replace("’", "'").split())
    if re.match(r"[-\u2212\u2013] ?[$0-9.]|\$ ?[-\u2212\u2013]", plain):
        raise UnreadableError("It cannot be negative.")
    found = pattern.fullmatch(plain) if len(plain) <= _LONGEST else None
    if found is None:
        raise UnreadableError(unreadable)
    return found


def _number(found: re.Match[str]) -> Decimal:
    return Decimal(re.sub("[, ']", "", found["whole"]) + (found["part"] or ""))


def _within(amount: Decimal, *, most: int, said: str) -> Decimal:
    if amount > most:
        raise UnreadableError(said)
    return amount


def _whole(found: re.Match[str], *, times: int, most: int, said: str) -> int:
    number = int(found["whole"]) * times
    if not 1 <= number <= most:
        raise UnreadableError(said)
    return number
