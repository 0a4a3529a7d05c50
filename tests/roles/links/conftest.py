from __future__ import annotations

import socket

import pytest

from roles.links.asking import Limits
from roles.links.visiting import Visitor
from tests.roles.links.hosts import Server, Watched, running

host = pytest.fixture(running)


@pytest.fixture(autouse=True)
def connections(monkeypatch) -> list[tuple[str, int]]:
    watched = Watched()
    monkeypatch.setattr(socket.socket, "connect", lambda own, place: watched.connect(own, place))
    return watched.connected


class Time:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def visitor(host: Server, time: Time) -> Visitor:
    limits = Limits(connect=2, read=2, total=5)
    return Visitor(guard=host.guard(), limits=limits, clock=time.clock, sleep=time.sleep)
