"""What the worker does for `mentoring`. It may run again at any time, also beside itself."""

from __future__ import annotations

from django.tasks import task
from django.utils import timezone

from mentoring.files import keeping, naming
from mentoring.regrouping import settle_pool, waiting_for_cohorts


@task
def sweep_evidence() -> None:
    """Stored files that no row names: of a process that died while it stored, and of people who were erased."""
    keeping.sweep(named=naming.named_anywhere, now=timezone.now())


@task
def settle_pools() -> None:
    """Nothing waits for a cohort whose mentors are all gone, by whatever road they went."""
    now = timezone.now()
    settle_pool(cohorts=waiting_for_cohorts(now), now=now)
