"""Everything that a guide's page says, read in three queries, whatever its sections show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from math import ceil
from typing import Any

from roles.guides.parts import claims_in, part_of, tables_of
from roles.guides.parts.rows import Grouped, Rows, with_rows
from roles.models import Claim, Correction, Guide, GuideAnswer, GuideSection, Source, Statistic
from roles.nested import CLAIM_FIELDS, STATISTIC_FIELDS, its_figure, its_source, made, rows_of

# Words that people read in a minute.
WORDS_A_MINUTE = 230


@dataclass(frozen=True, slots=True)
class Section:
    """A section with the figures that stand in it, by the question that they answer, and what it shows."""

    row: GuideSection
    figures: Grouped[Statistic]
    above: list[Statistic]  # figures of its own that stand in an earlier section
    part: Any

    @property
    def template(self) -> str:
        """What renders its part, or “”."""
        return f"guides/parts/{self.row.shows}.html" if self.row.shows else ""


@dataclass(frozen=True, slots=True)
class Citation:
    """A publication that figures of the guide are attributed to, with these figures."""

    name: str
    figures: list[Statistic]


class GuidePage:
    """A guide and its rows, as models; lists are empty where nobody wrote anything."""

    def __init__(self, guide: Guide, rows: Mapping[str, Rows], parts: Mapping[str, Rows]) -> None:
        self.guide = guide
        self.answers = made(GuideAnswer, rows["answers"])
        self.corrections = made(Correction, rows["corrections"])
        self._named_sources = [row["code"] for row in rows["sources"]]
        self._figures: dict[str, Statistic] = {}
        self.sections = [
            self._section(section, row["its_figures"], parts)
            for section, row in with_rows(GuideSection, rows["sections"])
        ]

    def _section(self, section: GuideSection, rows: Rows, parts: Mapping[str, Rows]) -> Section:
        figures = made(Statistic, rows)
        above = [figure for figure in figures if figure.slug in self._figures]
        here = [figure for figure in figures if figure.slug not in self._figures]
        self._figures |= {figure.slug: figure for figure in here}
        section.guide = self.guide
        return Section(section, _by_topic(here), above, part_of(section.shows, parts))

    def showing(self, shows: str) -> Section | None:
        """The first section that shows a part of this kind."""
        return next((section for section in self.sections if section.row.shows == shows), None)

    @property
    def figures(self) -> list[Statistic]:
        """Every figure that stands in a section, each once."""
        return list(self._figures.values())

    @property
    def figure_slugs(self) -> set[str]:
        """Of the same: what a link on the page can lead to."""
        return set(self._figures)

    @property
    def minutes(self) -> int:
        """How long the texts take to read, without what the sections show."""
        texts = [self.guide.intro, *(each.row.body for each in self.sections), *(each.answer for each in self.answers)]
        return max(1, ceil(sum(len(text.split()) for text in texts) / WORDS_A_MINUTE))

    @cached_property
    def references(self) -> list[Source]:
        """Every source that something on the page rests on, the guide's own first."""
        codes = {claim.source.code for claim in self._claims()} | set(self._named_sources)
        found = Source.objects.filter(code__in=codes).order_by("title")
        return sorted(found, key=lambda source: source.pk != self.guide.source_id)

    @property
    def citations(self) -> list[Citation]:
        """What the figures are attributed to by those who state them."""
        cited = sorted((figure for figure in self.figures if figure.attributed_to), key=_cited)
        return [Citation(name, list(those)) for name, those in groupby(cited, key=_cited)]

    def _claims(self) -> Iterable[Claim]:
        yield self.guide
        yield from self.answers
        for figure in self.figures:
            yield figure
            if figure.better_value is not None:
                yield figure.better_value
        for section in self.sections:
            yield from claims_in(section.part)


def guide_page_of(slug: str) -> GuidePage | None:
    """The page of a guide, or None if there is no such guide."""
    tables = {
        "sections": rows_of(
            GuideSection,
            *("slug", "order", "title", "short_title", "body", "shows"),
            of="guide",
            its_figures=rows_of(
                Statistic, *STATISTIC_FIELDS, of="sections", ordered_by=("topic", "order", "slug"), **its_figure()
            ),
        ),
        "answers": rows_of(
            GuideAnswer, "slug", "order", "question", "answer", *CLAIM_FIELDS, of="guide", **its_source()
        ),
        "sources": rows_of(Source, "code", of="guides", ordered_by=("code",)),
        # What the guide's own source has wrong, outdated or untraceable.
        "corrections": rows_of(
            Correction,
            *("slug", "kind", "where", "found", "order"),
            of="sources",
            to="source",
            ordered_by=("order", "slug"),
        ),
    }
    guides = Guide.objects.select_related("source").annotate(**{f"its_{name}": table for name, table in tables.items()})
    guide = guides.filter(slug=slug).first()
    if guide is None:
        return None
    rows = {name: getattr(guide, f"its_{name}") for name in tables}
    return GuidePage(guide, rows, _parts_of(guide, [row["shows"] for row in rows["sections"]]))


def _parts_of(guide: Guide, shows: Iterable[str]) -> dict[str, Any]:
    """The rows of every part that the sections show, in one query."""
    tables = tables_of(shows)
    return dict(Guide.objects.filter(pk=guide.pk).values(**tables).get()) if tables else {}


def _by_topic(figures: list[Statistic]) -> Grouped[Statistic]:
    """Figures by the question that they answer: those of one question stand side by side."""
    topics = Statistic.Topic.values
    ordered = sorted(figures, key=lambda figure: topics.index(figure.topic))
    return [
        (str(Statistic.Topic(topic).label), list(those))
        for topic, those in groupby(ordered, key=lambda figure: figure.topic)
    ]


def _cited(figure: Statistic) -> str:
    return figure.attributed_to
