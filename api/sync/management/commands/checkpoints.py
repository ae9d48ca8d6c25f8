from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from api.sync import checkpoints


class Command(BaseCommand):
    help = "Sign the checkpoints of the change feed with a new key from now on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "task",
            choices=["rotate"],
            help="rotate: make a new key; those that it replaces verify until all that "
            "they signed has expired",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"A new key signs; {checkpoints.rotate()} verify.")
