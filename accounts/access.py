"""The four policies: who may reach a view.

Every view of ours states exactly one, public ones too; `accounts.checks` fails where one is missing. A policy says
what *kind* of person may come in. Which *rows* they see is the business of user-scoped querysets: a foreign row
is 404, because they cannot find it, not because a policy forbids it.
"""

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Concatenate

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from accounts.models import User


class LearnerRequest(HttpRequest):
    """A request whose person is known: what every policy but `visitor` passes on."""

    user: User


type PublicView[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]
type PersonalView[**P] = Callable[Concatenate[LearnerRequest, P], HttpResponse]

POLICIES = ("visitor", "learner", "mentor", "staff")


def visitor[**P](view: PublicView[P]) -> PublicView[P]:
    """Anyone, signed in or not."""
    return _stated("visitor", login_not_required(view))


def learner[**P](view: PersonalView[P]) -> PersonalView[P]:
    """Any account. LoginRequiredMiddleware sends everybody else to sign in."""
    return _stated("learner", view)


def mentor[**P](view: PersonalView[P]) -> PersonalView[P]:
    """Accounts that staff made mentors; others are told who can help."""
    return _stated("mentor", _only(view, lambda user: user.is_mentor))


def staff[**P](view: PersonalView[P]) -> PersonalView[P]:
    """Editors and staff, in the admin's sense."""
    return _stated("staff", _only(view, lambda user: user.is_staff))


def policy_of(view: Callable[..., Any]) -> str | None:
    """The policy that a view states, or None."""
    return getattr(view, "policy", None)


def _stated[V: Callable[..., Any]](name: str, view: V) -> V:
    view.policy = name  # type: ignore[attr-defined]
    return view


def _only[**P](view: PersonalView[P], allowed: Callable[[User], bool]) -> PersonalView[P]:
    def guarded(request: LearnerRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not allowed(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    update_wrapper(guarded, view)
    return guarded
