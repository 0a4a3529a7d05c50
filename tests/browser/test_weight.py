"""What travels between browser and site. How much a first visit to each page takes is part of test_pages.py."""

from __future__ import annotations

from django.urls import reverse
from playwright.sync_api import Page, Response

from tests.browser.looking import Transfer
from tests.browser.people import beginner
from tests.browser.roadmap_page import RoadmapPage
from tests.conftest import ANALYTICS
from tests.roadmaps.drafts import goals_of


def files_of(page: Page, url: str) -> list[Response]:
    """The answers for static files while a page is opened."""
    answers: list[Response] = []
    page.on("response", lambda response: answers.append(response))
    page.goto(url, wait_until="networkidle")
    return [answer for answer in answers if "/static/" in answer.url]


def test_static_files_come_compressed_and_for_good(page):
    files = files_of(page, reverse("roles:role_list"))
    assert len(files) > 5
    for file in files:
        assert file.headers.get("content-encoding") == "br", file.url
        assert "immutable" in file.headers["cache-control"], file.url


def test_a_second_page_brings_only_itself(page):
    page.goto("/", wait_until="networkidle")
    transfer = Transfer(page)
    page.goto(reverse("role_detail", args=[ANALYTICS]), wait_until="networkidle")
    sizes = transfer.sizes()
    assert len(sizes) > 5, "the second page uses what the first one brought"
    assert [url for url, size in sizes.items() if size and "/static/" in url] == []


def test_a_tick_takes_a_few_kilobytes(page, sign_in, analytics):
    sign_in(page.context, beginner())
    roadmap = RoadmapPage(page).open()
    transfer = Transfer(page)
    goal = goals_of(analytics)[2]
    roadmap.tick(goal, "Done")
    roadmap.expect_state(goal, "done", "Done")
    assert sum(transfer.sizes().values()) < 5_000
