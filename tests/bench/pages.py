"""What is measured, and the requests that a browser would make for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.conf import settings
from django.urls import reverse

from tests.bench.people import Learner, Reviewer, session_key

VISITOR, LEARNER = "empty visitor view", "empty signed-in view"


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    expected: int = 200


@dataclass(frozen=True, slots=True)
class Page:
    """One page or action. `limit`: how many times its empty view it may take at the median."""

    name: str
    empty: str
    limit: float | None
    request: Callable[[Learner, Token], Request]
    grows: bool = False  # whether its time with many learners is held against its time with few


@dataclass(frozen=True, slots=True)
class Token:
    """What a browser has of CSRF protection: the cookie, and the field of a form."""

    cookie: str
    field: str


# Questions that somebody has asked before, once every process of a site has answered them.
WELL_KNOWN = 8

# What every browser of today sends.
BROWSER = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate, br, zstd",
    "Accept-Language": "en-US,en;q=0.5",
    "Sec-Fetch-Site": "same-origin",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
}


def pages(role: str, questions: Sequence[str]) -> list[Page]:
    """All that is measured. `role`: the slug of the role whose page visitors look at, and whose questions learners
    practice. `questions`: what they search."""
    return [
        Page(VISITOR, VISITOR, None, _visit("bench_visitor_empty")),
        Page(LEARNER, LEARNER, None, _open("bench_learner_empty")),
        Page("role list", VISITOR, 1.5, _visit("roles:role_list")),
        Page("role page", VISITOR, 1.5, _visit("role_detail", role)),
        Page("search, asked before", VISITOR, 2.5, _search("search", questions[:WELL_KNOWN])),
        Page("search, first asked", VISITOR, None, _search("search", questions[WELL_KNOWN:])),
        Page("suggestions, first asked", VISITOR, None, _search("search_suggest", questions[WELL_KNOWN:])),
        Page("roadmap page", LEARNER, 2.5, _roadmap, grows=True),
        Page("dashboard", LEARNER, 2.5, _open("dashboard"), grows=True),
        Page("tick a goal (htmx)", LEARNER, 2.5, _tick_by_htmx),
        Page("tick a goal (form)", LEARNER, 2.5, _tick_by_form),
        Page("mentors' queue", LEARNER, 2.5, _mentor(lambda _: reverse("mentoring:queue")), grows=True),
        Page("review desk", LEARNER, 2.5, _mentor(_desk_path), grows=True),
        Page("claim and release", LEARNER, 2.5, _claim_and_release),
        Page("practice", LEARNER, 2.5, _open("interviews:practice"), grows=True),
        Page("grade a card", LEARNER, 2.5, _grade, grows=True),
        Page("practice in numbers", LEARNER, None, _open("interviews:practice_numbers"), grows=True),
        Page("readiness for a role", LEARNER, None, _open("interviews:role_questions", role), grows=True),
        Page("mock interviews", LEARNER, None, _open("interviews:mock_list"), grows=True),
        Page("a running mock", LEARNER, None, _mock_page, grows=True),
        Page("save in a mock (htmx)", LEARNER, None, _mock_save, grows=True),
        Page("result of a mock", LEARNER, None, _mock_result, grows=True),
        Page("learner card", LEARNER, None, _mentor(lambda r: reverse("learner_card", args=[r.learner])), grows=True),
        Page("cohort page", LEARNER, None, _mentor(lambda r: reverse("cohort_detail", args=[r.cohort])), grows=True),
    ]


def _visit(name: str, *args: str) -> Callable[[Learner, Token], Request]:
    request = Request("GET", reverse(name, args=args), BROWSER)
    return lambda _learner, _token: request


def _search(name: str, questions: Sequence[str]) -> Callable[[Learner, Token], Request]:
    """Each time somebody asks for something else."""
    requests = cycle(
        [Request("GET", f"{reverse(name)}?{urlencode({'q': question})}", BROWSER) for question in questions]
    )
    return lambda _learner, _token: next(requests)


def _open(name: str, *args: str) -> Callable[[Learner, Token], Request]:
    path = reverse(name, args=args)
    return lambda learner, token: Request("GET", path, _signed_in(learner, token))


def _roadmap(learner: Learner, token: Token) -> Request:
    return Request("GET", _roadmap_path(learner), _signed_in(learner, token))


def _tick_by_htmx(learner: Learner, token: Token) -> Request:
    return _tick(
        learner,
        token,
        {
            "HX-Request": "true",
            "HX-Target": f"goal-{learner.goal}",
            "HX-Current-URL": f"http://127.0.0.1{_roadmap_path(learner)}",
        },
        expected=200,
    )


def _tick_by_form(learner: Learner, token: Token) -> Request:
    return _tick(learner, token, {}, expected=302)


def _tick(learner: Learner, token: Token, headers: dict[str, str], *, expected: int) -> Request:
    form = {"csrfmiddlewaretoken": token.field, "state": learner.next_state()}
    return Request(
        "POST",
        reverse("roadmaps:goal_state", args=[learner.role, learner.goal]),
        {**_signed_in(learner, token), **headers, "Content-Type": "application/x-www-form-urlencoded"},
        urlencode(form).encode(),
        expected,
    )


def _mentor(path: Callable[[Reviewer], str]) -> Callable[[Learner, Token], Request]:
    return lambda learner, token: Request("GET", path(_reviewer(learner)), _signed_in(_reviewer(learner), token))


def _claim_and_release(learner: Learner, token: Token) -> Request:
    reviewer = _reviewer(learner)
    form = {"csrfmiddlewaretoken": token.field, "key": str(uuid4())}
    return Request(
        "POST",
        reverse(f"mentoring:submission_{reviewer.next_verb()}", args=[reviewer.free]),
        {**_signed_in(reviewer, token), "Content-Type": "application/x-www-form-urlencoded"},
        urlencode(form).encode(),
        302,
    )


def _grade(learner: Learner, token: Token) -> Request:
    scores = dict.fromkeys(("substance", "reasoning", "grounding", "delivery"), "3")
    form = {"csrfmiddlewaretoken": token.field, "points": "1", "rating": "3"} | scores
    return Request(
        "POST",
        reverse("interviews:attempt_grade", args=[learner.next_answer()]),
        {**_signed_in(learner, token), "Content-Type": "application/x-www-form-urlencoded"},
        urlencode(form).encode(),
        302,
    )


def _mock_page(learner: Learner, token: Token) -> Request:
    return Request("GET", f"{_mock_path(learner)}?question=1", _signed_in(learner, token))


def _mock_result(learner: Learner, token: Token) -> Request:
    return Request("GET", reverse("interviews:mock_result", args=[learner.graded]), _signed_in(learner, token))


def _mock_save(learner: Learner, token: Token) -> Request:
    """One page goes on writing: its first save has seen what stands there."""
    count = learner.next_save()
    form = {
        "csrfmiddlewaretoken": token.field,
        "place": "1",
        "revision": count - 1,
        "editor": UUID(int=learner.pk),
        "sequence": count,
        "text": f"What I write, {count}. " * 40,
    }
    headers = {"HX-Request": "true", "HX-Target": "kept", "HX-Current-URL": f"http://127.0.0.1{_mock_path(learner)}"}
    return Request(
        "POST",
        reverse("interviews:mock_save", args=[learner.running]),
        {**_signed_in(learner, token), **headers, "Content-Type": "application/x-www-form-urlencoded"},
        urlencode(form).encode(),
    )


def _mock_path(learner: Learner) -> str:
    return reverse("interviews:mock_detail", args=[learner.running])


def _desk_path(reviewer: Reviewer) -> str:
    return reverse("mentoring:submission_detail", args=[reviewer.held])


def _reviewer(learner: Learner) -> Reviewer:
    assert learner.reviewer is not None, "whoever asks was given one"
    return learner.reviewer


def _roadmap_path(learner: Learner) -> str:
    return reverse("roadmaps:roadmap_detail", args=[learner.role])


def _signed_in(person: Learner | Reviewer, token: Token) -> dict[str, str]:
    cookies = {
        settings.SESSION_COOKIE_NAME: session_key(person.pk),
        settings.CSRF_COOKIE_NAME: token.cookie,
    }
    return {**BROWSER, "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
