"""Search over everything: from what somebody typed to results as a page shows them.

The database does the work in one call (`roles/sql/search.sql`): it reads the words, corrects typing errors, ranks. Here
a question is made out of a query string, and addresses and marked words out of rows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import quote_plus

from django.db import InterfaceError, OperationalError, connection
from django.urls import reverse
from django.utils.safestring import SafeString

from roles.marking import Marker, in_plain_words
from roles.models import SearchKind

# A longer question is cut here; nobody means more words than the database looks at anyway.
LONGEST = 200
PAGE = 10
MOST_SUGGESTIONS = 8
# Nobody reads further, and the database weighs no more rows than fit on so many pages.
LAST_PAGE = 50

# Where rows of each kind stand: the name of a page, which part of the row names it, and the place on it. Rows without a
# page of their own stand on their parent's; certifications stand in the guide to degrees.
_ADDRESSES: dict[str, tuple[str, str, str]] = {
    "role": ("role_detail", "{slug}", ""),
    "title": ("role_detail", "{parent}", "#pay"),
    "skill": ("skill_detail", "{slug}", ""),
    "tool": ("roles:tool_detail", "{slug}", ""),
    "resource": ("roles:resource_detail", "{slug}", ""),
    "use_case": ("roles:use_case_detail", "{slug}", ""),
    "company": ("roles:company_detail", "{slug}", ""),
    "guide": ("guide_detail", "{slug}", ""),
    "section": ("guide_detail", "{parent}", "#{slug}"),
    "answer": ("guide_detail", "{parent}", "#answer-{slug}"),
    "question": ("interviews:question_detail", "{slug}", ""),
    "certification": ("guide_detail", "masters-degree", "#certification-{slug}"),
    "figure": ("roles:figure_list", "", "#figure-{slug}"),
    "source": ("sources", "", "#source-{slug}"),
    "correction": ("corrections", "", "#correction-{slug}"),
}
LABELS: dict[str, str] = {kind.value: str(kind.label) for kind in SearchKind}
MANY: dict[str, str] = {
    "role": "Roles",
    "title": "Job titles",
    "skill": "Skills",
    "tool": "Tools",
    "resource": "Resources",
    "use_case": "Use cases",
    "company": "Companies",
    "guide": "Guides",
    "section": "Parts of guides",
    "answer": "Answers",
    "question": "Interview questions",
    "certification": "Certifications",
    "figure": "Figures",
    "source": "Sources",
    "correction": "Corrections",
}


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks for, as far as it makes sense, and in words what did not."""

    text: str
    kind: str = ""
    page: int = 1
    as_written: bool = False
    problems: tuple[str, ...] = ()

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Question:
        problems = []
        text = " ".join(query.get("q", "").replace("\0", " ").split())
        if len(text) > LONGEST:
            text = text[:LONGEST].rstrip()
            problems.append(f"The question was longer than {LONGEST} characters. We searched for its beginning.")
        kind, page = query.get("kind", ""), query.get("page", "1") or "1"
        if kind and kind not in LABELS:
            problems.append(f"We know no kind “{kind[:40]}”, so every kind is shown.")
            kind = ""
        if not (page.isascii() and page.isdigit() and len(page) < 4 and 1 <= int(page) <= LAST_PAGE):
            problems.append(f"There is no page “{page[:40]}”, so this is the first one.")
            page = "1"
        return cls(text, kind, int(page), query.get("as") == "written", tuple(problems))

    def query(self, *, kind: str | None = None, page: int = 1, as_written: bool = False) -> str:
        """The query string of this question for another kind or page."""
        kind = self.kind if kind is None else kind
        parts = [f"q={quote_plus(self.text)}"]
        parts += [f"kind={kind}"] * bool(kind)
        parts += ["as=written"] * (as_written or self.as_written)
        parts += [f"page={page}"] * (page > 1)
        return "&".join(parts)


# Tuples, which templates take apart in half the time that attributes take.
class Hit(NamedTuple):
    kind: str  # in words
    url: str
    title: SafeString
    text: SafeString


class Facet(NamedTuple):
    """One kind that results can be narrowed to, or all of them."""

    label: str
    number: int
    query: str
    current: bool


