"""Takes the times. Everything is asked in turns, page by page and site by site, so that whatever else the machine does
hits all alike."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass, field
from io import StringIO

from django.core.cache import caches
from django.db import connection
from django.test import Client, override_settings

from tests.bench.browser import Browser
from tests.bench.pages import LEARNER, Page, Request, Token
from tests.bench.people import Learner
from tests.bench.sites import Site

# Taking times ends with the first of the two.
ROUNDS, SECONDS = 400, 60.0
WARM_ROUNDS = 15
# Browsers at once, and for how long, when requests a second are counted.
CROWD, CROWD_SECONDS = 8, 1.0


@dataclass
class Subject:
    """One site with its learners, and what was found out about its pages."""

    learners: int
    database: str
    site: Site
    people: list[Learner]  # those who open pages
    pages: list[Page]
    token: Token
    times: dict[str, list[float]] = field(default_factory=dict)  # milliseconds
    req_s: dict[str, float] = field(default_factory=dict)
    queries: dict[str, int] = field(default_factory=dict)


def take_times(subjects: Sequence[Subject]) -> int:
    """Ask for all pages of all sites, one request at a time; return how many rounds there were.

    In each round every page is asked for by somebody else, and over all rounds each learner asks for every page. So no
    page finds its rows read already because another page came first."""
    browsers = [Browser(subject.site.port) for subject in subjects]
    for subject, browser in zip(subjects, browsers, strict=True):
        _warm(subject, browser)
    chance = random.Random(ROUNDS)
    turns = [
        (subject, browser, place, page)
        for subject, browser in zip(subjects, browsers, strict=True)
        for place, page in enumerate(subject.pages)
    ]
    end = time.monotonic() + SECONDS
    for number in range(ROUNDS):
        chance.shuffle(turns)
        for subject, browser, place, page in turns:
            learner = _at(subject.people, number + place * len(subject.people) // len(subject.pages))
            subject.times.setdefault(page.name, []).append(browser.send(page.request(learner, subject.token)))
        if time.monotonic() > end:
            break
    for browser in browsers:
        browser.close()
    return number + 1


def count_requests(subject: Subject) -> None:
    """Requests a second of each page, asked for by a crowd at once."""
    crowd = [Browser(subject.site.port) for _ in range(CROWD)]
    _warm(subject, crowd[0])
    # Each has people of their own, so that they never wait for each other's rows.
    people = [subject.people[place::CROWD] for place in range(CROWD)]
    empty = next(page for page in subject.pages if page.name == LEARNER)
    _crowd_asks(empty, crowd, people, subject.token)
    for page in subject.pages:
        subject.req_s[page.name] = _crowd_asks(page, crowd, people, subject.token)
    for browser in crowd:
        browser.close()


def count_queries(subject: Subject) -> None:
    """Queries of each page as a process that is warm makes it afresh: no visitor's page is kept. In this process, on
    the database that Django is connected to."""
    client = Client(enforce_csrf_checks=True)
    learner = subject.people[0]
    caches["local"].clear()
    with override_settings(KEEP_VISITOR_PAGES=False), redirect_stderr(StringIO()):  # without lines of the request log
        for page in subject.pages:
            for _ in range(2):
                subject.queries[page.name] = _queries(client, page.request(learner, subject.token))


def _queries(client: Client, request: Request) -> int:
    found = 0

    def counting(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        nonlocal found
        found += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(counting):
        client.generic(
            request.method,
            request.path,
            request.body,
            headers={**request.headers, "Host": "127.0.0.1"},
            content_type=request.headers.get("Content-Type", ""),
        )
    return found


def _warm(subject: Subject, browser: Browser) -> None:
    """Let the site read its templates and publications and note everybody's session, before any time is taken."""
    empty = next(page for page in subject.pages if page.name == LEARNER)
    for learner in subject.people:
        browser.send(empty.request(learner, subject.token))
    for number in range(WARM_ROUNDS):
        for page in subject.pages:
            browser.send(page.request(_at(subject.people, number), subject.token))


def _crowd_asks(page: Page, crowd: list[Browser], people: list[list[Learner]], token: Token) -> float:
    answers = [0] * len(crowd)
    failures: list[Exception] = []
    end = time.monotonic() + CROWD_SECONDS

    def ask(place: int) -> None:
        try:
            while time.monotonic() < end:
                crowd[place].send(page.request(_at(people[place], answers[place]), token))
                answers[place] += 1
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=ask, args=[place]) for place in range(len(crowd))]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return sum(answers) / (time.monotonic() - begun)


def _at(people: Sequence[Learner], number: int) -> Learner:
    return people[number % len(people)]
