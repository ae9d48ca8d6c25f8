from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import django
from django.core.management.base import BaseCommand, CommandError, CommandParser

from api.documents import healing, retention


class Command(BaseCommand):
    help = "Compare the published documents with the content, mend them, start over."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "task",
            choices=["check", "repair", "rebuild", "begin-timeline"],
            help="check: report differences; repair: mend them; rebuild: render all; "
            "begin-timeline: have all consumers of the change feed start again",
        )
        parser.add_argument(
            "--processes",
            type=int,
            default=1,
            help="of rebuild: how many render; several do it for one that writes",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["task"] == "rebuild":
            self.stdout.write(f"Rendered {_rebuild(options['processes'])} objects.")
            return
        if options["task"] == "begin-timeline":
            timeline = retention.begin_timeline()
            self.stdout.write(f"Every consumer starts again, on timeline {timeline}.")
            return
        faults = healing.check() if options["task"] == "check" else healing.repair()
        for fault in faults:
            self.stdout.write(str(fault))
        if options["task"] == "repair":
            self.stdout.write(f"Mended {len(faults)} differences.")
        elif faults:
            raise CommandError(
                f"{len(faults)} differences. `manage.py documents repair` mends them."
            )
        else:
            self.stdout.write("Every document is as a fresh render would be.")


def _rebuild(processes: int) -> int:
    if processes < 2:
        return healing.rebuild()
    # A fork would share this process's connection to the database.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, initializer=django.setup) as renderers:
        return healing.rebuild(renderers)
