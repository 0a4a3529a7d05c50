"""What becomes of an address when it is opened: alive, moved, gone, or none of our business.

HEAD is asked first; a host that does not like it is asked by GET. Redirects are followed at most five times, and where
they lead is judged like the first address. What a page says is never read.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urljoin

from protego import Protego

from roles.links.asking import Answer, Limits, NoAnswerError, agent, ask, unpacked
from roles.links.guarding import Guard, NoSuchNameError, NotPublicError, NotResolvedError, Target, target_of
from roles.models import LinkState

MOST_REDIRECTS = 5
SLOW, LONGEST = 6.0, 30.0  # seconds for all of it
MOST_OF_ROBOTS = 500 * 1024  # bytes, as RFC 9309 has it
PAUSE, LONGEST_PAUSE = 2.0, 30.0  # seconds between two requests to a host

_FOR_GOOD = {HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT}
_GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
_CLOSED = {
    HTTPStatus.UNAUTHORIZED, HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_ACCEPTABLE,
    HTTPStatus.PROXY_AUTHENTICATION_REQUIRED, HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    state: LinkState
    reason: str = ""  # a sentence
    code: int | None = None  # of the last answer
    leads_to: str = ""  # where it has moved to
    seconds: float = 0.0


@dataclass(slots=True)
class Visitor:
    """Goes from address to address, for as long as one run of the check takes; remembers hosts and their rules."""

    guard: Guard = field(default_factory=Guard)
    limits: Limits = field(default_factory=Limits)
    pause: float = PAUSE
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _robots: dict[str, Protego | Exception | None] = field(default_factory=dict)
    _free_at: dict[str, float] = field(default_factory=dict)

    def host_of(self, url: str) -> str:
        """The host that an address asks, or “” where it asks none."""
        try:
            return target_of(url).host
        except NotPublicError:
            return ""

    def free_at(self, host: str) -> float:
        """When a host may be asked again, by `clock`."""
        return self._free_at.get(host, 0.0)

    def visit(self, url: str) -> Verdict:
        try:
            return self._visit(url)
        except NotPublicError as error:
            return Verdict(LinkState.REFUSED, str(error))
        except NoSuchNameError as error:
            return Verdict(LinkState.DEAD, f"There is no host called {error}.")
        except NotResolvedError as error:
            return Verdict(LinkState.FAILING, f"Nobody said where {error} is.")
        except NoAnswerError as error:
            return Verdict(LinkState.FAILING, str(error))

    def _visit(self, url: str) -> Verdict:
        target, for_good, seconds = target_of(url), True, 0.0
        first = target
        for _ in range(MOST_REDIRECTS + 1):
            if not self._may_open(target):
                return Verdict(LinkState.BLOCKED, f"{target.host} asks robots not to open it.")
            answer = self._asked(target)
            seconds += answer.seconds
            if seconds > LONGEST:
                return Verdict(LinkState.FAILING, "It took too long.", answer.code, seconds=seconds)
            place = answer.headers.get("location", "")
            if not (300 <= answer.code < 400 and place):
                moved = target.url if for_good and target != first else ""
                return _verdict(answer, moved, seconds)
            for_good = for_good and answer.code in _FOR_GOOD
            target = target_of(urljoin(target.url, place))
        return Verdict(LinkState.FAILING, f"It leads on more than {MOST_REDIRECTS} times.", answer.code)

    def _asked(self, target: Target) -> Answer:
        answer = self._ask("HEAD", target)
        if answer.code >= 400 and answer.code != HTTPStatus.TOO_MANY_REQUESTS:
            answer = self._ask("GET", target)
        return answer

    def _ask(self, method: str, target: Target, *, most: int = 0) -> Answer:
        """One request, after the pause that the host is left between two."""
        wait = self._free_at.get(target.host, 0.0) - self.clock()
        if wait > 0:
            self.sleep(wait)
        try:
            return ask(method, target, guard=self.guard, limits=self.limits, most=most)
        finally:
            self._free_at[target.host] = self.clock() + self._pause_of(target)

    def _pause_of(self, target: Target) -> float:
        rules = self._robots.get(target.origin)
        asked = rules.crawl_delay(agent()) if isinstance(rules, Protego) else None
        return min(max(self.pause, float(asked or 0)), max(self.pause, LONGEST_PAUSE))

    def _may_open(self, target: Target) -> bool:
        if target.origin not in self._robots:
            self._robots[target.origin] = self._heard(target)
        rules = self._robots[target.origin]
        if isinstance(rules, Exception):  # whoever does not answer is not asked again in this run
            raise rules
        return rules is not None and bool(rules.can_fetch(target.url, agent()))

    def _heard(self, target: Target) -> Protego | Exception | None:
        try:
            return self._rules_of(target)
        except (NotPublicError, NoSuchNameError, NotResolvedError, NoAnswerError) as error:
            return error

    def _rules_of(self, target: Target) -> Protego | None:
        """What the host asks of robots; None where it could not be heard, which forbids everything (RFC 9309)."""
        place = Target(target.scheme, target.host, target.port, "/robots.txt")
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._ask("GET", place, most=MOST_OF_ROBOTS)
            if not (300 <= answer.code < 400 and "location" in answer.headers):
                break
            place = target_of(urljoin(place.url, answer.headers["location"]))
        if answer.code >= 500 or answer.code == HTTPStatus.TOO_MANY_REQUESTS:
            return None
        text = unpacked(answer, MOST_OF_ROBOTS).decode("utf-8", "replace") if answer.code == 200 else ""
        return Protego.parse(text)


def _verdict(answer: Answer, moved: str, seconds: float) -> Verdict:
    code = answer.code
    said = f"It answers {code}{_phrase(code)}."
    if code in _GONE:
        return Verdict(LinkState.DEAD, said, code, seconds=seconds)
    if code == HTTPStatus.TOO_MANY_REQUESTS:
        return Verdict(LinkState.UNKNOWN, "It asks to come later.", code, seconds=seconds)
    if code in _CLOSED:
        return Verdict(LinkState.CLOSED, said, code, seconds=seconds)
    if code >= 400 or code < 200:
        return Verdict(LinkState.FAILING, said, code, seconds=seconds)
    if moved:
        return Verdict(LinkState.MOVED, f"It has moved to {moved}", code, moved, seconds)
    if seconds > SLOW:
        return Verdict(LinkState.SLOW, f"It took {seconds:.0f} seconds.", code, seconds=seconds)
    return Verdict(LinkState.ALIVE, "", code, seconds=seconds)


def _phrase(code: int) -> str:
    try:
        return f" ({HTTPStatus(code).phrase})"
    except ValueError:
        return ""
