from __future__ import annotations

import json
from datetime import datetime
from functools import cached_property
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import connection, models
from django.db.models import F, Q

from accounts.constraints import one_of
from accounts.models import User
from roadmaps.models.handed import Handed
from roadmaps.models.publication import Publication, published
from roadmaps.models.shelf import Shelf, shelf_at
from roles.blueprint import Roadmap
from roles.models import Goal, Role


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def of(self, learner: User) -> Self:
        """The learner's own, and nobody else's."""
        return self.filter(learner=learner)

    def current(self) -> Self:
        return self.filter(left_at__isnull=True)

    def in_role(self, slug: str) -> Self:
        return self.filter(role__slug=slug)


# All that a personal page needs of a learner's enrolments, in one call: see roadmaps/sql/enrolments_of.sql. In SQL,
# because Django takes longer to put the question together than the database takes to answer it.
_ALL_OF_LEARNER = """
    SELECT (f.enrolment).*, f.catalog, f.published, f.goals, f.threads, f.blocker
    FROM roadmaps_enrolments_of(%s) f
"""
# What the learner follows on one role's roadmap, and nothing of their progress.
_ONE_OF_LEARNER = """
    SELECT
        e.*,
        (SELECT v.changed_in::text FROM roles_catalogversion v) AS catalog,
        (SELECT count(*) + count(p.withdrawn_at) FROM roadmaps_publication p) AS published
    FROM roadmaps_enrolment e
    WHERE e.learner_id = %s AND e.role_id = %s
"""
_PINNING: pgtrigger.Operation = pgtrigger.UpdateOf("publication_id", "role_id")  # type: ignore[no-untyped-call]
# In one order, so that no two of these wait for each other.
_LOCK_ALL_OF_LEARNER = "SELECT FROM roadmaps_enrolment WHERE learner_id = %s ORDER BY id FOR NO KEY UPDATE"


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

    # Filled in by `all_of`; what is on the shelf by `one_of` too. Ids of publications: the newest one within the pinned
    # edition, because minor changes move along, and what a newcomer would get.
    follows: int
    newest: int
    goals: str | None  # JSON: by goal key the state and when it was done
    threads: str | None  # JSON: by milestone key what `Handed.from_row` reads
    blocker: str | None
    catalog: str | None
    published: int
    shelf: Shelf

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
                operation=pgtrigger.Insert | _PINNING,
                func="""
                    PERFORM FROM roadmaps_publication p
                    WHERE p.id = NEW.publication_id AND p.role_id = NEW.role_id AND p.withdrawn_at IS NULL
                    FOR SHARE;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'An enrolment is pinned to a publication of its own role.'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'roadmaps_enrolment_pinned_to_own_role';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.learner} on {self.role.short_name}"

    @classmethod
    def all_of(cls, learner: User) -> list[Enrolment]:
        """Every enrolment that the learner ever had, oldest first, with role, publications and states: one query."""
        found = list(cls.objects.raw(_ALL_OF_LEARNER, [learner.pk]))
        for each in found:
            each._find_on_shelf()
        return found

    @classmethod
    def one_of(cls, *, learner: int, role: int) -> Enrolment | None:
        """The learner's on a role's roadmap, left or not, by their ids: with role and publications: one query."""
        for each in cls.objects.raw(_ONE_OF_LEARNER, [learner, role]):
            each._find_on_shelf()
            return each
        return None

    def _find_on_shelf(self) -> None:
        self.shelf = shelf = shelf_at(self.catalog, self.published)
        self.publication = shelf.publications[self.publication_id]
        self.role = self.publication.role
        self.follows = shelf.newest_of_edition[self.role_id, self.publication.edition]
        self.newest = shelf.newest[self.role_id]

    @classmethod
    def lock_all_of(cls, learner: User) -> None:
        """Until the transaction ends, nobody else changes what the learner has on any roadmap."""
        with connection.cursor() as cursor:
            cursor.execute(_LOCK_ALL_OF_LEARNER, [learner.pk])

    @cached_property
    def marks(self) -> dict[str, tuple[State, str | None]]:
        """`{goal key: (state, when it was done in ISO form)}`. Needs `all_of`."""
        found = json.loads(self.goals or "{}")
        return {key: (_STATES[state], done_at) for key, (state, done_at) in found.items()}

    @cached_property
    def handed(self) -> dict[str, Handed]:
        """By milestone key: how far it is. What nobody began to gather evidence for is not in it. Needs `all_of`."""
        return {key: Handed.from_row(row) for key, row in json.loads(self.threads or "{}").items()}

    def minor_since(self, since: datetime) -> list[Publication]:
        """What the learner moved along to by themselves since then. Needs `all_of`."""
        return self.shelf.minor_since(since, role=self.role_id, edition=self.publication.edition)

    @property
    def roadmap(self) -> Roadmap:
        """The roadmap that the learner follows. Needs `all_of` or `one_of`."""
        return published(self.follows).roadmap

    @property
    def newest_roadmap(self) -> Roadmap:
        """The roadmap that a newcomer gets. Needs `all_of`."""
        return published(self.newest).roadmap

    @property
    def newest_edition(self) -> int:
        return published(self.newest).edition

    @property
    def has_offer(self) -> bool:
        """Whether a later edition waits for the learner's yes or no. Needs `all_of`."""
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


# One statement whether there is a row or not, in SQL for the same reason as above.
_SET = """
    INSERT INTO roadmaps_goalstate (enrolment_id, goal_key, state, changed_at, done_at, credited_from_key)
    VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT (enrolment_id, goal_key) DO UPDATE
    SET state = EXCLUDED.state, changed_at = EXCLUDED.changed_at, done_at = EXCLUDED.done_at,
        credited_from_key = EXCLUDED.credited_from_key
"""


class GoalStateQuerySet(models.QuerySet["GoalState"]):
    def of(self, learner: User) -> Self:
        """The learner's own, on every roadmap that they were ever on."""
        return self.filter(enrolment__learner=learner)


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

    @classmethod
    def put(cls, enrolment: Enrolment, goal: str, state: str, *, now: datetime, credited_from: str | None) -> None:
        """Put a goal, named by its key, into a state."""
        done_at = now if state == cls.State.DONE else None
        with connection.cursor() as cursor:
            cursor.execute(_SET, [enrolment.pk, goal, str(state), now, done_at, credited_from])
