"""Learners on a role's roadmap as their mentors see them: progress, plan and pace, reviews, and what rules apply.

Two statements, one for people with the states of their goals and one for their reviews, whether for one learner on all
their roadmaps or for everybody in a cohort.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db import connection
from django.utils.timezone import localtime

from accounts.models import User
from mentoring.models import Cohort
from mentoring.models import State as ReviewState
from roadmaps.models import Publication, State
from roadmaps.models.publication import published
from roadmaps.models.shelf import Shelf, shelf_at
from roadmaps.pace import Pace, cohort_plan, own_plan
from roadmaps.progress import Progress, progress_of
from roadmaps.risk import Finding, Return, Situation, findings_of
from roles.blueprint import Phase
from roles.models import Role

type Row = dict[str, Any]
type Mark = tuple[State, datetime | None]  # of a goal: its state, and when it was done

_PERSON = ("email", "display_name", "timezone", "hours_a_week")
_COLUMNS = """
    person.id AS learner, person.email, person.display_name, person.timezone, person.hours_a_week,
    role.id AS role, role.slug, role.short_name,
    e.publication_id AS publication, e.started_at, e.left_at,
    m.joined_at, cohort.id AS cohort, cohort.name AS cohort_name, cohort.slug AS cohort_slug,
    cohort.starts_on, cohort.ends_on,
    coalesce(nullif(mentor.display_name, ''), split_part(mentor.email, '@', 1), '') AS mentor,
    coalesce(blocker.text, '') AS blocker, blocker.stated_at AS blocked_since,
    goals.states, goals.changed_at,
    (SELECT changed_in FROM roles_catalogversion) AS catalog,
    (SELECT count(*) + count(p.withdrawn_at) FROM roadmaps_publication p) AS published
"""
_JOINS = """
    JOIN accounts_user person ON person.id = r.learner_id
    JOIN roles_role role ON role.id = r.role_id
    LEFT JOIN roadmaps_enrolment e ON e.learner_id = r.learner_id AND e.role_id = r.role_id
    LEFT JOIN mentoring_membership m
        ON m.learner_id = r.learner_id AND m.role_id = r.role_id AND m.left_at IS NULL
    LEFT JOIN mentoring_cohort cohort ON cohort.id = m.cohort_id
    LEFT JOIN accounts_user mentor ON mentor.id = m.mentor_id
    LEFT JOIN mentoring_blocker blocker
        ON blocker.learner_id = r.learner_id AND blocker.role_id = r.role_id AND blocker.cleared_at IS NULL
    LEFT JOIN LATERAL (
        SELECT jsonb_object_agg(g.goal_key, jsonb_build_array(g.state, g.done_at)) AS states,
            max(g.changed_at) AS changed_at
        FROM roadmaps_goalstate g
        WHERE g.enrolment_id = e.id
    ) goals ON true
"""
# Everybody in a cohort, on its roadmap.
_OF_COHORT = f"""
    WITH r AS MATERIALIZED (
        SELECT learner_id, role_id FROM mentoring_membership WHERE cohort_id = %s AND left_at IS NULL
    )
    SELECT {_COLUMNS} FROM r {_JOINS}
"""  # noqa: S608  (constants)
# One learner, on every roadmap that they are or were on or have a cohort for.
_OF_LEARNER = f"""
    WITH r AS MATERIALIZED (
        SELECT learner_id, role_id FROM roadmaps_enrolment WHERE learner_id = %(learner)s
        UNION
        SELECT learner_id, role_id FROM mentoring_membership WHERE learner_id = %(learner)s AND left_at IS NULL
    )
    SELECT {_COLUMNS} FROM r {_JOINS}
    ORDER BY e.left_at IS NOT NULL, coalesce(e.started_at, m.joined_at), role.id
"""  # noqa: S608  (constants)
_REVIEWS = """
    SELECT
        t.learner_id, t.role_id, t.subject::text, t.state, t.lease_until, t.number AS rounds, t.queued_from,
        coalesce(nullif(holder.display_name, ''), split_part(holder.email, '@', 1), '') AS holder,
        s.last, s.returned, s.answered_at, s.approved_at,
        greatest(
            s.submitted_at,
            (SELECT max(v.added_at) FROM mentoring_evidence v WHERE v.thread_id = t.id),
            (
                SELECT max(c.created_at)
                FROM mentoring_submission x JOIN mentoring_comment c ON c.submission_id = x.id
                WHERE x.thread_id = t.id AND c.author_id = t.learner_id
            )
        ) AS last_sign
    FROM mentoring_thread t
    LEFT JOIN accounts_user holder ON holder.id = t.holder_id
    CROSS JOIN LATERAL (
        SELECT
            max(s.id) FILTER (WHERE s.outcome <> 'withdrawn') AS last,
            count(*) FILTER (WHERE s.outcome = 'returned') AS returned,
            max(s.submitted_at) AS submitted_at,
            max(s.closed_at) FILTER (WHERE s.outcome IN ('returned', 'approved')) AS answered_at,
            max(s.closed_at) FILTER (WHERE s.outcome = 'approved') AS approved_at
        FROM mentoring_submission s
        WHERE s.thread_id = t.id
    ) s
    WHERE t.learner_id = ANY (%s) AND t.kind = 'milestone'
    ORDER BY t.queued_from NULLS LAST, t.id
