"""Sites that keep copies, and what staff see of them."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from api.channels import keys
from api.channels.models import Channel, Key
from api.documents import publishing
from api.documents.models import Document, Placement
from api.webhooks import sending
from cms.desk import withdrawing
from cms.desk.propagation import words
from cms.desk.propagation.acts import act_of, board_of
from cms.desk.propagation.arrivals import Site, arrivals_of
from cms.desk.propagation.missing import missing_at
from content_models.models import Article
from tests import factories as make
from tests.api.factories import ChannelFactory, EndpointFactory
from tests.api.receivers import Receiver

REPORT = reverse("sites_have")
REASON = "The dose was wrong."
WITHDRAWALS = ["article.withdrawn"]


class Mirror:
    """A site that follows the change feed with a key."""

    def __init__(self, channel: Channel, name: str = "Web server", **query: str):
        made, self.key = keys.issue(channel, name)
        self.made: Key = made
        self._query, self._since = query, ""

    def ask(self) -> None:
        """Once: what came before has arrived, what comes now has not been applied."""
        since = {"since": self._since} if self._since else self._query
        bearer = {"Authorization": f"Bearer {self.key}"}
        answer = Client().get("/api/v1/sync/", since, headers=bearer)
        assert answer.status_code == 200, answer.content
        self._since = answer.json()["checkpoint"]

    def catch_up(self) -> None:
        self.ask()
        self.ask()


def read(key: str, path: str) -> int:
    bearer = {"Authorization": f"Bearer {key}"}
    return Client().get(f"/api/v1/{path}", headers=bearer).status_code


def tell() -> None:
    """What the worker does for webhooks, until nothing is due."""
    while (due := sending.claim(timezone.now())) is not None:
        sending.serve(due)


def change(article: Article) -> None:
    article.refresh_from_db()
    with publishing.publishing():
        article.title += "!"
        article.save_revision().publish()


def withdraw(*articles: Article, urgency: str = "routine") -> None:
    given = {"reason": REASON, "urgency": urgency, "replacement": None}
    with publishing.publishing():
        editor = make.UserFactory(roles=["Editors"])
        withdrawing.withdraw(articles, editor, **given)


def document_of(content: Any) -> Document:
    source = f"{content._meta.model_name}:{content.pk}"
    return Document.objects.get(source=source)


def on(channel: Channel, content: Any) -> Site:
    """What is known of one thing on one site."""
    rows = Placement.objects.filter(channel=channel, document=document_of(content))
    [site] = arrivals_of(rows, timezone.now())
    return site


def known(channel: Channel, content: Any) -> tuple[str, str]:
    """How the site stands, and what it has."""
    site = on(channel, content)
    return words.state_of(site).word, words.has(site)


def board(client: Client, article: Article) -> dict[str, str]:
    """The rows of a withdrawal's board, by the site."""
    answer = client.get(board_of(document_of(article)))
    assert answer.status_code == 200
    page = BeautifulSoup(answer.content, "lxml")
    return {
        row.select_one(".title").get_text(" ", strip=True): " ".join(
            row.get_text(" ").split()
        )
        for row in page.select(".desk-board tbody tr")
    }


def note(client: Client, article: Article, channel: Channel, act: str = "") -> Any:
    """Say that the site has said so, from the board as it is, or as `act` names it."""
    document = document_of(article)
    name = act or act_of(document, timezone.now()).name
    return client.post(board_of(document), {"channel": channel.pk, "act": name})


def missing() -> set[tuple[str, str]]:
    """What the list says is missing: the site, and the document's address."""
    found = missing_at(timezone.now()).select_related("channel", "document")
    return {(one.channel.slug, one.document.slug) for one in found}


def some_sites(number: int, receiver: Receiver) -> list[Channel]:
    made = []
    for _ in range(number):
        channel = ChannelFactory(is_open=False)
        Mirror(channel).catch_up()
        EndpointFactory(channel=channel, url=receiver.url)
        made.append(channel)
    return made
