"""Who is loaded: learners at every point of one to three roadmaps, with about 50 progress rows each.

50 is what the limits are stated for, and nearly all that the three roadmaps have: 53 goals. So most learners here are
on all three, and what lies ahead of them has a row too, as it has for whoever began a goal and put it back. That is
more than people will really have: the pages are measured at their heaviest.

Seeded: the same learners on every machine.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import batched

import psycopg
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from accounts.models import User
from tests.bench.databases import bulk_load

BACKEND = "accounts.backends.EmailBackend"
# One that nobody can type; the same for all, since it signs their sessions.
PASSWORD = "!nobody"
# How many different histories there are on each roadmap.
HISTORIES = 400
SKIPPED = 0.06
LONGEST_AGO = 200  # days
LAST_VISIT = timedelta(days=3)
# Rows that are sent at once, and the placeholder of an enrolment's number in prepared rows.
BATCH = 2000
ENROLMENT = b"@"

NAMES = ("Ines Okonjo", "Tom Berger", "Amara Nwosu", "Sofia Marchetti", "Dev Patel", "Mei-Ling Zhao", "")
ZONES = ("Europe/Lisbon", "America/New_York", "Asia/Kolkata", "America/Los_Angeles", "UTC")


@dataclass(frozen=True, slots=True)
class Course:
    """A published roadmap, as far as loading needs it."""

    role: int
    publication: int
    goals: tuple[str, ...]  # keys of live goals, in order


@dataclass(frozen=True, slots=True)
class History:
    """What one learner did on one roadmap."""

    days: int  # ago, when they began
    rows: bytes  # their progress, in COPY's form, with ENROLMENT where the number of their enrolment goes


@dataclass
class Reviewer:
    """A mentor whose browser asks."""

    pk: int
    held: int  # a submission in hand
    learner: int  # whose it is
    free: int  # a submission to claim and to release in turn
    cohort: str
    holds_free: bool = False

    def next_verb(self) -> str:
        """Claim it, then release it, then claim it again."""
        self.holds_free = not self.holds_free
        return "claim" if self.holds_free else "release"


@dataclass
class Learner:
    """Somebody whose browser asks, with a goal of theirs to tick."""

    pk: int
    role: str
    goal: str
    state: str
    reviewer: Reviewer | None = None  # whose browser this is on mentors' pages
    answers: list[str] = field(default_factory=list)  # locked and not graded yet, by their keys
    running: str = ""  # their mock interview that runs, by its key
    graded: str = ""
    saved: int = 1  # how often the first answer of the running one was written

    def next_answer(self) -> str:
        """One to grade; each is graded once."""
        return self.answers.pop()

    def next_save(self) -> int:
        """Counts what a page of theirs has sent."""
        self.saved += 1
        return self.saved

    def next_state(self) -> str:
        """A state that the goal is not in, so that every tick writes."""
        self.state = "doing" if self.state == "done" else "done"
        return self.state


def roadmap_count(learner: int) -> int:
    """How many roadmaps a learner is on: of twenty, one is on one and two are on two."""
    return {0: 1, 1: 2, 2: 2}.get(learner % 20, 3)


def histories(course: Course, *, now: datetime, count: int = HISTORIES) -> list[History]:
    """Learners at every point of a roadmap, from its beginning to its end."""
    chance = random.Random(f"{course.role} {len(course.goals)}")
    return [_history(course, now, chance) for _ in range(count)]


def _history(course: Course, now: datetime, chance: random.Random) -> History:
    done = chance.randint(0, len(course.goals))
    doing = chance.choice((1, 1, 2))
    days = chance.randint(done + 1, LONGEST_AGO)
    lines = []
    for place, goal in enumerate(course.goals):
        age = timedelta(days=days * (1 - place / len(course.goals)), minutes=chance.randint(0, 600))
        at = (now - age).isoformat()
        if place < done:
            state = "skipped" if chance.random() < SKIPPED else "done"
        else:
            state = "doing" if place < done + doing else "todo"
        lines.append(f"@\t{goal}\t{state}\t{at}\t{at if state == 'done' else '\\N'}\n")
    return History(days, "".join(lines).encode())


def enrolments(learners: int, courses: int) -> Iterator[tuple[int, int, int]]:
    """Learner, course and history of every enrolment, in the order of their numbers."""
    chance = random.Random(learners)
    for learner in range(1, learners + 1):
        for place in range(min(roadmap_count(learner), courses)):
            yield learner, (learner + place) % courses, chance.randrange(HISTORIES)


def session_key(learner: int) -> str:
    return f"bench{learner:027d}"


def load(connection: psycopg.Connection, learners: int, *, now: datetime) -> int:
    """Load that many learners by COPY, each signed in, and return how many progress rows they have."""
    courses = read_courses(connection)
    _copy(connection, "accounts_user", _USER, _people(learners, now))
    _copy(connection, "account_emailaddress", _ADDRESS, _addresses(learners))
    sign_in(connection, range(1, learners + 1), now=now)
    written = [histories(course, now=now) for course in courses]
    _copy(connection, "roadmaps_enrolment", _ENROLMENT, _enrolled(learners, courses, written, now))
    _copy(connection, "roadmaps_goalstate", _GOAL_STATE, _progress(learners, written))
    connection.commit()
    connection.autocommit = True
    connection.execute("VACUUM (ANALYZE)")
    rows = connection.execute("SELECT count(*) FROM roadmaps_goalstate").fetchone()
    assert rows is not None, "a count is always answered"
    return int(rows[0])


def sign_in(connection: psycopg.Connection, people: Iterable[int], *, now: datetime) -> None:
    """Give each of these accounts a session."""
    _copy(connection, "django_session", _SESSION, _sessions(people, now))


def meet(connection: psycopg.Connection, learners: int, count: int) -> list[Learner]:
    """Some of the loaded learners, picked at random, whose visit begins now."""
    picked = random.Random(count).sample(range(1, learners + 1), count)
    with connection.transaction():
        connection.execute("UPDATE accounts_user SET visited_at = now() WHERE id = ANY(%s)", [picked])
    found = connection.execute(
        """
        SELECT DISTINCT ON (e.learner_id) e.learner_id, r.slug, g.goal_key::text, g.state
        FROM roadmaps_enrolment e
        JOIN roles_role r ON r.id = e.role_id
        JOIN roadmaps_goalstate g ON g.enrolment_id = e.id
        WHERE e.learner_id = ANY(%s)
        ORDER BY e.learner_id, e.id, md5(g.goal_key::text || e.learner_id)
        """,
        [picked],
    ).fetchall()
    return [Learner(*row) for row in found]


def read_courses(connection: psycopg.Connection) -> list[Course]:
    found = connection.execute(
        "SELECT DISTINCT ON (role_id) role_id, id, snapshot FROM roadmaps_publication ORDER BY role_id, number DESC"
    ).fetchall()
    return [
        Course(
            role,
            publication,
            tuple(goal["key"] for phase in snapshot["phases"] for goal in phase["goals"] if not goal["retired"]),
        )
        for role, publication, snapshot in found
    ]


_USER = (
    "id, password, is_superuser, email, display_name, timezone, hours_a_week, is_mentor, is_staff, is_active,"
    " date_joined, visited_at, previous_visit_at, unread"
)
_ADDRESS = 'user_id, email, verified, "primary"'
_SESSION = "session_key, session_data, expire_date"
_ENROLMENT = "id, learner_id, role_id, publication_id, started_at, accepted_at"
_GOAL_STATE = "enrolment_id, goal_key, state, changed_at, done_at"


def _copy(connection: psycopg.Connection, table: str, columns: str, rows: Iterable[bytes]) -> None:
    with bulk_load(connection, table), connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        freeze = table == "roadmaps_goalstate"
        if freeze:
            # What is written in the transaction that emptied a table needs no vacuum. No row points to this one.
            cursor.execute(f"TRUNCATE {table}")
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN WITH (FREEZE {freeze})") as copy:
            for batch in batched(rows, BATCH):
                copy.write(b"".join(batch))
    if columns.startswith("id,"):
        # The numbers were ours; the next one is the database's again.
        connection.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")


def _people(learners: int, now: datetime) -> Iterator[bytes]:
    for learner in range(1, learners + 1):
        name, zone = NAMES[learner % len(NAMES)], ZONES[learner % len(ZONES)]
        joined = (now - timedelta(days=LONGEST_AGO + 1)).isoformat()
        seen, before = now.isoformat(), (now - LAST_VISIT).isoformat()
        yield (
            f"{learner}\t{PASSWORD}\tf\t{_email(learner)}\t{name}\t{zone}\t{learner % 20 + 1}\tf\tf\tt"
            f"\t{joined}\t{seen}\t{before}\t0\n"
        ).encode()


def _addresses(learners: int) -> Iterator[bytes]:
    return (f"{learner}\t{_email(learner)}\tt\tt\n".encode() for learner in range(1, learners + 1))


def _sessions(people: Iterable[int], now: datetime) -> Iterator[bytes]:
    store = SessionStore()
    expires = (now + timedelta(days=14)).isoformat()
    signed_in = {BACKEND_SESSION_KEY: BACKEND, HASH_SESSION_KEY: User(password=PASSWORD).get_session_auth_hash()}
    for person in people:
        data = store.encode({SESSION_KEY: str(person), **signed_in})
        yield f"{session_key(person)}\t{data}\t{expires}\n".encode()


def _enrolled(learners: int, courses: list[Course], written: list[list[History]], now: datetime) -> Iterator[bytes]:
    began = [[(now - timedelta(days=each.days)).isoformat() for each in of_course] for of_course in written]
    for number, (learner, course, history) in enumerate(enrolments(learners, len(courses)), start=1):
        on, at = courses[course], began[course][history]
        yield f"{number}\t{learner}\t{on.role}\t{on.publication}\t{at}\t{at}\n".encode()


def _progress(learners: int, written: list[list[History]]) -> Iterator[bytes]:
    for number, (_, course, history) in enumerate(enrolments(learners, len(written)), start=1):
        yield written[course][history].rows.replace(ENROLMENT, b"%d" % number)


def _email(learner: int) -> str:
    return f"learner{learner}@example.org"
