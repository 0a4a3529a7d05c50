"""A site whose keys cannot be read says so before it serves anybody."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from badges.keys import published_keys


@register()
def the_keys_can_be_read(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    try:
        published_keys()
    except ImproperlyConfigured as error:
        return [Error(str(error), hint="docs/badges.md says what BADGE_KEYS holds.", id="badges.E001")]
    return []
