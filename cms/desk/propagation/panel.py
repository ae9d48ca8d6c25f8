"""On the first page: withdrawals that sites have not confirmed, and sites behind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone

from api.channels.models import Channel
from cms.desk.addresses import page_of
from cms.desk.standing import LATE, State, counted
from cms.desk.today import SHOWN, Panel, Row

from .acts import open_acts
from .consumers import consumers_of
from .words import PATIENCE


class OnTheirWay(Panel):
    """For those who see the sites: on top while something is missing, else below."""

    name = "on_their_way"
    order = 265
    heading = "What sites have"
    empty = "Every site that keeps a copy has what it should."
    when = "Since"

    def __init__(self, user: Any, today: date) -> None:
        super().__init__(user, today)
        self._rows = [*self._withdrawals(), *self._sites()]
        if self._rows:
            self.order, self.heading = 90, "Not yet on every site"

    def get_context_data(
        self, parent_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        rows = self._rows
        return {
            "panel": self,
            "rows": rows[:SHOWN],
            "count": len(rows),
            "see_all": f"{reverse('sites_have')}?state=missing"
            if len(rows) > SHOWN
            else None,
        }

    def _withdrawals(self) -> Iterator[Row]:
        for act, number in open_acts(timezone.now()):
            have = "has" if number == 1 else "have"
            yield Row(
                act.title,
                act.url,
                State("Urgent withdrawal" if act.is_urgent else "Withdrawn", LATE),
                act.at,
                f"{counted(number, 'site')} {have} not confirmed yet.",
            )

    def _sites(self) -> Iterator[Row]:
        """Those that were told for some time and have not come to hear it."""
        now = timezone.now()
        channels = {one.pk: one for one in Channel.objects.all()}
        found = consumers_of(channels.values(), now, is_counted=True)
        for pk, consumers in found.items():
            late = [
                one
                for one in consumers
                if one.behind_since is not None and now - one.behind_since > PATIENCE
            ]
            if late:
                slowest = max(late, key=lambda one: one.behind)
                yield Row(
                    channels[pk].name,
                    page_of(channels[pk]),
                    State(f"{counted(slowest.behind, 'change')} behind", LATE),
                    min(one.behind_since for one in late if one.behind_since),
                    slowest.trouble or _whom_to_call(channels[pk]),
                )


def _whom_to_call(channel: Channel) -> str:
    known = filter(None, [channel.contact_name, channel.contact_phone])
    said = ", ".join(known) or channel.contact_email
    return f"Whom to call: {said}." if said else ""
