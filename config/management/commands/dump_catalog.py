from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from roles.dumping import Dump, dumped, write
from roles.fixtures import BrokenFixtureError


class Command(BaseCommand):
    help = "Write the catalog back into its fixtures, as a diff that can be read. The counterpart of load_catalog."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder",
            nargs="?",
            type=Path,
            default=settings.BASE_DIR / "fixtures" / "catalog",
        )
        parser.add_argument(
            "--check",
            action="store_true",
            help="Write nothing; say what differs, and exit with 1 if anything does.",
        )
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="Also write over what changed in the files since they were loaded.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        try:
            dump = dumped(folder, overwrite=options["overwrite"])
        except BrokenFixtureError as error:
            raise CommandError(f"{error}\nNothing was written.") from error
        if not options["check"]:
            write(dump, folder)
        self._say(dump)
        if options["check"] and not dump.agrees:
            raise CommandError(f"The database and {folder} differ.")

    def _say(self, dump: Dump) -> None:
        self.stdout.write(
            f"Catalog: {len(dump.added)} new, {len(dump.changed)} changed, {len(dump.removed)} removed, "
            f"{dump.unchanged} unchanged, {len(dump.left_alone)} left as the files have them."
        )
        for name in dump.added:
            self.stdout.write(f"  new: {name}")
        for name, fields in dump.changed.items():
            self.stdout.write(f"  changed: {name}: {', '.join(fields)}")
        for name in dump.removed:
            self.stdout.write(f"  removed: {name}")
        for name in dump.left_alone:
            self.stdout.write(f"  left alone: {name}")
        for name in dump.texts:
            self.stdout.write(f"  {name}")
