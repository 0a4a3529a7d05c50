"""A page that arrives slowly moves nothing that somebody may already be reading."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.browser import people
from tests.browser.arriving import slowly
from tests.browser.cases import MOST_LAYOUT_SHIFT
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.looking import layout_shift, watch_layout


@pytest.mark.parametrize(
    ("path", "status", "person", "screen"),
    [
        ("/", 200, None, DESKTOP),
        ("/roles/no-such-role/", 404, people.beginner, DESKTOP),
        ("/roles/no-such-role/", 404, people.beginner, PHONE),
    ],
    ids=["picture-beside-text", "shorter-than-the-screen", "shorter-than-a-phone"],
)
def test_nothing_moves_while_a_page_arrives_in_pieces(new_context, sign_in, site, watch, path, status, person, screen):
    if status != 200:
        watch.expect_status(status)
    context = new_context(**screen)
    if person:
        sign_in(context, person())
    page = context.new_page()
    watch_layout(page)
    with slowly(site.url) as url:
        watch.host = urlsplit(url).netloc
        page.goto(url + path)
        shift, moved = layout_shift(page)
    assert shift <= MOST_LAYOUT_SHIFT, moved
