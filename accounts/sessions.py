"""Where a person is signed in."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare
from django.utils.timezone import now

from accounts import access
from accounts.models import User


def live_sessions(user: User) -> list[UserSession]:
    """The person's sessions that still open the site, oldest first; what is dead is forgotten.

    Three queries at most, where allauth's own list takes three for each session.
    """
    noted = list(UserSession.objects.filter(user=user).order_by("created_at"))
    keys = [each.session_key for each in noted]
    stored = Session.objects.filter(session_key__in=keys, expire_date__gt=now())
    alive = {session.session_key for session in stored if _opens_for(session, user)}
    if dead := [each.pk for each in noted if each.session_key not in alive]:
        UserSession.objects.filter(pk__in=dead).delete()
    return [each for each in noted if each.session_key in alive]


def _opens_for(session: Session, user: User) -> bool:
    """Whether the session is the person's, and was opened with the password that they have now."""
    data = session.get_decoded()
    return data.get(SESSION_KEY) == str(user.pk) and constant_time_compare(
        data.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()
    )


class SessionList(ListUserSessionsView):
    """allauth's page and form, on our list."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sessions = live_sessions(self.request.user)
        context: dict[str, Any] = super(ListUserSessionsView, self).get_context_data(**kwargs)
        return context | {"sessions": sessions, "session_count": len(sessions), "show_last_seen_at": True}


session_list = access.learner(SessionList.as_view())
