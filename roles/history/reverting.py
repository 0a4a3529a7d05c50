"""Taking changes back: planned first, with what stands in the way, and then done as a whole or not at all.

What is written is a new version like any other. Whoever calls does it in a transaction, locks, plans, and carries out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, models, transaction
from django.db.models import ForeignKey, Q

from accounts.careful import ask_deferred_constraints, is_refusal, reason_of
from roles.history.past import Key, Model, Past, State, pasts_of, touched
from roles.history.tables import Many, catalog_models, kept_fields, link_tables, linked_fields, target_of
from roles.history.wording import Words, label_of, row_of, value_of, who
from roles.models import CatalogModel, RowChange
from roles.models.history import What

# Says what the admin's own form would find wrong with a row: names of fields, and what is said.
type Judge = Callable[[CatalogModel], Iterable[tuple[str, str]]]


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


class NotRevertedError(Exception):
    """Nothing was changed; `plan` says what stood in the way."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan


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
    if "published" in model.written_by_system:
        published = Q(("published", True))
        for pk in model._base_manager.filter(published, pk__in=list(steps)).values_list("pk", flat=True):
            steps[pk].faults.append("It was published since, so it cannot be deleted. Retire it instead.")


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


# ---------------------------------------------------------------- doing it
def carry_out(plan: Plan, *, judge: Judge) -> None:
    """Do all of it. Raises NotRevertedError, having changed nothing, with the reasons in the plan."""
    if not plan.is_possible:
        raise NotRevertedError(plan)
    with transaction.atomic():
        staying = [step for step in plan.steps if step.after]
        _each([step for step in staying if step.before], _unlink)
        _take_away(plan)
        _each(staying, _write)
        _each(staying, _link)
        if plan.is_possible:
            _judge(plan, judge)
        if not plan.is_possible:
            raise NotRevertedError(plan)


def _each(steps: list[Step], act: Callable[[Step], None]) -> None:
    """All at once; where the database refuses one of them, one by one, so that each has its reason."""
    said: list[str] = []
    with _refused(said):
        for step in steps:
            act(step)
    for step in steps if said else ():
        with _refused(step.faults):
            act(step)


@contextmanager
def _refused(faults: list[str]) -> Iterator[None]:
    """Let the database say no without ending the transaction: whoever asks learns of everything that is in the way."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        if not is_refusal(error):
            raise
        faults.append(reason_of(error))


def _take_away(plan: Plan) -> None:
    """Of each model at once, links first. Nothing else refers to these rows, so nothing goes along."""
    doomed: dict[Model, list[int]] = {}
    for step in plan.steps:
        if step.what == What.DELETE:
            doomed.setdefault(step.model, []).append(step.pk)
    with _refused(plan.faults):
        for model, pks in doomed.items():
            for each in linked_fields(model):
                links = _through(each).filter(**{f"{each.m2m_field_name()}__in": pks})
                links._raw_delete(links.db)
        for model, pks in doomed.items():
            rows = model._base_manager.filter(pk__in=pks)
            rows._raw_delete(rows.db)


def _unlink(step: Step) -> None:
    for each, gone, _ in step.linked():
        ends = {each.m2m_field_name(): step.pk, f"{each.m2m_reverse_field_name()}__in": gone}
        _through(each).filter(**ends).delete()


def _link(step: Step) -> None:
    for each, _, come in step.linked():
        here, there = f"{each.m2m_field_name()}_id", f"{each.m2m_reverse_field_name()}_id"
        links = _through(each)
        links.bulk_create([links.model(**{here: step.pk, there: pk}) for pk in sorted(come)])


def _through(described: Many) -> models.Manager[Any]:
    through = described.remote_field.through
    assert through
    return through._base_manager


def _write(step: Step) -> None:
    state = step.after
    assert state
    if step.what == What.INSERT:
        row_of(step.model, step.pk, state).save(force_insert=True)
    elif step.columns:
        fields = kept_fields(step.model)
        values = {fields[each].attname: value_of(fields[each], state.columns[each]) for each in step.columns}
        step.model._base_manager.filter(pk=step.pk).update(**values)


def _judge(plan: Plan, judge: Judge) -> None:
    """Look at the rows as they are now, all of them: what one alone could not be, they may be together."""
    written: dict[Model, dict[int, Step]] = {}
    for step in plan.steps:
        if step.after:
            written.setdefault(step.model, {})[step.pk] = step
    for model, steps in written.items():
        rows = model._base_manager.prefetch_related(*(each.name for each in linked_fields(model)))
        for pk, row in rows.in_bulk(list(steps)).items():
            found = list(judge(row))
            # What was wrong before, and is none of this, is not in the way.
            step = steps[pk]
            old = set(judge(row_of(model, pk, step.before))) if found and step.before else set()
            step.faults += [said for name, said in found if name in step.fields or (name, said) not in old]
    with _refused(plan.faults):
        ask_deferred_constraints()
