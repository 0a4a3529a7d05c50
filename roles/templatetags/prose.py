"""Editors' prose in templates."""

from functools import cache

from django import template
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

register = template.Library()


@cache
def _markdown() -> MarkdownIt:
    # HTML in the text is shown as text, and links lead only where markdown-it holds it safe.
    return MarkdownIt("commonmark", {"html": False})


@register.filter
def markdown(text: str) -> SafeString:
    """Paragraphs, lists and headings that editors write in Markdown."""
    html: str = _markdown().render(text)
    return mark_safe(html)  # noqa: S308  (see _markdown)
