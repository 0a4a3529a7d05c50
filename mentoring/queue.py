"""The queue of a mentor: what waits, oldest first by the time that it waited for mentors. Read-only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone

from accounts.models import User
from mentoring import queue_sql as sql
from mentoring.models import EvidenceKind, FileKind

PAGE, COUNTED, LAST_DECISIONS = sql.PAGE, sql.COUNTED, sql.LAST_DECISIONS
# From when on a wait is called long.
LONG = timedelta(days=3)
# How many at its head are tried for the next one: as many mentors may ask at the same moment.
CANDIDATES = 50
# How many of a mentor's own last decisions their lists rest on.
OWN_DECISIONS = 1_000


class Place(NamedTuple):
    """A row's place in the order of the queue: what comes next comes after it."""

    at: datetime
    number: int


@dataclass(frozen=True, slots=True)
class Covered:
    """A role whose open pool the mentor reviews."""

    number: int
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Led:
    """A cohort of the mentor's."""

    number: int
    slug: str
    name: str
    role: int
    role_slug: str
    role_name: str


@dataclass(frozen=True)
class Scope:
    """What a mentor may review, and how they are doing. `held` counts running leases only."""

    user: User
    is_known: bool  # whether staff ever settled anything with them
    limit: int
    away_from: datetime | None
    away_until: datetime | None
    roles: tuple[Covered, ...]
    cohorts: tuple[Led, ...]
    held: int
    answered: int  # this week, at most COUNTED + 1
    usual_answer: timedelta | None
    has_first_refusals: bool

    def is_away(self, now: datetime) -> bool:
        begun = self.away_from is not None and self.away_from <= now
        return begun and (self.away_until is None or self.away_until > now)

    @cached_property
    def role_choices(self) -> list[tuple[str, str]]:
        names = {each.role_slug: each.role_name for each in self.cohorts} | {
            each.slug: each.name for each in self.roles
        }
        return sorted(names.items(), key=lambda each: each[1])

    @property
    def choices(self) -> tuple[object, ...]:
        """What stands for all that the queue can be narrowed by."""
        return (self.roles, self.cohorts)

    @cached_property
    def role_names(self) -> dict[int, str]:
        return {each.role: each.role_name for each in self.cohorts} | {each.number: each.name for each in self.roles}

    @cached_property
    def role_slugs(self) -> dict[int, str]:
        return {each.role: each.role_slug for each in self.cohorts} | {each.number: each.slug for each in self.roles}

    @cached_property
    def cohort_names(self) -> dict[int, str]:
        return {each.number: each.name for each in self.cohorts}

    @property
    def key(self) -> tuple[object, ...]:
        """What stands for all of it that is shown."""
        doing = (self.is_known, self.limit, self.held, self.answered, self.usual_answer, self.away_until)
        return (self.roles, self.cohorts, *doing)

    @property
    def is_empty(self) -> bool:
        """Nothing could ever wait for them."""
        return not self.roles and not self.cohorts

    @property
    def may_take_more(self) -> bool:
        return self.held < self.limit


@dataclass(frozen=True, slots=True)
class Narrowed:
    """How a mentor narrows their queue; everything by default."""

    role: str = ""
    cohort: str = ""
    kind: str = ""  # a Kind value
    again: bool = False  # second and later rounds
    mine: bool = False  # of my cohorts, or first refusal is mine

    @property
    def is_at_all(self) -> bool:
        return self != Narrowed()


