"""Two editors with one page: what one would write over is shown beside it first, and nothing typed is lost.

A field that only one of two people changed is as they left it. Where both changed it, whoever comes second chooses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from django.db import models
from django.http import HttpRequest, QueryDict

from accounts.careful import CarefulForm
from roles.differences import Change, difference
from roles.history.meeting import Theirs, is_snapshot, snapshot_now, theirs_since
from roles.history.past import Key
from roles.history.reverting import lock
from roles.history.tables import kept_fields, linked_fields
from roles.history.wording import NOTHING, FieldDifference, Words, label_of, value_of, who
from roles.models import CatalogModel, RowChange

SEEN, ASKED, CHOICE = "_seen", "_asked", "_choose-"
THEIRS, MINE = "theirs", "mine"
UNKNOWN = "This page does not say which version it shows, so it cannot be saved. Open it anew."
STOPPED = "Somebody saved while you were editing. Choose what shall stand, then save again."


@dataclass(frozen=True)
class Conflict:
    """A field that both changed, or a row that one changed and the other deleted."""

    name: str  # of the field in the form
    row: str  # which row; empty for that of the page
    change: RowChange
    sides: FieldDifference
    keep_theirs: str
    keep_mine: str
    faults: tuple[str, ...] = ()  # why mine cannot be had

    @property
    def choice(self) -> str:
        return f"{CHOICE}{self.name}"

    @property
    def who(self) -> str:
        return who(self.change.changeset)


@dataclass
class Meeting:
    """One post of a page, and what happened to its rows since the page was made."""

    data: QueryDict
    seen: str
    asked: str  # the snapshot of now, behind the locks: what is chosen next is chosen about it
    theirs: dict[Key, Theirs]
    newer: frozenset[int]  # changes that did not stand beside the choices that came with the post
    words: Words = field(default_factory=Words)
    conflicts: list[Conflict] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)  # what others changed and stays, in sentences
    settled: dict[str, str] = field(default_factory=dict)  # what was chosen already, by the name of the choice
    # Whether rows were put back only to be shown.
    is_provisional: bool = False

    @classmethod
    def of_post(cls, data: QueryDict, keys: Iterable[Key]) -> Meeting:
        """Locks the rows, so that what is found stays true until the end of the transaction."""
        wanted = list(keys)
        lock(wanted)
        seen = str(data[SEEN])
        theirs = theirs_since(seen, wanted)
        return cls(data, seen, snapshot_now(), theirs, _newer(theirs.values(), data.get(ASKED, "")))

    def about(self, row: models.Model) -> Theirs | None:
        return self.theirs.get((type(row), row.pk)) if isinstance(row, CatalogModel) and row.pk else None

    def choice(self, name: str, change: RowChange) -> str:
        """What was chosen of a field, if it was about this change; empty if nothing was."""
        chosen = str(self.data.get(f"{CHOICE}{name}", ""))
        if chosen not in (THEIRS, MINE) or change.pk in self.newer:
            return ""
        self.settled[f"{CHOICE}{name}"] = chosen
        return chosen

    def keep(self, change: RowChange, what: str) -> None:
        self.kept.append(f"{who(change.changeset)} changed {what} meanwhile: that stays.")


def _newer(theirs: Iterable[Theirs], asked: str) -> frozenset[int]:
    changes = [each for one in theirs for each in (*one.fields.values(), one.deleted) if each]
    numbers = {each.pk for each in changes}
    if not numbers or not is_snapshot(asked):
        return frozenset(numbers)
    return frozenset(RowChange.objects.filter(pk__in=numbers).unseen_by(asked).values_list("pk", flat=True))


# The meeting of a request that posts; forms are made for it.
meetings: WeakKeyDictionary[HttpRequest, Meeting] = WeakKeyDictionary()


def without_version(request: HttpRequest) -> bool:
    """Whether the post does not say which version its page showed."""
    return request.method == "POST" and not is_snapshot(request.POST.get(SEEN, ""))


class MetForm(CarefulForm):
    """A form that knows what others made of its row since the page was read.

    Its `initial` is what the page showed, so what counts as changed is what this person changed.
    """

    meeting: ClassVar[Meeting | None] = None
    # Whether the choice is to save once more: in lists there is no room for another.
    asks_briefly: ClassVar[bool] = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.theirs = self.meeting.about(self.instance) if self.meeting and self.is_bound else None
        if self.theirs and self.theirs.base:
            for each in (*kept_fields(self.theirs.past.model).values(), *linked_fields(self.theirs.past.model)):
                if each.name in self.theirs.fields:
                    self.initial[each.name] = _shown(each, self.theirs)

    def clean(self) -> dict[str, Any] | None:
        if self.theirs and not self.cleaned_data.get("DELETE"):
            for name, change in self.theirs.fields.items():
                if name in self.fields:
                    self._settle(name, change)
        return super().clean()

    def _settle(self, name: str, change: RowChange) -> None:
        assert self.meeting
        chosen = self.meeting.choice(self.add_prefix(name), change)
        if name not in self.changed_data:
            self._take(name)
            self.meeting.keep(change, f"“{self._label(name)}”{self._where()}")
        elif chosen == THEIRS or self._is_same(name):
            self._take(name)
        elif self.asks_briefly and change.pk not in self.meeting.newer:
            return
        elif chosen != MINE:
            conflict = self._conflict(name, change)
            self.meeting.conflicts.append(conflict)
            self.add_error(name, self._said_briefly(conflict) if self.asks_briefly else STOPPED)

    def _take(self, name: str) -> None:
        """Let stand what they have."""
        described = self.instance._meta.get_field(name)
        value = getattr(self.instance, name)
        self.cleaned_data[name] = list(value.all()) if described.many_to_many else value
        self.changed_data = [each for each in self.changed_data if each != name]
        self.errors.pop(name, None)

    def _is_same(self, name: str) -> bool:
        """Whether both made the same of it."""
        described: Any = self.instance._meta.get_field(name)
        now = described.value_from_object(self.instance)
        return not self.fields[name].has_changed(_numbers(now), self[name].data)

    def _conflict(self, name: str, change: RowChange) -> Conflict:
        assert self.theirs
        assert self.theirs.past.now
        described: Any = self.instance._meta.get_field(name)
        words = self.meeting.words  # type: ignore[union-attr]
        if described.many_to_many:
            theirs: str | list[str] = sorted(map(str, getattr(self.instance, name).all())) or NOTHING
        else:
            theirs = words.value(described, self.theirs.past.now.columns[described.column])
        return Conflict(
            self.add_prefix(name),
            "" if self._is_page else f"{self.instance}",
            change,
            sides_of(described.name, self._label(name), theirs, self._mine(name, described, words)),
            "Keep theirs",
            "Save mine, as it stands in the field below",
        )

    def _mine(self, name: str, described: Any, words: Words) -> str | list[str]:
        if name not in self.cleaned_data:  # not valid; as it was typed
            typed = self[name].data
            return [str(each) for each in typed] if isinstance(typed, list) else str(typed or NOTHING)
        value = self.cleaned_data[name]
        if described.many_to_many:
            return sorted(map(str, value)) or NOTHING
        return str(value) if isinstance(value, models.Model) else words.value(described, value)

    def _said_briefly(self, conflict: Conflict) -> str:
        theirs = " ".join("".join(span.text for span in line.spans) for line in conflict.sides.before)
        return f"{conflict.who} made it “{theirs}” meanwhile. Save again to write yours over it."

    def _label(self, name: str) -> str:
        described: Any = self.instance._meta.get_field(name)
        return label_of(described)

    @property
    def _is_page(self) -> bool:
        return not self.prefix

    def _where(self) -> str:
        return "" if self._is_page else f" of “{self.instance}”"


def _shown(described: Any, theirs: Theirs) -> Any:
    """What the page showed of a field, as a form begins with it."""
    assert theirs.base
    if described.many_to_many:
        return sorted(theirs.base.links.get(described.name, frozenset()))
    value = theirs.base.columns.get(described.column)
    return None if value is None else value_of(described, value)


def _numbers(value: Any) -> Any:
    """Of rows, their numbers."""
    if isinstance(value, list):
        return [each.pk if isinstance(each, models.Model) else each for each in value]
    return value


def sides_of(name: str, label: str, theirs: str | list[str], mine: str | list[str]) -> FieldDifference:
    found = difference(theirs, mine, most_tokens=900).lines
    return FieldDifference(
        name,
        label,
        before=tuple(line for line in found if line.change is not Change.ADDED),
        after=tuple(line for line in found if line.change is not Change.REMOVED),
    )
