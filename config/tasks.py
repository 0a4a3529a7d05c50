"""What the worker does for the house itself."""

from django.core.management import call_command
from django.tasks import task


@task
def drop_finished() -> None:
    """Rows of work that is done, or was given up, after a while in which somebody may want to look at it."""
    call_command("ox_prune", older_than="14d", include_failed=True, verbosity=0)
