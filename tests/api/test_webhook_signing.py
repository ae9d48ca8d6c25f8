"""Messages are signed as Standard Webhooks says, so that its libraries verify them."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from pytest_django import Settings
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from api.webhooks import signing

BODY = '{"type":"article.published","data":{"slug":"naïve"}}'.encode()


def secret_of(made: signing.Made) -> bytes:
    return signing.secret_of(made.seed, made.fingerprint)


def test_the_public_library_verifies_a_message():
    made = signing.make()

    headers = signing.headers("msg_1", int(time.time()), BODY, [secret_of(made)])

    read = Webhook(made.text).verify(BODY, headers)
    assert read["data"] == {"slug": "naïve"}


def test_while_a_secret_is_replaced_both_verify():
    former, new = signing.make(), signing.make()
    secrets = [secret_of(new), secret_of(former)]

    headers = signing.headers("msg_1", int(time.time()), BODY, secrets)

    assert Webhook(former.text).verify(BODY, headers)
    assert Webhook(new.text).verify(BODY, headers)


@pytest.mark.parametrize("altered", ["body", "webhook-id", "webhook-timestamp"])
def test_what_was_altered_is_refused(altered: str):
    made, now = signing.make(), int(time.time())
    headers = signing.headers("msg_1", now, BODY, [secret_of(made)])
    body = BODY

    if altered == "body":
        body += b" "
    elif altered == "webhook-id":
        headers[altered] = "msg_2"
    else:
        headers[altered] = str(now - 1)

    with pytest.raises(WebhookVerificationError):
        Webhook(made.text).verify(body, headers)


def test_it_signs_as_the_public_library_does():
    made, at = signing.make(), datetime(2026, 3, 1, 12, tzinfo=UTC)

    ours = signing.sign("msg_1", int(at.timestamp()), BODY, secret_of(made))

    assert ours == Webhook(made.text).sign("msg_1", at, BODY.decode())


def test_a_short_secret_signs_nothing():
    with pytest.raises(ValueError, match="24 bytes"):
        signing.sign("msg_1", 0, BODY, b"x" * 23)


def test_a_secret_has_as_many_bytes_as_the_standard_asks_for():
    assert 24 <= len(secret_of(signing.make())) <= 64


def test_another_secret_key_signs_nothing_in_its_name(settings: Settings):
    made = signing.make()

    settings.SECRET_KEY = "another one " * 5

    with pytest.raises(signing.SecretIsLost):
        secret_of(made)


def test_a_secret_key_that_was_replaced_is_still_known(settings: Settings):
    made = signing.make()
    before = secret_of(made)

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another one " * 5

    assert secret_of(made) == before
