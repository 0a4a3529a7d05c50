"""What an approved milestone is worth: a badge, and a certificate once every milestone of the roadmap is approved.

The subject “milestone” of `mentoring.subjects`: called inside the transaction of the review, its thread locked.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from django.urls import reverse

from accounts.models import User
from accounts.notifying import Kind, notify
from badges import issuing
from badges.achievements import Achievement, Exhibit
from badges.achievements import Kind as AchievementKind
from badges.models import Credential
from mentoring.asked import Asked
from mentoring.models import Decision, Thread
from roadmaps.models import Enrolment, Stage
from roles.blueprint import Phase, Roadmap
from roles.charts import KIND_NUMBER
from roles.words import listed

# The key of a whole roadmap's achievement is made from this, the role and the edition.
_ROADMAPS = UUID("6f3a3c4e-5d0e-4a4b-9a65-0e1f3c8f7b52")
_LONGEST_REASON = 300


class MilestoneSubject:
    """A milestone of a roadmap, for `mentoring.subjects`."""

    def address(self, thread: Thread) -> str:
        """The milestone's page, wherever the learner's own roadmap has it; else the roadmap."""
        enrolment = Enrolment.one_of(learner=thread.learner_id, role=thread.role_id)
        phase = _phase_of(enrolment.roadmap, thread.subject) if enrolment else None
        if phase is None:
            return reverse("roadmaps:roadmap_detail", args=[thread.role.slug])
        return reverse("roadmaps:milestone_detail", args=[thread.role.slug, phase.number])

    def returned(self, *, thread: Thread, decision: Decision, now: datetime) -> None:
        """Nothing: what is missing stands in the decision."""

    def approved(self, *, thread: Thread, decision: Decision, now: datetime) -> None:
        """Issue the badge; and the certificate, if this was the last milestone."""
        # Two approvals at once would each miss the other's: the second waits here, and then sees the first.
        Enrolment.lock_all_of(thread.learner)
        enrolment = _enrolment_of(thread)
        phase = _phase_of(enrolment.roadmap, thread.subject) if enrolment else None
        badge = issuing.issue(
            learner=thread.learner,
            achievement=_milestone(thread, decision, phase),
            evidence=[_exhibit(piece) for piece in decision.frozen["evidence"]],
            source=badge_source(decision),
            now=now,
        )
        _tell(thread.learner, badge, now=now)
        if enrolment is not None:
            _certify(enrolment, thread.learner, now=now)

    def reopened(self, *, thread: Thread, decision: Decision, by: User, reason: str, now: datetime) -> None:
        """Revoke the badge, and the certificate that rested on it."""
        Enrolment.lock_all_of(thread.learner)
        said = reason if len(reason) <= _LONGEST_REASON else f"{reason[: _LONGEST_REASON - 1].rstrip()}…"
        sources = [badge_source(decision)]
        enrolment = _enrolment_of(thread)
        if enrolment is not None:
            sources += [each.source for each in _certificates(enrolment, thread.learner)]
        for source in sources:
            issuing.revoke(source=source, by=by, reason=said, now=now)


def badge_source(decision: Decision) -> str:
    """What the badge of an approval is issued for."""
    return f"decision:{decision.pk}"


def certificate_of(enrolment: Enrolment, learner: User) -> Credential | None:
    """The certificate that holds for the edition that the learner follows."""
    edition = _certificate_source(enrolment, "")
    return next((each for each in _certificates(enrolment, learner) if each.source.startswith(edition)), None)


def _enrolment_of(thread: Thread) -> Enrolment | None:
    """The learner's enrolment, left or not: what is proven stays proven."""
    return next((each for each in Enrolment.all_of(thread.learner) if each.role_id == thread.role_id), None)


def _phase_of(roadmap: Roadmap, milestone: UUID) -> Phase | None:
    return next((each for each in roadmap.phases if each.milestone.key == str(milestone)), None)


