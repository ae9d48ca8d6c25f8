"""`manage.py import_page FILE`: a clinic's page, as text or saved HTML, to content."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError

from content_models.importers import page, plan
from content_models.importers.planning import plan_page
from content_models.importers.sources import LARGEST_FILE_MB, SourceError
from content_models.publication import publication

_WORDS = {"create": "new", "keep": "kept", "publish": "published"}


class Command(BaseCommand):
    help = (
        "Read a clinic web page (plain text, or HTML as saved by a browser) and make a "
        "draft article of it, with its author, references, locations and awards. "
        "Run again it changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--publish", action="store_true", help="publish what was made at once"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="only say what would be done"
        )
        parser.add_argument(
            "--json", action="store_true", help="report in JSON, for programs"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            found = page.read(_content(file))
            with publication():
                planned = plan_page(found, publish=options["publish"])
                if not options["dry_run"]:
                    plan.apply(planned)
        except (SourceError, ObjectDoesNotExist) as refused:
            raise CommandError(f"{file.name}: {refused}") from refused
        except ValidationError as refused:
            sentences = " ".join(refused.messages)
            raise CommandError(
                f"{file.name}: nothing was imported. {sentences}"
            ) from refused
        except IntegrityError as refused:
            raise CommandError(
                f"{file.name}: nothing was imported: somebody saved the same content "
                "at this moment. Run the import again."
            ) from refused
        if options["json"]:
            self.stdout.write(_as_json(file, planned, options["dry_run"]))
        else:
            self._report(planned, options["dry_run"])

    def _report(self, planned: plan.Plan, is_dry_run: bool) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING(planned.title))
        for step in planned.steps:
            state = (
                ", published" if step.is_published and step.action == "create" else ""
            )
            sure = f" ({step.confidence:.0%} sure)" if step.confidence < 1 else ""
            why = f": {step.why}" if step.why else ""
            word = f"{_WORDS[step.action]}{state}"
            self.stdout.write(f"  {step.kind:<10} {step.name}  [{word}{why}]{sure}")
        for kind in ("warning", "unsure", "left out"):
            notes = [note.text for note in planned.notes if note.kind == kind]
            if notes:
                self.stdout.write(self.style.WARNING(f"{kind.capitalize()}:"))
            for text in notes:
                self.stdout.write(f"  - {text}")
        if is_dry_run:
            self.stdout.write("Nothing was saved: this was a dry run.")
        elif planned.changes_nothing:
            self.stdout.write("Everything was there already: nothing was changed.")


def _content(file: Path) -> bytes:
    """The file's bytes, and hardly more of them than a page may have."""
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST_FILE_MB * 1_000_000 + 10_000_000)
    except OSError as refused:
        raise SourceError(
            f"The file cannot be read ({refused.strerror}). Check its name and that it "
            "is a file."
        ) from refused


def _as_json(file: Path, planned: plan.Plan, is_dry_run: bool) -> str:
    article = None
    if planned.article is not None:
        made = planned.article
        article = {"id": made.pk, "slug": made.slug, "live": made.live}
    report = planned.as_json() | {
        "file": file.name,
        "dry_run": is_dry_run,
        "changed": not is_dry_run and not planned.changes_nothing,
        "article": article,
    }
    return json.dumps(report, ensure_ascii=False, indent=2)
