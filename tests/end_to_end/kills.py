"""Web and worker are killed at any moment, and nothing is missing: `make kills`.

Editors change content through the admin, mirrors follow the change feed, a site hears
by webhook, and all the while the web server, the worker or a mirror is killed with -9
and started again. It takes minutes, so no other run collects this file.

    make kills SEED=7 KILLS=300
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests
from django.conf import global_settings
from django.db import connection

from api.channels.models import Channel
from api.documents import healing
from api.documents.models import Placement, Settling, Stale
from api.webhooks.models import Endpoint
from cms.demo.parts import web
from cms.readers import BASE_DIR
from content_models.models import Article, Category, Tag
from tests import factories as make
from tests.api.factories import ChannelFactory, EndpointFactory, public
from tests.api.mirrors import SCRIPT, carried, held
from tests.api.receivers import Receiver, receiving
from tests.machine import free_port, until, url_of

KILLS = int(os.environ.get("KILLS") or 100)
SEED = int(os.environ.get("SEED") or random.randrange(1_000_000))
EDITORS = 3
ARTICLES = 24
# Whole suites may run beside it.
STARTED_S, SETTLED_S = 240, 240

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


class Kept:
    """A process that is started again whenever it was killed; `log` is what it says."""

    def __init__(self, command: list[str], environ: dict[str, str], log: Path) -> None:
        self.command, self.environ, self.log = command, os.environ | environ, log
        self.kills = 0
        self.start()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=BASE_DIR, env=self.environ, stdout=log, stderr=log
            )

    def kill(self) -> None:
        """Kill it with all that it has started, as a power cut would."""
        parent = psutil.Process(self.process.pid)
        for one in [parent, *parent.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                one.kill()
        self.process.wait()
        self.kills += 1


class Editor:
    """Somebody at the admin, over HTTP, who goes on when the server dies."""

    def __init__(self, url: str, username: str, seed: int) -> None:
        self.url, self.username = url, username
        self.chance = random.Random(seed)
        self.session = requests.Session()
        self.deeds = self.refusals = 0

    def log_in(self) -> None:
        address = f"{self.url}/cms/login/"
        self.session.get(address, timeout=60)
        self._post(
            "login/", username=self.username, password=make.PASSWORD, next="/cms/"
        )
        assert "sessionid" in self.session.cookies, "nobody was let in"

    def work_until(self, is_over: threading.Event) -> None:
        while not is_over.is_set():
            try:
                self.chance.choice(
                    [self.put_up, self.take_down, self.withdraw, self.rename_tag,
                     self.rename_category, self.take_off, self.put_on]
                )()  # fmt: skip
                self.deeds += 1
            except requests.RequestException:
                self.refusals += 1
                time.sleep(0.1)

    def put_up(self) -> None:
        self._post(f"bulk/wagtailcore/page/publish/?id={self._article()}")

    def take_down(self) -> None:
        self._post(f"bulk/wagtailcore/page/unpublish/?id={self._article()}")

    def withdraw(self) -> None:
        self._post(
            f"withdraw/article/{self._article()}/",
            reason="The advice was wrong.",
            urgency="routine",
        )

    def rename_tag(self) -> None:
        tag, name = self._one(Tag), f"tag-{self.chance.random()}".replace(".", "-")
        self._post(
            f"snippets/content_models/tag/edit/{tag}/", name=name, slug=f"tag-{tag}"
        )

    def rename_category(self) -> None:
        category, name = self._one(Category), f"Category {self.chance.random()}"
        self._post(
            f"snippets/content_models/category/edit/{category}/",
            name=name,
            slug=f"category-{category}",
            **{"action-publish": "action-publish"},
        )

    def take_off(self) -> None:
        self._decide("take_off_channel")

    def put_on(self) -> None:
        self._decide("put_on_channel")

    def _decide(self, action: str) -> None:
        self._post(
            f"bulk/wagtailcore/page/{action}/?id={self._article()}",
            channel=str(self._one(Channel)),
        )

    def _article(self) -> int:
        return self._one(Article)

    def _one(self, model: type[Any]) -> int:
        return int(self.chance.choice(KEYS[model]))

    def _post(self, path: str, **fields: str) -> None:
        token = self.session.cookies.get("csrftoken", "")
        answer = self.session.post(
            f"{self.url}/cms/{path}",
            data={**fields, "csrfmiddlewaretoken": token},
            timeout=30,
            allow_redirects=False,
        )
        assert answer.status_code in (200, 302), f"{path}: {answer.status_code}"
        leads_to = answer.headers.get("Location", "")
        assert "/cms/login/" not in leads_to, f"{path}: not let in"


# What there is to edit; asked for once, so that editors need no database of their own.
KEYS: dict[type[Any], list[int]] = {}


def look_around() -> None:
    for model in (Article, Tag, Category):
        KEYS[model] = list(model.objects.values_list("pk", flat=True))
    KEYS[Channel] = list(
        Channel.objects.exclude(slug="public").values_list("pk", flat=True)
    )


def answers(url: str) -> bool:
    with suppress(requests.RequestException):
        return requests.get(f"{url}/health", timeout=5).status_code == 200
    return False


def is_settled() -> bool:
    """Whether the worker has nothing left to do."""
    waiting = (Endpoint.objects.with_work(), Settling.objects, Stale.objects)
    return not any(rows.exists() for rows in waiting)


def misheard(endpoint: Endpoint, began: int, receiver: Receiver) -> Iterator[str]:
    """What is wrong with the messages since `began`: one missing, or out of order."""
    firsts: dict[str, Any] = {}
    for one in receiver.got:
        known = firsts.setdefault(one.id, one)
        if known.body != one.body:
            yield f"{one.id} came with another body"
    places = [one.place for one in firsts.values()]
    if places != sorted(places):
        yield f"out of order: {places}"
    last = {one.message["data"]["id"]: one.place for one in firsts.values()}
    for placement in Placement.objects.filter(channel=endpoint.channel):
        told = last.get(str(placement.document_id), 0)
        if placement.sequence > began and told != placement.sequence:
            yield f"{placement.document_id}: told {told} of {placement.sequence}"


def wrong(mirrors: dict[str, Path]) -> Iterator[str]:
    for channel in Channel.objects.filter(slug__in=mirrors):
        has, should = held(mirrors[channel.slug]), carried(channel)
        for id in sorted({*has, *should}):
            if has.get(id) != should.get(id):
                yield f"{channel}: {id} {has.get(id)} not {should.get(id)}"


def test_nothing_is_missing_after_any_number_of_kills(
    tmp_path: Path, settings: Any
) -> None:
    chance, port = random.Random(SEED), free_port()
    # Of what is rendered here as well as there.
    url = settings.PUBLIC_BASE_URL = f"http://localhost:{port}"
    # The processes run as they do elsewhere, and are to let our editors in.
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS
    # Restoring the database before the test has rounded times in it.
    healing.repair()
    subjects = [make.CategoryFactory() for _ in range(3)]
    labels = [make.TagFactory() for _ in range(3)]
    for number in range(ARTICLES):
        subject = subjects[number % 3]
        make.ArticleFactory(categories=[subject], tags=[labels[number % 3]])
    channels = [public(), ChannelFactory(slug="shore", categories=subjects[:2])]
    editors = [make.UserFactory(roles=["Administrators"]) for _ in range(EDITORS)]
    environ = {
        "DATABASE_URL": url_of(connection),
        "DJANGO_SETTINGS_MODULE": "cms.settings",
        "PUBLIC_BASE_URL": url,
        "RATE_LIMIT": "0",
        "LOG_LEVEL": "ERROR",
    }
    look_around()
    is_over = threading.Event()
    with ExitStack() as running:
        receiver = running.enter_context(receiving())
        endpoint = EndpointFactory(channel=channels[1], url=receiver.url)
        began = endpoint.sequence
        mirrors = {one.slug: tmp_path / f"{one.slug}.sqlite3" for one in channels}
        web_log, worker_log, mirror_log = (
            tmp_path / f"{name}.log" for name in ("web", "worker", "mirrors")
        )
        server = Kept(web(port), environ, web_log)
        worker = Kept([sys.executable, "manage.py", "worker"], environ, worker_log)
        following = [
            Kept([sys.executable, str(SCRIPT), "--api", f"{url}/api/v1",
                  "--channel", slug, "--file", str(file)], environ, mirror_log)
            for slug, file in mirrors.items()
        ]  # fmt: skip
        for one in (server, worker, *following):
            running.callback(one.kill)
        assert until(lambda: answers(url), STARTED_S)
        threads: list[threading.Thread] = []
        people = [
            Editor(url, user.get_username(), SEED + number)
            for number, user in enumerate(editors)
        ]
        failures: list[BaseException] = []
        for person in people:
            person.log_in()
            threads.append(_thread(person.work_until, is_over, failures))

        for _ in range(KILLS):
            time.sleep(chance.uniform(0.05, 1.5))
            victim = chance.choice([server, server, worker, worker, *following])
            victim.kill()
            victim.start()
            if victim is server:
                assert until(lambda: answers(url), STARTED_S)
        is_over.set()
        for thread in threads:
            thread.join(60)
        assert failures == [], web_log.read_text()[-20_000:]
        assert until(is_settled, SETTLED_S)
        settled = until(lambda: not list(wrong(mirrors)), SETTLED_S)

    told = sum(person.deeds for person in people)
    lost = sum(person.refusals for person in people)
    sys.stderr.write(
        f"{KILLS} kills, seed {SEED}: {server.kills - 1} of the web server, "
        f"{worker.kills - 1} of the worker; {told} deeds of editors, {lost} cut off; "
        f"{len(receiver.got)} messages.\n"
    )
    assert told > KILLS / 4
    assert len(receiver.got) > KILLS / 4
    assert settled, list(wrong(mirrors))
    assert list(misheard(endpoint, began, receiver)) == []
    assert healing.check() == []


def _thread(
    work: Callable[[threading.Event], None],
    is_over: threading.Event,
    failures: list[BaseException],
) -> threading.Thread:
    def run() -> None:
        try:
            work(is_over)
        except BaseException as failure:  # noqa: BLE001 (told to the test)
            failures.append(failure)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread
