from django.apps import AppConfig


class RoadmapsConfig(AppConfig):
    name = "roadmaps"

    def ready(self) -> None:
        """Say what an approved milestone means. Only now: it imports models."""
        from mentoring.models import Kind
        from mentoring.subjects import register
        from roadmaps.proving import MilestoneSubject

        register(Kind.MILESTONE, MilestoneSubject())
