"""Imports for tests: files in a line, and what comes of them."""

from __future__ import annotations

import json

from django.utils import timezone

from roles.exchange import importing, trying
from roles.models import Import


def entries(*rows: dict) -> bytes:
    return json.dumps(rows).encode()


def sent(model, content: bytes, by, name: str = "content.json") -> Import:
    return importing.send(model=model, name=name, content=content, by=by, now=timezone.now())


def tried(model, content: bytes, by, name: str = "content.json") -> Import:
    found = sent(model, content, by, name)
    trying.try_out(found.pk)
    found.refresh_from_db()
    return found


def confirmed(found: Import, by) -> Import:
    return importing.confirm(number=found.pk, seen=found.digest, by=by, now=timezone.now())


def written(model, content: bytes, by, name: str = "content.json") -> Import:
    found = tried(model, content, by, name)
    assert found.state == "ready", faults(found) or found.refusal
    confirmed(found, by)
    trying.write_out(found.pk)
    found.refresh_from_db()
    return found


def faults(found: Import) -> list[tuple[int, str, str]]:
    """Row, column and reason of each fault."""
    return [(row.number, column, reason) for row in found.rows.all() for column, reason in row.faults]


def outcomes(found: Import) -> list[str]:
    return [row.outcome for row in found.rows.all()]


def question(slug: str, **more: object) -> dict:
    """What a new question has to say."""
    said = {
        "slug": slug,
        "roles": ["clinical-ai-engineer"],
        "category": "technical",
        "level": 2,
        "prompt": f"What about {slug}?",
        "model_answer": "This and that.",
        "key_points": ["This", "That"],
    }
    return said | more
