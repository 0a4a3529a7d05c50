"""What the worker does for the catalog. It may run again at any time, also beside itself."""

from __future__ import annotations

from django.conf import settings
from django.tasks import task
from django.utils import timezone

from roles.checking.lately import check_and_keep
from roles.exchange import trying
from roles.links.rounds import go_round


@task
def check_links() -> None:
    """Ask the addresses that the catalog leads to whether they are still there. Off unless the operator wants it."""
    if settings.LINK_CHECK:
        go_round()


@task
def check_content() -> None:
    """What the content check finds now, for the start page of the admin."""
    check_and_keep(now=timezone.now())


@task
def try_import(number: int) -> None:
    """Say what an import would change."""
    trying.try_out(number)


@task
def write_import(number: int) -> None:
    trying.write_out(number)


@task
def drop_old_imports() -> None:
    trying.drop_old(now=timezone.now())
