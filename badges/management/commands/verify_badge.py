from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from badges.pictures import credential_in
from badges.verifying import Verdict, read_jwks, revoked_in, verify, with_holder, with_status


class Command(BaseCommand):
    help = "Check a badge against published keys, without a database and without the network."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the signed credential, or a badge as SVG or PNG; - reads from standard input")
        parser.add_argument("--keys", required=True, metavar="JWKS", help="the keys that the issuer publishes")
        parser.add_argument("--status", metavar="JWT", help="the signed status list that the credential names")
        parser.add_argument("--issuer", metavar="URL", help="the issuer that it has to name")
        parser.add_argument("--email", default="", help="the address of its holder, to be compared")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            keys = read_jwks(_read(options["keys"]).decode(errors="replace"))
            text = credential_in(_read(options["file"]))
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        verdict = verify(text, keys, issuer=options["issuer"], now=now())
        if verdict.holds:
            verdict = _with_list(verdict, options["status"], keys)
        verdict = with_holder(verdict, options["email"])
        marks = {True: "holds", False: "fails", None: "open"}
        for step in verdict.steps:
            self.stdout.write(f"{marks[step.holds]}  {step.name}: {step.said}")
        if not verdict.holds or any(step.holds is False for step in verdict.steps):
            raise CommandError("This badge does not hold.")
        self.stdout.write(f"It is valid: {verdict.claims.get('name')}")


def _with_list(verdict: Verdict, path: str | None, keys: Any) -> Verdict:
    if path is None:
        status = verdict.claims.get("credentialStatus")
        address = status.get("statusListCredential") if isinstance(status, dict) else None
        return with_status(verdict, None, f"Not checked. Fetch {address} and give it with --status.")
    try:
        return with_status(verdict, revoked_in(_read(path).decode(errors="replace").strip(), keys, verdict.claims))
    except (OSError, ValueError) as error:
        raise CommandError(str(error)) from error


def _read(path: str) -> bytes:
    return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
