"""The learner card: who may open it, what it shows, what can be written on it, and that every look is written down."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from mentoring import commenting, knowing, review
from mentoring.models import Agreement, Blocker, Handover, Look, Looked, Membership, Note, Submission, Thread
from roadmaps.models import State
from tests.factories import UserFactory
from tests.mentoring.people import ASKED, NOT_YET, make_claimed, make_cohort, make_draft, make_mentor
from tests.pages import Page, flaws
from tests.queries import queries_of
from tests.roadmaps.following_people import follow


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def winter(analytics, learner, ruth, now):
    """The learner has been in Ruth's cohort for six weeks, and has done four goals."""
    cohort = make_cohort(analytics, mentors=[ruth])
    since = now - timedelta(weeks=6)
    cohort.starts_on = since.date()
    cohort.save()
    Membership.objects.create(cohort=cohort, learner=learner, role=analytics, joined_at=since)
    follow(learner, analytics, [State.DONE] * 4 + [State.DOING], since=since, every=7)
    return cohort


def browser(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def card_url(learner) -> str:
    return reverse("learner_card", args=[learner.pk])


def card(mentor, learner) -> Page:
    return Page(browser(mentor).get(card_url(learner)))


def milestone_thread(learner, role, phase: int = 1, *, now) -> Thread:
    """A draft for the milestone of one of the roadmap's phases."""
    key = learner.enrolments.get(role=role).publication.roadmap.phase(phase).milestone.key
    return make_draft(learner, role, subject=UUID(key), now=now)


def handed_in(learner, role, phase: int = 1, *, now) -> Thread:
    thread = milestone_thread(learner, role, phase, now=now)
    return review.submit(thread=thread, asked=ASKED, message="", by=learner, key=uuid4(), now=now)


def returned(thread, mentor, *, now) -> Thread:
    claimed = review.claim(thread=thread, by=mentor, key=uuid4(), now=now)
    return review.return_(thread=claimed, judgment=NOT_YET, by=mentor, key=uuid4(), now=now)


# ---------------------------------------------------------------- what it shows


def test_the_heading_says_how_the_learner_stands(winter, learner, ruth):
    page = card(ruth, learner)
    assert page.headings[0] == (1, "Ines Okonjo: on plan")
    assert flaws(page) == []


def test_progress_pace_and_place_are_told(winter, learner, ruth):
    text = card(ruth, learner).text
    assert "4 of 18, 22%" in text
    assert "The plan expects 6 of 30 weeks of work by today" in text
    assert "the cohort’s first day" in text
    assert "Winter" in text
    assert "Hours a week 8" in text


def test_milestones_have_state_and_rounds(winter, learner, ruth, analytics, now):
    returned(handed_in(learner, analytics, now=now), ruth, now=now)
    page = card(ruth, learner)
    assert "Handed in 1 time, returned 1 time." in page.text
    submission = Submission.objects.get()
    assert submission.get_absolute_url() in page.links


def test_what_was_advised_stands_by_milestone_whoever_said_it(winter, learner, ruth, jonas, analytics, now):
    winter.mentors.add(jonas)
    thread = returned(handed_in(learner, analytics, now=now), jonas, now=now)
    submission = thread.submissions.get()
    commenting.say(
        submission=submission, by=jonas, text="Show the scale.", criterion=ASKED.criteria[0].key, key=uuid4(), now=now
    )
    commenting.say(submission=submission, by=learner, text="I will.", key=uuid4(), now=now)
    text = card(ruth, learner).text
    assert "2 answers" in text
    assert "Jonas Lindqvist returned round 1" in text
    assert "Partly: Calibration is shown and discussed" in text
    assert "Refit on a held-out year and show the curve again." in text
    assert "commented on “Validation fits the question”, round 1" in text
    assert "I will." not in text


def test_a_blocker_stands_in_the_learners_words(winter, learner, ruth, analytics, now):
    Blocker.objects.create(learner=learner, role=analytics, text="No computer at home.", stated_at=now)
    assert "“No computer at home.”" in card(ruth, learner).text


def test_handovers_and_looks_of_others_are_told(winter, learner, ruth, jonas, now):
    Handover.objects.create(
        learner=learner, cohort=winter, giver=jonas, taker=ruth, note="Give her time.", key=uuid4(), at=now
    )
    Look.objects.create(learner=learner, viewer=jonas, viewer_name=jonas.name, what=Looked.CARD, at=now)
    text = card(ruth, learner).text
    assert "Jonas Lindqvist to Ruth Adeyemi" in text
    assert "Give her time." in text
    assert "Jonas Lindqvist this card" in text


def test_the_page_says_who_reads_notes_and_who_gets_them(winter, learner, ruth):
    text = card(ruth, learner).text
    assert "Only mentors of Ines Okonjo read these" in text
    assert "never on a public profile" in text
    assert "when they ask for everything that is held on them" in text


def test_another_roadmap_of_theirs_stays_out(winter, learner, ruth, coordination, now):
    follow(learner, coordination, [State.DONE], since=now)
    assert coordination.short_name not in card(ruth, learner).text


def test_a_pool_holder_sees_the_role_of_the_submission_and_why(learner, analytics, coordination, jonas, now):
    for role in (analytics, coordination):
        follow(learner, role, [State.DONE], since=now)
    make_claimed(learner, analytics, jonas, now=now)
    text = card(jonas, learner).text
    assert "You see this card while you hold a submission" in text
    assert coordination.short_name not in text
    assert "8 hours a week the roadmap takes 30 weeks" in text


def test_somebody_who_has_not_begun_has_a_card(analytics, learner, ruth, now):
    make_cohort(analytics, mentors=[ruth], learners=[learner])
    page = card(ruth, learner)
    assert flaws(page) == []
    assert page.headings[0] == (1, "Ines Okonjo")
    assert "in the cohort but not on the roadmap yet" in page.text


def test_somebody_who_left_the_roadmap_has_a_card(winter, learner, ruth, now):
    learner.enrolments.update(left_at=now)
    page = card(ruth, learner)
    assert flaws(page) == []
    assert "left this roadmap on" in page.text


def test_the_card_takes_few_queries_however_much_there_is(winter, learner, ruth, jonas, analytics, now):
    winter.mentors.add(jonas)
    returned(handed_in(learner, analytics, 1, now=now), jonas, now=now)
    few = queries_of(browser(ruth), card_url(learner))
    for phase in (2, 3, 4):
        returned(handed_in(learner, analytics, phase, now=now), jonas, now=now)
    for number in range(8):
        knowing.add_note(learner=learner, text=f"Note {number}", by=ruth, key=uuid4(), now=now)
        knowing.agree(learner=learner, text=f"Step {number}", due_on=None, by=ruth, key=uuid4(), now=now)
    assert queries_of(browser(ruth), card_url(learner)) == few <= 9


# ---------------------------------------------------------------- looks


def test_opening_the_card_is_a_look(winter, learner, ruth):
    card(ruth, learner)
    assert [(look.viewer, look.learner, look.what) for look in Look.objects.all()] == [(ruth, learner, "card")]


def test_a_card_that_nobody_may_see_is_no_look(winter, learner, jonas):
    assert browser(jonas).get(card_url(learner)).status_code == 404
    assert not Look.objects.exists()


# ---------------------------------------------------------------- notes and agreements, as posted


def post(mentor, name, number, **fields):
    return browser(mentor).post(reverse(name, args=[number]), fields)


def test_a_note_is_added_and_shown(winter, learner, ruth):
    answer = post(ruth, "note_add", learner.pk, **{"note-text": "Works nights.", "note-key": str(uuid4())})
    assert answer.url == f"{card_url(learner)}#notes"
    assert "Works nights." in card(ruth, learner).text


@pytest.mark.parametrize(("text", "message"), [("", "Write something."), ("x" * 2001, "Use at most 2000 characters")])
def test_a_note_that_says_nothing_or_too_much_is_answered_on_the_card(winter, learner, ruth, text, message):
    answer = post(ruth, "note_add", learner.pk, **{"note-text": text, "note-key": str(uuid4())})
    page = Page(answer)
    assert (page.status, message in page.text, flaws(page)) == (422, True, [])
    assert text[:50] in page.html


def test_a_note_is_corrected_on_its_own_page(winter, learner, ruth, now):
    note = knowing.add_note(learner=learner, text="Works nights.", by=ruth, key=uuid4(), now=now)
    url = reverse("note_change", args=[note.pk])
    page = Page(browser(ruth).get(url))
    assert "Works nights." in page.text
    assert flaws(page) == []
    assert browser(ruth).post(url, {"note-text": "", "note-key": str(uuid4())}).status_code == 422
    post(ruth, "note_change", note.pk, **{"note-text": "Works days.", "note-key": str(uuid4())})
    text = card(ruth, learner).text
    assert "Works days." in text
    assert "Corrected, see what it said before Works nights." in text


def test_a_lost_race_for_a_note_is_said_with_what_was_typed(winter, learner, ruth, now):
    note = knowing.add_note(learner=learner, text="One.", by=ruth, key=uuid4(), now=now)
    knowing.correct_note(note=note, text="Two.", by=ruth, key=uuid4(), now=now)
    page = Page(post(ruth, "note_change", note.pk, **{"note-text": "Three.", "note-key": str(uuid4())}))
    assert (page.status, "Three." in page.text, "meanwhile" in page.text) == (409, True, True)


def test_a_note_that_is_taken_away_can_be_brought_back(winter, learner, ruth, now):
    note = knowing.add_note(learner=learner, text="Works nights.", by=ruth, key=uuid4(), now=now)
    client = browser(ruth)
    client.post(reverse("note_remove", args=[note.pk]))
    page = Page(client.get(card_url(learner)))
    assert "Works nights." not in page.text
    (undo,) = page.forms("undo")
    client.post(undo["action"])
    assert "Works nights." in card(ruth, learner).text


def test_an_agreement_is_shown_to_both_and_settled_by_the_learner(winter, learner, ruth, as_learner):
    fields = {"agreement-text": "A smaller step", "agreement-due_on": "", "agreement-key": str(uuid4())}
    assert post(ruth, "agreement_add", learner.pk, **fields).url == f"{card_url(learner)}#agreements"
    page = Page(as_learner.get(reverse("agreement_list")))
    assert page.headings[0] == (1, "One agreement stands")
    assert "A smaller step" in page.text
    assert flaws(page) == []
    (form,) = page.forms("agreement-settle")
    assert as_learner.post(form["action"]).url == reverse("agreement_list")
    page = Page(as_learner.get(reverse("agreement_list")))
    assert page.headings[0] == (1, "Every agreement is settled")
    as_learner.post(page.forms("undo")[0]["action"])
    assert Agreement.objects.get().settled_at is None


def test_a_mentor_settles_on_the_card(winter, learner, ruth, now):
    made = knowing.agree(learner=learner, text="A smaller step", due_on=None, by=ruth, key=uuid4(), now=now)
    assert post(ruth, "agreement_settle", made.pk).url == f"{card_url(learner)}#agreements"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"agreement-text": ""}, "Write what you agreed on."),
        ({"agreement-text": "x" * 501}, "Use at most 500 characters"),
        ({"agreement-text": "x", "agreement-due_on": "2020-01-01"}, "Choose today or a day to come."),
        ({"agreement-text": "x", "agreement-due_on": "soon"}, "Choose a day"),
    ],
)
def test_an_agreement_that_is_not_right_is_answered_on_the_card(winter, learner, ruth, fields, message):
    page = Page(post(ruth, "agreement_add", learner.pk, **{"agreement-key": str(uuid4()), **fields}))
    assert (page.status, message in page.text, flaws(page)) == (422, True, [])
    assert not Agreement.objects.exists()


