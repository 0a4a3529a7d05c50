"""Notes are Markdown, and hold nothing that acts."""

import re
import time

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from mentoring.markdown import noted

LINK = 'rel="nofollow noopener ugc"'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# A\n\n## B\n\n##### C", "<h4>A</h4>\n<h5>B</h5>\n<h6>C</h6>\n"),
        (
            "see https://a.example/x_(y).",
            f'<p>see <a href="https://a.example/x_(y)" {LINK}>https://a.example/x_(y)</a>.</p>\n',
        ),
        ("(https://b.example)", f'<p>(<a href="https://b.example" {LINK}>https://b.example</a>)</p>\n'),
        ("`https://a.example`", "<p><code>https://a.example</code></p>\n"),
        ("![chart](https://a.example/c.png)", f'<p><a href="https://a.example/c.png" {LINK}>chart</a></p>\n'),
        ("![x](/c.png)", "<p>![x](/c.png)</p>\n"),
        ("[![i](https://a.example/i.png)](https://b.example)", f'<p><a href="https://b.example" {LINK}>i</a></p>\n'),
        ('[a](https://a.example "title")', f'<p><a href="https://a.example" {LINK}>a</a></p>\n'),
        ("a \u202eb", "<p>a b</p>\n"),
        ("~~old~~ **new**", "<p><s>old</s> <strong>new</strong></p>\n"),
        ("```python\nx\n```", "<pre><code>x\n</code></pre>\n"),
        ("3. c", '<ol start="3">\n<li>c</li>\n</ol>\n'),
    ],
)
def test_what_people_write(text, html):
    assert noted(text) == html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\nscript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](vbscript:x)",
        "[x](//evil.example)",
        "[x](/accounts/logout/)",
        "<javascript:alert(1)>",
        "![x](javascript:alert(1))",
        '[x](https://a.example"onmouseover=alert(1))',
        "[a]: javascript:alert(1)\n\n[a]",
        'https://a.example/"onmouseover="alert(1)',
        "<a id=x name=y class=z style=color:red href=javascript:x>",
        "```<script>\nx\n```",
    ],
)
def test_nothing_acts(text):
    tags = re.findall(r"<[^>]*>", noted(text))
    assert not [
        tag for tag in tags if re.search(r"<(script|img|svg|iframe)|\son|javascript:|\sid=|\sclass=|style=", tag)
    ]
    assert all(tag.startswith('<a href="http') for tag in tags if tag.startswith("<a"))


KNOWN = re.compile(
    r"</?(?:a|blockquote|br|code|em|h[456]|hr|li|ol|p|pre|s|strong|table|tbody|td|th|thead|tr|ul)>"
    r'|<ol start="\d+">'
    r'|<a (?:href="(?:https?:|mailto:)[^"]*" )?rel="nofollow noopener ugc">'
)


@given(st.text(alphabet="[]()!<>`*_~#-|:\\&\"'/\n abhtps.0jx", max_size=120))
def test_any_text_leaves_only_known_tags(text):
    assert [tag for tag in re.findall(r"<[^>]*>", noted(text)) if not KNOWN.fullmatch(tag)] == []


BOMBS = [
    ">",
    "- ",
    "[",
    "![",
    "[a](",
    "*a ",
    "**a_",
    "`",
    "http://",
    "&a",
    "<a ",
    "[a]: b\n",
    "|a",
    "\\",
    "~~a",
    "> - ",
]
BOMBS += ["((", "|a|b|\n|-|-|\n", "```\n", "<!--", "1. "]


@pytest.mark.parametrize("part", BOMBS)
def test_bombs_end_in_time(part):
    began = time.thread_time()
    noted(part * (30_000 // len(part)))
    assert time.thread_time() - began < 3


def test_a_table_of_tens_of_thousands_of_cells_is_shown_as_written():
    bomb = "|" + "a|" * 90 + "\n|" + "-|" * 90 + "\n" + "|\n" * 9000
    assert noted(bomb).startswith("<p>|a|a|")
    assert "<table>" in noted("|a|b|\n|-|-|\n|1|2|")


def test_templates_have_a_filter():
    template = Template("{% load mentoring_parts %}{{ text|noted }}")
    assert template.render(Context({"text": "<b>*a*</b>"})) == "<p>&lt;b&gt;<em>a</em>&lt;/b&gt;</p>\n"
