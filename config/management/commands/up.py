import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from accounts.demo import DOMAIN, PASSWORD
from config import preparing, running, working


class Command(BaseCommand):
    help = "Prepares the database and the files, then serves the site on this machine: what `make run` calls."
    requires_system_checks = []  # `make check` has them; this is to be up in seconds

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--parent", type=int, metavar="PID", help="the starting process: end when it does")
        parser.add_argument("--reload", action="store_true", help="serve by runserver, which follows edits")

    def handle(self, *_args: Any, parent: int | None, reload: bool, **_options: Any) -> None:
        port = preparing.port_number(os.environ.get("PORT") or "8000")
        try:
            if os.environ.get("RUN_MAIN") != "true":  # runserver's own child finds all this done
                preparing.refuse_taken_port(port)
                preparing.prepare(self.say)
            if reload:
                if os.environ.get("RUN_MAIN") == "true":
                    working.keep_beside_this_process()  # of the child's, so that it follows edits too
                self.announce(port)
                call_command("runserver", f"127.0.0.1:{port}")
            else:
                running.serve(port=port, when_ready=lambda: self.announce(port), parent=parent)
        except KeyboardInterrupt:
            raise SystemExit(130) from None

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def announce(self, port: int) -> None:
        self.say(f"\nRounds is at http://localhost:{port}/\n")
        if settings.DEBUG:
            self.say(f"Demo accounts, all with the password {PASSWORD}:")
            for name, what in preparing.DEMO_ACCOUNTS.items():
                self.say(f"  {f'{name}@{DOMAIN}':<24} {what}")
            self.say(f"\nMail that it sends is at http://localhost:{port}/dev/mail/")
        self.say("Ctrl-C stops it.")