def test_without_agreements_the_page_says_what_will_stand_there(as_learner):
    page = Page(as_learner.get(reverse("agreement_list")))
    assert "your mentor writes it down here" in page.text
    assert flaws(page) == []


def test_notes_are_nowhere_on_the_learners_own_pages(winter, learner, ruth, as_learner, now):
    knowing.add_note(learner=learner, text="Works nights.", by=ruth, key=uuid4(), now=now)
    for name in ("agreement_list", "look_list", "dashboard", "accounts:profile"):
        assert "Works nights." not in as_learner.get(reverse(name)).content.decode()


# ---------------------------------------------------------------- people × pages × situations

SITUATIONS = {
    "in the cohort": {"ruth": 200, "second": 200, "elsewhere": 404, "holder": 404},
    "left the cohort": {"ruth": 404, "second": 404, "elsewhere": 404, "holder": 404},
    "held from the pool": {"ruth": 404, "second": 404, "elsewhere": 404, "holder": 200},
    "lease over": {"ruth": 404, "second": 404, "elsewhere": 404, "holder": 404},
}
# Who is no mentor never comes in; the learner has pages of their own.
NEVER = {"learner": 403, "other": 403, "editor": 403, "staff": 403, "visitor": 302}


@pytest.fixture
def people(analytics, coordination, learner, other_learner, ruth, jonas, now):
    second = make_mentor(analytics, name="Second")
    elsewhere = make_mentor(coordination, name="Elsewhere")
    make_cohort(coordination, mentors=[elsewhere], slug="elsewhere")
    users = {
        "ruth": ruth,
        "second": second,
        "elsewhere": elsewhere,
        "holder": jonas,
        "learner": learner,
        "other": other_learner,
        "editor": UserFactory(is_staff=True),
        "staff": UserFactory(is_staff=True, is_superuser=True),
    }
    return {"visitor": Client(), **{name: browser(user) for name, user in users.items()}}


