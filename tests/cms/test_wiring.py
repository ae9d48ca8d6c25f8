"""What holds the house together: addresses, headers, health, what is installed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core import checks
from django.db.backends.postgresql.psycopg_any import is_psycopg3
from django.test import Client, override_settings
from django.utils import timezone

from api.documents.models import Stale
from cms.apps import promises
from cms.readers import BASE_DIR
from tests.factories import AuthorFactory


@pytest.mark.django_db
def test_health_tells_the_newest_sequence_and_how_long_work_waits(client: Client):
    before = client.get("/health").json()
    AuthorFactory()
    since = timezone.now() - timedelta(minutes=2)
    Stale.objects.create(source="author:0", noted_at=since, due_at=since)

    answer = client.get("/health")

    assert answer.status_code == 200
    assert answer.json()["newest_sequence"] > before["newest_sequence"]
    assert before["oldest_waiting_s"] == 0
    assert 120 <= answer.json()["oldest_waiting_s"] < 180
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_health_takes_two_statements(client: Client, django_assert_num_queries):
    # 1. the newest sequence  2. what has waited longest
    with django_assert_num_queries(2):
        client.get("/health")


def test_the_front_door_leads_to_the_admin(client: Client):
    answer = client.get("/")

    assert (answer.status_code, answer["Location"]) == (302, "/cms/")


@pytest.mark.django_db
def test_only_the_admin_may_run_inline_scripts(client: Client):
    admin = client.get("/cms/login/")["Content-Security-Policy"]
    api = client.get("/api/v1/articles/")["Content-Security-Policy"]

    assert "script-src 'self' 'unsafe-inline'" in admin
    assert "unsafe" not in api
    assert "default-src 'self'" in api


PROTECTION = (
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "Content-Security-Policy",
    "X-Frame-Options",
)


@pytest.mark.django_db
@pytest.mark.parametrize("secure", [True, False])
@pytest.mark.parametrize(
    "address", ["articles/", "articles/none/", "articles/?limit=0", "none/", "sync/"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST"])
@override_settings(SECURE_HSTS_SECONDS=3600, SECURE_HSTS_INCLUDE_SUBDOMAINS=True)
def test_what_protects_pages_protects_the_api(
    client: Client, method: str, address: str, secure: bool
):
    page = client.get("/health", secure=secure).headers
    answer = client.generic(method, f"/api/v1/{address}", secure=secure).headers

    assert {name: answer.get(name) for name in PROTECTION} == {
        name: page.get(name) for name in PROTECTION
    }
    assert ("Strict-Transport-Security" in answer) == secure


@pytest.mark.django_db
def test_of_uploads_only_what_is_published_can_be_read(client: Client):
    for folder in ("documents", "images", "original_images"):
        (settings.MEDIA_ROOT / folder).mkdir(exist_ok=True)
        (settings.MEDIA_ROOT / folder / "x.txt").write_text("seen")

    assert client.get("/media/images/x.txt").status_code == 200
    assert client.get("/media/original_images/x.txt").status_code == 302
    for path in ("documents/x.txt", "images/../documents/x.txt", "./documents/x.txt"):
        assert client.get(f"/media/{path}").status_code in (400, 404)


def test_an_unknown_host_is_refused(client: Client):
    assert client.get("/health", headers={"Host": "evil.example"}).status_code == 400


def test_the_project_passes_its_own_checks():
    assert checks.run_checks() == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TIME_ZONE", "America/New_York"),
        ("PUBLIC_BASE_URL", "http://localhost:8000/"),
    ],
)
def test_what_the_code_relies_on_cannot_be_set_otherwise(name: str, value: object):
    with override_settings(**{name: value}):
        assert promises(None)


@pytest.mark.parametrize(
    ("base_url", "limit", "proxies", "warned"),
    [
        ("https://cms.example.org", 1200, 0, ["cms.W001"]),
        ("https://cms.example.org", 1200, 1, []),
        ("https://cms.example.org", 0, 0, []),
        ("http://localhost:8000", 1200, 0, []),
    ],
)
def test_an_operator_whose_visitors_would_share_one_limit_is_warned(
    base_url: str, limit: int, proxies: int, warned: list[str]
):
    with override_settings(
        PUBLIC_BASE_URL=base_url, RATE_LIMIT=limit, TRUSTED_PROXIES=proxies
    ):
        assert [message.id for message in promises(None)] == warned


def test_a_request_may_not_be_one_transaction(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(settings.DATABASES["default"], "ATOMIC_REQUESTS", True)

    assert promises(None)


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_what_does_harm_when_it_is_installed_is_in_no_lock(lock: str):
    text = (BASE_DIR / lock).read_text()

    # Django prefers psycopg 3 without asking; whitenoise spends minutes in brotli.
    assert re.findall(r"^(?:psycopg|psycopg-binary|brotli)==", text, re.M) == []
    assert not is_psycopg3


def test_every_locked_package_has_a_hash():
    text = (BASE_DIR / "requirements.txt").read_text()

    packages = re.split(r"^(?=[a-z])", text, flags=re.M | re.I)[1:]

    assert len(packages) > 40
    assert [one for one in packages if "--hash=sha256:" not in one] == []


@pytest.mark.parametrize("path", ["/no/such/page", "/health", "/media/images/x"])
def test_nothing_waits_for_a_body_that_no_page_takes(client: Client, path: str):
    client.cookies["csrftoken"] = "a" * 32

    answer = client.post(path, b"x" * 10, content_type="text/plain")

    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, OPTIONS"


def test_an_unknown_address_of_the_api_refuses_a_body_with_a_problem(client: Client):
    answer = client.post("/api/v1/nope/", b"x", content_type="text/plain")

    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["a" * 300, "a/" * 3000])
def test_a_name_that_no_file_could_have_is_not_found(client: Client, name: str):
    assert client.get(f"/media/images/{name}").status_code == 404