def _milestone(thread: Thread, decision: Decision, phase: Phase | None) -> Achievement:
    """From what was frozen: later wording never changes what was achieved."""
    asked = Asked.from_json(decision.frozen["asked"])
    return Achievement(
        kind=AchievementKind.MILESTONE,
        key=thread.subject,
        name=asked.title,
        description=asked.text,
        criteria=[each.text if each.required else f"Optional: {each.text}" for each in asked.criteria] or [asked.text],
        role=thread.role.name,
        approved_by=decision.mentor_name,
        on=decision.decided_at.date(),
        ring=[_arc(phase)] if phase else (),
    )


def _certify(enrolment: Enrolment, learner: User, *, now: datetime) -> None:
    phases = enrolment.roadmap.phases
    handed = [enrolment.handed.get(phase.milestone.key) for phase in phases]
    if any(each is None or each.stage != Stage.APPROVED for each in handed):
        return
    if certificate_of(enrolment, learner) is not None:
        return
    approvals = _approvals(enrolment, learner)
    certificate = issuing.issue(
        learner=learner,
        achievement=_whole_roadmap(enrolment, approvals),
        evidence=[Exhibit(title=f"{phase.title}: {phase.milestone.text}"[:150]) for phase in phases],
        # The last approval is part of it: after a milestone was reopened and approved anew, it is another certificate.
        source=_certificate_source(enrolment, max(each.pk for each in approvals)),
        now=now,
    )
    _tell(learner, certificate, now=now)


def _whole_roadmap(enrolment: Enrolment, approvals: list[Decision]) -> Achievement:
    role, roadmap, edition = enrolment.role, enrolment.roadmap, enrolment.publication.edition
    return Achievement(
        kind=AchievementKind.ROADMAP,
        key=uuid5(_ROADMAPS, f"{role.slug}/{edition}"),
        name=role.name,
        description=(
            f"The whole {role.short_name} roadmap, edition {edition}: {len(roadmap.phases)} milestones"
            f" in {roadmap.weeks} weeks of work, each approved by a mentor."
        ),
        criteria=[phase.milestone.text for phase in roadmap.phases],
        role=role.name,
        approved_by=listed(list(dict.fromkeys(each.mentor_name for each in approvals))),
        on=max(each.decided_at for each in approvals).date(),
        ring=[_arc(phase) for phase in roadmap.phases],
    )


def _approvals(enrolment: Enrolment, learner: User) -> list[Decision]:
    """The approvals that hold, in the roadmap's order."""
    keys = [phase.milestone.key for phase in enrolment.roadmap.phases]
    threads = Thread.objects.of(learner).approved_among(keys)
    return [each.approval for each in sorted(threads, key=lambda each: keys.index(str(each.subject))) if each.approval]


def _certificates(enrolment: Enrolment, learner: User) -> list[Credential]:
    """Those of the enrolment that are not revoked, of whatever edition."""
    certificates = Credential.objects.of(learner).valid().certificates()
    return [each for each in certificates if each.source.startswith(f"roadmap:{enrolment.pk}:")]


def _certificate_source(enrolment: Enrolment, last: object) -> str:
    return f"roadmap:{enrolment.pk}:{enrolment.publication.edition}:{last}"


def _exhibit(piece: dict[str, str]) -> Exhibit:
    return Exhibit(title=piece["title"], kind=piece["kind"], url=piece["url"], sha256=piece["sha256"])


def _arc(phase: Phase) -> tuple[int, int]:
    return KIND_NUMBER[phase.kind], max(phase.weeks, 1)


def _tell(learner: User, credential: Credential, *, now: datetime) -> None:
    achievement = credential.achievement
    what = "certificate" if credential.is_certificate else "badge"
    notify(
        person=learner,
        kind=Kind.BADGE,
        title=f"Your {what} is ready: {achievement.name}",
        text=f"{achievement.role}. It can be checked without asking us, and you decide what others see.",
        url=credential.get_absolute_url(),
        key=f"badge:{credential.pk}",
        now=now,
    )
