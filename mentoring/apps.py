from django.apps import AppConfig


class MentoringConfig(AppConfig):
    name = "mentoring"

    def ready(self) -> None:
        """Say what hangs on an account here. Only now: it imports models."""
        from accounts.offices import register
        from mentoring.office import MentoringOffice

        register(MentoringOffice())
