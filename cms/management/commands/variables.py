from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from cms.env import VARIABLES


class Command(BaseCommand):
    """The table of environment variables, as Markdown."""

    help = "Print every environment variable that Clinicast reads, as a Markdown table."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("| variable | default | meaning |")
        self.stdout.write("|---|---|---|")
        for variable in VARIABLES.values():
            default = f"`{variable.default}`" if variable.default else ""
            self.stdout.write(
                f"| `{variable.name}` | {default} | {variable.explanation} |"
            )
