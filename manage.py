#!/usr/bin/env python
"""The command line of the project: `python manage.py help` lists what it can do."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line

from cms.env import WrongEnvironment


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings")
    try:
        execute_from_command_line(sys.argv)
    except WrongEnvironment as error:
        # For the person at the terminal: where it was raised tells them nothing.
        sys.exit(str(error))


if __name__ == "__main__":
    main()
