"""`make bench`: the production server with few learners and with many, its pages side by side in one run.

Prints a table and writes `var/bench.json`. Leaves with 0, or with 1 under --strict, when a limit is missed.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from tests.bench import production
from tests.bench.databases import CATALOG, FOLDER, Server
from tests.bench.report import Trial

FEW, MANY = 1_000, 100_000
# What one learner takes on disk, their 50 progress rows and 50 reviews, their indexes and the log of writing them
# included.
KB_A_LEARNER = 60
# What one database takes for the rows that are searched.
MB_TO_FIND = 350


class Refused(Exception):
    """A reason not to measure, in one line for people."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--strict", action="store_true", help="leave with 1 when a limit is missed")
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        learners = learner_count(os.environ.get("LEARNERS") or str(MANY))
        trial = run(production.var(), [FEW, learners])
    except Refused as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return 1 if trial.missed and args.strict else 0


def learner_count(given: str) -> int:
    """Raises Refused unless this is a number of learners that can be held against FEW."""
    digits = given.replace("_", "").replace(",", "")
    if not (digits.isascii() and digits.isdigit() and int(digits) > FEW):
        raise Refused(f'LEARNERS is "{given}". It takes a number above {FEW:,}.')
    return int(digits)


def run(var: Path, sizes: list[int]) -> Trial:
    """Measure everything, print it, write it down."""
    begun = time.monotonic()
    with _alone(var):
        _refuse_full_disk(var, sizes)
        server = Server(var / FOLDER)
        production.become_production(database_url=server.url(CATALOG))
        django.setup()
        # Only now: it imports models.
        from tests.bench.trial import hold

        trial = hold(server, sizes, folder=var, say=_say)
    written = var / "bench.json"
    written.write_text(trial.to_json())
    _say(f"\n{trial.table()}\n\nTook {time.monotonic() - begun:.0f} s. Written to {written}.")
    return trial


def _refuse_full_disk(var: Path, sizes: list[int]) -> None:
    learners = sum(sizes)
    needed = learners * KB_A_LEARNER // 1000 + (len(sizes) + 1) * MB_TO_FIND
    free = shutil.disk_usage(var).free // 1_000_000
    if free < needed:
        raise Refused(f"The disk is full: {var} has {free:,} MB left, {learners:,} learners need {needed:,} MB.")


@contextmanager
def _alone(var: Path) -> Iterator[None]:
    """Two that measure at once would measure each other."""
    var.mkdir(parents=True, exist_ok=True)
    with (var / ".bench").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(f"Another benchmark is running in {var}.") from None
        yield


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
