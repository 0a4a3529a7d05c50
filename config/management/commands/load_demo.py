from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from config.demo import load_people


class Command(BaseCommand):
    help = "Make the demo people. Safe to repeat; only with DEBUG on."

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEBUG or settings.TESTING):
            raise CommandError("Demo people exist only with DEBUG on.")
        self.stdout.write(f"Demo: {load_people(now=timezone.now())} new people.")
