"""Structured data for search engines: of schema.org's words alone, and whole."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import resolve

from interviews.models import Question
from roles.models import Guide, Role, Skill
from tests.pages import Page

# Of schema.org, version 29: for each type that we use, the properties that it may have, and the kinds of their values.
TEXT, URL, NUMBER = str, "url", (int, float)
VOCABULARY: dict[str, dict[str, object]] = {
    "Occupation": {
        "name": TEXT, "description": TEXT, "url": URL, "skills": TEXT, "responsibilities": TEXT, "qualifications": TEXT,
        "estimatedSalary": "MonetaryAmount",
    },
    "MonetaryAmount": {"name": TEXT, "currency": TEXT, "value": "QuantitativeValue"},
    "QuantitativeValue": {"minValue": NUMBER, "maxValue": NUMBER, "unitText": TEXT},
    "DefinedTerm": {"name": TEXT, "description": TEXT, "url": URL, "alternateName": TEXT, "inDefinedTermSet": URL},
    "Article": {
        "headline": TEXT, "description": TEXT, "url": URL, "mainEntityOfPage": URL, "author": "Organization",
        "publisher": "Organization", "articleSection": TEXT,
    },
    "Organization": {"name": TEXT, "url": URL},
    "BreadcrumbList": {"itemListElement": "ListItem"},
    "ListItem": {"position": NUMBER, "name": TEXT, "item": URL},
    "FAQPage": {"url": URL, "mainEntity": "Question"},
    "Question": {"name": TEXT, "acceptedAnswer": "Answer"},
    "Answer": {"text": TEXT},
}  # fmt: skip
NEEDED = {
    "Occupation": {"name", "description", "url"},
    "MonetaryAmount": {"currency", "value"},
    "QuantitativeValue": {"minValue", "unitText"},
    "DefinedTerm": {"name", "inDefinedTermSet"},
    "Article": {"headline", "author", "publisher"},
    "BreadcrumbList": {"itemListElement"},
    "ListItem": {"position", "name", "item"},
    "FAQPage": {"mainEntity"},
    "Question": {"name", "acceptedAnswer"},
    "Answer": {"text"},
    "Organization": {"name"},
}


def faults_of(thing: object, expected: object = None, at: str = "") -> Iterator[str]:
    """Whatever a reader of schema.org would not understand."""
    if isinstance(thing, list):
        for number, each in enumerate(thing):
            yield from faults_of(each, expected, f"{at}[{number}]")
    elif isinstance(thing, dict):
        kind = thing.get("@type")
        if kind not in VOCABULARY or (expected not in (None, kind)):
            yield f"{at}: {kind} where {expected} belongs"
            return
        yield from (f"{at}: {kind} without {name}" for name in sorted(NEEDED[kind] - thing.keys()))
        for name, value in thing.items():
            if name in ("@type", "@context"):
                continue
            if name not in VOCABULARY[kind]:
                yield f"{at}: {kind} has no {name}"
            else:
                yield from faults_of(value, VOCABULARY[kind][name], f"{at}.{name}")
    elif expected == URL:
        if not str(thing).startswith(f"{settings.SITE_URL}/"):
            yield f"{at}: {thing} is no address of ours"
        else:
            resolve(urlsplit(str(thing)).path)
    elif not (isinstance(expected, type | tuple) and isinstance(thing, expected)) or thing == "":
        yield f"{at}: {thing!r}"


@pytest.mark.slow
@pytest.mark.parametrize("model", [Role, Skill, Guide])
def test_every_page_with_structured_data_is_understood(client, db, model):
    for row in model.objects.all():
        data = Page(client.get(row.get_absolute_url())).data_block
        assert data.get("@context") == "https://schema.org"
        things = data.get("@graph", [data])
        assert list(faults_of(things)) == [], row


def test_places_in_a_trail_are_counted_from_one(client, db):
    data = Page(client.get(Guide.objects.first().get_absolute_url())).data_block
    (trail,) = [each for each in data["@graph"] if each["@type"] == "BreadcrumbList"]
    assert [item["position"] for item in trail["itemListElement"]] == [1, 2, 3]


def test_pay_rises_from_level_to_level_and_an_open_end_has_no_upper_figure(client, db):
    data = Page(client.get("/roles/ai-healthcare-analytics-specialist/")).data_block
    values = [amount["value"] for amount in data["estimatedSalary"]]
    assert [value["minValue"] for value in values] == sorted(value["minValue"] for value in values)
    assert "maxValue" not in values[-1]


def test_what_nobody_would_understand_is_a_fault():
    wrong = {"@type": "Occupation", "name": "", "url": "https://elsewhere.example/", "salary": 1}
    assert len(list(faults_of(wrong))) == 4  # no description, an empty name, another site, an unknown word


def test_pages_without_structured_data_have_no_empty_block(client, db):
    assert "ld+json" not in client.get(Question.objects.previews().first().get_absolute_url()).content.decode()