"""


@dataclass(frozen=True, slots=True)
class Review:
    """Where the review of one milestone stands."""

    subject: str  # the milestone's key
    state: ReviewState  # as people should see it: a claim whose lease is over waits like any other
    rounds: int  # how often it was handed in
    returned: int  # how often it came back
    holder: str  # who has it in hand
    queued_from: datetime | None  # while it waits: where it stands in the queue
    last: int | None  # the last submission that mentors may read
    answered_at: datetime | None  # the last decision
    approved_at: datetime | None
    last_sign: datetime | None  # of the learner

    @property
    def is_open(self) -> bool:
        return self.state in (ReviewState.SUBMITTED, ReviewState.CLAIMED)

    @property
    def is_approved(self) -> bool:
        return self.state == ReviewState.APPROVED

    @property
    def glyph(self) -> str:
        """The state as one of the glyphs."""
        return {
            ReviewState.SUBMITTED: "review",
            ReviewState.CLAIMED: "review",
            ReviewState.RETURNED: "returned",
            ReviewState.APPROVED: "done",
        }.get(self.state, "doing" if self.last_sign else "todo")

    @property
    def word(self) -> str:
        """In one or two words; empty before anything was handed in."""
        return {
            ReviewState.SUBMITTED: "Waiting",
            ReviewState.CLAIMED: "In review",
            ReviewState.RETURNED: "Returned",
            ReviewState.APPROVED: "Passed",
        }.get(self.state, "")


@dataclass(frozen=True, slots=True)
class CohortOf:
    """The cohort in which a learner follows a role."""

    pk: int
    name: str
    slug: str
    starts_on: date
    ends_on: date | None
    joined_at: datetime
    mentor: str  # who looks after the learner there, if one does more than the others


@dataclass
class Following:
    """One learner and one role. Without a progress they are not on its roadmap, or there is none."""

    learner: User
    role: Role
    now: datetime
    progress: Progress | None
    started_at: datetime | None
    left_at: datetime | None
    edition: int | None
    newest_edition: int | None
    cohort: CohortOf | None
    blocker: str
    blocked_since: datetime | None
    marks: Mapping[str, Mark]  # by the goal's key
    changed_at: datetime | None  # the last change of a goal
    reviews: Mapping[str, Review]  # by the milestone's key

    @property
    def is_on_roadmap(self) -> bool:
        return self.progress is not None and self.left_at is None

    @property
    def is_finished(self) -> bool:
        return self.progress is not None and self.progress.tally.is_complete

    @cached_property
    def pace(self) -> Pace | None:
        """None where there is nothing to keep pace with."""
        if self.progress is None or self.left_at is not None or self.started_at is None:
            return None
        weeks = self.progress.roadmap.weeks
        if self.cohort is None:
            plan = own_plan(started_on=localtime(self.started_at).date(), weeks=weeks, hours=self.learner.hours_a_week)
        else:
            joined_on = localtime(self.cohort.joined_at).date()
            plan = cohort_plan(
                starts_on=self.cohort.starts_on, ends_on=self.cohort.ends_on, weeks=weeks, joined_on=joined_on
            )
        return Pace(plan, self.progress, localtime(self.now).date())

    @property
    def week(self) -> int:
        """The week of their plan that it is; 0 before it begins."""
        return self.pace.plan.week(self.pace.on) if self.pace else 0

    @cached_property
    def last_sign(self) -> datetime | None:
        """The last goal, evidence, submission or comment of theirs."""
        signs = [self.changed_at, *(each.last_sign for each in self.reviews.values())]
        return max((each for each in signs if each is not None), default=None)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The rules of `roadmaps.risk` that apply."""
        return findings_of(self._situation)

    @property
    def is_new(self) -> bool:
        return self._situation.is_new

    @cached_property
    def _situation(self) -> Situation:
        arrivals = [self.started_at, self.cohort.joined_at if self.cohort else None]
        answers = [each.answered_at for each in self.reviews.values() if each.answered_at is not None]
        return Situation(
            now=self.now,
            since=max((each for each in arrivals if each is not None), default=self.now),
            last_sign=self.last_sign,
            answered_at=max(answers, default=None),
            is_waiting=any(each.is_open for each in self.reviews.values()),
            is_on_roadmap=self.is_on_roadmap,
            is_finished=self.is_finished,
            pace=self.pace,
            returns=self._returns,
            blocker=self.blocker,
            blocked_since=self.blocked_since,
        )

    @property
    def _returns(self) -> tuple[Return, ...]:
        back = (each for each in self.reviews.values() if each.returned and not each.is_approved)
        return tuple(Return(self.title_of(each.subject), each.returned) for each in back)

    @cached_property
    def _milestones(self) -> Mapping[str, Phase]:
        return {phase.milestone.key: phase for phase in self.progress.roadmap.phases} if self.progress else {}

    def title_of(self, milestone: str) -> str:
        """The phase that a milestone, named by its key, ends."""
        phase = self._milestones.get(milestone)
        return phase.title if phase else "A milestone of an earlier edition"

    def review_of(self, phase: Phase) -> Review | None:
        """The review of a phase's milestone, once something was handed in."""
        review = self.reviews.get(phase.milestone.key)
        return review if review is not None and review.rounds else None


