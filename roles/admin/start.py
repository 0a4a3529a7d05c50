"""What the catalog brings to the start page of the admin."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from roles.admin.checking import address_of
from roles.admin.telling import Origin, told_shortly
from roles.checking.findings import rules
from roles.checking.lately import last_check
from roles.exchange.columns import content_models
from roles.links.used import used
from roles.models import (
    AccreditationStep,
    Accreditor,
    AdmissionCriterion,
    CareerLevel,
    CatalogModel,
    Certification,
    Challenge,
    ChangeSet,
    Company,
    Correction,
    CostItem,
    CourseworkArea,
    DegreeOption,
    EntryPath,
    Goal,
    Guide,
    Import,
    ImportState,
    KnownFinding,
    LinkCheck,
    MarketDriver,
    Milestone,
    Phase,
    ProgramCheck,
    Resource,
    Revert,
    Role,
    Skill,
    SkillArea,
    Source,
    Statistic,
    Tool,
    UseCase,
)
from roles.start.concerns import Asked, Concern, Item, Urgency, concern, moment
from roles.start.shelves import Link, counted, list_address, may_view, of_roles, theme

_ITEMS = 4
# Shown as what they are: addresses that no longer answer.
_OF_LINKS = "link-dead"


@concern(permission="roles.view_knownfinding")
def findings(asked: Asked) -> Concern:
    """The content check in numbers, with the day on which it was made."""
    page = reverse("admin:roles_knownfinding_changelist")
    last, is_current = last_check(now=asked.now)
    title = "Content check"
    if last is None:
        words = "It was not made yet, and is being made now. Open it to see what it finds."
        return Concern("findings", title, 0, words, Urgency.OPEN, page, "Open the content check")
    made = f"Made {moment(last.made_at)}"
    made += "." if is_current else ", before the last change; a new one is being made."
    counts = [(each, last.counts[each.name]) for each in rules() if each.name in last.counts and each.name != _OF_LINKS]
    counts.sort(key=lambda each: -each[1])
    total = sum(count for _, count in counts)
    words = f"{_many(total, 'thing')} to look at. {made}" if total else f"Nothing found. {made}"
    items = tuple(Item(rule.title, f"{page}?rule={rule.name}", count=count) for rule, count in counts)
    return Concern("findings", title, total, words, Urgency.OPEN, page, "Open the content check", items)


@concern(permission="roles.view_linkcheck")
def dead_links(asked: Asked) -> Concern:
    page, title, link = reverse("admin:roles_linkcheck_changelist"), "Links", "Open the links"
    found = LinkCheck.objects.to_mend()
    total = found.count()
    if not total:
        words = "None that was asked is dead or has moved."
        if not settings.LINK_CHECK:
            words = "Not checked on this site: the operator has not switched the check on (LINK_CHECK)."
        return Concern("links", title, 0, words, Urgency.BROKEN, page, link)
    shown = list(found.order_by("-failures", "url")[:_ITEMS])
    places = used()
    items = [
        Item(place.shown, address_of(place), f"{each.get_state_display()}: {each.url}")
        for each in shown
        for place in places.get(each.url, [])[:1]
    ]
    leads = "leads" if total == 1 else "lead"
    words = f"{_many(total, 'address', 'addresses')} in our content {leads} nowhere, or elsewhere."
    if not settings.LINK_CHECK:
        words += " The check is switched off now (LINK_CHECK), so this may be old."
    return Concern("links", title, total, words, Urgency.BROKEN, page, link, tuple(items))


@concern(permission="roles.view_skill")
def imports(asked: Asked) -> Concern:
    """Files that wait for somebody's word, or for somebody to mend them."""
    page = reverse("admin:exchange_list")
    mine = [label for label, model in content_models().items() if _may_import(asked.user, model)]
    moving = Q(state__in=[ImportState.WAITING, ImportState.TRYING, ImportState.CONFIRMED])
    stopped = Q(state__in=[ImportState.READY, ImportState.FAULTY, ImportState.UNREADABLE], file__isnull=False)
    rows = [
        each
        for each in Import.objects.into(mine).filter(moving | stopped).with_people()
        if not each.is_moving or each.is_silent(asked.now)
    ]
    items = tuple(
        Item(str(each), reverse("admin:import_detail", args=[each.pk]), _said_of(each)) for each in rows[:_ITEMS]
    )
    words = f"{_many(len(rows), 'file')} {'waits' if len(rows) == 1 else 'wait'} for you." if rows else "No file waits."
    return Concern("imports", "Imports", len(rows), words, Urgency.WAITING, page, "Open the imports", items)


