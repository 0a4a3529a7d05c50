"""What pages of the history say of changesets, rows, versions and plans, ready for templates."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib import admin
from django.db.models import Q
from django.urls import reverse

from accounts.access import LearnerRequest
from roles.history.past import Key, Model, Past, State, Version, pasts_of, touched
from roles.history.reverting import Plan
from roles.history.tables import link_tables, linked_fields, rows_tables
from roles.history.wording import FieldDifference, Words, changed_labels, kind_of, who
from roles.models import ChangeSet, RowChange
from roles.models.history import What

# Rows of a changeset, and changes of rows on the same page, that are shown; the number of all is said.
MOST_ROWS, _MOST_CHANGES, _MOST_KINDS = 100, 30, 5


@dataclass(frozen=True, slots=True)
class Origin:
    """Who changed something, when and from where, as the pages say it."""

    changeset: ChangeSet

    @property
    def who(self) -> str:
        return who(self.changeset)

    @property
    def where(self) -> str:
        """What it was, or the page; nothing where `who` says it already."""
        doing = self.changeset.doing
        return doing if doing and doing != self.who else self.changeset.page


@dataclass(frozen=True, slots=True)
class RowVersion:
    """A line of the table of versions."""

    version: Version
    origin: Origin | None
    what: str
    can_revert: bool


@dataclass(frozen=True, slots=True)
class RowTold:
    """What happened to one row in some changesets."""

    name: str
    kind: str
    what: str
    history: str
    differences: list[FieldDifference]
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeTold:
    origin: Origin
    kind: str
    name: str
    what: str
    history: str


def told_shortly(changesets: Collection[UUID]) -> dict[UUID, str]:
    """What each changed, as “Goal (3), Phase”."""
    counted: dict[UUID, dict[Model, set[int]]] = {}
    changes = RowChange.objects.filter(changeset__in=changesets).values_list("changeset", "table", "row").distinct()
    rows, links = rows_tables(), link_tables()
    for changeset, table, row in changes.order_by("changeset", "table", "row"):
        model = links[table].model if table in links else rows.get(table)
        if model:
            counted.setdefault(changeset, {}).setdefault(model, set()).add(row)
    return {changeset: _kinds(of) for changeset, of in counted.items()}


def _kinds(counted: Mapping[Model, Collection[int]]) -> str:
    """Most rows first."""
    ordered = sorted(counted.items(), key=lambda each: -len(each[1]))
    said = [kind_of(model) + (f" ({len(pks)})" if len(pks) > 1 else "") for model, pks in ordered[:_MOST_KINDS]]
    if more := len(ordered) - len(said):
        said.append(f"{more} more kinds" if more > 1 else "one more kind")
    return ", ".join(said)


def rows_told(keys: list[Key], changesets: Collection[ChangeSet], words: Words | None = None) -> list[RowTold]:
    words = words or Words()
    pasts, ours = pasts_of(keys), {each.pk for each in changesets}
    words.learn(pasts.values())
    told = []
    for past in pasts.values():
        mine = [each for each in past.versions if each.changeset and each.changeset.pk in ours]
        before, after = mine[-1].before, mine[0].after
        told.append(
            RowTold(
                words.name(past.model, past.pk),
                kind_of(past.model),
                what_happened(before, after),
                history_address(past.model, past.pk),
                list(words.differences(past.model, before, after)),
            )
        )
    return told


def what_happened(before: State | None, after: State | None) -> str:
    if before is None:
        return "Added and deleted" if after is None else "Added"
    return "Deleted" if after is None else "Changed"


def version_told(request: LearnerRequest, past: Past, version: Version) -> RowVersion:
    what = what_happened(version.before, version.after)
    if not version.changes:
        what = "As it was before its history began"
    elif what == "Changed":
        what = ", ".join(changed_labels(past.model, version.before, version.after)) or "Nothing in the end"
    return RowVersion(
        version,
        Origin(version.changeset) if version.changeset else None,
        what,
        can_revert=version.after is not None
        and version.after != past.now
        and request.user.has_perm(permission(past.model, "change" if past.now else "add")),
    )


def changes_on_page(request: LearnerRequest, past: Past, words: Words) -> list[ChangeTold]:
    """The latest changes of the rows that are edited on this row's page, and have none of their own."""
    wanted = Q()
    for child, column in _rows_on_page(past.model):
        here = list(child._base_manager.filter(**{column: past.pk}).values_list("pk", flat=True))
        tables = [child._meta.db_table, *(each.m2m_db_table() for each in linked_fields(child))]
        wanted |= Q(table__in=tables, row__in=here)
        wanted |= Q(table=child._meta.db_table, what=What.DELETE, **{f"replaced__{column}": past.pk})
    if not wanted:
        return []
    changes = list(RowChange.objects.filter(wanted).select_related("changeset__by").order_by("-pk")[:_MOST_CHANGES])
    told: dict[tuple[UUID, Key], ChangeTold] = {}
    for change in changes:
        (key,) = touched([change])
        what = What(change.what) if change.other is None else What.UPDATE
        if what != What.UPDATE or (change.changeset_id, key) not in told:
            line = ChangeTold(
                Origin(change.changeset), kind_of(key[0]), words.name(*key), what.label, history_address(*key)
            )
            told[change.changeset_id, key] = line
    return list(told.values())


def _rows_on_page(model: Model) -> list[tuple[Model, str]]:
    """Models that are edited as rows of this one's page, each with its column for it."""
    if model not in admin.site._registry:
        return []
    found = []
    for inline in admin.site.get_model_admin(model).inlines:
        links = [each for each in inline.model._meta.concrete_fields if each.related_model is model]
        found += [(inline.model, each.attname) for each in links[:1]]
    return found


def steps_told(plan: Plan, words: Words) -> list[RowTold]:
    """Those with something in the way first."""
    whats = {What.INSERT: "Is put back", What.UPDATE: "Is changed back", What.DELETE: "Is taken away"}
    steps = sorted(plan.steps, key=lambda step: not step.faults)
    return [
        RowTold(
            step.name,
            kind_of(step.model),
            "Is retired, since it is published" if step.retires else whats[step.what],
            history_address(*step.key),
            list(words.differences(step.model, step.before, step.after))
            if step.what == What.UPDATE and step.after
            else [],
            tuple(step.faults),
        )
        for step in steps[:MOST_ROWS]
    ]


def permission(model: Model, verb: str) -> str:
    return f"{model._meta.app_label}.{verb}_{model._meta.model_name}"


def history_address(model: Model, pk: int) -> str:
    return reverse("admin:history_row", args=[model._meta.label_lower, pk])
