"""A real Chromium against the whole site, each test in a browser profile of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from tests.browser.chromium import find
from tests.browser.site import Site
from tests.browser.watching import Watch

DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}
PASSWORD = "correct-horse-battery"
PATIENCE = 10_000  # milliseconds; a busy machine is slow, and waiting costs nothing where all is well

expect.set_options(timeout=PATIENCE)

Opener = Callable[..., BrowserContext]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    return browser_type_launch_args | {
        "executable_path": find(),
        "args": [
            # A container's shared memory is small, and Chromium refuses to sandbox itself as root.
            *("--disable-dev-shm-usage", "--no-sandbox"),
            # A microphone that beeps, and somebody who allows it.
            *("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"),
        ],
    }


@pytest.fixture(scope="session")
def _site(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("static"))
    site.start()
    yield site
    site.stop()


@pytest.fixture
def site(_site: Site, transactional_db: None, _quick_passwords: None) -> Iterator[Site]:
    """The site, with the catalog loaded and nobody signed up."""
    caches["default"].clear()  # where allauth counts tries
    with _site.settings():
        yield _site


@pytest.fixture
def watch(site: Site) -> Iterator[Watch]:
    watch = Watch(site.host)
    yield watch
    # After the profiles of the test were closed, so that nothing said last is missed.
    if problems := watch.problems():
        pytest.fail("The browser had something to say:\n" + "\n".join(problems), pytrace=False)


@pytest.fixture
def new_context(new_context: Opener, watch: Watch, site: Site) -> Opener:
    """Opens a profile: by default a desktop without animations, signed in as nobody."""

    def opened(**options: object) -> BrowserContext:
        profile = {
            "base_url": site.url,
            "color_scheme": "light",
            "locale": "en-US",
            "reduced_motion": "reduce",
            "timezone_id": "Europe/Lisbon",
            **DESKTOP,
            **options,
        }
        context = new_context(**profile)
        context.set_default_timeout(PATIENCE)
        watch.follow(context)
        return context

    return opened


@pytest.fixture
def sign_in(site: Site) -> Callable[..., None]:
    """Signs a profile in by cookie. `trusted`: the password was given once more, as security pages ask for."""

    def signed_in(context: BrowserContext, user: User, *, trusted: bool = False) -> None:
        client = Client()
        client.force_login(user)
        if trusted:
            response = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
            assert response.status_code == 302, "wrong password"
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site.url}])

    return signed_in


@pytest.fixture
def learner_page(page: Page, learner: User, sign_in: Callable[..., None]) -> Page:
    """A tab in which the learner is signed in."""
    sign_in(page.context, learner)
    return page
