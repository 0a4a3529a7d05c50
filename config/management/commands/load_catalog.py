from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from roadmaps.models import Publication
from roadmaps.publishing import NotPublishableError, preview, publish
from roles.fixtures import BrokenFixtureError
from roles.loading import Report, load
from roles.models import Role


class Command(BaseCommand):
    help = "Load the catalog from fixtures. Safe to repeat: what staff edited and learners wrote stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder",
            nargs="?",
            type=Path,
            default=settings.BASE_DIR / "fixtures" / "catalog",
        )
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="Also put back rows that staff edited.",
        )
        parser.add_argument(
            "--publish",
            action="store_true",
            help="Publish roadmaps whose draft has changed.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = load(options["folder"], overwrite=options["overwrite"])
        except BrokenFixtureError as error:
            raise CommandError(f"{error}\nNothing was changed.") from error
        self._say(report)
        for role in Role.objects.with_draft():
            self._publish(role, changed_too=options["publish"])

    def _say(self, report: Report) -> None:
        self.stdout.write(
            f"Catalog: {len(report.created)} new, {len(report.updated)} updated, {len(report.removed)} removed, "
            f"{report.unchanged} unchanged, {len(report.left_alone)} left as staff have them."
        )
        for name in report.left_alone:
            self.stdout.write(f"  left alone: {name}")

    def _publish(self, role: Role, *, changed_too: bool) -> None:
        """A role's first roadmap goes out by itself; later changes wait for somebody's decision."""
        try:
            if changed_too or not Publication.objects.of(role).exists():
                publication = publish(role, by=None, note="Loaded with the catalog.")
                if publication:
                    self.stdout.write(f"Published: {publication}.")
            elif waiting := preview(role):
                self.stdout.write(f"Draft of {role.short_name} not published yet: {waiting.summary}.")
        except NotPublishableError as error:
            raise CommandError(f"{role.short_name} cannot be published. {error}") from error
