"""Who is told what happens in a review."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from accounts.models import User
from accounts.notifying import Kind, notify, notify_all
from mentoring.models import Comment, Decision, Ruling, Submission, Thread, What
from mentoring.subjects import subject_of
from mentoring.taking import to_be_told


def handed_in(thread: Thread, submission: Submission, what: What, *, now: datetime) -> None:
    """Mentors: whoever has first refusal by name, otherwise the cohort's or the role's, as news of their queue."""
    title = submission.asked["title"]
    url = reverse("mentoring:submission_detail", args=[submission.pk])
    if thread.reserved_for is not None:
        notify(
            person=thread.reserved_for,
            kind=Kind.RESUBMITTED,
            title=f"{thread.learner.name} handed in again: {title}",
            text=submission.message,
            url=url,
            key=f"submission:{submission.pk}",
            now=now,
        )
        return
    notify_all(
        people=to_be_told(thread, now),
        kind=Kind.WAITING,
        title=f"{thread.learner.name} asks for a review: {title}",
        text=submission.message,
        url=url,
        key=f"submission:{submission.pk}",
        now=now,
    )


def claimed(thread: Thread, submission: Submission, *, now: datetime) -> None:
    assert thread.holder is not None, "that is what claimed means"
    notify(
        person=thread.learner,
        kind=Kind.CLAIMED,
        title=f"{thread.holder.name} began to review {submission.asked['title']}",
        url=subject_of(thread).address(thread),
        key=f"claim:{submission.pk}:{now.isoformat()}",
        now=now,
    )


def decided(thread: Thread, decision: Decision, *, now: datetime) -> None:
    title = decision.submission.asked["title"]
    approved = decision.ruling == Ruling.APPROVED
    notify(
        person=thread.learner,
        kind=Kind.APPROVED if approved else Kind.RETURNED,
        title=f"{decision.mentor_name} {'approved' if approved else 'returned'} {title}",
        text=(decision.text or decision.next_step)[:500],
        url=subject_of(thread).address(thread),
        key=f"decision:{decision.pk}",
        now=now,
    )


def reopened(thread: Thread, decision: Decision, *, reason: str, now: datetime) -> None:
    notify(
        person=thread.learner,
        kind=Kind.REOPENED,
        title=f"The approval of {decision.submission.asked['title']} was taken back",
        text=reason[:500],
        url=subject_of(thread).address(thread),
        key=f"reopened:{decision.pk}",
        now=now,
    )


def commented(submission: Submission, comment: Comment, *, now: datetime) -> None:
    """The other side: the learner, or the mentor who holds it or decided last."""
    thread = submission.thread
    by_learner = comment.author_id == thread.learner_id
    person = _mentor_at_work(thread, now) if by_learner else thread.learner
    if person is None:
        return
    verb = "corrected a comment on" if comment.replaces_id or comment.decision_id else "comments on"
    page = (
        reverse("mentoring:submission_detail", args=[submission.pk])
        if by_learner
        else subject_of(thread).address(thread)
    )
    notify(
        person=person,
        kind=Kind.LEARNER_COMMENT if by_learner else Kind.COMMENT,
        title=f"{comment.author_name} {verb} {submission.asked['title']}",
        text=comment.text,
        url=f"{page}#comment-{comment.pk}",
        key=f"comment:{comment.pk}",
        now=now,
    )


def _mentor_at_work(thread: Thread, now: datetime) -> User | None:
    """Who holds it, or else who decided on it last and was not left out since."""
    if thread.has_running_lease(now):
        return thread.holder
    decision = Decision.objects.filter(submission__thread=thread).select_related("mentor").order_by("-pk").first()
    return decision.mentor if decision is not None and decision.mentor_id not in thread.excluded else None
