from django.apps import AppConfig
from django.conf import settings


class BadgesConfig(AppConfig):
    name = "badges"

    def ready(self) -> None:
        from badges import checks  # noqa: F401
        from badges.keys import read_keys

        if not settings.DEVELOPING:
            # A site that cannot sign does not start.
            read_keys(settings.BADGE_KEYS)
