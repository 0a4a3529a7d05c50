from __future__ import annotations

from datetime import datetime
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from accounts.constraints import one_of
from accounts.models import User
from roadmaps.models.publication import Publication, published
from roles.blueprint import Roadmap
from roles.models import Goal, Role

# What a page needs of an enrolment; roles and publications hold whole roadmaps besides.
_COLUMNS = ("learner", "started_at", "accepted_at", "left_at", "declined")


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def of(self, learner: User) -> Self:
        """The learner's own, and nobody else's."""
        return self.filter(learner=learner)

    def current(self) -> Self:
        return self.filter(left_at__isnull=True)

    def in_role(self, slug: str) -> Self:
        return self.filter(role__slug=slug)

    def with_publications(self) -> Self:
        """Annotate which publication each learner follows now, and which is the newest that there is, by id.

        `follows` is the newest one within the pinned edition, because minor changes move along; `newest` is what a
        newcomer would get. Roadmaps themselves are not read here: `published` has them in memory.
        """
        all_of_role = Publication.objects.filter(role=OuterRef("role")).order_by("-number").values("pk")
        return (
            self.select_related("role", "publication")
            .only(*_COLUMNS, "role__slug", "role__name", "role__short_name", "publication__edition")
            .annotate(
                follows=Subquery(all_of_role.filter(edition=OuterRef("publication__edition"))[:1]),
                newest=Subquery(all_of_role[:1]),
            )
        )


class Enrolment(models.Model):
    """A learner on a role's roadmap, pinned to a publication that they accepted.

    Leaving keeps the row and all progress: coming back goes on where one was.
    """

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="enrolments")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="enrolments")
    publication = models.ForeignKey(
        Publication,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The last one that the learner accepted.",
    )
    declined = models.ForeignKey(
        Publication,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The last offer that the learner put aside.",
    )
    started_at = models.DateTimeField(auto_now_add=True)
    accepted_at = models.DateTimeField(auto_now_add=True, help_text="When the publication was last accepted.")
    left_at = models.DateTimeField(null=True, blank=True)

    # Ids of publications, filled in by `with_publications`.
    follows: int
    newest: int

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["started_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "role"],
                name="roadmaps_enrolment_once",
                violation_error_message="You are on this roadmap already.",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="pinned_to_own_role",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (
                        SELECT FROM roadmaps_publication p WHERE p.id = NEW.publication_id AND p.role_id = NEW.role_id
                    ) THEN
                        RAISE EXCEPTION 'An enrolment is pinned to a publication of its own role.'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'roadmaps_enrolment_pinned_to_own_role';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.learner} on {self.role.short_name}"

    @property
    def roadmap(self) -> Roadmap:
        """The roadmap that the learner follows. Needs `with_publications`."""
        return published(self.follows).roadmap

    @property
    def newest_roadmap(self) -> Roadmap:
        """The roadmap that a newcomer gets. Needs `with_publications`."""
        return published(self.newest).roadmap

    @property
    def newest_edition(self) -> int:
        return published(self.newest).edition

    @property
    def has_offer(self) -> bool:
        """Whether a later edition waits for the learner's yes or no. Needs `with_publications`."""
        return self.newest != self.follows

    @property
    def offer_is_put_aside(self) -> bool:
        return self.declined_id == self.newest


class State(models.TextChoices):
    TODO = "todo", "To do"
    DOING = "doing", "In progress"
    DONE = "done", "Done"
    SKIPPED = "skipped", "Skipped"


_STATES = {state.value: state for state in State}


class GoalStateQuerySet(models.QuerySet["GoalState"]):
    def of(self, learner: User) -> Self:
        """The learner's own, on every roadmap that they were ever on."""
        return self.filter(enrolment__learner=learner)

    def by_enrolment(self) -> dict[int, dict[str, tuple[State, datetime | None]]]:
        """`{enrolment id: {goal key: (state, when it was done)}}`, in one query."""
        found: dict[int, dict[str, tuple[State, datetime | None]]] = {}
        for enrolment, key, state, done_at in self.values_list("enrolment_id", "goal_id", "state", "done_at"):
            found.setdefault(enrolment, {})[str(key)] = (_STATES[state], done_at)
        return found


class GoalState(models.Model):
    """Where a learner stands with a goal. No row means `todo`. Hangs on the goal's key, so no edit loses it."""

    State = State

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="goal_states")
    goal = models.ForeignKey(
        Goal,
        on_delete=models.PROTECT,
        to_field="key",
        db_column="goal_key",
        related_name="+",
    )
    state = models.CharField(max_length=7, choices=State)
    changed_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    credited_from = models.ForeignKey(
        Goal,
        on_delete=models.PROTECT,
        to_field="key",
        db_column="credited_from_key",
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="The goal whose work counts here too: of another roadmap, or one that this goal replaces.",
    )

    objects = GoalStateQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("state", State),
            models.UniqueConstraint(
                fields=["enrolment", "goal"],
                include=["state"],
                name="roadmaps_goalstate_once",
                violation_error_message="This goal has a state already.",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | (~Q(state="done") & Q(done_at__isnull=True)),
                name="roadmaps_goalstate_done_has_date",
                violation_error_message="A goal has a date of completion exactly while it is done.",
            ),
            models.CheckConstraint(
                condition=Q(credited_from__isnull=True) | Q(state="done"),
                name="roadmaps_goalstate_credit_is_done",
                violation_error_message="Only a goal that is done can be credited.",
            ),
            models.CheckConstraint(
                condition=Q(credited_from__isnull=True) | ~Q(credited_from=F("goal")),
                name="roadmaps_goalstate_credit_from_elsewhere",
                violation_error_message="A goal cannot be credited from itself.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.goal_id}: {self.state}"
