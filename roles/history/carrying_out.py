"""Carrying a plan of reverting out: all of it or nothing, as a new version like any other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, models, transaction

from accounts.careful import ask_deferred_constraints, is_refusal, reason_of
from roles.history.past import Model
from roles.history.reverting import Plan, Step
from roles.history.tables import Many, kept_fields, linked_fields
from roles.history.wording import row_of, value_of
from roles.how_far import Told, nobody
from roles.models import CatalogModel
from roles.models.history import What

# Says what the admin's own form would find wrong with a row: names of fields, and what is said.
type Judge = Callable[[CatalogModel], Iterable[tuple[str, str]]]


class NotRevertedError(Exception):
    """Nothing was changed; `plan` says what stood in the way."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan


class MovedError(Exception):
    """Nothing was changed: the rows are no longer as they were when `plan` was last looked at."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.plan = plan


def carry_out(plan: Plan, *, judge: Judge, told: Told = nobody) -> None:
    """Do all of it. Raises NotRevertedError, having changed nothing, with the reasons in the plan. `told` hears now and
    then how many steps are done: each row that stays or comes back is written, and then judged."""
    if not plan.is_possible:
        raise NotRevertedError(plan)
    with transaction.atomic():
        staying = [step for step in plan.steps if step.after]
        _each([step for step in staying if step.before], _unlink)
        _take_away(plan)
        _each(staying, _write, told)
        _each(staying, _link)
        if plan.is_possible:
            _judge(plan, judge, lambda done: told(len(staying) + done))
        if not plan.is_possible:
            raise NotRevertedError(plan)


def _each(steps: list[Step], act: Callable[[Step], None], told: Told = nobody) -> None:
    """All at once; where the database refuses one of them, one by one, so that each has its reason."""
    said: list[str] = []
    with _refused(said):
        for done, step in enumerate(steps):
            act(step)
            told(done)
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


def _judge(plan: Plan, judge: Judge, told: Told) -> None:
    """Look at the rows as they are now, all of them: what one alone could not be, they may be together."""
    written: dict[Model, dict[int, Step]] = {}
    for step in plan.steps:
        if step.after:
            written.setdefault(step.model, {})[step.pk] = step
    judged = 0
    for model, steps in written.items():
        rows = model._base_manager.prefetch_related(*(each.name for each in linked_fields(model)))
        for pk, row in rows.in_bulk(list(steps)).items():
            found = list(judge(row))
            judged += 1
            told(judged)
            # What was wrong before, and is none of this, is not in the way.
            step = steps[pk]
            old = set(judge(row_of(model, pk, step.before))) if found and step.before else set()
            step.faults += [said for name, said in found if name in step.fields or (name, said) not in old]
    with _refused(plan.faults):
        ask_deferred_constraints()
