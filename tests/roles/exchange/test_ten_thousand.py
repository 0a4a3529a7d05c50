"""An import of 10,000 questions, in a worker's own process: under 30 seconds and 300 MB. `-s` shows the figures."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models.functions import Repeat

from interviews.models import Question
from roles.exchange import trying
from roles.exchange.columns import columns_of
from roles.exchange.writing import Format, written
from roles.models import Import, Role, Skill, Source
from tests.factories import UserFactory
from tests.roles.exchange.importing import confirmed, entries, question, sent
from tests.working import environment

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="The peak of memory is read as Linux tells it."),
]

ROWS = 10_000
SECONDS, MEGABYTES = 30, 300

# A process that does one task and says what it took.
TASK = """
import json, pathlib, re, sys, time
import django
django.setup()
from roles.exchange import trying
began = time.monotonic()
getattr(trying, sys.argv[1])(int(sys.argv[2]))
# Not getrusage: its peak begins with that of whoever started the process.
peak = re.search(r"VmHWM:\\s+([0-9]+) kB", pathlib.Path("/proc/self/status").read_text())
print(json.dumps({
    "seconds": round(time.monotonic() - began, 1),
    "cpu": round(time.process_time(), 1),
    "mb": round(int(peak[1]) / 1024),
}))
"""


def many() -> list[dict]:
    """As many as fit into ten megabytes of JSON, with the links that the bank's own have."""
    answer = " ".join(["A good answer names the data, the check and whom it reaches."] * 5)
    roles, skills, sources = (
        [getattr(each, name) for each in model.objects.all()[:7]]
        for model, name in ((Role, "slug"), (Skill, "slug"), (Source, "code"))
    )
    return [
        question(
            f"q-{each}",
            model_answer=f"{answer} {each}",
            key_points=[f"Point {point} of {each}, said in one line" for point in range(5)],
            roles=[roles[each % 7], roles[(each + 1) % 7]],
            skills=[skills[(each + step) % 7] for step in range(3)],
            references=[sources[each % 7]],
            preview=each % 20 == 0,
        )
        for each in range(ROWS)
    ]


def took(task: str, found: Import) -> dict[str, float]:
    command = [sys.executable, "-c", TASK, task, str(found.pk)]
    done = subprocess.run(
        command,
        cwd=settings.BASE_DIR,
        env=environment(DJANGO_SETTINGS_MODULE="config.settings"),
        check=True,
        stdout=subprocess.PIPE,
        timeout=600,
    )
    figures = json.loads(done.stdout.splitlines()[-1])
    print(f"\n{task} of {found.total or ROWS:,} rows: {figures}")
    found.refresh_from_db()
    return figures


def holds(figures: dict[str, float]) -> bool:
    """By the clock of the processor: other work on the machine does not count."""
    return figures["cpu"] < SECONDS and figures["mb"] < MEGABYTES


def test_ten_thousand_questions_are_tried_and_written(transactional_db):
    mei = UserFactory(is_staff=True)
    found = sent(Question, entries(*many()), mei)
    assert holds(took("try_out", found))
    assert (found.state, found.new) == ("ready", ROWS)
    confirmed(found, mei)
    assert holds(took("write_out", found))
    assert (found.state, Question.objects.filter(slug__startswith="q-").count()) == ("written", ROWS)
    # The same from a workbook, each with an answer as long as the bank's own.
    ours = Question.objects.filter(slug__startswith="q-")
    ours.update(model_answer=Repeat("model_answer", 6))
    book = written(columns_of(Question), ours, Format.XLSX)
    ours.update(model_answer="Short.")
    changed = sent(Question, book, mei)
    assert holds(took("try_out", changed))
    assert (changed.state, changed.changed) == ("ready", ROWS)
    confirmed(changed, mei)
    assert holds(took("write_out", changed))
    assert ours.exclude(model_answer="Short.").count() == ROWS


def test_one_bad_row_of_ten_thousand_is_named(transactional_db):
    rows = many()
    rows[7_776]["level"] = 6
    found = sent(Question, entries(*rows), UserFactory(is_staff=True))
    trying.try_out(found.pk)
    found.refresh_from_db()
    bad = found.rows.get(outcome="faulty")
    assert (found.state, found.new, bad.number) == ("faulty", ROWS - 1, 7_777)
    assert bad.faults == [["level", "Levels go from 1 to 5."]]
    assert not Question.objects.filter(slug__startswith="q-").exists()
