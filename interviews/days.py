"""Study days: they begin at four in the morning, where the learner is. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

DAY_BEGINS = timedelta(hours=4)


def study_day(at: datetime, zone: tzinfo) -> date:
    """The study day of a moment. What is done after midnight belongs to the evening before."""
    return (at.astimezone(zone).replace(tzinfo=None) - DAY_BEGINS).date()
