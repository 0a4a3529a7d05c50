from django.apps import AppConfig


class RolesConfig(AppConfig):
    name = "roles"

    def ready(self) -> None:
        """Say what the content check looks for here. Only now: it imports models."""
        from roles.checking import rules  # noqa: F401
        from roles.links import used  # noqa: F401
