"""What a strict Content-Security-Policy and a shared icon sprite ask of every template."""

import re

import pytest
from django.conf import settings
from django.template.loader import get_template

ROOT = settings.BASE_DIR / "templates"
# Programs that show mail know no style sheets of ours.
TEMPLATES = sorted(set(ROOT.rglob("*.html")) - set(ROOT.glob("accounts/mail/*.html")))
ICONS = set(re.findall(r'<symbol id="([^"]+)"', (settings.BASE_DIR / "static/icons.svg").read_text()))

INLINE = re.compile(
    r"\sstyle=|<style|\son[a-z]+=|hx-on|hx-vals=.js:|javascript:|<script(?![^>]*(?:\ssrc=|application/(?:ld\+)?json))"
)
ELSEWHERE = re.compile(r"""<(?:script|link|img|iframe|source|use)\b[^>]*\s(?:src|href)=["'](?:https?:)?//""")


def name_of(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_template_compiles_and_holds_nothing_inline(path):
    source = path.read_text()

    get_template(name_of(path))
    assert not INLINE.search(source)
    assert not ELSEWHERE.search(source)


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_icons_that_a_template_names_are_in_the_sprite(path):
    named = set(re.findall(r"(?:icons|icons\.svg\") ?(?:%\}|\}\})#([a-z][a-z-]*[a-z])\"", path.read_text()))

    assert named <= ICONS
