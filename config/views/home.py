from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts import access
from interviews.models import Question
from roles.blueprint import Phase, Roadmap
from roles.cards import RoleCard, cards_of
from roles.charts import ring
from roles.models import EntryPath, Role
from roles.visitor_pages import kept_for_visitors

# The ring on top shows somebody two phases in and a third of the way through the next.
EXAMPLE_PHASES_DONE = 2
EXAMPLE_SHARE = 1 / 3


@access.visitor
@require_GET
@kept_for_visitors
def home(request: HttpRequest) -> HttpResponse:
    """What Rounds does, the roles with a roadmap, and a way in for each background."""
    cards = [card for card in cards_of(Role.objects.with_roadmap().for_cards()) if card.ring]
    context = {
        "cards": cards,
        "ways": EntryPath.objects.in_brief(),
        "example": _example(cards[0]) if cards else None,
        "reach": _reach([card.role.roadmap for card in cards if card.role.roadmap]),
        "question": Question.objects.previews().of(cards[0].role).first() if cards else None,
    }
    return render(request, "home.html", context)


def _reach(roadmaps: list[Roadmap]) -> dict[str, object]:
    """What all roadmaps together hold, counted."""
    phases = [phase for roadmap in roadmaps for phase in roadmap.phases]
    return {
        "phase_count": len(phases),
        "goal_count": sum(len(phase.live_goals) for phase in phases),
        "skill_count": len({slug for roadmap in roadmaps for slug in roadmap.skills}),
        "resource_count": len({link.slug for phase in phases for link in phase.resources}),
        "weeks": _from_to([phase.weeks for phase in phases]),
        "goals": _from_to([len(phase.live_goals) for phase in phases]),
    }


def _from_to(numbers: list[int]) -> str:
    """“4 to 8”, or “4” where all are the same."""
    least, most = min(numbers, default=0), max(numbers, default=0)
    return f"{least} to {most}" if least < most else str(least)


def _example(card: RoleCard) -> dict[str, object]:
    """A ring on its way, and a phase to look into."""
    roadmap = card.role.roadmap
    assert roadmap is not None, "cards without a roadmap are left out"
    return {
        "role": card.role,
        "roadmap": roadmap,
        "ring": ring(roadmap, {phase.slug: _example_share(phase) for phase in roadmap.phases}),
        "phase": _example_phase(roadmap),
    }


def _example_phase(roadmap: Roadmap) -> Phase:
    """The phase that the example is in."""
    return roadmap.phase(EXAMPLE_PHASES_DONE + 1) or roadmap.phases[-1]


def _example_share(phase: Phase) -> float:
    if phase.number <= EXAMPLE_PHASES_DONE:
        return 1.0
    return EXAMPLE_SHARE if phase.number == EXAMPLE_PHASES_DONE + 1 else 0.0
