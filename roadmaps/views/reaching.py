"""How the views of a roadmap reach their rows."""

from datetime import datetime

from django.http import Http404

from accounts.models import User
from roadmaps.own_milestone import OwnMilestone, own_milestone_of
from roadmaps.standing import Standing, standing_on
from roles.blueprint import Roadmap
from roles.models import Role


def current_standing(learner: User, slug: str) -> Standing:
    """The learner's standing on a roadmap that they are on; 404 otherwise."""
    standing = standing_on(learner, slug)
    if standing is None or not standing.is_current:
        raise Http404
    return standing


def published_roadmap(role: Role) -> Roadmap:
    assert role.roadmap is not None, "with_roadmap() promises one"
    return role.roadmap


def reached_milestone(learner: User, slug: str, number: int, *, now: datetime) -> OwnMilestone:
    """A milestone of a roadmap that the learner is on, or of one that they left with work in it; 404 otherwise."""
    own = own_milestone_of(learner, slug, number, now=now)
    if own is None:
        raise Http404
    return own