def in_cohort(cohort: Cohort, *, now: datetime) -> list[Following]:
    """Everybody who is in the cohort at present, by name. Two queries."""
    rows = _asked(_OF_COHORT, [cohort.pk])
    reviews = _reviews([row["learner"] for row in rows], now)
    found = _followings(rows, reviews, now)
    return sorted(found, key=lambda each: (each.learner.name.casefold(), each.learner.pk))


def of_learner(learner: User, *, now: datetime) -> list[Following]:
    """A learner on each of their roadmaps, those that they left last. Two queries."""
    rows = _asked(_OF_LEARNER, {"learner": learner.pk})
    reviews = _reviews([learner.pk], now)
    return _followings(rows, reviews, now)


def _asked(question: str, values: Any) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _reviews(learners: list[int], now: datetime) -> dict[tuple[int, int], dict[str, Review]]:
    """By learner and role the reviews by milestone, those that wait longest first."""
    found: dict[tuple[int, int], dict[str, Review]] = {}
    for row in _asked(_REVIEWS, [learners]) if learners else ():
        of, lease_until = (row.pop("learner_id"), row.pop("role_id")), row.pop("lease_until")
        row["state"] = ReviewState(row["state"])
        if row["state"] == ReviewState.CLAIMED and lease_until <= now:
            row |= {"state": ReviewState.SUBMITTED, "holder": ""}
        found.setdefault(of, {})[row["subject"]] = Review(**row)
    return found


def _followings(
    rows: list[Row], reviews: Mapping[tuple[int, int], Mapping[str, Review]], now: datetime
) -> list[Following]:
    roles = {row["role"]: row for row in rows}
    known = {pk: Role(pk=pk, slug=row["slug"], short_name=row["short_name"]) for pk, row in roles.items()}
    return [_following(row, known[row["role"]], reviews.get((row["learner"], row["role"]), {}), now) for row in rows]


def _following(row: Row, role: Role, reviews: Mapping[str, Review], now: datetime) -> Following:
    shelf = shelf_at(row["catalog"], row["published"])
    newest = shelf.newest.get(row["role"])
    pinned = shelf.publications[row["publication"]] if row["publication"] else None
    marks = {
        key: (State(state), datetime.fromisoformat(done_at) if done_at else None)
        for key, (state, done_at) in json.loads(row["states"] or "{}").items()
    }
    return Following(
        learner=User(pk=row["learner"], **{name: row[name] for name in _PERSON}),
        role=role,
        now=now,
        progress=_progress(shelf, pinned, marks) if pinned else None,
        started_at=row["started_at"],
        left_at=row["left_at"],
        edition=pinned.edition if pinned else None,
        newest_edition=shelf.publications[newest].edition if newest else None,
        cohort=_cohort(row) if row["cohort"] else None,
        blocker=row["blocker"],
        blocked_since=row["blocked_since"],
        marks=marks,
        changed_at=row["changed_at"],
        reviews=reviews,
    )


def _progress(shelf: Shelf, pinned: Publication, marks: Mapping[str, Mark]) -> Progress:
    roadmap = published(shelf.newest_of_edition[pinned.role_id, pinned.edition]).roadmap
    return progress_of(roadmap, {key: state for key, (state, _) in marks.items()})


def _cohort(row: Row) -> CohortOf:
    return CohortOf(
        row["cohort"],
        row["cohort_name"],
        row["cohort_slug"],
        row["starts_on"],
        row["ends_on"],
        row["joined_at"],
        row["mentor"],
    )
