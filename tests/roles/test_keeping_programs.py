import pytest
from django.db import IntegrityError, transaction

from roles.guides.keeping_programs import NoRoomError, add, remove, save
from roles.guides.programs import Draft
from roles.models import Program

pytestmark = pytest.mark.django_db


def kept(learner):
    return [(row.place, row.name, row.checked, row.note) for row in Program.objects.of(learner)]


def test_programs_are_kept_at_their_places(learner):
    save(learner=learner, drafts=[Draft(1, "State", ("ethics",), "Ask in May"), Draft(3, "Hopkins")])
    assert kept(learner) == [(1, "State", ["ethics"], "Ask in May"), (3, "Hopkins", [], "")]


def test_saving_again_changes_nothing(learner):
    drafts = [Draft(1, "State", ("ethics",))]
    save(learner=learner, drafts=drafts)
    before = Program.objects.get().changed_at
    save(learner=learner, drafts=drafts)
    assert Program.objects.get().changed_at == before


def test_a_place_that_is_not_sent_stays_as_it_is(learner):
    save(learner=learner, drafts=[Draft(1, "State"), Draft(2, "Hopkins")])
    save(learner=learner, drafts=[Draft(1, "State", ("ethics",)), Draft(2)])
    assert kept(learner) == [(1, "State", ["ethics"], ""), (2, "Hopkins", [], "")]


def test_a_note_is_cleared_by_saving_it_empty(learner):
    save(learner=learner, drafts=[Draft(1, "State", note="Ask in May")])
    save(learner=learner, drafts=[Draft(1, "State")])
    assert kept(learner) == [(1, "State", [], "")]


def test_programs_of_an_address_come_beside_those_that_are_there(learner):
    save(learner=learner, drafts=[Draft(1, "State")])
    add(learner=learner, drafts=[Draft(1, "Hopkins", ("aid",)), Draft(4, "Davis")])
    assert [row[:2] for row in kept(learner)] == [(1, "State"), (2, "Hopkins"), (4, "Davis")]


def test_adding_again_takes_over_the_ticks_and_keeps_the_note(learner):
    save(learner=learner, drafts=[Draft(2, "State", ("aid",), "Ask in May")])
    for _ in range(2):
        add(learner=learner, drafts=[Draft(1, "state", ("ethics",))])
    assert kept(learner) == [(2, "state", ["ethics"], "Ask in May")]


def test_what_does_not_fit_is_not_added_by_half(learner):
    save(learner=learner, drafts=[Draft(place, f"Program of {place}") for place in (1, 2, 3)])
    with pytest.raises(NoRoomError):
        add(learner=learner, drafts=[Draft(1, "State"), Draft(2, "Hopkins")])
    assert len(kept(learner)) == 3


def test_removing_and_adding_again_gives_back_the_same(learner):
    save(learner=learner, drafts=[Draft(2, "State", ("aid",), "Ask in May")])
    gone = remove(learner=learner, program=Program.objects.get().pk)
    assert kept(learner) == []
    add(learner=learner, drafts=[Draft(gone.place, gone.name, tuple(gone.checked), gone.note)])
    assert kept(learner) == [(2, "State", ["aid"], "Ask in May")]


def test_nobody_removes_what_is_somebody_elses(learner, other_learner):
    save(learner=learner, drafts=[Draft(1, "State")])
    with pytest.raises(Program.DoesNotExist):
        remove(learner=other_learner, program=Program.objects.get().pk)
    assert len(kept(learner)) == 1


def test_two_people_may_keep_programs_of_one_name_at_one_place(learner, other_learner):
    for person in (learner, other_learner):
        save(learner=person, drafts=[Draft(1, "State")])
    assert Program.objects.count() == 2


def test_programs_go_with_their_account(learner):
    save(learner=learner, drafts=[Draft(1, "State")])
    learner.delete()
    assert not Program.objects.exists()


def test_the_database_takes_no_fifth_program(learner):
    with pytest.raises(IntegrityError, match="roles_program_fits_beside"), transaction.atomic():
        Program.objects.create(learner=learner, place=5, name="State")