class Row(NamedTuple):
    """A line of a list. Everything that it shows, so that its markup can be kept."""

    number: int  # of the submission
    order: int  # among rows of the same moment
    learner: str
    title: str
    place: str  # such as “Milestone 3”
    message: str
    round: int
    kinds: str  # of evidence: “Link, Notebook”
    cohort: str
    role: str
    at: datetime  # queued from, or decided at
    second_opinion: bool
    reserved_for: str  # who has first refusal, if it is somebody else
    is_reserved: bool  # for the mentor who reads
    lease_over: bool
    lease_until: datetime | None
    ruling: str  # in lists of what was decided

    @property
    def is_late(self) -> bool:
        return timezone.now() - self.at > LONG

    @property
    def initials(self) -> str:
        return "".join(word[0] for word in self.learner.replace(".", " ").split()[:2]).upper() or "?"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page of the queue. `found` counts up to COUNTED + 1 from where the page begins."""

    rows: list[Row]
    found: int
    oldest: datetime | None
    next: Place | None

    @property
    def offered(self) -> Row | None:
        """The first that nobody else has first refusal on."""
        return next((row for row in self.rows if not row.reserved_for), None)


def scope_of(user: User, *, now: datetime) -> Scope:
    """What the mentor may review: one query."""
    values: dict[str, Any] = {
        "me": user.pk,
        "now": now,
        "week": _monday(user, now),
        "counted": COUNTED + 1,
        "last": LAST_DECISIONS,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.SCOPE, values)
        (found,) = cursor.fetchone()
    return _scope(user, *found)


def _scope(
    user: User,
    limit: int | None,
    away_from: str | None,
    away_until: str | None,
    roles: list[Any] | None,
    cohorts: list[Any] | None,
    held: int,
    answered: int,
    usual: float | None,
    reserved: bool,
) -> Scope:
    return Scope(
        user=user,
        is_known=limit is not None,
        limit=limit or 0,
        away_from=datetime.fromisoformat(away_from) if away_from else None,
        away_until=datetime.fromisoformat(away_until) if away_until else None,
        roles=tuple(Covered(*each) for each in roles or ()),
        cohorts=tuple(Led(*each) for each in cohorts or ()),
        held=held,
        answered=answered,
        usual_answer=timedelta(seconds=usual) if usual is not None else None,
        has_first_refusals=reserved,
    )


def first_page(user: User, *, now: datetime) -> tuple[Scope, Waiting]:
    """What `scope_of` and `waiting` say of the beginning, narrowed by nothing: one query, planned once a connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT mentoring_queue_of(%s, %s, %s)", [user.pk, now, _monday(user, now)])
        ((found, (count, rows)),) = cursor.fetchone()
    scope = _scope(user, *found)
    return scope, _waiting(scope, count, rows)


_KINDS = {each.value: str(each.label) for each in (*EvidenceKind, *FileKind)}
_OF_THREADS, _OF_DECISIONS = sql.COLUMNS.format(order="t.id"), sql.COLUMNS.format(order="d.id")
_AT = Row._fields.index("at")
_BEGINNING = Place(datetime.min.replace(tzinfo=UTC), 0)


def waiting(scope: Scope, narrowed: Narrowed, *, after: Place | None, now: datetime) -> Waiting:
    """A page of what waits for this mentor, from the beginning or after a row: one query."""
    sources, values = _sources(scope, narrowed, after=after, now=now)
    if not sources:
        return Waiting([], 0, None, None)
    values |= {"most": COUNTED + 1, "page": PAGE}
    with connection.cursor() as cursor:
        cursor.execute(sql.WAITING.format(sources=sources, columns=_OF_THREADS, present=sql.PRESENT), values)
        ((count, found),) = cursor.fetchone()
    return _waiting(scope, count, found)


def _waiting(scope: Scope, count: int, found: list[list[Any]] | None) -> Waiting:
    rows = []
    for columns in found or ():
        columns[_AT] = datetime.fromisoformat(columns[_AT])
        rows.append(_row(scope, *columns))
    last = rows[-1] if count > len(rows) else None
    return Waiting(
        rows, count if rows else 0, rows[0].at if rows else None, Place(last.at, last.order) if last else None
    )


def first_in_line(scope: Scope, narrowed: Narrowed, *, now: datetime) -> list[int]:
    """Ids of the threads at the head of the queue that nobody else has first refusal on: one query."""
    sources, values = _sources(
        scope, narrowed, after=None, now=now, condition=sql.NOT_RESERVED.format(present=sql.PRESENT)
    )
    if not sources:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql.FIRST.format(sources=sources), values | {"most": CANDIDATES})
        return [number for (number,) in cursor.fetchall()]


