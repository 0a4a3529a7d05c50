"""A round of the link check: what is due is asked, host by host in turn, and what was found is written down.

One round runs at a time, whichever worker begins it. It stops when its time is up; the next one goes on. Killed in the
middle, it has kept all that it found, and the next one begins when its lease has ended.
"""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import structlog
from django.core.cache import cache
from django.utils import timezone

from roles.links.used import used
from roles.links.visiting import Verdict, Visitor
from roles.models import LinkCheck, LinkState

# What a round may take: the worker does one thing at a time, and mail waits behind it.
SECONDS = 40
_LEASE = "link-check-runs"
_LEASE_SECONDS = 900  # the last address may take long

log = structlog.stdlib.get_logger("rounds.links")

_AGAIN_IN = {
    LinkState.UNKNOWN: timedelta(days=1),
    LinkState.FAILING: timedelta(days=1),
    LinkState.BLOCKED: timedelta(days=30),
    LinkState.REFUSED: timedelta(days=30),
}
_USUALLY = timedelta(days=7)
_ALIVE = (LinkState.ALIVE, LinkState.SLOW, LinkState.MOVED)


def go_round(visitor: Visitor | None = None, *, now: Callable[[], datetime] = timezone.now) -> int:
    """Check what is due; how many addresses that were, none while another round runs."""
    if not cache.add(_LEASE, "1", timeout=_LEASE_SECONDS):
        return 0
    try:
        keep_up(now=now())
        return _check(list(LinkCheck.objects.due(now=now())), visitor or Visitor(), now)
    finally:
        cache.delete(_LEASE)


def keep_up(*, now: datetime) -> None:
    """One row for each address that the catalog leads to, and none for others."""
    addresses = set(used())
    LinkCheck.objects.exclude(url__in=addresses).delete()
    known = set(LinkCheck.objects.values_list("url", flat=True))
    new = [LinkCheck(url=url, due_at=now) for url in sorted(addresses - known)]
    LinkCheck.objects.bulk_create(new, ignore_conflicts=True)


def ask_again(links: Iterable[LinkCheck], *, now: datetime) -> int:
    """Let the next round begin with these."""
    return LinkCheck.objects.filter(pk__in=[each.pk for each in links]).update(due_at=now)


def _check(due: list[LinkCheck], visitor: Visitor, now: Callable[[], datetime]) -> int:
    waiting: dict[str, deque[LinkCheck]] = defaultdict(deque)
    for link in due:
        waiting[visitor.host_of(link.url)].append(link)
    until = visitor.clock() + SECONDS
    done = 0
    while waiting and visitor.clock() < until:
        # Whoever was asked longest ago: most pauses pass while others are asked.
        host = min(waiting, key=visitor.free_at)
        if visitor.free_at(host) >= until:
            break
        link = waiting[host].popleft()
        if not waiting[host]:
            del waiting[host]
        began = time.monotonic()
        verdict = visitor.visit(link.url)
        record(link, verdict, now=now())
        done += 1
        log.info("link_checked", url=link.url, state=str(verdict.state), seconds=round(time.monotonic() - began, 1))
    return done


def record(link: LinkCheck, verdict: Verdict, *, now: datetime) -> None:
    """Write down what was found of an address."""
    alive = verdict.state in _ALIVE
    link.state, link.code = verdict.state, verdict.code
    link.reason, link.leads_to = verdict.reason[:700], verdict.leads_to[:600]
    link.milliseconds = round(verdict.seconds * 1000) or None
    link.checked_at = now
    link.due_at = now + _AGAIN_IN.get(verdict.state, _USUALLY)
    if verdict.state != LinkState.UNKNOWN:
        link.failures = 0 if alive else link.failures + 1
    if alive:
        link.alive_on = timezone.localdate(now)
    link.save()