@pytest.fixture
def in_situation(analytics, learner, ruth, jonas, people, now):
    """Puts the learner into a situation; returns ids of a note and an agreement of Ruth's, made while she knew them."""

    def put(situation: str) -> tuple[int, int]:
        cohort = make_cohort(analytics, mentors=User.objects.filter(display_name__in=("Ruth Adeyemi", "Second")))
        member = Membership.objects.create(cohort=cohort, learner=learner, role=analytics, joined_at=now)
        note = knowing.add_note(learner=learner, text="Works nights.", by=ruth, key=uuid4(), now=now)
        agreement = knowing.agree(learner=learner, text="A step", due_on=None, by=ruth, key=uuid4(), now=now)
        if situation != "in the cohort":
            member.left_at = now
            member.save()
        if situation == "held from the pool":
            make_claimed(learner, analytics, jonas, now=now)
        if situation == "lease over":
            make_claimed(learner, analytics, jonas, now=now - timedelta(hours=2))
        return note.pk, agreement.pk

    return put


@pytest.mark.parametrize("situation", SITUATIONS)
def test_who_reaches_the_card_and_may_write_on_it(people, in_situation, learner, situation):
    in_situation(situation)
    reach = SITUATIONS[situation] | NEVER
    assert {name: client.get(card_url(learner)).status_code for name, client in people.items()} == reach
    wrote = {200: 302, 404: 404, 403: 403, 302: 302}
    note = {name: _posted(client, "note_add", learner.pk, "note") for name, client in people.items()}
    assert note == {name: wrote[status] for name, status in reach.items()}
    agreed = {name: _posted(client, "agreement_add", learner.pk, "agreement") for name, client in people.items()}
    assert agreed == {name: wrote[status] for name, status in reach.items()}
    authors = 1 + sum(status == 200 for status in reach.values())
    assert Note.objects.count() == Agreement.objects.count() == authors


