"""Moving to a later edition, or not."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from accounts import access
from accounts.access import LearnerRequest
from roadmaps import enrolling
from roadmaps.forms import OfferForm
from roadmaps.lineage import inherited
from roadmaps.models import Publication
from roadmaps.progress import progress_of
from roadmaps.standing import Standing
from roadmaps.views.reaching import current_standing


@access.learner
@require_GET
def offer_detail(request: LearnerRequest, slug: str) -> HttpResponse:
    """What a later edition changes, to accept or to put aside."""
    standing = current_standing(request.user, slug)
    if not standing.enrolment.has_offer:
        messages.info(request, "You are on the newest edition.")
        return redirect("roadmaps:roadmap_detail", slug)
    return render(request, "roadmaps/offer_detail.html", _offer_context(standing))


@access.learner
@require_POST
def offer_decide(request: LearnerRequest, slug: str) -> HttpResponse:
    """Accept the edition that was shown, or put it aside."""
    standing = current_standing(request.user, slug)
    form = OfferForm(request.POST)
    if not form.is_valid():
        return render(
            request,
            "roadmaps/offer_detail.html",
            _offer_context(standing) | {"form": form},
            status=422,
        )
    role = standing.enrolment.role
    if form.cleaned_data["decision"] == "stay":
        enrolling.put_aside(learner=request.user, role=role)
        messages.success(request, "You stay on your edition. The offer waits here.")
        return redirect("roadmaps:roadmap_detail", slug)
    moved = enrolling.accept_newest(
        learner=request.user,
        role=role,
        offered=form.cleaned_data["publication"],
        now=timezone.now(),
    )
    if moved is None:
        messages.warning(
            request,
            "The roadmap changed once more while you were reading. Look again before you accept.",
        )
        return redirect("roadmaps:offer_detail", slug)
    messages.success(request, "You are on the new edition. Every finished goal still counts.")
    return redirect("roadmaps:roadmap_detail", slug)


def _offer_context(standing: Standing) -> dict[str, object]:
    newest = Publication.objects.without_snapshots().get(pk=standing.enrolment.newest)
    there, states = standing.enrolment.newest_roadmap, standing.progress.states
    carried = inherited(states, standing.enrolment.publication.roadmap, there)
    after = progress_of(there, {**states, **{key: found.state for key, found in carried.items()}})
    return {
        "role": standing.enrolment.role,
        "standing": standing,
        "newest": newest,
        "after": after,
    }
