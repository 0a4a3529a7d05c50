"""What the worker does for the desk. It may run again at any time, also beside itself."""

from __future__ import annotations

from django.tasks import task

from roles.admin.reverting import revert
from roles.history import asking


@task
def do_revert(number: int) -> None:
    """Take back what somebody asked for, unless it was done."""
    asking.do_asked(number, do=revert)
