"""How long a review takes, in words that promise no more than what really happened. Pure."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

from mentoring.waiting import Wait

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def promise(wait: Wait | None, *, again: bool) -> str:
    """One sentence or two on how long others waited; `again`: after their first round."""
    if wait is None:
        return "Nobody can say yet how long it takes: too few reviews were answered so far. You hear when one begins."
    what = "answers to work that came back" if again else "first answers"
    where = "" if wait.of_role else " across all roles, because this one has too few"
    return f"Half of all {what} came within {within(wait.median)}, nine of ten within {within(wait.most)}{where}."


def usually(wait: Wait) -> str:
    """“usually 1 to 3 days”: from the median to the 90th percentile."""
    least, most = within(wait.median), within(wait.most)
    if least == most:
        return f"usually within {most}"
    number, unit = least.split()
    return (
        f"usually {number} to {most}"
        if unit.rstrip("s") == most.split()[1].rstrip("s")
        else f"usually {least} to {most}"
    )


def within(span: timedelta) -> str:
    """Rounded up: “1 hour”, “20 hours”, “3 days”."""
    hours = max(ceil(span / _HOUR), 1)
    if hours < 24:
        return _counted(hours, "hour")
    return _counted(ceil(span / _DAY), "day")


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
