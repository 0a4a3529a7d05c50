"""What makes a process of the benchmark a production one: its environment."""

import os
import secrets
from pathlib import Path

# Everything that the settings read is stated, so that neither a shell nor a file .env has a say. Without HTTPS=0 each
# request would be sent to https first.
ENVIRONMENT = {
    "ALLOWED_HOSTS": "127.0.0.1",
    "BEHIND_PROXY": "0",
    "CSRF_TRUSTED_ORIGINS": "",
    "DATABASE_REPLICA_URL": "",
    "DEBUG": "0",
    "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
    "EMAIL_URL": "",
    "GITHUB_CLIENT_ID": "",
    "GOOGLE_CLIENT_ID": "",
    "HTTPS": "0",
    "KEEP_VISITOR_PAGES": "1",
    "SITE_URL": "http://127.0.0.1",
    "TRUSTED_PROXY_COUNT": "0",
}
# Their mere presence changes something.
ABSENT = ("PYTEST_VERSION", "ROUNDS_TESTING")


def become_production(*, database_url: str) -> None:
    """Give this process, and all that it starts, the environment of a production site. Before Django is set up."""
    os.environ |= ENVIRONMENT | {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "BADGE_KEYS": secrets.token_urlsafe(32),
        "DATABASE_URL": database_url,
    }
    for name in ABSENT:
        os.environ.pop(name, None)


def var() -> Path:
    """The folder for what the benchmark keeps and writes: the site's own."""
    return Path(os.environ.get("ROUNDS_VAR") or Path(__file__).parents[2] / "var").resolve()