@pytest.mark.parametrize("situation", SITUATIONS)
def test_only_its_author_reaches_a_note_while_they_know_the_learner(people, in_situation, situation):
    note, _ = in_situation(situation)
    mentors = dict.fromkeys(("second", "elsewhere", "holder"), 404)
    own = {"ruth": 200 if situation == "in the cohort" else 404, **mentors, **NEVER}
    assert {n: c.get(reverse("note_change", args=[note])).status_code for n, c in people.items()} == own
    moved = own | {"ruth": 302 if situation == "in the cohort" else 404}
    for name in ("note_remove", "note_restore"):
        assert {n: c.post(reverse(name, args=[note])).status_code for n, c in people.items()} == moved


@pytest.mark.parametrize("situation", SITUATIONS)
def test_an_agreement_is_the_learners_and_their_mentors(people, in_situation, situation):
    _, agreement = in_situation(situation)
    reach = {name: 302 if status == 200 else 404 for name, status in SITUATIONS[situation].items()}
    expected = {**reach, "learner": 302, "other": 404, "editor": 404, "staff": 404, "visitor": 302}
    for name in ("agreement_settle", "agreement_resume"):
        assert {n: c.post(reverse(name, args=[agreement])).status_code for n, c in people.items()} == expected


def test_a_mentor_does_not_open_their_own_card(winter, ruth):
    assert browser(ruth).get(card_url(ruth)).status_code == 404


def _posted(client: Client, name: str, number: int, prefix: str) -> int:
    fields = {f"{prefix}-text": "Works nights.", f"{prefix}-key": str(uuid4())}
    return client.post(reverse(name, args=[number]), fields).status_code
