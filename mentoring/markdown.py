"""Notes and comments: Markdown of learners and mentors, shown as HTML that holds nothing but text, lists and links."""

from __future__ import annotations

import re
from functools import cache

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from mentoring.models.evidence import LONGEST_NOTE

# Headings of a note stand below those of the page: # becomes h4.
_DEEPER = 3
_TAGS = set(
    "a blockquote br code em h4 h5 h6 hr li ol p pre s strong table tbody td th thead tr ul".split()  # noqa: SIM905
)
_MOST_CELLS = 5000
_ADDRESS = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://|mailto:)[^\s]", re.IGNORECASE)
_SENTENCE_ENDS = ".,;:!?'*_~”’"
# Characters that turn the direction of what follows: what is read would not be what is written.
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class _Markdown(MarkdownIt):
    """Links lead to other sites or to a mailbox; any other address leaves the text as it was written."""

    def validateLink(self, url: str) -> bool:
        return _leads_out(url)


def noted(text: str) -> SafeString:
    """Of a longer text only the beginning that fields take."""
    text = _TURNING.sub("", text[:LONGEST_NOTE])
    html: str = _markdown(tables=_has_small_tables(text)).render(text)
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        url_relative="deny",
        link_rel="nofollow noopener ugc",
    )
    return mark_safe(clean)  # noqa: S308  (sanitized)


def _has_small_tables(text: str) -> bool:
    """Rows are filled up to the length of the first: a table of a few characters may have 65,000 cells."""
    columns = [line.count("|") for line in text.split("\n") if "|" in line]
    return len(columns) * max(columns, default=0) <= _MOST_CELLS


@cache
def _markdown(*, tables: bool) -> MarkdownIt:
    # Twenty levels are deeper than anybody reads, and shallow enough to be quick.
    made = _Markdown("commonmark", {"html": False, "maxNesting": 20}).enable("strikethrough")
    if tables:
        made.enable("table")
    made.core.ruler.push("ours", _ours)
    return made


def _leads_out(address: str) -> bool:
    return bool(_LINK.match(address.strip()))


def _ours(state: StateCore) -> None:
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + _DEEPER)}"
        elif token.children:
            token.children = _linked(token.children)


def _linked(tokens: list[Token]) -> list[Token]:
    """Images become links to them, and addresses in the text become links."""
    made: list[Token] = []
    inside = 0
    for token in tokens:
        inside += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type == "image":
            made += _link(str(token.attrs.get("src", "")), token.content or "image", inside=inside)
        elif token.type == "text" and not inside and "://" in token.content:
            made += _with_links(token.content)
        else:
            made.append(token)
    return made


def _with_links(text: str) -> list[Token]:
    made: list[Token] = []
    place = 0
    for found in _ADDRESS.finditer(text):
        address = _without_end(found[0])
        made += [_text(text[place : found.start()]), *_link(address, address, inside=0)]
        place = found.start() + len(address)
    return [*made, _text(text[place:])]


def _without_end(address: str) -> str:
    """Without what ends the sentence, or a bracket around it."""
    shorter = address.rstrip(_SENTENCE_ENDS)
    while shorter.endswith((")", "]")) and shorter.count("(") + shorter.count("[") < shorter.count(")") + shorter.count(
        "]"
    ):
        shorter = shorter[:-1].rstrip(_SENTENCE_ENDS)
    return shorter


def _link(address: str, text: str, *, inside: int) -> list[Token]:
    if inside or not _leads_out(address):
        return [_text(text)]
    return [Token("link_open", "a", 1, attrs={"href": address}), _text(text), Token("link_close", "a", -1)]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)
