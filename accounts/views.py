from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.access import LearnerRequest
from accounts.forms import ProfileForm


@access.learner
@require_http_methods(["GET", "POST"])
def profile(request: LearnerRequest) -> HttpResponse:
    """Name, time zone and hours a week."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Your profile is saved.")
        return redirect("accounts:profile")
    if form.is_bound:
        # The failed form must not rename the person in the page's header.
        request.user.refresh_from_db()
    return render(
        request,
        "accounts/profile.html",
        {"form": form},
        status=422 if form.is_bound else 200,
    )
