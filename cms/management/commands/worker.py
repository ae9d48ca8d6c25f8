from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from api.edge import purgers
from api.webhooks import senders
from cms.worker import JOBS, Worker, run


class Command(BaseCommand):
    """Runs what happens by itself; may be killed at any moment."""

    help = (
        "Do what happens by itself: publish on schedule, render what publications "
        "left, follow the clock. May be killed at any moment; several may run."
    )

    # Whoever changes the project checks it; a worker that is restarted starts at once.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--once", action="store_true", help="do what is due now, and end"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["once"]:
            for job in JOBS:
                run(job)
            senders.finish()
            purgers.finish()
            return
        try:
            Worker().run()
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")
