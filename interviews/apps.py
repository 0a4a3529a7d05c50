from django.apps import AppConfig


class InterviewsConfig(AppConfig):
    name = "interviews"

    def ready(self) -> None:
        """Say what hangs on an account here, and which files are ours. Only now: it imports models."""
        from accounts import offices
        from interviews import recording
        from interviews.office import InterviewsOffice
        from mentoring.files import naming

        offices.register(InterviewsOffice())
        naming.register(recording.named)
