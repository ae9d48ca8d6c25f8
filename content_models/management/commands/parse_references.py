"""`manage.py parse_references`: a reference a line to CSL-JSON, an object a line."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from content_models.citations import parsing
from content_models.management.line_by_line import answer


class Command(BaseCommand):
    help = (
        "Read references from standard input, one a line, and write each as one JSON "
        "object a line, in the same order: its CSL-JSON, how sure each field is, and "
        "the fields that were seen but are too unsure to be given. A reference of "
        "several lines (RIS, BibTeX) is given as a JSON string."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        answer(_answered)


def _answered(text: str) -> dict[str, Any]:
    read = parsing.parse(text)
    return {
        "csl": read.csl,
        "confidence": {
            name: round(field.confidence, 2) for name, field in read.fields.items()
        },
        "raw": read.raw,
        "unsure": sorted(read.doubtful),
    }
