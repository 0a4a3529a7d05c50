"""What a milestone asks, as reviews freeze it. Pure."""

from __future__ import annotations

from mentoring.asked import Asked, Criterion
from roles.blueprint import Phase


def asked_by(phase: Phase) -> Asked:
    """What a phase's milestone asks, in the wording of the roadmap that the learner follows."""
    milestone = phase.milestone
    return Asked(
        title=phase.title,
        place=f"Milestone {phase.number}",
        text=milestone.text,
        brief=milestone.brief,
        criteria=tuple(Criterion(each.key, each.text, each.required) for each in milestone.criteria),
    )
