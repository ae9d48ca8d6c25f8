"""Tells a Varnish that is set up as `docs/edge.md` says what to forget.

Another kind of cache takes another function of the same form.
"""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Sequence
from urllib.parse import urlsplit

# Varnish reads no header line of more than 8 kB; a key has 17 characters.
KEYS_AT_ONCE = 200
TIMEOUT_S = 2


class NotPurged(Exception):
    """An edge may still hold what it was to forget; the message says why.

    It never has the token in it.
    """


def purge(url: str, token: str, keys: Sequence[str]) -> None:
    """Have the edge at `url` forget every answer that carries one of `keys`, at once.

    Without keys it is only asked whether it would. Raises NotPurged; then it may have
    forgotten some of them, and telling it again does no harm.
    """
    address = urlsplit(url)
    secure = address.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(address.netloc, timeout=TIMEOUT_S)
    try:
        for first in range(0, max(len(keys), 1), KEYS_AT_ONCE):
            some = keys[first : first + KEYS_AT_ONCE]
            headers = {"Authorization": f"Bearer {token}", "Purge-Keys": " ".join(some)}
            connection.request("PURGE", f"{address.path}/", headers=headers)
            answer = connection.getresponse()
            answer.read(1_000)
            if answer.status != http.HTTPStatus.OK:
                raise NotPurged(f"It answered {answer.status} {answer.reason}.")
            if not answer.isclosed():
                raise NotPurged("It answered at length, which no edge does.")
    except TimeoutError as error:
        raise NotPurged(f"It did not answer within {TIMEOUT_S} s.") from error
    except ssl.SSLCertVerificationError as error:
        sentence = f"Its certificate does not hold: {error.verify_message}."
        raise NotPurged(sentence) from error
    except (OSError, http.client.HTTPException) as error:
        raise NotPurged(f"It cannot be reached: {type(error).__name__}.") from error
    finally:
        connection.close()
