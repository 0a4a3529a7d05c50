from urllib.parse import urlsplit

from django import template

from roles.charts import KIND_NUMBER
from roles.models import Phase, Resource
from roles.words import listed, with_article

register = template.Library()

register.filter("with_article", with_article)


@register.filter
def kind_number(kind: str) -> int:
    """The number of a phase's kind, 1 to 6: CSS colors `k1` to `k6`."""
    return KIND_NUMBER[kind]


@register.filter
def kind_label(kind: str) -> str:
    return str(Phase.Kind(kind).label)


# Kinds of resource that share an icon with something else; the others are read.
_ICONS = {
    Resource.Kind.COURSE: "course",
    Resource.Kind.DATASET: "data",
    Resource.Kind.PAPER: "paper",
    Resource.Kind.TOOL: "tool",
    Resource.Kind.COMMUNITY: "people",
    Resource.Kind.TEMPLATE: "file",
    Resource.Kind.SPECIFICATION: "file",
    Resource.Kind.DOCUMENTATION: "file",
    Resource.Kind.PRACTICE: "practice",
    Resource.Kind.GUIDELINE: "shield",
    Resource.Kind.REGULATION: "shield",
}


@register.filter
def kind_icon(kind: str) -> str:
    """The icon of a kind of resource, without its prefix."""
    return _ICONS.get(Resource.Kind(kind), "book")


@register.filter
def host(url: str) -> str:
    """Where a link leads: “pandas.pydata.org”."""
    return urlsplit(url).netloc.removeprefix("www.")


@register.filter
def sentence(text: str) -> str:
    """The text, ended by a full stop unless it ends a sentence already."""
    return text if text.rstrip("”’)")[-1:] in {".", "?", "…", ""} else f"{text}."


@register.filter
def names(rows: list[object]) -> str:
    """Roles by their short names, other things by their own: “A, B and C”."""
    return listed([getattr(row, "short_name", str(row)) for row in rows])


@register.simple_tag
def phase_kinds() -> list[tuple[int, str]]:
    """Number and name of every kind of phase."""
    return [(KIND_NUMBER[value], label) for value, label in Phase.Kind.choices]
