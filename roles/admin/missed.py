"""Whole rows of a page that somebody deleted, or that one deletes and another changed, since the page was read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from roles.admin.judging import faults_of
from roles.admin.meeting import MINE, THEIRS, Conflict, Meeting, sides_of
from roles.history.carrying_out import NotRevertedError, carry_out
from roles.history.past import Key, Model, past_of
from roles.history.reverting import plan_version
from roles.history.wording import Words, kind_of
from roles.models import CatalogModel


@dataclass(frozen=True, slots=True)
class PostedRow:
    """A row that a formset of the post names."""

    model: Model
    pk: int
    prefix: str  # of the formset
    place: int

    @property
    def key(self) -> Key:
        return self.model, self.pk

    def field(self, name: str) -> str:
        return f"{self.prefix}-{self.place}-{name}"


def posted_rows(data: QueryDict, prefix: str, model: Any) -> Iterator[PostedRow]:
    """The rows that were there when the page was made. What is no number is left to the form to refuse."""
    if not issubclass(model, CatalogModel):
        return
    total = data.get(f"{prefix}-INITIAL_FORMS", "")
    for place in range(min(int(total), 3000) if total.isascii() and total.isdigit() else 0):
        number = data.get(f"{prefix}-{place}-id", "")
        if number.isascii() and number.isdigit() and int(number) < 2**63:
            yield PostedRow(model, int(number), prefix, place)


def settle(meeting: Meeting, rows: list[PostedRow], form_of: Any) -> QueryDict:
    """The post as it is to be understood: rows left deleted are not in it, and rows that are kept are not deleted.

    `form_of` makes the form of a row that is gone, for what was typed into it.
    """
    data = meeting.data.copy()
    for row in reversed(rows):
        theirs = meeting.theirs.get(row.key)
        if theirs and theirs.deleted:
            _settle_gone(meeting, row, data, form_of(row, theirs))
        elif theirs and theirs.fields and data.get(row.field("DELETE")):
            _settle_deleting(meeting, row, data)
    return data


def _settle_deleting(meeting: Meeting, row: PostedRow, data: QueryDict) -> None:
    """This person deletes what another changed."""
    theirs = meeting.theirs[row.key]
    change = max(theirs.fields.values(), key=lambda each: each.pk)
    name = row.field("DELETE")
    chosen = meeting.choice(name, change)
    if chosen == MINE:
        return
    del data[name]
    if chosen == THEIRS:
        return
    what = meeting.words.name(row.model, row.pk)
    labels = ", ".join(each.label for each in meeting.words.differences(row.model, theirs.base, theirs.past.now))
    sides = sides_of("DELETE", kind_of(row.model), f"Changed: {labels}", "Deleted")
    meeting.conflicts.append(Conflict(name, what, change, sides, "Keep it, as they have it", "Delete it"))


def _settle_gone(meeting: Meeting, row: PostedRow, data: QueryDict, form: Any) -> None:
    """Another deleted what this person has on the page."""
    theirs = meeting.theirs[row.key]
    assert theirs.deleted
    name = row.field("id")
    chosen = meeting.choice(name, theirs.deleted)
    said = meeting.words.name(row.model, row.pk)
    typed = [] if data.get(row.field("DELETE")) else list(form.changed_data)
    if chosen == THEIRS or not typed:
        _drop(data, row)
        if chosen != THEIRS and not data.get(row.field("DELETE")):
            meeting.kept.append(f"“{said}” was deleted meanwhile: that stays.")
        return
    faults = put_back(row.key)
    if chosen == MINE and not faults:
        return
    mine = [f"{form.fields[each].label}: {form[each].data}" for each in typed if each in form.fields]
    sides = sides_of("id", kind_of(row.model), "Deleted", mine)
    meeting.is_provisional = True
    meeting.conflicts.append(
        Conflict(name, said, theirs.deleted, sides, "Leave it deleted", "Put it back, with what I typed", tuple(faults))
    )
    if faults:
        _drop(data, row)


def put_back(key: Key) -> list[str]:
    """Why a deleted row cannot be put back as it was; nothing where it was done."""
    past = past_of(*key)
    state = next((each.before for each in past.versions if each.after is None and each.before), None)
    if past.now or not state:
        return []
    try:
        carry_out(plan_version(past, state, Words()), judge=faults_of)
    except NotRevertedError as error:
        return [*error.plan.faults, *(fault for step in error.plan.steps for fault in step.faults)]
    return []


def _drop(data: QueryDict, row: PostedRow) -> None:
    """Take a form out of a formset; those behind it move up."""
    total, initial = f"{row.prefix}-TOTAL_FORMS", f"{row.prefix}-INITIAL_FORMS"
    last = int(data.get(total, "0"))
    begin = f"{row.prefix}-"
    moved: dict[str, list[str]] = {}
    for key in [key for key in data if key.startswith(begin)]:
        place, _, name = key.removeprefix(begin).partition("-")
        if not place.isdigit() or int(place) < row.place:
            continue
        values = data.getlist(key)
        del data[key]
        if int(place) > row.place:
            moved[f"{begin}{int(place) - 1}-{name}"] = values
    for key, values in moved.items():
        data.setlist(key, values)
    data[total], data[initial] = str(last - 1), str(int(data.get(initial, "0")) - 1)