def _said_of(found: Import) -> str:
    state = "No worker takes it up" if found.is_moving else found.get_state_display()
    return f"{state}. Sent by {found.by.name}."


@concern(permission="roles.view_rowchange")
def long_reverts(asked: Asked) -> Concern:
    """Reverts of many rows that came to nothing, or that no worker takes up."""
    rows = [
        each
        for each in Revert.objects.to_tell(asked.now).with_people()
        if not each.is_moving or each.is_silent(asked.now)
    ]
    items = tuple(
        Item(
            f"Asked for by {each.by.name if each.by else 'somebody'}, {moment(each.at)}",
            reverse("admin:revert_detail", args=[each.pk]),
            "No worker takes it up." if each.is_moving else each.why,
        )
        for each in rows[:_ITEMS]
    )
    words = f"{_many(len(rows), 'revert')} of many rows came to nothing yet." if rows else "None was stopped."
    page = reverse("admin:history_list")
    return Concern("reverts", "Reverts", len(rows), words, Urgency.FAILED, page, "All changes", items)


@concern(permission="roles.view_rowchange")
def last_changes(asked: Asked) -> Concern:
    page = reverse("admin:history_list")
    changesets = list(ChangeSet.objects.select_related("by")[:_ITEMS])
    told = told_shortly([each.pk for each in changesets])
    items = tuple(
        Item(
            told.get(each.pk) or "Nothing in the end",
            reverse("admin:history_detail", args=[each.pk]),
            f"{Origin(each).who}, {moment(each.at)}",
        )
        for each in changesets
    )
    words = "Who changed what, and the way back." if items else "Nothing was changed yet."
    return Concern("changes", "Last changes", len(items), words, Urgency.NEWS, page, "All changes", items)


_LISTS: tuple[tuple[str, type[CatalogModel], str], ...] = (
    ("Phases", Phase, "role"),
    ("Goals", Goal, "phase__role"),
    ("Milestones", Milestone, "phase__role"),
    ("Career ladder", CareerLevel, "role"),
    ("Market figures", Statistic, "role"),
    ("Ways in", EntryPath, "roles"),
    ("Use cases", UseCase, "roles"),
    ("Corrections", Correction, "roles"),
)
# Led to also where a role has none yet.
_BEGUN_THERE = (Phase, CareerLevel)


@of_roles
def links_of_roles(asked: Asked) -> Mapping[int, list[Link]]:
    """What hangs on a role, each list with its number of rows."""
    lists = [each for each in _LISTS if may_view(asked.user, each[1])]
    counts = {f"total_{n}": counted(model._default_manager.all(), path) for n, (_, model, path) in enumerate(lists)}
    found = {}
    for role in Role.objects.order_by().annotate(**counts).values("pk", "short_name", *counts):
        name, pk = role["short_name"], role["pk"]
        found[pk] = [Link("Role page", reverse("admin:roles_role_change", args=[pk]), of=name)] + [
            Link(label, list_address(model, **{f"{path}__id__exact": pk}), role[f"total_{n}"], of=name)
            for n, (label, model, path) in enumerate(lists)
            if role[f"total_{n}"] or model in _BEGUN_THERE
        ]
    return found


theme("Skills and what they are learned from", Skill, Tool, Resource)
theme("Sources", Source, Correction, LinkCheck, KnownFinding)
theme("Roadmaps", Role, Phase, Goal, Milestone, CareerLevel)
theme("The market", Statistic, Company, UseCase, EntryPath, SkillArea, Challenge, MarketDriver)
theme("Guides", Guide, DegreeOption, AdmissionCriterion, Accreditor, AccreditationStep, CourseworkArea, CostItem)
theme("Guides", Certification, ProgramCheck)


def _may_import(user: User, model: type[CatalogModel]) -> bool:
    name = model._meta
    return all(user.has_perm(f"{name.app_label}.{verb}_{name.model_name}") for verb in ("view", "add", "change"))


def _many(count: int, one: str, many: str = "") -> str:
    return f"{intcomma(count)} {one if count == 1 else many or one + 's'}"
