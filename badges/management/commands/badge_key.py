from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from badges.issuing import sign_again
from badges.keys import new_key, public_entry


class Command(BaseCommand):
    help = "Make a key that signs badges, for BADGE_KEYS in the environment. docs/badges.md says how to rotate keys."

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument(
            "--public", metavar="KEY", help="print the entry that keeps only the public half of this private key"
        )
        what.add_argument(
            "--sign-again",
            action="store_true",
            help="sign anew, by the first key, what was signed by a key that stands in BADGE_KEYS no more",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["sign_again"]:
            count = sign_again()
            self.stdout.write(f"Signed {count} {'credential' if count == 1 else 'credentials'} anew.")
        elif options["public"]:
            try:
                self.stdout.write(public_entry(options["public"]))
            except ValueError as error:
                raise CommandError("That is no private key.") from error
        else:
            self.stdout.write(new_key())
