"""Every fact of the three role pages is in the database: typed ones in typed fields, others by their tokens."""

from __future__ import annotations

import re
from collections import Counter
from datetime import time
from decimal import Decimal

import pytest
from django.db import models

from interviews.models import Question
from roles.models import CareerLevel, DaySlot, Phase, Role
from tests.conftest import ANALYTICS, CHRONIC, COORDINATION
from tests.content.reading import FACTS, plain, words_of

ROLES = {"000": ANALYTICS, "002": COORDINATION, "003": CHRONIC}
# Whatever stands in neither belongs to the role.
PLACE = re.compile(r"\d+\.(phase|level)(\d)")

pytestmark = pytest.mark.django_db


def phase_words(phase: Phase) -> str:
    goals = list(phase.goals.prefetch_related("tools"))
    links = list(phase.resource_links.select_related("resource"))
    rows = [phase, phase.milestone, *goals, *links, *(link.resource for link in links)]
    rows += [tool for goal in goals for tool in goal.tools.all()]
    rows += [each for link in links for each in link.resource.corrections.all()]
    return words_of(*rows) + f" {phase.weeks} weeks"


def level_words(level: CareerLevel) -> str:
    years = f"{level.years_min}+" if level.years_max is None else f"{level.years_min}-{level.years_max}"
    pay = f"${level.salary_min} ${level.salary_max}"
    return f"{words_of(level, *level.titles.all(), *level.duties.all())} {years} {pay}"


def role_words(role: Role) -> str:
    """What belongs to the role but to no phase or level."""
    related = [role.points, role.sectors, role.fits, role.day, role.metrics, role.faqs, role.questions]
    rows = [role, *(row for manager in related for row in manager.all())]
    shown = " ".join(f"{metric.shown} {metric.shown.replace(' of 10', '')}" for metric in role.metrics.all())
    day = " ".join(f"{slot.time:%I:%M %p}".lstrip("0") for slot in role.day.all())
    weeks = f"{sum(phase.weeks for phase in role.phases.all())} weeks"
    return f"{words_of(*rows)} {plain(shown)} {plain(day)} {weeks}"


def scope_of(fact: dict, role: Role) -> str:
    if not (place := PLACE.match(fact["id"])):
        return role_words(role)
    if place[1] == "phase":
        return phase_words(role.phases.get(order=place[2]))
    return level_words(role.levels.get(order=place[2]))


def typed(fact: dict, role: Role) -> list[tuple[object, object]]:
    """Pairs of what the source states and what the typed fields hold."""
    data, number = fact.get("data", {}), int(m[1]) if (m := re.search(r"(?:phase|level)(\d)", fact["id"])) else 0
    if "level" in fact["id"]:
        level = role.levels.get(order=number)
        return [
            (value, [title.title for title in level.titles.all()] if name == "titles" else getattr(level, name))
            for name, value in data.items()
        ]
    if re.search(r"phase\d\.(title|weeks)", fact["id"]):
        phase = role.phases.get(order=number)
        return [(value, getattr(phase, name)) for name, value in data.items() if name != "title"]
    if fact["kind"] == "day":
        return [(True, DaySlot.objects.filter(role=role, time=time.fromisoformat(data["time"])).exists())]
    metrics = {metric.metric: metric for metric in role.metrics.all()}
    held = {
        "demand_score": metrics["demand"].value,
        "scale_max": metrics["demand"].scale_max,
        "replacement_risk_pct": metrics["replacement_risk"].value,
        "months_to_ready": role.months_to_ready,
        "approximate": role.months_approximate,
        "entry_barrier": role.entry_barrier,
        "difficulty": role.difficulty,
        "coding_required": role.coding_required,
        "remote_friendly": role.remote_friendly,
        "phases": role.phases.count(),
        "weeks_total": sum(phase.weeks for phase in role.phases.all()),
        "previewed": Question.objects.filter(roles=role, preview=True).count(),
    }
    return [
        (Decimal(str(value)) if isinstance(value, float) else value, held[name])
        for name, value in data.items()
        if name in held
    ]


def test_the_index_holds_every_fact_of_the_five_sources():
    assert Counter(fact["id"][:3] for fact in FACTS) == {"000": 136, "001": 181, "002": 124, "003": 131, "004": 115}
    assert len({fact["id"] for fact in FACTS}) == 687


def lost_of(fact: dict, scope: str) -> list[str]:
    return [token for token in fact["figures"] if plain(token) not in scope]


@pytest.mark.parametrize("doc", ROLES)
def test_every_token_of_every_fact_is_found_where_it_belongs(doc):
    role = Role.objects.get(slug=ROLES[doc])
    scopes: dict[str, str] = {}
    missing = {}
    for fact in FACTS:
        if fact["id"].startswith(doc) and fact.get("figures"):
            where = place[0] if (place := PLACE.match(fact["id"])) else "role"
            if where not in scopes:
                scopes[where] = scope_of(fact, role)
            if lost := lost_of(fact, scopes[where]):
                missing[fact["id"]] = lost
    assert missing == {}


@pytest.mark.parametrize("doc", ROLES)
def test_every_typed_value_stands_in_a_typed_field(doc):
    role = Role.objects.get(slug=ROLES[doc])
    wrong = {
        fact["id"]: pairs
        for fact in FACTS
        if fact["id"].startswith(doc) and (pairs := [pair for pair in typed(fact, role) if pair[0] != pair[1]])
    }
    assert wrong == {}


@pytest.mark.parametrize("doc", ROLES)
def test_corrected_facts_keep_what_the_source_stated(doc):
    """A corrected fact's tokens are there, and its rows say what was corrected."""
    role = Role.objects.get(slug=ROLES[doc])
    corrected = [fact for fact in FACTS if fact["id"].startswith(doc) and fact["carry"] == "corrected"]
    assert corrected
    assert role.corrections.exists()


def test_no_leftover_of_a_generator_is_shown():
    """The word JSON occurs only as the data format."""
    said = " ".join(words_of(*model.objects.all()) for model in _catalog_models())
    for match in re.finditer(r".{40}\bjson\b.{40}", said):
        assert "record" not in match[0], match[0]


def _catalog_models() -> list[type[models.Model]]:
    from django.apps import apps

    from roles.models import CatalogModel

    return [model for model in apps.get_models() if issubclass(model, CatalogModel) and model is not Role]
