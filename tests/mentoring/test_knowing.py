"""Notes that mentors keep and agreements that both sides see."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Notification, User
from mentoring import knowing
from mentoring.acquaintance import agreements_concerning, knows, learners_of
from mentoring.models import Agreement, Membership, Note
from tests.mentoring.people import NOW, later, make_claimed, make_cohort, make_submitted
from tests.roadmaps.test_races import at_once


@pytest.fixture
def winter(analytics, learner, ruth, jonas):
    return make_cohort(analytics, mentors=[ruth, jonas], learners=[learner])


def note_by(mentor, learner, text="Works nights.", **more) -> Note:
    return knowing.add_note(**{"learner": learner, "text": text, "by": mentor, "key": uuid4(), "now": NOW, **more})


def agree_with(mentor, learner, **more) -> Agreement:
    given = {"learner": learner, "text": "A smaller step", "due_on": None, "by": mentor, "key": uuid4(), "now": NOW}
    return knowing.agree(**given | more)


def told(person: User) -> list[str]:
    return list(Notification.objects.of(person).order_by("pk").values_list("title", flat=True))


# ---------------------------------------------------------------- who knows whom


def test_mentors_of_a_cohort_know_its_learners(winter, learner, ruth):
    assert knows(ruth, learner.pk, NOW)


def test_who_left_the_cohort_is_not_known_any_more(winter, learner, ruth):
    Membership.objects.update(left_at=NOW)
    assert not knows(ruth, learner.pk, NOW)


def test_whoever_holds_a_submission_knows_its_learner_while_the_lease_runs(learner, analytics, ruth, jonas):
    make_claimed(learner, analytics, ruth)
    assert knows(ruth, learner.pk, later(0.9))
    assert not knows(ruth, learner.pk, later(1))
    assert not knows(jonas, learner.pk, later(0.9))


def test_a_submission_in_the_pool_makes_nobody_known(learner, analytics, ruth):
    make_submitted(learner, analytics)
    assert not knows(ruth, learner.pk, NOW)


def test_who_is_no_mentor_any_more_knows_nobody(winter, learner, ruth):
    ruth.is_mentor = False
    assert not learners_of(ruth, NOW).exists()


def test_nobody_knows_themselves(winter, ruth):
    assert not knows(ruth, ruth.pk, NOW)


# ---------------------------------------------------------------- notes


def test_a_note_is_kept(winter, learner, ruth):
    note = note_by(ruth, learner)
    assert (note.learner, note.author, note.author_name, note.text) == (learner, ruth, "Ruth Adeyemi", "Works nights.")


def test_a_second_post_of_a_note_changes_nothing(winter, learner, ruth):
    key = uuid4()
    assert note_by(ruth, learner, key=key) == note_by(ruth, learner, key=key)
    assert Note.objects.count() == 1


def test_a_form_sent_for_somebody_else_is_refused(winter, learner, other_learner, analytics, ruth):
    Membership.objects.create(cohort=winter, learner=other_learner, role=analytics, joined_at=NOW)
    key = uuid4()
    note_by(ruth, learner, key=key)
    with pytest.raises(knowing.NotKeptError, match="somebody else"):
        note_by(ruth, other_learner, key=key)


def test_strangers_keep_no_notes(winter, other_learner, ruth):
    with pytest.raises(User.DoesNotExist):
        note_by(ruth, other_learner)


def test_a_correction_is_the_next_version(winter, learner, ruth):
    first = note_by(ruth, learner)
    second = knowing.correct_note(note=first, text="Works days.", by=ruth, key=uuid4(), now=later(1))
    assert second.replaces == first
    assert list(Note.objects.about(learner).standing()) == [second]
    first.refresh_from_db()
    assert first.text == "Works nights."


def test_a_correction_that_says_the_same_is_none(winter, learner, ruth):
    first = note_by(ruth, learner)
    assert knowing.correct_note(note=first, text=first.text, by=ruth, key=uuid4(), now=later(1)) == first


def test_a_second_post_of_a_correction_changes_nothing(winter, learner, ruth):
    first, key = note_by(ruth, learner), uuid4()
    made = [knowing.correct_note(note=first, text="New.", by=ruth, key=key, now=later(1)) for _ in range(2)]
    assert made[0] == made[1]


def test_what_was_corrected_already_is_not_corrected_again(winter, learner, ruth):
    first = note_by(ruth, learner)
    knowing.correct_note(note=first, text="New.", by=ruth, key=uuid4(), now=later(1))
    with pytest.raises(knowing.NotKeptError, match="meanwhile"):
        knowing.correct_note(note=first, text="Newer.", by=ruth, key=uuid4(), now=later(2))
    with pytest.raises(knowing.NotKeptError, match="meanwhile"):
        knowing.take_away_note(note=first, by=ruth, now=later(2))


def test_only_its_author_corrects_a_note_or_takes_it_away(winter, learner, ruth, jonas):
    note = note_by(ruth, learner)
    with pytest.raises(Note.DoesNotExist):
        knowing.correct_note(note=note, text="Mine.", by=jonas, key=uuid4(), now=later(1))
    with pytest.raises(Note.DoesNotExist):
        knowing.take_away_note(note=note, by=jonas, now=later(1))


def test_who_does_not_know_the_learner_any_more_leaves_their_notes(winter, learner, ruth):
    note = note_by(ruth, learner)
    Membership.objects.update(left_at=later(1))
    with pytest.raises(Note.DoesNotExist):
        knowing.take_away_note(note=note, by=ruth, now=later(2))


def test_what_is_taken_away_comes_back(winter, learner, ruth):
    note = note_by(ruth, learner)
    knowing.take_away_note(note=note, by=ruth, now=later(1))
    assert not Note.objects.about(learner).standing().exists()
    knowing.bring_back_note(note=note, by=ruth, now=later(1))
    assert Note.objects.about(learner).standing().get() == note


def test_the_learner_hears_nothing_of_notes(winter, learner, ruth):
    note_by(ruth, learner)
    assert told(learner) == []


def test_the_database_keeps_every_note(winter, learner, ruth):
    note = note_by(ruth, learner)
    with pytest.raises(Exception, match="never deleted"), transaction.atomic():
        note.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Note.objects.create(learner=learner, author=ruth, author_name="R", text="", key=uuid4(), created_at=NOW)


# ---------------------------------------------------------------- agreements


def test_an_agreement_is_written_down_and_the_learner_is_told(winter, learner, ruth):
    made = agree_with(ruth, learner, due_on=date(2026, 11, 30))
    assert (made.learner, made.mentor, made.due_on) == (learner, ruth, date(2026, 11, 30))
    assert told(learner) == ["Ruth Adeyemi wrote down what you agreed on"]


def test_a_second_post_of_an_agreement_changes_nothing(winter, learner, ruth):
    key = uuid4()
    assert agree_with(ruth, learner, key=key) == agree_with(ruth, learner, key=key)
    assert told(learner) == ["Ruth Adeyemi wrote down what you agreed on"]


def test_strangers_agree_on_nothing(winter, other_learner, ruth):
    with pytest.raises(User.DoesNotExist):
        agree_with(ruth, other_learner)


def test_the_learner_settles_and_the_mentor_is_told(winter, learner, ruth):
    made = knowing.settle(agreement=agree_with(ruth, learner), by=learner, now=later(1))
    assert (made.settled_at, made.settled_by) == (later(1), learner)
    assert told(ruth) == ["Ines Okonjo settled what you agreed on"]


def test_another_mentor_settles_and_the_learner_is_told(winter, learner, ruth, jonas):
    knowing.settle(agreement=agree_with(ruth, learner), by=jonas, now=later(1))
    assert told(learner)[-1] == "Jonas Lindqvist settled what you agreed on"


def test_settling_again_changes_nothing(winter, learner, ruth):
    made = agree_with(ruth, learner)
    knowing.settle(agreement=made, by=learner, now=later(1))
    assert knowing.settle(agreement=made, by=ruth, now=later(2)).settled_at == later(1)


def test_what_is_settled_stands_again(winter, learner, ruth):
    made = agree_with(ruth, learner)
    knowing.settle(agreement=made, by=learner, now=later(1))
    assert knowing.resume(agreement=made, by=ruth, now=later(1)).settled_at is None


def test_it_concerns_the_learner_and_their_mentors_alone(winter, learner, other_learner, ruth):
    made = agree_with(ruth, learner)
    assert agreements_concerning(learner, NOW).get() == made
    assert agreements_concerning(ruth, NOW).get() == made
    assert not agreements_concerning(other_learner, NOW).exists()
    with pytest.raises(Agreement.DoesNotExist):
        knowing.settle(agreement=made, by=other_learner, now=later(1))


def test_a_mentor_who_is_none_of_theirs_any_more_is_not_told(winter, learner, ruth):
    made = agree_with(ruth, learner)
    Membership.objects.update(left_at=later(0.5))
    knowing.settle(agreement=made, by=learner, now=later(1))
    assert told(ruth) == []


def test_open_ones_come_first_by_the_day_on_which_they_are_due(winter, learner, ruth):
    settled = agree_with(ruth, learner, text="settled")
    knowing.settle(agreement=settled, by=ruth, now=later(1))
    for text, due in (("someday", None), ("later", NOW.date() + timedelta(9)), ("soon", NOW.date())):
        agree_with(ruth, learner, text=text, due_on=due)
    found = Agreement.objects.of(learner).open_first()
    assert [each.text for each in found] == ["soon", "later", "someday", "settled"]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_posts_of_one_form_at_once_make_one(winter, learner, ruth):
    note_key, agreement_key = uuid4(), uuid4()
    notes = at_once(*[lambda: note_by(ruth, learner, key=note_key)] * 4)
    made = at_once(*[lambda: agree_with(ruth, learner, key=agreement_key)] * 4)
    assert len({note.pk for note in notes}) == Note.objects.count() == 1
    assert len({agreement.pk for agreement in made}) == Agreement.objects.count() == 1
    assert told(learner) == ["Ruth Adeyemi wrote down what you agreed on"]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_of_two_corrections_at_once_one_is_kept(winter, learner, ruth):
    note = note_by(ruth, learner)

    def correct(text):
        return lambda: knowing.correct_note(note=note, text=text, by=ruth, key=uuid4(), now=later(1))

    results = at_once(correct("One."), correct("Two."), correct("Three."))
    assert sum(isinstance(each, Note) for each in results) == 1
    assert sum(isinstance(each, knowing.NotKeptError) for each in results) == 2
    assert Note.objects.about(learner).standing().count() == 1
