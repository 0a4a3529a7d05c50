from django.apps import AppConfig


class InterviewsConfig(AppConfig):
    name = "interviews"

    def ready(self) -> None:
        """Say what hangs on an account here, which files are ours, and what mentors review. Only now: it imports
        models.
        """
        from accounts import offices
        from interviews import recording
        from interviews.marking import AnswerSubject, MockSubject
        from interviews.office import InterviewsOffice
        from mentoring import subjects
        from mentoring.files import naming
        from mentoring.models import Kind

        offices.register(InterviewsOffice())
        naming.register(recording.named)
        subjects.register(Kind.ANSWER, AnswerSubject())
        subjects.register(Kind.MOCK, MockSubject())
