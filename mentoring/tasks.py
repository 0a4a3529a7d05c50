"""What the worker does for `mentoring`. It may run again at any time, also beside itself."""

from __future__ import annotations

from collections.abc import Collection

from django.tasks import task
from django.utils import timezone

from mentoring.files import keeping
from mentoring.models import Evidence
from mentoring.regrouping import settle_pool, waiting_for_cohorts


@task
def sweep_evidence() -> None:
    """Stored files that no row names: of a process that died while it stored, and of people who were erased."""
    keeping.sweep(named=_named, now=timezone.now())


def _named(names: Collection[str]) -> set[str]:
    return set(Evidence.objects.filter(stored__in=names).values_list("stored", flat=True))


@task
def settle_pools() -> None:
    """Nothing waits for a cohort whose mentors are all gone, by whatever road they went."""
    now = timezone.now()
    settle_pool(cohorts=waiting_for_cohorts(now), now=now)
