from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils import timezone

from interviews.models import Question
from roadmaps.enrolling import enrol, leave
from roadmaps.models import State
from roadmaps.ticking import set_state
from roles.models import LevelTitle, Role, RoleFaq, RoleMetric, RolePoint, Skill
from tests.conftest import ANALYTICS, CHRONIC, COORDINATION
from tests.pages import Page, flaws
from tests.queries import queries_of
from tests.roles.many import ten_times_a_role, ten_times_the_catalog

FULL = (ANALYTICS, COORDINATION, CHRONIC)
SECTIONS = ("fit", "job", "day", "pay", "skills", "tools", "roadmap", "interview", "faq", "sources")


def page(client, role):
    return Page(client.get(role.get_absolute_url()))


@pytest.fixture(params=FULL)
def role(request, db):
    return Role.objects.get(slug=request.param)


@pytest.fixture
def short(db):
    return Role.objects.get(slug="clinical-ai-engineer")


@pytest.fixture
def title(db):
    """A role of which nobody states more than a sentence."""
    return Role.objects.get(slug="medical-imaging-analyst")


def test_a_full_role_has_every_section_and_is_sound(client, role):
    found = page(client, role)
    assert flaws(found) == []
    for section in SECTIONS:
        assert section in found.ids
        assert f"#{section}" in found.links


def test_a_visitor_gets_no_token_and_is_invited_to_come_back_here(client, role):
    found = page(client, role)
    assert "csrf" not in found.html
    assert f"{reverse('account_signup')}?next={role.get_absolute_url()}" in found.links


def test_an_unknown_role_is_404(client, db):
    assert client.get(reverse("role_detail", args=["ai-astronaut"])).status_code == 404


def test_fit_and_reasons_against_are_all_there(client, role):
    found = page(client, role)
    for fit in role.fits.all():
        assert fit.text in found.text
        assert fit.note in found.text


def test_every_point_is_there_and_a_correction_beside_it(client, role):
    found = page(client, role)
    for point in RolePoint.objects.filter(role=role):
        assert point.text in found.text
        if point.kind != "promise":
            assert point.as_stated in found.text
    if role.slug == CHRONIC:
        assert "Corrected. As stated:" in found.text


def test_the_day_runs_by_the_clock(client, role):
    found = page(client, role)
    times = ["9:00 AM", "10:30 AM", "12:00 PM", "2:00 PM", "3:30 PM", "5:00 PM"]
    assert [found.text.index(time) for time in times] == sorted(found.text.index(time) for time in times)
    for slot in role.day.all():
        assert slot.text in found.text


def test_metrics_stand_in_dials_and_in_a_table(client, analytics):
    found = page(client, analytics)
    labels = [attributes.get("aria-label") for tag, attributes in found.attributes if tag == "svg"]
    for metric in analytics.metrics.all():
        assert f"{metric.get_metric_display()} " in found.text
        assert metric.shown in found.text
        if metric.scale_max:
            assert str(metric) in labels
    assert "Higher is better. Could not be checked." in found.text
    assert "Lower is better. Could not be checked." in found.text
    assert "92%" not in found.text


def test_figures_name_who_states_them(client, analytics):
    found = page(client, analytics)
    assert found.text.count("As stated by Role page: AI Healthcare Analytics Specialist , undated.") == 3
    assert f"{reverse('sources')}#source-000" in found.links


def test_months_and_weeks_stand_side_by_side(client, chronic):
    text = page(client, chronic).text
    assert "The source states about 10 months until you are ready for a job." in text
    assert "add up to 32 weeks, which is 7.4 months." in text
    assert "does not explain the other 11 weeks" in text


def test_the_ladder_has_all_titles_duties_years_and_pay(client, role):
    found = page(client, role)
    for level in role.levels.all():
        assert found.text.count(level.pay) == 2  # in the chart and in the table
        assert level.years in found.text
        for title in level.titles.all():
            assert title.title in found.text
            assert title.note in found.text
        for duty in level.duties.all():
            assert duty.text in found.text


