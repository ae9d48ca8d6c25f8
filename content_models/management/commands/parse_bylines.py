"""`manage.py parse_bylines`: a byline a line to its people, a JSON object a line."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from content_models import bylines
from content_models.management.line_by_line import answer
from content_models.people import Person


class Command(BaseCommand):
    help = (
        "Read bylines from standard input, one a line, and write the people of each as "
        "one JSON object a line, in the same order. A byline of several lines is given "
        "as a JSON string."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        answer(_answered)


def _answered(text: str) -> dict[str, Any]:
    read = bylines.parse(text)
    return {
        "people": [_person(each) for each in read.people],
        "confidence": read.confidence,
    }


def _person(person: Person) -> dict[str, Any]:
    return {
        "role": person.role,
        "prefix": person.prefix or None,
        "given": person.given or None,
        "family": person.family or None,
        "suffix": person.suffix or None,
        "name": person.name,
        "credentials": [each.text for each in person.credentials],
        "unknown": [each.text for each in person.credentials if not each.is_known],
        "job_title": person.job_title or None,
    }
