"""Who may log in to a demo: an administrator, and one person for each group."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

ADMINISTRATOR = "admin"
STAFF = ("writer", "editor", "reviewer")


def make_accounts(password: str) -> list[str]:
    """Make those that are missing, with `password`; the names of those that were made.

    An administrator that is there already stays the only one. Of the others, those are
    made for whom there is a group: a `reviewer` for "Reviewers" or "Medical reviewers".
    """
    users = get_user_model().objects
    taken = set(users.values_list("username", flat=True))
    made = []
    if ADMINISTRATOR not in taken and not users.filter(is_superuser=True).exists():
        users.create_superuser(ADMINISTRATOR, password=password)
        made.append(ADMINISTRATOR)
    for name in STAFF:
        group = Group.objects.filter(name__iregex=rf"\m{name}s?$").first()
        if group and name not in taken:
            users.create_user(name, password=password).groups.add(group)
            made.append(name)
    return made
