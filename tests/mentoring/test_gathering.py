"""Evidence before it is handed in: whose turn it is, versions, and how much there is room for."""

from __future__ import annotations

from uuid import uuid4

import pytest

from mentoring import gathering
from mentoring.gathering import NotGatheredError, Piece, StoredFile
from mentoring.models import Evidence, Thread
from mentoring.models.evidence import LARGEST_FILE, MOST_PIECES
from tests.mentoring.people import later, make_approved, make_claimed, make_draft, make_returned, make_submitted

NOTE = Piece("Appendix", text="One more thing.")


def add(thread, by, piece=NOTE, key=None) -> Evidence:
    return gathering.add(thread=thread, piece=piece, by=by, key=key or uuid4(), now=later(1))


def file(size: int = LARGEST_FILE) -> Piece:
    return Piece("Report", file=StoredFile("pdf", uuid4().hex, "report.pdf", size, "0" * 64))


ACTS = {
    "add": lambda piece, by: add(piece.thread, by),
    "change": lambda piece, by: gathering.change(evidence=piece, piece=NOTE, by=by, key=uuid4(), now=later(1)),
    "take away": lambda piece, by: gathering.take_away(evidence=piece, by=by, now=later(1)),
    "bring back": lambda piece, by: gathering.bring_back(evidence=piece, by=by, now=later(1)),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("make", [make_submitted, make_claimed, make_approved])
def test_what_is_with_the_mentors_or_approved_stays_as_it_is(make, act, learner, analytics, ruth):
    thread = make(learner, analytics, *([] if make is make_submitted else [ruth]))
    with pytest.raises(NotGatheredError, match="It is approved" if make is make_approved else "with the mentors"):
        ACTS[act](Evidence.objects.get(thread=thread), learner)
    assert Evidence.objects.at_hand().count() == 1


@pytest.mark.parametrize("act", ACTS)
def test_nobody_else_touches_it(act, learner, other_learner, analytics, ruth):
    piece = Evidence.objects.get(thread=make_draft(learner, analytics))
    for person in (other_learner, ruth):
        with pytest.raises(Thread.DoesNotExist):
            ACTS[act](piece, person)


def test_what_is_returned_can_be_added_to(learner, analytics, ruth):
    thread = make_returned(learner, analytics, ruth)
    add(thread, learner)
    assert Evidence.objects.filter(thread=thread).at_hand().count() == 2


def test_the_same_form_twice_adds_one_piece_even_once_it_is_handed_in(learner, analytics):
    thread, key = make_draft(learner, analytics), uuid4()
    first = add(thread, learner, key=key)
    Thread.objects.filter(pk=thread.pk).update(state="submitted", number=1, queued_from=later(1), pooled_from=later(1))
    assert add(thread, learner, key=key) == first


def test_changing_makes_the_next_version_and_keeps_the_one_before(learner, analytics):
    old = Evidence.objects.get(thread=make_draft(learner, analytics))
    new, again = (
        gathering.change(evidence=old, piece=NOTE, by=learner, key=key, now=later(1)) for key in [uuid4()] * 2
    )
    assert (again, new.replaces) == (new, old)
    assert list(Evidence.objects.at_hand()) == [new]
    with pytest.raises(NotGatheredError, match="changed or taken away meanwhile"):
        gathering.change(evidence=old, piece=NOTE, by=learner, key=uuid4(), now=later(1))
    with pytest.raises(NotGatheredError, match="A later version took its place"):
        gathering.bring_back(evidence=old, by=learner, now=later(1))


def test_what_was_taken_away_can_be_brought_back(learner, analytics):
    piece = Evidence.objects.get(thread=make_draft(learner, analytics))
    for _ in range(2):
        gathering.take_away(evidence=piece, by=learner, now=later(1))
    assert not Evidence.objects.at_hand().exists()
    for _ in range(2):
        gathering.bring_back(evidence=piece, by=learner, now=later(2))
    assert list(Evidence.objects.at_hand()) == [piece]


def test_there_is_room_for_50_megabytes(learner, analytics):
    thread = make_draft(learner, analytics)
    first, *_ = [add(thread, learner, file()) for _ in range(5)]
    with pytest.raises(NotGatheredError, match="at most 50 MB"):
        add(thread, learner, file(1))
    gathering.change(evidence=first, piece=file(), by=learner, key=uuid4(), now=later(1))  # in its place
    with pytest.raises(NotGatheredError, match="A later version"):
        gathering.bring_back(evidence=first, by=learner, now=later(1))


def test_bringing_back_needs_room_too(learner, analytics):
    thread = make_draft(learner, analytics)
    first, *_ = [add(thread, learner, file()) for _ in range(5)]
    gathering.take_away(evidence=first, by=learner, now=later(1))
    add(thread, learner, file())
    with pytest.raises(NotGatheredError, match="at most 50 MB"):
        gathering.bring_back(evidence=first, by=learner, now=later(1))


def test_there_is_room_for_30_pieces(learner, analytics):
    thread = make_draft(learner, analytics)
    for _ in range(MOST_PIECES - 1):
        add(thread, learner)
    with pytest.raises(NotGatheredError, match="at most 30 pieces"):
        add(thread, learner)
