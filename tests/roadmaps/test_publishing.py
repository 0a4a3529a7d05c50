import pytest
from django.db import DatabaseError, IntegrityError, transaction

from roadmaps.diffs import What
from roadmaps.enrolling import enrol
from roadmaps.models import Publication, State
from roadmaps.publishing import NotPublishableError, preview, publish
from roadmaps.ticking import set_state
from roles.models import Criterion, Goal, Phase, Role
from tests.roadmaps.drafts import add_criterion, add_goal, first_goal, replace, retire, reword
from tests.roadmaps.times import NOW


def latest(role: Role) -> Publication:
    return Publication.objects.latest_of(role)


def test_the_loaded_catalog_is_published_once(analytics):
    assert [(each.number, each.kind) for each in Publication.objects.of(analytics)] == [(1, "first")]


def test_publishing_an_unchanged_draft_does_nothing(analytics):
    assert publish(analytics, by=None) is None
    assert Publication.objects.of(analytics).count() == 1


def test_rewording_is_minor_and_stays_in_the_edition(analytics):
    reword(first_goal(analytics))
    publication = publish(analytics, by=None)
    assert (publication.kind, publication.edition, publication.number) == ("minor", 1, 2)


@pytest.mark.parametrize(
    "edit",
    [add_goal, add_criterion, lambda role: retire(first_goal(role)), lambda role: replace(first_goal(role))],
    ids=["goal added", "criterion added", "goal retired", "goal replaced"],
)
def test_adding_retiring_and_replacing_open_a_new_edition(analytics, edit):
    edit(analytics)
    publication = publish(analytics, by=None)
    assert (publication.kind, publication.edition) == ("major", 2)


def test_the_publication_keeps_the_diff_that_the_system_made(analytics):
    goal = first_goal(analytics)
    before = goal.text
    reword(goal, "Now it says this")
    publish(analytics, by=None)
    (change,) = latest(analytics).changes
    assert (change["what"], change["before"], change["after"]) == (What.REWORDED, [before], ["Now it says this"])


def test_the_catalog_shows_the_publication_and_not_the_draft(analytics):
    goal = first_goal(analytics)
    reword(goal, "Only drafted")
    assert "Only drafted" not in str(Role.objects.get(pk=analytics.pk).blueprint)
    publish(analytics, by=None)
    assert "Only drafted" in str(Role.objects.get(pk=analytics.pk).blueprint)


def test_a_published_goal_that_is_retired_stays_in_the_snapshot_as_retired(analytics):
    goal = first_goal(analytics)
    retire(goal)
    roadmap = publish(analytics, by=None).roadmap
    assert roadmap.goals[str(goal.key)].retired
    assert str(goal.key) not in roadmap.live_goals


def test_a_draft_goal_retired_before_it_was_ever_published_leaves_no_trace(analytics):
    retire(add_goal(analytics))
    assert publish(analytics, by=None) is None


def test_what_was_replaced_twice_between_two_publications_still_keeps_its_credit(analytics):
    old = first_goal(analytics)
    (meanwhile,) = replace(old)
    (heir,) = replace(meanwhile, "What it is now")
    publication = publish(analytics, by=None)
    assert publication.roadmap.goals[str(heir.key)].replaces == (str(old.key),)
    assert [change["what"] for change in publication.changes] == ["replaced"]


def test_what_a_retired_phase_took_along_still_passes_credit_on(analytics):
    old = first_goal(analytics)
    (heir,) = replace(old)
    publish(analytics, by=None)
    heir.refresh_from_db()
    retire(heir)
    last = add_goal(analytics, phase=2, replaces=(heir,))
    Phase.objects.filter(role=analytics, order=1).update(retired=True)
    publication = publish(analytics, by=None)
    assert set(publication.roadmap.goals[str(last.key)].replaces) == {str(old.key), str(heir.key)}


def test_phases_are_counted_without_gaps_when_one_is_retired(analytics):
    phase = Phase.objects.get(role=analytics, order=3)
    phase.retired = True
    phase.save()
    assert [phase.number for phase in publish(analytics, by=None).roadmap.phases] == [1, 2, 3, 4, 5]


def test_a_phase_without_goals_cannot_be_published_and_the_reason_names_it(analytics):
    phase = Phase.objects.get(role=analytics, order=2)
    phase.goals.update(retired=True)
    with pytest.raises(NotPublishableError, match=f"“{phase.title}” has no goal"):
        publish(analytics, by=None)
    assert latest(analytics).number == 1


def test_a_milestone_without_required_criteria_cannot_be_published(analytics):
    Criterion.objects.filter(milestone__phase__role=analytics, milestone__phase__order=1).update(required=False)
    with pytest.raises(NotPublishableError, match="no required criterion"):
        publish(analytics, by=None)


def test_the_preview_counts_whom_each_change_reaches(analytics, learner, other_learner):
    goal = first_goal(analytics)
    for person in (learner, other_learner):
        enrol(learner=person, role=analytics)
    set_state(learner=learner, role=analytics.slug, goal=goal.key, state=State.DONE, now=NOW)
    retire(goal)
    shown = preview(analytics)
    assert (shown.kind, shown.learners) == ("major", 2)
    assert [(reach.learners, reach.with_progress) for reach in shown.reach] == [(2, 1)]


def test_the_preview_of_an_unchanged_draft_is_empty(analytics):
    assert preview(analytics) is None


def test_a_publication_cannot_be_changed(analytics):
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Publication.objects.of(analytics).update(snapshot={})


def test_a_publication_cannot_be_deleted(analytics):
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        Publication.objects.of(analytics)._raw_delete("default")


def test_a_published_goal_cannot_be_deleted(analytics):
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        first_goal(analytics).delete()


def test_a_goal_that_was_never_published_can_be_deleted(analytics):
    goal = add_goal(analytics)
    goal.delete()
    assert not Goal.objects.filter(key=goal.key).exists()


def test_the_key_of_a_goal_never_changes(analytics):
    goal = first_goal(analytics)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Goal.objects.filter(pk=goal.pk).update(key="00000000-0000-0000-0000-000000000000")


def test_an_edition_is_opened_once(analytics):
    first = latest(analytics)
    with pytest.raises(IntegrityError, match="edition_opened_once"), transaction.atomic():
        Publication.objects.create(
            role=analytics, number=2, edition=1, kind="major", snapshot=first.snapshot, digest=first.digest
        )
