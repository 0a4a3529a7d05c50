"""Every view states its policy."""

from collections.abc import Callable, Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.access import POLICIES, policy_of

# Views of these packages guard themselves; all others are ours.
GUARDED_ELSEWHERE = ("django.", "allauth.")


def our_views(
    patterns: list[URLPattern | URLResolver] | None = None, prefix: str = "/"
) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Route and view of every URL pattern that leads to our own code."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from our_views(pattern.url_patterns, route)
        elif not _module_of(pattern.callback).startswith(GUARDED_ELSEWHERE):
            yield route, pattern.callback


def _module_of(view: Callable[..., Any]) -> str:
    view_class = getattr(view, "view_class", None)
    return str(getattr(view_class or view, "__module__", "") or type(view).__module__)


@register(Tags.security)
def every_view_states_a_policy(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"The view of {route} states no policy.",
            hint=f"Decorate it with one of accounts.access: {', '.join(POLICIES)}.",
            id="accounts.E001",
        )
        for route, view in our_views()
        if policy_of(view) not in POLICIES
    ]
