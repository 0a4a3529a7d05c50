"""What every page knows: the theme, the navigation, addresses that templates need often.

Context processors run for every rendered template, so nothing here is worked out before a template asks for it, and
what depends only on the URL configuration is worked out once per process.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString, mark_safe

from accounts.theme import theme_of


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere a navigation leads, if its URL name resolves."""

    name: str
    label: str
    icon: str
    # Pages under this address count as being here too; the place's own address by default.
    within: str = ""
    # Only where there is room: a phone's bar holds five.
    roomy: bool = False


# Places whose pages are not part of this release are left out by themselves.
VISITOR = (
    Place("roles:role_list", "Roles", "roles"),
    Place("roles:skill_list", "Skills", "skill"),
    Place("guide_list", "Guides", "guide"),
    Place("roles:resource_list", "Resources", "book", roomy=True),
)
LEARNER = (
    Place("dashboard", "Today", "today"),
    Place("roadmaps:enrolment_list", "Roadmap", "road"),
    Place("interviews:practice", "Practice", "practice", within="/interviews/"),
    Place("roles:role_list", "Roles", "roles"),
    Place("guide_list", "Guides", "guide"),
    Place("roles:skill_list", "Skills", "skill", roomy=True),
)
# A mentor learns too, but their work comes first.
MENTOR = (
    Place("mentoring:queue", "Queue", "queue"),
    Place("mentoring:cohort_list", "Cohorts", "cohort"),
    Place("dashboard", "Today", "today"),
    Place("roadmaps:enrolment_list", "Roadmap", "road"),
    Place("roles:role_list", "Roles", "roles"),
    Place("guide_list", "Guides", "guide", roomy=True),
)
FOOTER = (
    Place("interviews:question_list", "Interview questions", ""),
    Place("roles:resource_list", "Resources", ""),
    Place("roles:tool_list", "Tools", ""),
    Place("roles:company_list", "Companies", ""),
    Place("roles:use_case_list", "Where the work is", ""),
    Place("skill_map", "Skill map", ""),
    Place("roles:figure_list", "Figures", ""),
    Place("badges:badge_verify", "Check a badge", ""),
    Place("sources", "Sources and method", ""),
    Place("accessibility", "Accessibility", ""),
    Place("privacy", "Privacy", ""),
)
ACCOUNT = (
    Place("accounts:profile", "Profile", "user"),
    Place("membership_list", "Cohorts", "people"),
    Place("accounts:channels", "Notifications", "bell"),
    Place("account_email", "Email", "mail"),
    Place("account_change_password", "Password", "lock", within="/accounts/password/"),
    Place("mfa_index", "Security", "shield"),
    Place("usersessions_list", "Sessions", "device"),
    Place("agreement_list", "Agreements", "check"),
    Place("look_list", "Who looked", "search"),
)
CONNECTIONS = Place("socialaccount_connections", "Connected accounts", "link")


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    label: str
    icon: str
    within: str
    roomy: bool = False
    current: bool = False


class Navigation:
    """The links of one navigation, the current one marked. Made when a template iterates over it."""

    def __init__(self, path: str, places: Callable[[], tuple[Place, ...]]) -> None:
        self._path = path
        self._places = places

    @cached_property
    def _links(self) -> list[Link]:
        links = resolved(self._places())
        # The longest address wins: /accounts/ must not claim what lies under /accounts/email/.
        here = max(
            (link.within for link in links if self._path.startswith(link.within)),
            key=len,
            default=None,
        )
        return [replace(link, current=True) if link.within == here else link for link in links]

    @property
    def key(self) -> tuple[Link, ...]:
        """What stands for all that is shown of it."""
        return tuple(self._links)

    def __iter__(self) -> Iterator[Link]:
        return iter(self._links)

    def __len__(self) -> int:
        return len(self._links)


@cache
def resolved(places: tuple[Place, ...]) -> tuple[Link, ...]:
    """The places that exist in this process, with their addresses."""
    links = []
    for place in places:
        try:
            url = reverse(place.name)
        except NoReverseMatch:
            continue
        links.append(Link(url, place.label, place.icon, place.within or url, place.roomy))
    return tuple(links)


@cache
def assets() -> SafeString:
    """The links of <head> to styles, icons and script: a fifth of a page's rendering if they were made anew."""
    return mark_safe(render_to_string("includes/assets.html", {"SITE_URL": settings.SITE_URL}).strip())  # noqa: S308


@cache
def link_picture() -> SafeString:
    """The picture beside a link to us, for pages that have none of their own."""
    return mark_safe(render_to_string("includes/link_picture.html", {"SITE_URL": settings.SITE_URL}).strip())  # noqa: S308


@cache
def icons() -> str:
    """The address of the icon sprite: pages use it dozens of times."""
    return static("icons.svg")


def site(request: HttpRequest) -> dict[str, Any]:
    """The context processor."""
    return {
        "DEBUG": settings.DEBUG,
        "SITE_URL": settings.SITE_URL,
        "theme": theme_of(request),
        "assets": assets,
        "link_picture": link_picture,
        "icons": icons,
        "nav": Navigation(request.path, lambda: _places(request)),
        "footer_nav": Navigation(request.path, lambda: FOOTER),
        "account_nav": Navigation(request.path, _account_places),
        "here": request.get_full_path,
        "return_to": lambda: _return_to(request),
    }


def _is_known(request: HttpRequest) -> bool:
    # A request can fail before the middleware that says who is asking.
    return hasattr(request, "user") and request.user.is_authenticated


def _places(request: HttpRequest) -> tuple[Place, ...]:
    if not _is_known(request):
        return VISITOR
    return MENTOR if getattr(request.user, "is_mentor", False) else LEARNER


def _return_to(request: HttpRequest) -> str:
    """Where signing in should lead back to, or "" for the dashboard."""
    from_catalog = request.resolver_match and not request.path.startswith("/accounts/") and request.path != "/"
    return request.get_full_path() if from_catalog else ""


@cache
def _account_places() -> tuple[Place, ...]:
    return (*ACCOUNT, CONNECTIONS) if any(p.get("APPS") for p in settings.SOCIALACCOUNT_PROVIDERS.values()) else ACCOUNT
