import pytest
from django.urls import reverse
from django.utils import timezone

from roadmaps.enrolling import enrol, leave
from roadmaps.models import State
from roadmaps.standing import proven_skills
from roadmaps.ticking import set_state
from roles.models import Skill
from tests.conftest import ANALYTICS
from tests.pages import Page, flaws
from tests.queries import queries_of
from tests.roadmaps.drafts import first_goal
from tests.roles.many import empty_the_catalog, ten_times_the_catalog
from tests.roles.short_roles import short_role


def url(*have):
    return reverse("skill_map") + ("?" + "&".join(f"have={slug}" for slug in have) if have else "")


def page(client, *have):
    return Page(client.get(url(*have)))


def ticked(found):
    return {each["value"] for _, each in found.attributes if each.get("name") == "have" and "checked" in each}


@pytest.mark.parametrize(
    "have",
    [
        (),
        ("python",),
        ("python", "hipaa", "hl7-fhir", "python"),
        ("no-such-skill",),
        ("%00", "%27--", "%F0%9F%A9%BA" * 500),
    ],
)
def test_any_address_is_answered_with_a_sound_page(client, db, have):
    found = page(client, *have)
    assert found.status == 200
    assert flaws(found) == []


def test_every_skill_at_once_is_a_sound_page(client, db):
    found = page(client, *Skill.objects.values_list("slug", flat=True))
    assert flaws(found) == []
    assert "You have every skill that its roadmap teaches." in found.text


def test_it_stands_before_the_skills(client, db):
    assert url() == "/skills/map/"
    assert (1, "Which skills lead where") in page(client).headings


def test_without_a_choice_it_offers_every_skill_and_draws_the_map(client, db):
    found = page(client)
    offered = {each["value"] for _, each in found.attributes if each.get("name") == "have"}
    assert offered == set(Skill.objects.values_list("slug", flat=True))
    assert ticked(found) == set()
    assert '<svg class="map"' in found.html
    assert "From here to each role" not in found.text


def test_the_nearest_role_and_what_is_missing_are_said(client, db, analytics):
    have = list(analytics.roadmap.skills)[:-2]
    found = page(client, *have)
    assert (1, "Healthcare Analytics is nearest") in found.headings
    assert f"You have {len(have)} of its {len(have) + 2} skills." in found.text
    assert "2 to go" in found.text
    assert f"{reverse('roadmaps:roadmap_detail', args=[ANALYTICS])}#phase-6" in found.links
    assert ticked(found) == set(have)


def test_what_to_learn_first_is_said(client, db):
    python, wrangling = Skill.objects.get(slug="python"), Skill.objects.get(slug="data-wrangling")
    wrangling.builds_on.set([python])
    assert "Data wrangling , after Python" in page(client, "hipaa").text
    assert "Builds on Python" in page(client).text


def test_roles_without_a_roadmap_stand_apart(client, db):
    short_role(skills=("python", "hipaa"))
    found = page(client, "python")
    assert (2, "Roles without a roadmap") in found.headings
    assert "Bedside AI Engineer 1 of the 2 skills that it names" in found.text


def test_unknown_and_doubled_skills_are_said(client, db):
    found = page(client, "python", "juggling", "python")
    assert "We know no skill called “juggling”, so it is left out." in found.text
    assert "shown once: Python" in found.text
    assert ticked(found) == {"python"}


def test_the_choice_can_be_taken_back(client, db):
    assert url() in page(client, "python").links


def test_everything_drawn_is_in_the_list_too(client, db):
    found = page(client)
    for skill in Skill.objects.all():
        assert skill.get_absolute_url() in found.links


def test_an_empty_catalog_is_a_page_too(client, db):
    empty_the_catalog()
    found = page(client)
    assert flaws(found) == []
    assert "No skill is described yet" in found.text


@pytest.fixture
def done(learner, analytics):
    """The first goal of a roadmap, done by the learner."""
    enrol(learner=learner, role=analytics)
    goal = first_goal(analytics)
    set_state(learner=learner, role=ANALYTICS, goal=goal.key, state=State.DONE, now=timezone.now())
    return {link.slug for link in analytics.roadmap.goals[str(goal.key)].skills}


def test_a_learner_takes_over_the_skills_of_finished_goals(as_learner, done):
    found = page(as_learner)
    assert f"teach {len(done)} skill" in found.text
    assert url(*sorted(done)) in found.links
    after = page(as_learner, *sorted(done))
    assert ticked(after) == done
    assert "Every skill of the goals that you have done is ticked." in after.text


def test_what_is_ticked_stays_when_skills_are_taken_over(as_learner, done):
    other = "genomics"
    assert url(*sorted({*done, other})) in page(as_learner, other).links


def test_a_visitor_and_a_beginner_are_offered_nothing_to_take_over(client, as_learner, db):
    assert "goals that you have done" not in page(client).text
    assert "goals that you have done" not in page(as_learner).text


def test_nobody_gets_another_learners_skills(client, other_learner, done):
    client.force_login(other_learner)
    assert "goals that you have done" not in page(client).text
    assert proven_skills(other_learner) == set()


def test_what_is_proven_stays_proven_after_leaving(learner, analytics, done):
    leave(learner=learner, role=analytics, now=timezone.now())
    assert proven_skills(learner) == done


@pytest.mark.slow
def test_it_reads_as_many_queries_with_ten_times_the_rows(client, as_learner, done):
    assert queries_of(client, url("python")) == 4
    assert queries_of(as_learner, url("python")) == 7
    ten_times_the_catalog()
    assert queries_of(client, url("python")) == 4
    assert queries_of(as_learner, url("python")) == 7


def test_a_visitor_gets_no_token(client, db):
    response = client.get(url("python"))
    assert "csrf" not in response.content.decode()
    assert not response.cookies
