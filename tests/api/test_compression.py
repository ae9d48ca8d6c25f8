"""An answer is as small as its reader can take it, and each form has its own tag."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import zstandard
from django.http import HttpResponse
from django.test import Client, RequestFactory

from api import compression, conditional
from tests.api.factories import article

LIST = "/api/v1/articles/"
LONG = b"A long answer, word by word. " * 100


def answered(accepted: str, body: bytes = LONG) -> HttpResponse:
    request = RequestFactory().get("/", headers={"Accept-Encoding": accepted})
    response = HttpResponse(body, headers={"ETag": '"abc"'})
    compression.compress(request, response)
    return response


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("zstd", "zstd"),
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("GZIP, ZSTD", "zstd"),
        ("gzip;q=1.0, zstd;q=0.9", "gzip"),
        ("gzip;q=0.8, zstd; q=0.801", "zstd"),
        ("gzip ; q=0.5", "gzip"),
        ("zstd;q=0, gzip", "gzip"),
        ("zstd;q=0.000, *", "gzip"),
        ("*", "gzip"),
        ("*;q=0.1", "gzip"),
        ("identity;q=0.5, gzip;q=0.7", "gzip"),
        ("identity, gzip", "gzip"),
        ("identity;q=0.9, gzip;q=0.7", None),
        ("identity", None),
        ("", None),
        ("br, deflate", None),
        ("gzip;q=0, zstd;q=0", None),
        ("gzip;q=0, *", None),
        ("*;q=0", None),
        ("identity;q=0", None),
        ("not-gzip, zstdish", None),
        ("gzip;q=high, zstd;q=2", None),
        ("gzip;level=9", None),
        (",,;q=1,=", None),
    ],
)
def test_the_coding_is_the_one_that_the_client_wants_most(
    accepted: str, coding: str | None
) -> None:
    assert answered(accepted).get("Content-Encoding") == coding


@pytest.mark.parametrize(
    ("coding", "unpacked"),
    [("gzip", gzip.decompress), ("zstd", zstandard.ZstdDecompressor().decompress)],
)
def test_each_form_is_the_same_answer_with_a_length_and_a_tag_of_its_own(
    coding: str, unpacked: Callable[[bytes], bytes]
) -> None:
    packed = answered(coding)

    assert unpacked(packed.content) == LONG
    assert packed["Content-Length"] == str(len(packed.content))
    assert packed["ETag"] == f'"abc-{coding}"'
    assert f"-{coding}" in conditional.CODINGS


def test_what_is_short_is_sent_as_it_is_unless_the_client_cannot_read_that() -> None:
    short = b"x" * (compression.SMALLEST - 1)

    assert "Content-Encoding" not in answered("gzip, zstd", short)
    assert answered("zstd, *;q=0", short)["Content-Encoding"] == "zstd"
    assert answered("gzip, identity;q=0", short)["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in answered("gzip, identity;q=0", b"")


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_threads_that_compress_at_once_make_the_same_bytes(coding: str) -> None:
    threads = 8
    bodies = [LONG * (1 + number) for number in range(20)]
    alone = [answered(coding, body).content for body in bodies]
    start = Barrier(threads)

    def all_of_them(number: int) -> list[bytes]:
        start.wait()
        # Each in another order, so that what came before cannot matter.
        turned = [*range(number, len(bodies)), *range(number)]
        packed = {i: answered(coding, bodies[i]).content for i in turned}
        return [packed[i] for i in range(len(bodies))]

    with ThreadPoolExecutor(threads) as pool:
        assert list(pool.map(all_of_them, range(threads))) == [alone] * threads


def test_an_endless_header_costs_no_time() -> None:
    assert "Content-Encoding" not in answered("a" * 100_000 + ";q=0." + "0" * 100_000)
    assert answered("gzip;q=0.1," * 20_000)["Content-Encoding"] == "gzip"


@pytest.mark.django_db
@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_a_compressed_answer_is_known_again_by_its_tag(
    client: Client, coding: str
) -> None:
    article("hip-pain", members={"summary": "word " * 200})
    packed = client.get(LIST, headers={"Accept-Encoding": coding})

    again = client.get(
        LIST, headers={"Accept-Encoding": coding, "If-None-Match": packed["ETag"]}
    )

    assert packed["Content-Encoding"] == coding
    assert again.status_code == 304
    assert again["ETag"] == packed["ETag"]
