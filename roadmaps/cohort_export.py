"""The progress of a cohort as CSV, for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from io import StringIO

from accounts.spreadsheets import BOM, defused
from roadmaps.cohort_page import CohortPage, Row
from roadmaps.risk import RULES


def cohort_csv(page: CohortPage) -> str:
    """One line a learner, everybody in the cohort; times are UTC."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([defused(each) for each in _head(page)])
    for row in page.rows(page.followings):
        writer.writerow([defused(each) for each in _line(row)])
    return BOM + out.getvalue()


def _head(page: CohortPage) -> Iterator[str]:
    yield from ("Learner", "Number", "Time zone", "Hours a week", "Joined", "On the roadmap since", "Left the roadmap")
    yield from ("Goals done", "Goals counted", "Goals skipped", "Percent", "Weeks of work done")
    yield from ("Weeks the plan expects", "Pace", "Last activity", "Milestones passed")
    for column in page.columns:
        of = f"Phase {column.phase.number}: {column.phase.title}"
        yield from (f"{of}, goals done", f"{of}, goals counted", f"{of}, milestone", f"{of}, times returned")
    yield from (rule.name for rule in RULES)
    yield "Why"


def _line(row: Row) -> Iterator[object]:
    following = row.following
    learner, cohort, progress, pace = row.learner, following.cohort, following.progress, following.pace
    yield from (learner.name, learner.pk, learner.timezone, learner.hours_a_week)
    yield _moment(cohort.joined_at if cohort else None)
    yield from (_moment(following.started_at), _moment(following.left_at))
    tally = progress.tally if progress else None
    yield from (tally.done, tally.counted, tally.skipped, tally.percent) if tally else ("", "", "", "")
    yield round(progress.weeks_done, 1) if progress else ""
    yield from (round(pace.expected, 1), pace.words) if pace else ("", "")
    yield _moment(following.last_sign)
    yield sum(cell.review is not None and cell.review.is_approved for cell in row.cells)
    for cell in row.cells:
        yield from (cell.tally.done, cell.tally.counted) if cell.tally else ("", "")
        yield (cell.review.word if cell.review else "") or "Not handed in"
        yield cell.review.returned if cell.review else 0
    applied = {found.rule.slug for found in row.findings}
    yield from ("yes" if rule.slug in applied else "no" for rule in RULES)
    yield " ".join(found.sentence for found in row.findings)


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else ""
