import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from roles.guides.programs import Comparison, Draft, judged, of_rows, read
from roles.models import Program, ProgramCheck

KNOWN = {"listed": "It is listed.", "ethics": "It teaches ethics.", "aid": "It pays aid."}


def reading(query):
    return read(QueryDict(query), KNOWN)


def test_names_and_ticks_are_read_from_the_address():
    first, second, *rest = reading("p1=State&c1=ethics&c1=listed&p2=Hopkins&c2=aid").drafts
    assert (first.name, first.checked) == ("State", ("listed", "ethics"))
    assert (second.name, second.checked) == ("Hopkins", ("aid",))
    assert all(draft.is_empty for draft in rest)


def test_ticks_may_stand_with_commas_between():
    assert reading("p1=State&c1=ethics,listed").drafts == reading("p1=State&c1=ethics&c1=listed").drafts


def test_an_unknown_check_is_said_once_and_left_out():
    found = reading("c1=alchemy&c2=alchemy&c2=aid")
    assert found.problems == ("We know no check called “alchemy”, so it is left out.",)
    assert [draft.checked for draft in found.filled] == [("aid",)]


def test_a_tick_named_twice_counts_once():
    found = reading("c1=aid&c1=aid")
    assert found.drafts[0].checked == ("aid",)
    assert found.problems == ()


def test_the_address_of_a_reading_leads_back_to_it():
    found = reading("p1=A+%26+B&c1=ethics&p3=C")
    assert reading(found.query).drafts == found.drafts


def test_notes_stay_out_of_addresses():
    assert "secret" not in reading("p1=A&n1=secret").query


def test_a_program_with_ticks_needs_a_name():
    found = judged(reading("c2=aid"), [])
    assert found.drafts[1].fault == "Give the program a name."
    assert not judged(reading("p2=A&c2=aid"), []).has_faults


def test_a_saved_program_does_not_lose_its_name_by_an_empty_field():
    found = judged(reading("p2="), [Program(pk=7, place=2, name="State")])
    assert found.drafts[1].fault == "Give the program a name, or remove it."
    assert found.drafts[1].row == 7


def test_a_saved_program_that_was_not_sent_is_no_fault():
    assert not judged(reading("p1=Hopkins"), [Program(pk=7, place=2, name="State")]).has_faults


def test_two_programs_of_one_name_are_told_apart():
    found = judged(reading("p1=State&p3=state"), [])
    assert [draft.fault for draft in found.drafts] == ["", "", "Program 1 has this name already. Tell them apart.", ""]


@pytest.mark.parametrize("query", [f"p1={'x' * 121}", f"p1=A&n1={'x' * 2001}"])
def test_what_is_too_long_is_said_and_kept_as_typed(query):
    draft = reading(query).drafts[0]
    assert "characters" in draft.fault
    assert "x" * 121 in draft.name + draft.note


def test_a_check_that_staff_removed_does_not_break_a_saved_program():
    first, *_ = of_rows([Program(pk=1, place=1, name="State", checked=["gone", "aid"])], KNOWN).drafts
    assert first.checked == ("aid",)


@given(st.dictionaries(st.sampled_from([f"{a}{n}" for a in "pcn" for n in range(6)]), st.text(max_size=40)))
def test_no_form_breaks_the_reading(data):
    query = QueryDict(mutable=True)
    query.update(data)
    found = judged(read(query, KNOWN), [])
    assert len(found.drafts) == 4
    assert "\x00" not in "".join(draft.name + draft.note for draft in found.drafts)


def test_checks_are_counted_by_program_and_by_group():
    checks = [
        ProgramCheck(slug="listed", group="accreditation"),
        ProgramCheck(slug="aid", group="cost"),
        ProgramCheck(slug="ethics", group="content"),
    ]
    drafts = [Draft(1, "State", ("listed", "aid")), Draft(2)]
    comparison = Comparison(checks, drafts)
    assert [(tally.draft.name, tally.done, tally.of) for tally in comparison.tallies] == [("State", 2, 3)]
    assert [(group.label, [tally.done for tally in group.tallies]) for group in comparison.groups] == [
        ("Accreditation", [1, 0]),
        ("Content", [0, 0]),
        ("Cost and aid", [1, 0]),
    ]
