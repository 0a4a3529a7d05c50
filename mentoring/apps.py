from django.apps import AppConfig


class MentoringConfig(AppConfig):
    name = "mentoring"

    def ready(self) -> None:
        """Say what hangs on an account here, and which files are ours. Only now: it imports models."""
        from accounts import offices
        from mentoring import gathering
        from mentoring.files import naming
        from mentoring.office import MentoringOffice

        offices.register(MentoringOffice())
        naming.register(gathering.named)
