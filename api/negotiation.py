"""In which form an answer is wanted: `?format=`, else the header `Accept`.

Source: RFC 9110, section 12.5.1.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from django.http import HttpRequest
from django.http.request import MediaType

from api.problems import NotAcceptable
from api.remembering import remembered

JSON = "application/json"
# A browser sends about eight; more would only cost.
MOST_RANGES = 50


def preferred(request: HttpRequest, offered: Sequence[str]) -> str:
    """The media type of `offered` that the client likes best, the first of equal ones.

    Raises NotAcceptable where it takes none of them.
    """
    found = _preferred(request.META.get("HTTP_ACCEPT", ""), tuple(offered))
    if found is None:
        raise NotAcceptable(
            f"The header Accept takes none of what there is here: {', '.join(offered)}."
        )
    return found


# There are not many clients that name what they take.
@remembered(500)
def _preferred(accepted: str, offered: Sequence[str]) -> str | None:
    named = list(_ranges(accepted))
    if not named:
        return offered[0]
    qualities = [_quality(one, named) for one in offered]
    best = max(qualities)
    return offered[qualities.index(best)] if best > 0 else None


def _ranges(accepted: str) -> Iterator[MediaType]:
    """The media ranges of a header; what is none does not count."""
    for text in accepted.split(",", MOST_RANGES)[:MOST_RANGES]:
        try:
            one = MediaType(text)
        except ValueError:
            # A parameter in an encoding that nobody knows (RFC 2231).
            continue
        if one.main_type and one.sub_type:
            yield one


def _quality(media_type: str, ranges: Sequence[MediaType]) -> float:
    """How much it is liked: by the range that names it most closely, 0 by none.

    Parameters such as a charset do not count: there is one of each form.
    """
    kind, _, form = media_type.partition("/")
    fitting = [
        (one.main_type == kind, one.sub_type == form, _weight(one))
        for one in ranges
        if one.main_type in (kind, "*") and one.sub_type in (form, "*")
    ]
    return max(fitting, default=(False, False, 0.0))[2]


def _weight(one: MediaType) -> float:
    # What is no number counts as none was given.
    return 1.0 if math.isnan(one.quality) else one.quality
