import pytest
from django.template import engines

TEMPLATE = "{% load kept %}{% kept key %}{{ shown }} {{ csrf_token }}{% endkept %}"


@pytest.fixture
def render(settings):
    settings.KEEP_VISITOR_PAGES = True
    template = engines["django"].from_string(TEMPLATE)
    return lambda **context: template.render({"csrf_token": "token", **context})


def test_a_fragment_is_rendered_once_for_each_key(render):
    assert render(key=1, shown="first") == "first token"
    assert render(key=1, shown="second") == "first token"
    assert render(key=2, shown="third") == "third token"


def test_every_request_gets_a_token_of_its_own(render):
    assert render(key=1, shown="same", csrf_token="one") == "same one"
    assert render(key=1, shown="same", csrf_token="another") == "same another"


def test_what_is_kept_was_escaped(render):
    assert render(key=1, shown="<b>") == "&lt;b&gt; token"


def test_nothing_is_kept_while_templates_are_written(render, settings):
    settings.KEEP_VISITOR_PAGES = False
    assert render(key=1, shown="first") == "first token"
    assert render(key=1, shown="second") == "second token"
