"""The database of a demo: migrated, with sample content and somebody to log in.

Each step looks first whether there is anything to do, so that a second demo is quick.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from wagtail.models import Locale

from api.channels.models import Channel
from api.documents import healing, publishing
from cms.demo.parts import Ports
from cms.env import DEMO_PORTS
from cms.management.commands.demo import PASSWORD
from cms.sample.accounts import ADMINISTRATOR
from content_models.models import Location, Practice

WELCOME = """
Clinicast is ready.

  Write and publish   {web}/cms/
                      log in as {username} with {password}
                      (writer, editor and reviewer see what their roles see)
  Read the API        {web}/api/v1/
  Follow changes      {web}/api/v1/sync/
  Build with it       {web}/developers/
  A clinic's site     {microsite}
  Its sister clinics  {others}
  A partner's page    {partner}

Publish an article under /cms/ and reload the other two: it is there.
Ctrl-C stops everything (or make stop, from elsewhere). Logs: {logs}
"""


def prepare(ports: Ports) -> str:
    """Do what is left to do; return the words that welcome."""
    if needs_migration():
        call_command("migrate", interactive=False, verbosity=0)
        # An older release may have left documents that this one would not find.
        healing.rebuild()
    call_command("demo", base_url=ports.microsite_url, verbosity=0)
    follow(ports, settings.DATA_DIR / DEMO_PORTS)
    welcome = WELCOME.format(
        web=ports.base_url,
        microsite=ports.microsite_url,
        partner=ports.partner_url,
        others=" … ".join(_shortened(list(ports.site_urls.values())[1:])),
        username=ADMINISTRATOR,
        password=known_password(),
        logs=settings.DATA_DIR / "logs",
    )
    connections.close_all()
    return welcome


def _shortened(urls: list[str]) -> list[str]:
    """The first address in full, of the others their ports."""
    first, *others = urls
    return [first, *(url.rpartition(":")[2] for url in others)]


def needs_migration() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def follow(ports: Ports, kept: Path) -> None:
    """Make the addresses in the content name these ports, if they name others."""
    former = Ports(**json.loads(kept.read_text())) if kept.exists() else None
    give_sites(ports.site_urls, former.site_urls if former else {})
    give_channels(ports.channel_urls, former.channel_urls if former else {})
    if former is not None and former != ports:
        practice = Practice.load()
        if practice.base_url == former.microsite_url:
            practice.base_url = ports.microsite_url
            with publishing.publishing():
                practice.save()
        # What that left to the worker is done here, so that no address is stale.
        while publishing.work_off():
            pass
        healing.repair()
    kept.write_text(json.dumps(vars(ports)))


def give_sites(addresses: dict[str, str], former: dict[str, str]) -> None:
    """Tell each location of the sample where its site is, unless staff have said."""
    places = Location.objects.filter(slug__in=addresses, locale=Locale.get_default())
    with publishing.publishing():
        for place in places:
            is_ours = place.site_url in ("", former.get(place.slug))
            if is_ours and place.site_url != addresses[place.slug]:
                place.site_url = addresses[place.slug]
                place.save_revision().publish()


def give_channels(addresses: dict[str, str], former: dict[str, str]) -> None:
    """Tell each channel of the sample where its site is, unless staff have said."""
    with publishing.publishing():
        for channel in Channel.objects.filter(slug__in=addresses):
            is_ours = channel.site_url in ("", former.get(channel.slug))
            if is_ours and channel.site_url != addresses[channel.slug]:
                channel.site_url = addresses[channel.slug]
                channel.save(update_fields=["site_url"])
    while publishing.settle():
        pass


def known_password() -> str:
    """The administrator's password, as long as nobody has chosen another."""
    password = os.environ.get("DEMO_PASSWORD", PASSWORD)
    user = get_user_model().objects.filter(username=ADMINISTRATOR).first()
    if user and user.check_password(password):
        return password
    return "the password that you chose"
