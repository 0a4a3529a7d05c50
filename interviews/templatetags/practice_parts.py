"""Figures of practice in words."""

from __future__ import annotations

from datetime import date

from django import template

register = template.Library()


@register.filter
def share(value: float | None) -> str:
    """“34%”; a chance that is neither nothing nor certain is never said to be."""
    if value is None:
        return "none yet"
    percent = round(100 * value)
    if percent == 0 and value > 0:
        return "under 1%"
    if percent == 100 and value < 1:
        return "over 99%"
    return f"{percent}%"


@register.filter
def percent_of(value: float | None) -> float:
    """For geometry: 0 to 100."""
    return round(100 * (value or 0.0), 1)


@register.filter
def dial_length(value: float | None) -> float:
    """On a dial of three quarters of a circle whose `pathLength` is 100."""
    return round(75 * (value or 0.0), 1)


@register.filter
def minutes(seconds: float) -> str:
    """“25 minutes”, “an hour and 10 minutes”; under one it says so."""
    whole = round(seconds / 60)
    if whole < 1:
        return "under a minute"
    hours, rest = divmod(whole, 60)
    said = [] if not hours else ["an hour" if hours == 1 else f"{hours} hours"]
    if rest:
        said.append(f"{rest} minute{'' if rest == 1 else 's'}")
    return " and ".join(said)


@register.filter
def short_day(day: date) -> str:
    """“Nov 2”."""
    return f"{day:%b} {day.day}"
