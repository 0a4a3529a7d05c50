"""Print everything that is held on one person, as JSON. They can see that somebody looked."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.exporting import lay_open
from accounts.models import User


class Command(BaseCommand):
    help = "Print everything that is held on one person, as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            person = User.objects.get(email__iexact=options["email"])
        except User.DoesNotExist as error:
            raise CommandError(f"No account has the address {options['email']}.") from error
        self.stdout.write(lay_open(person=person, by=None, now=timezone.now()))
