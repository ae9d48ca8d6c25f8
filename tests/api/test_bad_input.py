"""What careless and hostile clients send, to every operation of the OpenAPI document.

That each answer is one that the document promises, `tests.contract.middleware` sees to;
here it is that the answer is a refusal by name where something is wrong, and no more
work than a refusal is worth.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from api.delivery.kinds import COLLECTIONS
from api.documents.models import Kind
from tests.api.factories import PUBLISHED, article
from tests.contract.description import Operation, operations

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

KNOWN = "a-document"
# As the tests of real servers show, longer headers never reach us; here they would.
LONG = "a" * 100_000
MANY_TAGS = ", ".join(f'"{number}"' for number in range(10_000))

every_operation = pytest.mark.parametrize(
    "operation", operations(), ids=lambda one: one.id
)


def address(operation: Operation) -> str:
    path = operation.path.replace("{channel}", "public")
    return path.replace("{slug_or_id}", KNOWN)


def required(operation: Operation) -> str:
    """A right value for each query parameter that the operation insists on."""
    pairs = [
        f"{one['name']}={quote(str(_right(one)))}"
        for one in operation.parameters
        if one["in"] == "query" and one.get("required")
    ]
    return "&".join(pairs)


def _right(parameter: dict[str, Any]) -> Any:
    schema = parameter["schema"]
    return parameter.get("example", schema.get("example", schema.get("default", "a")))


# What no query may be, whatever its parameters; and the status that says so.
QUERIES = {
    "q=%00": 400,
    "%00=a": 400,
    "locale=en%00": 400,
    "q=%ff%fe": 400,
    "q=%c0%af": 400,
    "q=%ed%a0%80": 400,
    f"q={LONG}": 414,
    "&".join(["limit=1"] * 10_000): 414,
    "limit=" + ",".join(["1"] * 10_000): 414,
    "&".join(["a="] * 1_500): 400,
    "nonsense=1": 400,
    "locale=en&locale=en": 400,
    "locale=xx": 400,
    "locale=": 400,
    "=": 400,
    "&a": 400,
    "limit=-1": 400,
    "limit=0x10": 400,
    "limit=1e9": 400,
    "limit=99999999999999999999999999": 400,
    "limit=NaN": 400,
    "limit=٣": 400,
    "offset=-0": 400,
    "offset=18446744073709551616": 400,
    "format=exe": 400,
    "format=../../etc/passwd": 400,
    "fields=a,,b": 400,
    "fields=__proto__": 400,
    "fields=%0d%0aSet-Cookie:%20a=b": 400,
    "channel=%0d%0aSet-Cookie:%20a=b": 400,
    "order=id;drop table": 400,
    "%0d%0aSet-Cookie=a": 400,
}


@every_operation
def test_a_query_that_cannot_be_meant_is_refused_before_the_database_is_asked(
    client: Client, operation: Operation, django_assert_num_queries: Any
) -> None:
    for query, status in QUERIES.items():
        # Bytes as they come: the test client would encode them anew.
        raw = query.encode().decode("latin-1")

        with django_assert_num_queries(0):
            answer = client.get(address(operation), QUERY_STRING=raw)

        assert answer.status_code == status, query[:80]
        assert len(answer.content) < 20_000, query[:80]
        assert not answer.cookies


@every_operation
def test_a_name_that_could_break_out_of_a_header_does_not(
    client: Client, operation: Operation
) -> None:
    hostile = [
        "/api/v1/x%0d%0aSet-Cookie:%20a=b/",
        f"{operation.path.replace('{slug_or_id}', 'a%0d%0aSet-Cookie:%20a=b')}x",
        f"{address(operation)}%00/",
        f"{address(operation)}%ff/",
        f"{address(operation)}{'a' * 10_000}/",
        f"{address(operation)}../../../etc/passwd",
    ]

    for path in hostile:
        answer = client.get(path)

        assert answer.status_code in (301, 404)
        assert "Set-Cookie" not in answer
        assert all("\n" not in value for value in answer.headers.values())


@every_operation
@pytest.mark.parametrize(
    "given", ["a\r\nSet-Cookie: a=b", "a\nb", "\0", "é", LONG, "<script>", " "]
)
def test_a_request_id_that_could_do_harm_is_replaced(
    client: Client, operation: Operation, given: str
) -> None:
    answer = client.get(address(operation), headers={"X-Request-ID": given})

    assert answer["X-Request-ID"] != given
    assert "Set-Cookie" not in answer


# Headers that are wrong, absurd or of another representation.
HEADERS = [
    {"If-None-Match": "no quotes"},
    {"If-None-Match": '"'},
    {"If-None-Match": 'W/"'},
    {"If-None-Match": '"another"'},
    {"If-None-Match": '"\0"'},
    {"If-None-Match": LONG},
    {"If-None-Match": MANY_TAGS},
    {"If-None-Match": "," * 100_000},
    {"If-Modified-Since": "yesterday"},
    {"If-Modified-Since": "Sun, 99 Mar 2026 12:00:00 GMT"},
    {"If-Modified-Since": "Sat, 01 Jan 0000 00:00:00 GMT"},
    {"If-Modified-Since": "Fri, 31 Dec 9999 23:59:59 GMT"},
    {"If-Modified-Since": PUBLISHED.isoformat()},
    {"If-Modified-Since": LONG},
    {"If-Match": '"another"'},
    {"If-Unmodified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"},
    {"Range": "bytes=0-10,20-30"},
    {"Accept-Encoding": LONG},
    {"Accept-Encoding": ",".join(["gzip;q=0.5"] * 10_000)},
    {"Accept-Encoding": "gzip;q=zero, *;q=;;;"},
    {"Accept-Language": LONG},
    {"Accept": LONG},
    {"Accept": ",".join(["application/json"] * 10_000)},
    {"Accept": "*/*;q=nan"},
    {"Accept": ";;;,,,/"},
    {"Accept": "\0"},
    {"Authorization": LONG},
    {"Authorization": "Bearer \0"},
    {"Cookie": f"sessionid={LONG}"},
    {"Origin": "null"},
    {"Content-Type": "application/json; charset=none-such"},
    {"Content-Length": "-1"},
    {"X-Forwarded-Host": "evil.test"},
]


@every_operation
def test_headers_that_make_no_sense_do_no_harm(
    client: Client, operation: Operation, django_assert_max_num_queries: Any
) -> None:
    for shape in COLLECTIONS:
        if shape.kind in Kind:
            article(KNOWN, type=shape.kind)
    usual = client.get(f"{address(operation)}?{required(operation)}")

    for headers in HEADERS:
        with django_assert_max_num_queries(4):
            answer = client.get(
                f"{address(operation)}?{required(operation)}", headers=headers
            )

        name = next(iter(headers))
        allowed = {usual.status_code, 400, 401, 406}
        if name == "If-Modified-Since":
            allowed.add(304)
        assert answer.status_code in allowed, headers[name][:80]
        assert "evil.test" not in answer.content.decode("utf-8", "replace")


@every_operation
@pytest.mark.parametrize(
    "method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "BREW", "É"]
)
def test_no_operation_can_be_written_to_by_any_method(
    client: Client,
    operation: Operation,
    method: str,
    django_assert_num_queries: Any,
) -> None:
    with django_assert_num_queries(0):
        answer = client.generic(method, address(operation), b"{", "application/json")

    assert answer.status_code == 405
    assert answer["Allow"] == "GET, HEAD, OPTIONS"
