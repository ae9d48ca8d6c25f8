"""Django with nothing in it: the limit of what a view on this server can do."""

from cms.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.rivals.bare"
MIDDLEWARE: list[str] = []
