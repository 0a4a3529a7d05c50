"""The demo people: an address space that only exists while developing."""

from django.conf import settings

DOMAIN = "rounds.example"
PASSWORD = "rounds-demo"  # noqa: S105  (printed by `make run`, on purpose)


def is_demo_address(email: str) -> bool:
    return email.lower().rstrip(".").endswith(f"@{DOMAIN}")


def may_exist(email: str) -> bool:
    """Whether an account of this address may be made or signed in to: demo addresses only with DEBUG on."""
    return bool(settings.DEBUG or settings.TESTING) or not is_demo_address(email)
