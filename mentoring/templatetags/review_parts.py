"""What pages about reviews need again and again."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from django import template
from django.template.context import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


# Where a key goes in a part that is kept: see `mentoring.parts`.
KEY_MARK = "\x00key\x00"


@register.simple_tag(takes_context=True)
def form_key(context: Context) -> SafeString:
    """The hidden field that makes a second post of the same form change nothing."""
    return format_html('<input type="hidden" name="key" value="{}">', KEY_MARK if "key_mark" in context else uuid4())


@register.filter
def in_time(span: timedelta) -> str:
    """A wait as people say it: “40 minutes”, “5 hours”, “3 days”."""
    minutes = max(int(span.total_seconds() // 60), 0)
    if minutes < 60:
        return _count(minutes, "minute") if minutes else "less than a minute"
    if minutes < 48 * 60:
        return _count(minutes // 60, "hour")
    return _count(minutes // (24 * 60), "day")


@register.filter
def since(moment: datetime) -> str:
    """How long ago that was."""
    return in_time(timezone.now() - moment)


@register.filter
def in_bytes(size: int) -> str:
    """“640 bytes”, “12 KB”, “3.4 MB”."""
    if size < 1000:
        return _count(size, "byte")
    if size < 1_000_000:
        return f"{size / 1000:.0f} KB"
    return f"{size / 1_000_000:.1f} MB"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
