"""What a first visit costs: everything over the wire, with static files compressed as in production."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.browser import people
from tests.browser.looking import Transfer
from tests.conftest import ANALYTICS, CHRONIC, COORDINATION

MOST_BYTES = 60_000
ROLE = (ANALYTICS,)

PAGES = [
    ("home", (), None),
    ("roles:role_list", (), None),
    ("role_detail", ROLE, None),
    ("role_detail", (COORDINATION,), None),
    ("role_detail", (CHRONIC,), None),
    ("roles:skill_list", (), None),
    ("roles:skill_detail", ("hipaa",), None),
    ("roles:tool_list", (), None),
    ("roles:resource_list", (), None),
    ("roadmaps:enrolment_list", (), None),
    ("roadmaps:roadmap_detail", ROLE, None),
    ("sources", (), None),
    ("account_signup", (), None),
    ("account_login", (), None),
    ("dashboard", (), people.veteran),
    ("roadmaps:roadmap_detail", ROLE, people.veteran),
    ("roadmaps:offer_detail", ROLE, people.veteran),
    ("roadmaps:publication_list", ROLE, people.veteran),
    ("accounts:profile", (), people.veteran),
    ("mfa_add_webauthn", (), people.newcomer),
]


@pytest.mark.parametrize(("name", "args", "person"), PAGES, ids=["-".join((row[0], *row[1])) for row in PAGES])
def test_a_first_visit_is_light(new_context, sign_in, name, args, person):
    context = new_context()
    if person:
        sign_in(context, person(), trusted=True)
    page = context.new_page()
    transfer = Transfer(page)
    page.goto(reverse(name, args=args), wait_until="networkidle")
    sizes = transfer.sizes()
    assert len(sizes) > 8, "styles, script, icons and manifest are part of a visit"
    assert sum(sizes.values()) <= MOST_BYTES, sorted(sizes.items(), key=lambda item: -item[1])


def test_a_second_page_brings_only_itself(page):
    page.goto("/", wait_until="networkidle")
    transfer = Transfer(page)
    page.goto(reverse("sources"), wait_until="networkidle")
    assert [url for url, size in transfer.sizes().items() if size and "/static/" in url] == []


def test_static_files_come_compressed_and_for_good(page):
    answers = []
    page.on("response", lambda response: answers.append(response))
    page.goto(reverse("roles:role_list"), wait_until="networkidle")
    files = [answer for answer in answers if "/static/" in answer.url]
    assert len(files) > 5
    for answer in files:
        assert answer.headers.get("content-encoding") == "br", answer.url
        assert "immutable" in answer.headers["cache-control"], answer.url