def test_an_ampersand_is_escaped_once(client, analytics):
    assert LevelTitle.objects.filter(level__role=analytics, title__contains="&").exists()
    html = page(client, analytics).html
    assert "&amp;" in html
    assert "&amp;amp;" not in html


def test_pay_bars_overlap_where_the_figures_do(client, analytics):
    bars = [
        (float(found["x"][:-1]), float(found["width"][:-1]))
        for tag, found in page(client, analytics).attributes
        if tag == "rect"
    ]
    assert len(bars) == 5
    assert bars[0] == (20.0, 8.57)  # $70,000 to $100,000 of $350,000
    assert any(next_x < x + width for (x, width), (next_x, _) in pairwise(bars))


def test_every_skill_of_the_roadmap_is_a_link_and_coding_is_marked(client, role):
    found = page(client, role)
    for slug in role.roadmap.skills:
        assert reverse("skill_detail", args=[slug]) in found.links
    coding = Skill.objects.done_in_code(True).among(role.roadmap.skills).count()
    assert found.html.count('aria-label="by writing code"') == coding
    assert f"{len(role.roadmap.skills)} skills to learn" in found.text


def test_every_tool_names_its_phases(client, chronic):
    found = page(client, chronic)
    for slug in chronic.roadmap.tools:
        assert reverse("roles:tool_detail", args=[slug]) in found.links
    assert "LangChain Framework, phase 3" in found.text


def test_the_roadmap_is_previewed_phase_by_phase(client, role):
    found = page(client, role)
    for phase in role.roadmap.phases:
        assert phase.milestone.text in found.text
        for goal in phase.live_goals:
            assert goal.text in found.text
    assert reverse("roadmaps:roadmap_detail", args=[role.slug]) in found.links


def test_three_questions_with_answers_and_key_points(client, role):
    found = page(client, role)
    questions = Question.objects.previews().of(role)
    assert questions.count() == 3
    for question in questions:
        assert question.prompt in found.text
        for point in question.key_points:
            assert point in found.text
        for paragraph in question.model_answer.split("\n\n"):
            assert paragraph in found.text


def test_only_previews_are_shown(client, analytics):
    Question.objects.of(analytics).update(preview=False)
    found = page(client, analytics)
    assert "interview" not in found.ids
    assert "#interview" not in found.links


def test_the_questions_people_ask_are_answered_with_the_metrics_numbers(client, role):
    found = page(client, role)
    faqs = RoleFaq.objects.filter(role=role)
    assert faqs.count() == 5
    for faq in faqs:
        assert faq.question in found.text
    assert "{" not in "".join(faq.answered(dict.fromkeys(RoleFaq.PLACEHOLDERS, "")) for faq in faqs)
    demand = RoleMetric.objects.get(role=role, metric="demand")
    assert f"scores future demand at {demand.shown}" in found.text


def test_related_roles_say_how_much_they_share(client, analytics, coordination):
    shared = len(analytics.roadmap.skills.keys() & coordination.roadmap.skills.keys())
    text = page(client, analytics).text
    assert f"{shared} of its {len(coordination.roadmap.skills)} skills are taught here too" in text


def test_corrections_are_listed_with_how_sure_we_are(client, role):
    found = page(client, role)
    for correction in role.corrections.all():
        assert correction.found in found.text
        assert correction.get_certainty_display() in found.text


def test_articles_follow_the_sound(client, role):
    text = page(client, role).text
    assert f"A day as an {role.name}" in text
    assert " a AI" not in text
    assert " a EHR" not in text


def test_a_short_role_shows_what_there_is_and_no_empty_heading(client, short):
    found = page(client, short)
    assert flaws(found) == []
    here = [section for section in (*SECTIONS, "requirements") if section in found.ids]
    assert here == ["fit", "job", "pay", "skills", "interview", "sources", "requirements"]
    for each in (*short.requirements.all(), *short.points.filter(kind="work")):
        assert each.text in found.text
    assert "$180,000 to $280,000 range, US dollars a year, as we read it" in found.text
    assert "Level not given." in found.text
    assert "until you are ready" not in found.text
    assert "Sign up and start" not in found.text


