"""What templates of reviews share."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from mentoring import markdown

register = template.Library()


@register.filter
def noted(text: str) -> SafeString:
    """Markdown of a learner or mentor, sanitized."""
    return markdown.noted(text)
