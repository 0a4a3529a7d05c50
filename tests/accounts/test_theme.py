"""The theme is one browser's own choice: remembered, never forced from outside, never a way to another host."""

import pytest
from django.test import RequestFactory

from accounts.theme import YEAR, theme_of, theme_set

rf = RequestFactory()


def choose(theme, *, target="/roles/", **headers):
    return theme_set(rf.post("/theme/", {"theme": theme, "next": target}, headers=headers))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_choice_is_remembered_for_a_year(theme):
    response = choose(theme)

    cookie = response.cookies["theme"]
    assert (response.status_code, response["Location"]) == (302, "/roles/")
    assert (cookie.value, cookie["max-age"], cookie["samesite"]) == (theme, YEAR, "Lax")


@pytest.mark.parametrize("theme", ["system", "", "purple", "<script>"])
def test_anything_else_leaves_it_to_the_system(theme):
    assert choose(theme).cookies["theme"]["max-age"] == 0


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""])
def test_never_leads_to_another_host(target):
    assert choose("dark", target=target)["Location"] == "/"


def test_refuses_forms_of_other_sites():
    response = choose("dark", **{"sec-fetch-site": "cross-site"})

    assert response.status_code == 403
    assert "theme" not in response.cookies


def test_refuses_get():
    assert theme_set(rf.get("/theme/")).status_code == 405


@pytest.mark.parametrize(("cookie", "theme"), [("dark", "dark"), ("light", "light"), ("system", ""), ('"><b>', "")])
def test_only_known_themes_reach_the_page(cookie, theme):
    request = rf.get("/")
    request.COOKIES["theme"] = cookie

    assert theme_of(request) == theme