def test_a_short_role_leads_to_the_skills_that_it_names_and_to_roadmaps_that_teach_them(client, short):
    found = page(client, short)
    named = short.named_skills.all()
    for skill in named:
        assert skill.get_absolute_url() in found.links
    assert f"of the {len(named)} skills named here" in found.text


def test_a_title_shows_no_pay_that_nobody_states(client, title):
    found = page(client, title)
    assert flaws(found) == []
    assert [section for section in SECTIONS if section in found.ids] == ["fit", "job", "skills", "sources"]
    assert "$" not in found.text


def test_a_title_with_a_figure_shows_it_marked_as_doubtful(client, db):
    found = page(client, Role.objects.get(slug="healthcare-ai-specialist"))
    assert "71% in one year" in found.text
    assert "Not checked: no basis found" in found.text


def test_somebody_signed_in_can_start_by_a_plain_form(as_learner, analytics):
    found = page(as_learner, analytics)
    (form,) = found.forms("enrol")
    assert form["action"] == reverse("roadmaps:roadmap_enrol", args=[ANALYTICS])
    assert flaws(found) == []


def test_whoever_is_on_the_roadmap_continues_where_they_are(as_learner, learner, analytics):
    enrol(learner=learner, role=analytics)
    for goal in analytics.roadmap.phases[0].live_goals:
        set_state(learner=learner, role=ANALYTICS, goal=goal.key, state=State.DONE, now=timezone.now())
    found = page(as_learner, analytics)
    assert found.forms("enrol") == []
    assert "Continue your roadmap 16%: 3 of 18 goals done" in found.text
    labels = [attributes.get("aria-label") for tag, attributes in found.attributes if tag == "svg"]
    assert "Healthcare Analytics: 6 phases, 4 of 30 weeks done" in labels


def test_whoever_left_can_come_back(as_learner, learner, analytics):
    enrol(learner=learner, role=analytics)
    leave(learner=learner, role=analytics, now=timezone.now())
    found = page(as_learner, analytics)
    assert "Come back to this roadmap" in found.text
    assert len(found.forms("enrol")) == 1


def test_search_engines_read_an_occupation_with_pay_by_level(client, analytics):
    found = page(client, analytics)
    data = found.data_block
    assert data["@type"] == "Occupation"
    assert data["name"] == analytics.name
    assert data["url"].endswith(analytics.get_absolute_url())
    assert len(data["estimatedSalary"]) == 5
    first, last = data["estimatedSalary"][0], data["estimatedSalary"][-1]
    assert first["currency"] == "USD"
    assert first["value"] == {
        "@type": "QuantitativeValue", "minValue": 70000, "maxValue": 100000, "unitText": "YEAR"
    }  # fmt: skip
    assert "maxValue" not in last["value"]  # open at the top
    assert "Chief Data & Analytics Officer (Healthcare)" in last["name"]
    assert found.meta("description") == analytics.tagline
    assert found.meta("og:title") == analytics.name


def test_a_hostile_text_cannot_end_the_data_block(client, analytics):
    Role.objects.filter(pk=analytics.pk).update(tagline="</script><script>alert(1)</script>")
    found = page(client, analytics)
    assert found.data_block["description"] == "</script><script>alert(1)</script>"
    assert "<script>alert" not in found.html


def test_the_data_block_needs_no_nonce(client, analytics):
    assert "nonce" not in page(client, analytics).html
    assert "nonce-" not in client.get(analytics.get_absolute_url()).headers["Content-Security-Policy"]


@pytest.mark.slow
@pytest.mark.parametrize("rows", ["as they are", "ten times"])
def test_queries_stay_the_same_with_ten_times_the_rows(client, as_learner, learner, analytics, rows):
    if rows == "ten times":
        ten_times_the_catalog()
        ten_times_a_role(analytics)
    url = analytics.get_absolute_url()
    assert queries_of(client, url) == 5
    assert queries_of(as_learner, url) == 8
    enrol(learner=learner, role=analytics)
    assert queries_of(as_learner, url) == 8
