from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from roles.admin.checking import address_of
from roles.checking.findings import rules
from roles.checking.known import Found, check


class Command(BaseCommand):
    help = "Say what an editor should look at in the catalog, and where to mend it. Changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = [each.name for each in rules()]
        parser.add_argument("--rule", choices=names, default="", metavar="RULE", help=f"One of: {', '.join(names)}.")
        parser.add_argument(
            "--fail-on",
            action="append",
            choices=["any", *names],
            default=[],
            metavar="RULE",
            help="Exit with 1 if this rule finds anything that is not known; “any” for all. Can be repeated.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = check(today=timezone.localdate(), only=options["rule"])
        for each in found:
            self._say(each)
        failing = [each.rule.name for each in found if each.open and {"any", each.rule.name} & {*options["fail_on"]}]
        if failing:
            raise CommandError(f"Found something: {', '.join(failing)}.")

    def _say(self, found: Found) -> None:
        known = f", {len(found.known)} known" if found.known else ""
        self.stdout.write(f"{found.rule.name}: {len(found.open)}{known}. {found.rule.title}.")
        for each in found.open:
            self.stdout.write(f"  {each.model._meta.label_lower} “{each.shown}”: {each.words} {address_of(each)}")
