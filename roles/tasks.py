"""What the worker does for the catalog."""

from __future__ import annotations

from django.conf import settings
from django.tasks import task

from roles.links.rounds import go_round


@task
def check_links() -> None:
    """Ask the addresses that the catalog leads to whether they are still there. Off unless the operator wants it."""
    if settings.LINK_CHECK:
        go_round()
