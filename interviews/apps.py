from django.apps import AppConfig


class InterviewsConfig(AppConfig):
    name = "interviews"

    def ready(self) -> None:
        """Say what hangs on an account here, which files are ours, what mentors review and what the content check looks
        for. Only now: it imports models.
        """
        from accounts import offices
        from interviews import bank_rules, recording  # noqa: F401
        from interviews.marking import AnswerSubject, MockSubject
        from interviews.office import InterviewsOffice
        from mentoring import subjects
        from mentoring.files import naming
        from mentoring.models import Kind

        offices.register(InterviewsOffice())
        naming.register(recording.named)
        subjects.register(Kind.ANSWER, AnswerSubject())
        subjects.register(Kind.MOCK, MockSubject())
