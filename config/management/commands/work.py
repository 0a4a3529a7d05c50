import os
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from config import working
from config.background import WORKER


class Command(BaseCommand):
    help = "Does the work that no request waits for, such as mail, until a signal ends it. `make run` starts one."
    requires_system_checks = []  # `make check` has them

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--parent", type=int, metavar="PID", help="the starting process: end when it does")

    def handle(self, *_args: Any, parent: int | None, **_options: Any) -> None:
        if parent is not None:
            if os.getppid() != parent:
                return
            working.end_with(parent)
        # Quiet: its warnings come by our logs.
        call_command(WORKER, verbosity=0)
