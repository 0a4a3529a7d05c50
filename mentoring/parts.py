"""Parts of mentors' pages, rendered once a process for each state of what they show.

The key must name everything that the part shows, so nothing kept can be wrong. Only what is another one in every
request is put in afterwards: the token of the forms, and the keys by which a second post of a form is known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from mentoring.templatetags.review_parts import KEY_MARK

# Parts that are kept before it begins anew.
MOST = 256
# Where the token goes. No text of a person's can hold it: PostgreSQL stores no NUL.
_TOKEN = "\x00token\x00"  # noqa: S105
_KEY = re.compile(KEY_MARK)
_kept: dict[tuple[Any, ...], str] = {}


def part(request: HttpRequest, template: str, context: Mapping[str, Any], *, key: tuple[Any, ...] | None) -> SafeString:
    """The part as HTML. Without a key it is rendered for this request alone."""
    marks = {"csrf_token": _TOKEN, "key_mark": True}
    whole = (template, timezone.get_current_timezone_name(), key)
    html = _kept.get(whole) if key is not None else None
    if html is None:
        html = str(get_template(template).render({**context, **marks}))
        if key is not None and settings.KEEP_VISITOR_PAGES:
            if len(_kept) >= MOST:
                _kept.clear()
            _kept[whole] = html
    filled = _KEY.sub(lambda _: str(uuid4()), html.replace(_TOKEN, get_token(request)))
    return mark_safe(filled)  # noqa: S308  (rendered by templates)
