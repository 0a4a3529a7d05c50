"""Taking changes back: what is to be done to which rows, and what stands in the way.

Whoever does it locks in a transaction, plans, and carries out (`roles.history.carrying_out`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import ForeignKey, Q

from roles.history.past import Key, Model, Past, State, pasts_of, touched
from roles.history.tables import Many, catalog_models, kept_fields, link_tables, linked_fields, target_of
from roles.history.wording import Words, label_of, who
from roles.models import CatalogModel, RowChange
from roles.models.history import What

# Rows that are written back while a request waits; more are the worker's.
MOST_AT_ONCE = 500


@dataclass
class Step:
    """What is done to one row."""

    model: Model
    pk: int
    what: What  # put back, write, or take away
    name: str
    before: State | None
    after: State | None
    faults: list[str] = field(default_factory=list)
    # It was published since it was added: it stays for the learners who have it, and is left out from now on.
    retires: bool = False

    @property
    def key(self) -> Key:
        return self.model, self.pk

    def linked(self) -> Iterator[tuple[Many, frozenset[int], frozenset[int]]]:
        """By relation: the links that go, and those that come."""
        old, new = self.before or State({}), self.after or State({})
        for each in linked_fields(self.model):
            was, now = old.links.get(each.name, frozenset()), new.links.get(each.name, frozenset())
            if was != now:
                yield each, was - now, now - was

    @property
    def columns(self) -> list[str]:
        """Those that an update writes."""
        assert self.before
        assert self.after
        old = self.before.columns
        return [name for name, value in self.after.columns.items() if name not in old or old[name] != value]

    @property
    def fields(self) -> set[str]:
        """The names of those that differ."""
        assert self.after
        known = kept_fields(self.model)
        columns = self.columns if self.before else self.after.columns
        return {known[each].name for each in columns} | {each.name for each, _, _ in self.linked()}


@dataclass
class Plan:
    """Everything that is to be done. Rows that are already as they should be are not in it."""

    steps: list[Step]
    # Tells whether somebody changed one of the rows since the plan was shown.
    seen: str = ""
    # What stands in the way of the whole, besides the faults of single rows.
    faults: list[str] = field(default_factory=list)

    @property
    def is_possible(self) -> bool:
        return bool(self.steps) and not self.faults and not any(step.faults for step in self.steps)

    @property
    def refused(self) -> list[Step]:
        return [step for step in self.steps if step.faults]


# ---------------------------------------------------------------- planning
def plan_version(past: Past, state: State, words: Words) -> Plan:
    """One row back to a state that it had, whoever has changed it since."""
    what = What.INSERT if past.now is None else What.UPDATE
    step = Step(past.model, past.pk, what, words.name(past.model, past.pk), past.now, _complete(past, state))
    steps = [step] if step.before is None or step.columns or any(step.linked()) else []
    return _with_referred(Plan(steps, _seen([past])), words)


def plan_changesets(changesets: Collection[Any], words: Words) -> Plan:
    """Everything of some changesets, as it was before the first of them. What others have changed since stands in the
    way, but only where it is the same field or the same link."""
    changes = RowChange.objects.filter(changeset__in=changesets).order_by("pk")
    pasts = pasts_of(touched(changes))
    words.learn(pasts.values())
    ours = set(changesets)
    steps = [step for past in pasts.values() if (step := _undone(past, ours, words))]
    _retire_published(steps)
    plan = Plan(sorted(steps, key=_order), _seen(pasts.values()))
    _look_for_guests(plan, words)
    return _with_referred(plan, words)


def _seen(pasts: Iterable[Past]) -> str:
    last = [(past.model._meta.label_lower, past.pk, past.last_change) for past in pasts]
    return hashlib.sha256(repr(sorted(last)).encode()).hexdigest()[:32]


def lock(keys: Iterable[Key]) -> None:
    """Nobody changes these rows until the transaction ends. Always in the same order."""
    wanted: dict[Model, list[int]] = {}
    for model, pk in keys:
        wanted.setdefault(model, []).append(pk)
    for model in catalog_models():
        if model in wanted:
            rows = model._base_manager.filter(pk__in=wanted[model]).order_by("pk").select_for_update()
            list(rows.values_list("pk", flat=True))


def rows_of(changesets: Collection[Any]) -> list[Key]:
    return touched(RowChange.objects.filter(changeset__in=changesets).order_by("pk"))


def _order(step: Step) -> tuple[int, int]:
    """Take away first, what refers to others before those; then write; then put back, the other way round."""
    place = catalog_models().index(step.model)
    if step.what == What.DELETE:
        return 0, -place
    return (1, place) if step.what == What.UPDATE else (2, place)


def _complete(past: Past, state: State) -> State:
    """A state of long ago, with the columns that came later as they are now, or as a new row has them."""
    fields = kept_fields(past.model)
    fresh = past.model()
    later = {
        column: past.now.columns[column] if past.now else _plain(fresh, described)
        for column, described in fields.items()
        if column not in state.columns
    }
    return State({**state.columns, **later}, state.links)


def _plain(row: CatalogModel, described: Any) -> Any:
    return described.get_prep_value(getattr(row, described.attname))


def _undone(past: Past, ours: set[Any], words: Words) -> Step | None:
    """The step that takes our changes of one row back; None where nothing of them is left."""
    mine = [each for each in reversed(past.changes) if each.changeset_id in ours]
    since = [each for each in reversed(past.changes) if each.pk > mine[0].pk and each.changeset_id not in ours]
    own = [each for each in mine if each.other is None]
    name = words.name(past.model, past.pk)
    if own and own[0].what == What.INSERT:
        if past.now is None:
            return None
        step = Step(past.model, past.pk, What.DELETE, name, past.now, None)
        step.faults = [_changed_since(since[-1])] if since else []
        return step
    if own and own[-1].what == What.DELETE:
        if past.now is not None:
            step = Step(past.model, past.pk, What.UPDATE, name, past.now, past.now)
            step.faults = [f"It was put back since, by {_by(since[-1])}."]
            return step
        before = next(each.before for each in past.versions if mine[0] in each.changes)
        assert before
        return Step(past.model, past.pk, What.INSERT, name, None, _complete(past, before))
    if past.now is None:
        step = Step(past.model, past.pk, What.UPDATE, name, None, None)
        step.faults = [f"It was deleted since, by {_by(since[-1])}."] if since else ["It is gone."]
        return step
    return _written_back(past, past.now, mine, since, name)


def _written_back(past: Past, now: State, mine: list[RowChange], since: list[RowChange], name: str) -> Step | None:
    step = Step(past.model, past.pk, What.UPDATE, name, now, None)
    fields = kept_fields(past.model)
    columns = dict(now.columns)
    for change in reversed(mine):  # the earliest has the last word
        columns |= {name: value for name, value in (change.replaced or {}).items() if name in fields}
    links = dict(now.links)
    for (table, other), what in {(each.table, each.other): each.what for each in reversed(mine) if each.other}.items():
        field_name = link_tables()[table].field.name
        there = links[field_name]
        links[field_name] = there - {other} if what == What.INSERT else there | {other}
    step.after = State(columns, links)
    for column in step.columns:
        theirs = [each for each in since if column in (each.replaced or {})]
        if theirs:
            step.faults.append(_changed_since(theirs[-1], label_of(fields[column])))
    for each, gone, come in step.linked():
        theirs = [one for one in since if one.table == each.m2m_db_table() and one.other in gone | come]
        if theirs:
            step.faults.append(_changed_since(theirs[-1], label_of(each)))
    return step if step.columns or any(step.linked()) else None


def _changed_since(change: RowChange, label: str = "") -> str:
    return f"{f'“{label}”' if label else 'It'} was changed since, by {_by(change)}."


def _by(change: RowChange) -> str:
    name = who(change.changeset)
    return name[:1].lower() + name[1:] if name.startswith("Somebody") else name


# ---------------------------------------------------------------- what else refers to the rows
@dataclass(frozen=True)
class _Reach:
    """What the steps of a plan let go of."""

    going: frozenset[Key]
    rewritten: frozenset[tuple[Model, int, str]]  # with the column
    unlinked: frozenset[tuple[str, int, int]]  # by table, row, and the row at the other end

    @classmethod
    def of(cls, plan: Plan) -> _Reach:
        written = [step for step in plan.steps if step.what == What.UPDATE and step.before and step.after]
        leaving = [*written, *(step for step in plan.steps if step.what == What.DELETE)]
        return cls(
            frozenset(step.key for step in plan.steps if step.what == What.DELETE),
            frozenset((*step.key, column) for step in written for column in step.columns),
            frozenset(
                (each.m2m_db_table(), step.pk, other)
                for step in leaving
                for each, gone, _ in step.linked()
                for other in gone
            ),
        )


def _look_for_guests(plan: Plan, words: Words) -> None:
    """Other rows that refer to those that are to be taken away, and stay: they would go along, or lose something."""
    reach = _Reach.of(plan)
    doomed: dict[Model, dict[int, Step]] = {}
    for step in plan.steps:
        if step.what == What.DELETE:
            doomed.setdefault(step.model, {})[step.pk] = step
    for model, steps in doomed.items():
        _say_published(model, steps)
        for relation in model._meta.get_fields(include_hidden=True):
            if relation.auto_created and not relation.concrete and not relation.many_to_many:
                for pk, guest in _guests(relation.field, list(steps), reach):  # type: ignore[union-attr]
                    said = "Learners’ work hangs on it." if guest is None else f"“{words.name(*guest)}” refers to it."
                    if said not in steps[pk].faults:
                        steps[pk].faults.append(said)


def _say_published(model: Model, steps: dict[int, Step]) -> None:
    for pk in _published(model, steps):
        steps[pk].faults.append("It was published since, so it cannot be deleted.")


def _published(model: Model, pks: Iterable[int]) -> list[int]:
    """Those that learners may have: they are never deleted."""
    if "published" not in model.written_by_system:
        return []
    return list(model._base_manager.filter(Q(("published", True)), pk__in=list(pks)).values_list("pk", flat=True))


def _retire_published(steps: list[Step]) -> None:
    """What would be taken away and is published by now is retired, where its kind can be."""
    going: dict[Model, dict[int, Step]] = {}
    for step in steps:
        if step.what == What.DELETE and "retired" in kept_fields(step.model):
            going.setdefault(step.model, {})[step.pk] = step
    for model, of_model in going.items():
        for pk in _published(model, of_model):
            step = of_model[pk]
            assert step.before
            step.what, step.retires = What.UPDATE, True
            step.after = State({**step.before.columns, "retired": True}, step.before.links)
    # Retired already: there is nothing to do.
    steps[:] = [step for step in steps if not step.retires or step.columns]


def _guests(described: Any, pks: list[int], reach: _Reach) -> Iterator[tuple[int, Key | None]]:
    """By the row that goes: who refers to it and stays; None for what is no part of the catalog."""
    model, link = described.model, link_tables().get(described.model._meta.db_table)
    rows = model._base_manager.filter(**{f"{described.name}__in": pks}).order_by("pk")
    if link is None:
        for guest, pk in rows.values_list("pk", described.attname):
            if (model, guest) not in reach.going and (model, guest, described.column) not in reach.rewritten:
                yield pk, (model, guest) if model in catalog_models() else None
    elif described.column == link.ends[1]:  # links at the other end belong to the row and go with it
        for owner, pk in rows.values_list(f"{link.field.m2m_field_name()}_id", described.attname):
            if (link.table, owner, pk) not in reach.unlinked:
                yield pk, (link.model, owner)


def _with_referred(plan: Plan, words: Words) -> Plan:
    """Say of each step which rows it would refer to that are gone."""
    coming = {step.key for step in plan.steps if step.what == What.INSERT}
    wanted: dict[Model, set[int]] = {}
    for step in plan.steps:
        for _, target, pk in _referred(step):
            wanted.setdefault(target, set()).add(pk)
    there = {
        (model, pk)
        for model, pks in wanted.items()
        for pk in model._base_manager.filter(pk__in=pks).values_list("pk", flat=True)
    }
    for step in plan.steps:
        for label, target, pk in _referred(step):
            if (target, pk) not in there | coming:
                step.faults.append(f"“{label}” was “{words.name(target, pk)}”, which is gone.")
    return plan


def _referred(step: Step) -> Iterator[tuple[str, Model, int]]:
    if step.after is None:
        return
    fields = kept_fields(step.model)
    for column in step.columns if step.before else step.after.columns:
        described, value = fields[column], step.after.columns[column]
        if isinstance(described, ForeignKey) and value is not None:
            yield label_of(described), target_of(described), int(value)
    for each, _, come in step.linked():
        for pk in sorted(come):
            yield label_of(each), target_of(each), pk