class PageLink(NamedTuple):
    number: int
    query: str
    current: bool
    after_gap: bool


@dataclass(frozen=True, slots=True)
class Results:
    """One page of results, and what was done to the question to get them."""

    question: Question
    hits: list[Hit]
    kinds: dict[str, int]
    more: bool  # whether there are rows beyond those that were weighed
    meant: str
    unknown: list[str]
    some: bool

    @property
    def found(self) -> int:
        """How many there are of the kind that was asked for."""
        return self.kinds.get(self.question.kind, 0) if self.question.kind else sum(self.kinds.values())

    @property
    def as_written(self) -> str:
        """The query string of the same question without corrections."""
        return self.question.query(as_written=True)

    @property
    def kinds_to_choose(self) -> list[Facet]:
        """All kinds that were found, for narrowing; none where there is nothing to choose."""
        kind = self.question.kind
        if len(self.kinds) < 2 and not kind:
            return []
        every = Facet("All", sum(self.kinds.values()), self.question.query(kind=""), not kind)
        those = [
            Facet(MANY[each], self.kinds.get(each, 0), self.question.query(kind=each), each == kind)
            for each in MANY
            if each in self.kinds or each == kind
        ]
        return [every, *those]

    @property
    def pages(self) -> list[PageLink]:
        """The pages near this one, the first and the last; none where one page holds all."""
        last = min(-(-self.found // PAGE), LAST_PAGE)
        if last < 2:
            return []
        page = self.question.page
        numbers = sorted({1, *range(max(1, page - 2), min(last, page + 2) + 1), last})
        befores = [0, *numbers]
        return [
            PageLink(number, self.question.query(page=number), number == page, number > before + 1)
            for before, number in zip(befores, numbers, strict=False)
        ]


def find(question: Question) -> Results:
    """The page of results that a question asks for."""
    answer = _ask(question.text, question.kind, question.page, as_written=question.as_written)
    return Results(
        question,
        _hits(answer),
        answer["kinds"] or {},
        answer["more"],
        answer["meant"],
        answer["unknown"],
        answer.get("some", False),
    )


def suggest(question: Question) -> list[Hit]:
    """The few rows that somebody who is still typing probably looks for."""
    return _hits(_ask(question.text, question.kind, 1, suggesting=True))


def _ask(text: str, kind: str, page: int, *, as_written: bool = False, suggesting: bool = False) -> dict[str, Any]:
    most = MOST_SUGGESTIONS if suggesting else PAGE
    first = (page - 1) * most
    # Numbers and known words only, beside the text: each parameter takes time to be written.
    assert not kind or kind in LABELS, kind
    sql = f"SELECT roles_search(%s, '{kind}', {first:d}, {most:d}, {as_written}, {suggesting})::text"
    found: dict[str, Any] = json.loads(_answered(sql, text))
    return found


def _answered(sql: str, text: str) -> str:
    """What the database says, on a connection that is not tested before: that would take as long as the answer. Where
    it proves dead, the question is asked again on a new one."""
    connection.health_check_done = True  # type: ignore[attr-defined]  # missing in the stubs
    try:
        return _answer(sql, text)
    except (OperationalError, InterfaceError):
        if connection.in_atomic_block:
            raise
        connection.close()
        return _answer(sql, text)


def _answer(sql: str, text: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql, [text])
        answer: str = cursor.fetchone()[0]
        return answer


def _hits(answer: dict[str, Any]) -> list[Hit]:
    marked = Marker(answer["forms"]).marked
    return [
        Hit(LABELS[kind], _address(kind, slug, parent), marked(title), marked(in_plain_words(text)))
        for kind, slug, parent, title, text in answer["rows"] or ()
    ]


def _address(kind: str, slug: str, parent: str) -> str:
    return _pattern(kind).replace("{slug}", slug).replace("{parent}", parent)


@cache
def _pattern(kind: str) -> str:
    """The address of rows of a kind, with names in braces where each row has its own."""
    name, part, place = _ADDRESSES[kind]
    if not part:
        return reverse(name) + place
    return reverse(name, args=["0-0"]).replace("0-0", part) + place
