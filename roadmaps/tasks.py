"""What the worker does for `roadmaps`. It may run again at any time, also beside itself."""

from __future__ import annotations

from django.tasks import task
from django.utils import timezone

from roadmaps import planning


@task
def publish_due() -> None:
    """Publications whose moment has come."""
    planning.carry_out_due(now=timezone.now())
