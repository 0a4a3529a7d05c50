"""Pages of which only a few places change: rendered once by their template, and then filled.

For answers that are never the same and still must be quick, such as those of the search: rendering a template takes
longer than finding the results. What fills a hole is HTML already. A hole in an address is quoted by whoever fills it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

# Around the name of a hole; no text has a NUL. In an address it comes out quoted.
_HOLE = re.compile(r"(?:\0|%%00)(\w+)(?:\0|%%00)")

_frames: dict[tuple[object, ...], Frame] = {}


class Frame:
    """HTML with named holes."""

    def __init__(self, html: str) -> None:
        # The oldest way of formatting is the quickest.
        self._format = _HOLE.sub(r"%(\1)s", html.replace("%", "%%"))

    def filled(self, values: Mapping[str, str]) -> SafeString:
        return mark_safe(self._format % values)  # noqa: S308  (what fills the holes is HTML)


def frame(
    template: str,
    holes: Iterable[str],
    *,
    request: HttpRequest | None = None,
    key: tuple[object, ...] = (),
    **context: object,
) -> Frame:
    """The template rendered with holes of these names. `key` stands for all else that the template shows."""
    place = (template, *key)
    found = _frames.get(place)
    if found is None:
        marks = {name: mark_safe(f"\0{name}\0") for name in holes}  # noqa: S308  (names of ours)
        found = Frame(render_to_string(template, {**context, **marks}, request=request))
        if settings.KEEP_VISITOR_PAGES:
            _frames[place] = found
    return found


def forget() -> None:
    """As a new process: for tests that serve static files under other addresses."""
    _frames.clear()
