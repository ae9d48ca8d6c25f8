"""`manage.py demo`: the sample clinic network, ready to look at."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from cms.sample import accounts, demo
from cms.sample.loading import Loading

BASE_URL = "http://localhost:8001"
PASSWORD = "clinicast-demo"  # noqa: S105 - of a demo, and said to everybody


class Command(BaseCommand):
    help = (
        "Load the sample content: articles, authors, locations and all that goes with "
        "them. What is there already stays as it is; a second run changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--base-url",
            default=os.environ.get("MICROSITE_BASE_URL", BASE_URL),
            help="Where readers find the practice's site.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        began = timezone.now()

        def report(what: str, number: int) -> None:
            if options["verbosity"] > 0:
                self.stdout.write(f"  {number:>3} {what}")

        made = demo.load(Loading(report=report), options["base_url"])
        # A password that everybody knows is for one's own machine only.
        known = PASSWORD if settings.ENV.is_local else ""
        password = os.environ.get("DEMO_PASSWORD", known)
        names = accounts.make_accounts(password) if password else []
        if options["verbosity"] > 0:
            if names:
                self.stdout.write(f"Log in as {' or '.join(names)} with {password}")
            took = (timezone.now() - began).total_seconds()
            what = f"{made} things loaded" if made else "Everything was there already"
            self.stdout.write(f"{what} ({took:.1f} s).")