def in_hand(scope: Scope, *, now: datetime) -> list[Row]:
    """What the mentor holds, also where the lease is over and nobody else took it."""
    return _rows(scope, sql.HELD.format(columns=_OF_THREADS), {"me": scope.user.pk, "now": now})


def with_the_learner(scope: Scope, *, after: Place | None) -> Waiting:
    """What the mentor returned and the learner has not handed in again."""
    return _decided(scope, "WHERE t.state = 'returned' AND s.number = t.number AND d.ruling = 'returned'", after)


def answered(scope: Scope, *, after: Place | None) -> Waiting:
    """What the mentor decided on, newest first."""
    return _decided(scope, "", after)


def _decided(scope: Scope, narrowed: str, after: Place | None) -> Waiting:
    after = after or Place(datetime.max.replace(tzinfo=UTC), 0)
    values = {
        "me": scope.user.pk,
        "after": after.at,
        "after_id": after.number,
        "own": OWN_DECISIONS if narrowed else PAGE + 1,
        "most": PAGE + 1,
    }
    rows = _rows(scope, sql.DECIDED.format(narrowed=narrowed, columns=_OF_DECISIONS), values)
    shown = rows[:PAGE]
    more = len(rows) > PAGE
    return Waiting(shown, len(rows), None, Place(shown[-1].at, shown[-1].order) if more else None)


def _sources(
    scope: Scope, narrowed: Narrowed, *, after: Place | None, now: datetime, condition: str = ""
) -> tuple[str, dict[str, Any]]:
    """The walks that a question needs, and the values of their parameters."""
    cohorts = [each.number for each in scope.cohorts if _fits(each, narrowed)]
    roles = [each.number for each in scope.roles if narrowed.role in ("", each.slug)]
    parts = [sql.OF_COHORTS] if cohorts else []
    if not narrowed.cohort:
        parts += [sql.RESERVED] if scope.has_first_refusals else []
        parts += [sql.OF_ROLES] if roles and not narrowed.mine else []
    place = after or _BEGINNING
    values = {
        "me": scope.user.pk,
        "now": now,
        "cohorts": cohorts,
        "roles": roles,
        "role": next((pk for pk, slug in scope.role_slugs.items() if slug == narrowed.role), None),
        "kind": narrowed.kind,
        "after": place.at,
        "after_id": place.number,
    }
    narrower = condition + (sql.AGAIN if narrowed.again else "") + (sql.OF_KIND if narrowed.kind else "")
    # What stands in two walks is one row.
    return " UNION ".join(parts).format(free=sql.FREE.format(narrowed=narrower), columns=sql.WALKED), values


def _fits(cohort: Led, narrowed: Narrowed) -> bool:
    return narrowed.cohort in ("", cohort.slug) and narrowed.role in ("", cohort.role_slug)


def _rows(scope: Scope, question: str, values: dict[str, Any]) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return [_row(scope, *columns) for columns in cursor.fetchall()]


def _row(
    scope: Scope,
    number: int,
    order: int,
    learner: str,
    title: str,
    place: str,
    message: str,
    round_: int,
    kinds: Iterable[str],
    cohort: int | None,
    role: int,
    at: datetime,
    second_opinion: bool,
    reserved_for: int | None,
    reserved_name: str | None,
    lease_over: bool,
    lease_until: datetime | None,
    ruling: str,
) -> Row:
    mine = reserved_for == scope.user.pk
    return Row(
        number=number,
        order=order,
        learner=learner,
        title=title,
        place=place,
        message=message,
        round=round_,
        kinds=", ".join(_KINDS[each] for each in kinds),
        cohort=scope.cohort_names.get(cohort, "") if cohort else "",
        role=scope.role_names.get(role, ""),
        at=at,
        second_opinion=second_opinion,
        reserved_for="" if mine else reserved_name or "",
        is_reserved=mine,
        lease_over=lease_over,
        lease_until=lease_until,
        ruling=ruling,
    )


def _monday(user: User, now: datetime) -> datetime:
    """When the mentor's week began, where they are."""
    local = now.astimezone(user.zone)
    start = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return start - timedelta(days=local.weekday())
