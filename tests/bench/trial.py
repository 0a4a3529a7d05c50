"""One run: databases, learners and sites of every size, then all measurements on them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import cycle
from pathlib import Path

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from config import preparing
from roles.models import Role
from tests.bench import findable, measuring, people, practicing, reviewing
from tests.bench.browser import Browser
from tests.bench.databases import CATALOG, Server
from tests.bench.measuring import Subject
from tests.bench.pages import Page, pages
from tests.bench.report import Figures, Trial, figures
from tests.bench.sites import Site

# How many of the learners open pages.
ASKING = 240

type Say = Callable[[str], None]


def hold(server: Server, sizes: Sequence[int], *, folder: Path, say: Say) -> Trial:
    """Measure every page with each number of learners. Leaves nothing behind."""
    with ExitStack() as stack:
        role, questions = _load_catalog(server, stack, say)
        subjects = [_subject(server, learners, role, pages(role, questions), folder, stack, say) for learners in sizes]
        rounds = measuring.take_times(subjects)
        say(f"Took {rounds} times of each page")
        for subject in subjects:
            measuring.count_requests(subject)
        say("Counted requests a second")
        for subject in subjects:
            with _connected_to(subject.database):
                measuring.count_queries(subject)
    rows = [_figures(subject, page) for subject in subjects for page in subject.pages]
    return Trial(rows, [page.name for page in subjects[0].pages if page.grows])


def _load_catalog(server: Server, stack: ExitStack, say: Say) -> tuple[str, list[str]]:
    """Prepare the site as a production one is, with nobody in it and much to find; return the slug of a role that has a
    roadmap, and what to search for."""
    server.create(CATALOG)
    stack.callback(server.drop, CATALOG)
    preparing.prepare(say)
    role: str = Role.objects.with_roadmap()[0].slug
    connection.close()
    begun = time.monotonic()
    with server.connect(CATALOG) as connected:
        questions = findable.load(connected)
    say(f"Loaded {findable.ENTRIES:,} rows to find in {time.monotonic() - begun:.0f} s")
    return role, questions


def _subject(
    server: Server, learners: int, role: str, measured: list[Page], folder: Path, stack: ExitStack, say: Say
) -> Subject:
    begun = time.monotonic()
    database = f"bench_{learners}"
    server.create(database, like=CATALOG)
    stack.callback(server.drop, database)
    with server.connect(database) as connected:
        rows = people.load(connected, learners, now=timezone.now())
        asking = people.meet(connected, learners, min(ASKING, learners))
    say(f"Loaded {learners:,} learners with {rows:,} progress rows in {time.monotonic() - begun:.0f} s")
    begun = time.monotonic()
    with server.connect(database) as connected:
        reviewers = reviewing.load(connected, learners, now=timezone.now())
    for learner, reviewer in zip(asking, cycle(reviewers), strict=False):
        learner.reviewer = reviewer
    submissions = reviewing.submission_count(learners)
    say(f"Loaded {submissions:,} submissions in {time.monotonic() - begun:.0f} s")
    begun = time.monotonic()
    with server.connect(database) as connected:
        reviews = practicing.load(connected, learners, asking, role=role, now=timezone.now())
    say(f"Loaded {reviews:,} reviews of practice in {time.monotonic() - begun:.0f} s")
    site = Site(server.url(database), folder / f"{database}.log")
    stack.callback(site.stop)
    site.start()
    token = Browser(site.port).token(reverse("account_login"))
    return Subject(learners, database, site, asking, measured, token)


@contextmanager
def _connected_to(database: str) -> Iterator[None]:
    """Let Django speak to another database of the same server."""
    configured = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = configured


def _figures(subject: Subject, page: Page) -> Figures:
    return figures(
        name=page.name,
        learners=subject.learners,
        times=subject.times[page.name],
        empty=subject.times[page.empty],
        req_s=subject.req_s[page.name],
        queries=subject.queries[page.name],
        limit=page.limit,
    )
