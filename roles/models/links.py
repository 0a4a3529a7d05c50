"""Addresses that the catalog leads to, and what the link check last found of each."""

from __future__ import annotations

from datetime import datetime
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q

from accounts.constraints import one_of
from roles.models.base import BUMP_CATALOG_VERSION


class LinkState(models.TextChoices):
    UNKNOWN = "unknown", "Not known yet"
    ALIVE = "alive", "Alive"
    SLOW = "slow", "Alive, but slow"
    MOVED = "moved", "Moved"
    DEAD = "dead", "Dead"
    FAILING = "failing", "Does not answer"
    CLOSED = "closed", "Open to members only"
    BLOCKED = "blocked", "Blocked by robots.txt"
    REFUSED = "refused", "Not public"


class LinkCheckQuerySet(models.QuerySet["LinkCheck"]):
    def due(self, *, now: datetime) -> Self:
        return self.filter(due_at__lte=now).order_by("due_at", "pk")

    def to_mend(self) -> Self:
        """Those whose address an editor should change: what does not answer, only if that has been so for a while."""
        return self.filter(Q(state__in=LinkCheck.TO_MEND) | Q(state=LinkState.FAILING, failures__gte=LinkCheck.A_WHILE))


class LinkCheck(models.Model):
    """One address, however many rows lead to it. `roles.links.rounds` is the only writer."""

    State = LinkState
    TO_MEND = (LinkState.DEAD, LinkState.MOVED, LinkState.REFUSED)
    A_WHILE = 3  # checks in a row

    url = models.URLField("address", max_length=500, unique=True)
    state = models.CharField(max_length=8, choices=LinkState, default=LinkState.UNKNOWN)
    reason = models.CharField(max_length=700, blank=True)
    code = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Of the last answer.")
    leads_to = models.CharField(max_length=600, blank=True, help_text="Where it has moved to.")
    milliseconds = models.PositiveIntegerField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0, help_text="How often in a row it was not alive.")
    checked_at = models.DateTimeField("checked", null=True, blank=True)
    alive_on = models.DateField("last seen alive", null=True, blank=True)
    due_at = models.DateTimeField("next check")

    objects = LinkCheckQuerySet.as_manager()

    class Meta:
        ordering = ["url"]
        verbose_name = "link"
        constraints = [
            one_of("state", LinkState),
            models.CheckConstraint(
                condition=~Q(state="moved") | ~Q(leads_to=""),
                name="roles_linkcheck_moved_somewhere",
                violation_error_message="What has moved leads somewhere.",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], name="roles_linkcheck_due")]
        triggers = [
            # Pages for readers show that day, and nothing else of it.
            pgtrigger.Trigger(
                name="bump_catalog_version",
                level=pgtrigger.Row,
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__alive_on__df=pgtrigger.F("new__alive_on")),
                func=BUMP_CATALOG_VERSION,
            )
        ]

    def __str__(self) -> str:
        return self.url
