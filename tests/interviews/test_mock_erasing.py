"""A person's mock interviews go with them, and are laid open to them."""

from __future__ import annotations

import json

import pytest

from accounts.erasing import erase
from accounts.exporting import lay_open
from interviews.mocking import OlderError
from interviews.models import Aside, Mock, MockAnswer, MockQuestion, MockScore
from tests.interviews.mocked import OTHER, begun, ended, saved, scored
from tests.interviews.practicing import NOW

TABLES = (Mock, MockQuestion, MockAnswer, MockScore, Aside)


@pytest.fixture
def busy(learner, analytics):
    """A learner with something in every table of mock interviews."""
    scored(ended(learner, analytics), {})
    mock = begun(learner, analytics)
    saved(mock, "Of the phone.", editor=OTHER)
    with pytest.raises(OlderError):
        saved(mock, "Of the desk.")
    return learner


def test_they_go_with_the_account(busy, other_learner, analytics):
    others = begun(other_learner, analytics)
    assert all(model.objects.exists() for model in TABLES)
    erase(person=busy, by=None, now=NOW)
    assert list(Mock.objects.all()) == [others]
    assert not MockScore.objects.exists()
    assert not Aside.objects.exists()


def test_they_are_laid_open(busy):
    told = json.loads(lay_open(person=busy, by=None, now=NOW))["about"]
    for model in TABLES:
        assert len(told[model._meta.label_lower]) == model.objects.count(), model
