"""Work that no request waits for: `django.tasks`, whose rows a worker takes from our own database.

Nothing else in the house knows which worker that is. It also keeps the clock for what is due by itself.
"""

from typing import Any

# The command of whoever does the work; `manage.py work` calls it.
WORKER = "ox_worker"

_SCHEDULE: dict[str, dict[str, str]] = {
    # Mail that a mail server refused, or whose task was lost.
    "send-due": {"task": "accounts.tasks.send_due", "cron": "*/5 * * * *"},
    # Hourly, since it is seven in the morning somewhere every hour.
    "make-digests": {"task": "accounts.tasks.make_digests", "cron": "0 * * * *"},
    "drop-old": {"task": "accounts.tasks.drop_old", "cron": "40 3 * * *"},
    "drop-finished": {"task": "config.tasks.drop_finished", "cron": "50 3 * * *"},
    "drop-old-imports": {"task": "roles.tasks.drop_old_imports", "cron": "0 4 * * *"},
    "sweep-evidence": {"task": "mentoring.tasks.sweep_evidence", "cron": "10 4 * * *"},
    "publish-due": {"task": "roadmaps.tasks.publish_due", "cron": "* * * * *"},
    "settle-pools": {"task": "mentoring.tasks.settle_pools", "cron": "*/10 * * * *"},
}
# Goes out to hosts of others, so only where the operator wants it (LINK_CHECK).
_LINKS = {"check-links": {"task": "roles.tasks.check_links", "cron": "*/5 * * * *"}}
# A worker that was killed is believed dead after a minute; while it lives it says so more often.
_LOCK_TIMEOUT = 60


def backends(*, testing: bool, link_check: bool = False) -> dict[str, dict[str, Any]]:
    """The setting TASKS. Tests look at what was enqueued, and run what they are about."""
    if testing:
        return {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}
    options = {"SCHEDULES": _SCHEDULE | (_LINKS if link_check else {}), "LOCK_TIMEOUT": _LOCK_TIMEOUT}
    return {"default": {"BACKEND": "django_ox.backend.OxBackend", "OPTIONS": options}}
