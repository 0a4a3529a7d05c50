"""What the start page of the admin says needs care. Every app brings its own part; the page asks here.

A part is a function that looks at one thing, in few queries whatever the size of the catalog, for people who may do
something about it. It says also that all is well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from django.utils.formats import date_format
from django.utils.timezone import localtime

from accounts.models import User


class Urgency(IntEnum):
    """The most urgent first."""

    FAILED = 1  # something was to happen by itself, and did not
    WAITING = 2  # somebody's work stands still
    BROKEN = 3  # readers meet it
    OPEN = 4  # it gets better whenever somebody finds the time
    NEWS = 9  # nothing to do: good to know


@dataclass(frozen=True, slots=True)
class Asked:
    """Who looks, when, and at which state of the catalog."""

    user: User
    now: datetime
    version: str


@dataclass(frozen=True, slots=True)
class Item:
    text: str
    address: str = ""
    note: str = ""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing that was looked at; with a count of 0, all is well with it."""

    name: str
    title: str
    count: int
    words: str  # one plain sentence
    urgency: Urgency
    address: str  # of the page where it is mended, or read in full
    link: str
    items: tuple[Item, ...] = ()

    @property
    def is_news(self) -> bool:
        return self.urgency == Urgency.NEWS


type Look = Callable[[Asked], Concern]


@dataclass(frozen=True, slots=True)
class Part:
    permission: str
    look: Look


_parts: list[Part] = []


def concern(*, permission: str) -> Callable[[Look], Look]:
    """Register a part of the page, for people with this permission."""

    def register(look: Look) -> Look:
        _parts.append(Part(permission, look))
        return look

    return register


def looked_at(asked: Asked) -> list[Concern]:
    """What the person may see, the most urgent first."""
    found = [part.look(asked) for part in _parts if asked.user.has_perm(part.permission)]
    return sorted(found, key=lambda each: each.urgency)


def needing_care(found: Iterable[Concern]) -> list[Concern]:
    return [each for each in found if each.count and not each.is_news]


def moment(at: datetime) -> str:
    return date_format(localtime(at), "F j, Y, H:i")
