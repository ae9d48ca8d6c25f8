"""Whether a citation's text says that the work was retracted.

Source: NLM, "Errata, Retractions, and Other Linked Citations in PubMed"; the notes
that publishers put before a title (RETRACTED, WITHDRAWN, Retraction notice to).
"""

from __future__ import annotations

import re
from typing import NamedTuple

RETRACTED, NOTICE = "retracted", "retraction notice"
CONCERN = "expression of concern"

_CLUES = ("retract", "withdr", "rétract", "zurückgezogen", "retirad", "of concern")
_NOTICE = re.compile(
    r"\b(?:retraction(?:\snotice)?(?:\s(?:of|to|for)\b|\s?:|\snote\b)|notice\sof\sretraction"
    r"|retraction\sof\spublication|retraction[.:]\s(?=[A-Z“\"]))\s?:?\s?",
    re.IGNORECASE,
)
_RETRACTED = re.compile(
    # (Retraction published 2018, Science, 361), [retracted in: Lancet. 2010;375:445]
    r"\s?\[(?:retract(?:ed|ion)|withdrawn)\b[^\[\]]{0,200}\]\.?"
    r"|\s?[\[(](?:this\sarticle\s(?:has\sbeen|was)\s)?(?:retract(?:ed|ion)|withdrawn"
    r"|rétracté|retractado|retirado|zurückgezogen)\b[^()\[\]]{0,160}[\])]\.?"
    # RETRACTED: title; Retracted article: title; WITHDRAWN: title
    r"|(?:\bretracted\sarticle|\bretracted|\bwithdrawn|\barticle\srétracté"
    r"|\bart[íi]culo\sretractado|\bartigo\sretratado|\bretractado|\brétracté)\s?[:.–—-]\s"
    # Retraction in: J Foo. 2010;1:2. Until the end.
    r"|\bretraction\s(?:in|published\sin|published)\s?:?\s.{0,200}$"
    r"|\bretracted\s(?:in|on|by)\b.{0,160}$|[.;]\s?retracted\.?$",
    re.IGNORECASE,
)
_CONCERN = re.compile(
    r"\s?[\[(]?\bexpression\sof\sconcern(?:\s(?:in|for|on|published)\b[^()\[\]]{0,160}?)?"
    r"\s?(?:[\])]|[:.]\s|$)",
    re.IGNORECASE,
)


class Told(NamedTuple):
    """The status, empty for none, and the text without the words that told it."""

    status: str
    text: str


def told(text: str) -> Told:
    """What `text` says of a retraction, and what is left of it."""
    lower = text.lower()
    if not any(clue in lower for clue in _CLUES):
        return Told("", text)
    if _NOTICE.search(text):
        # The notice is a work of its own, whose title this is.
        return Told(NOTICE, text)
    rest = _RETRACTED.sub(" ", text)
    if rest != text:
        return Told(RETRACTED, " ".join(rest.split()))
    rest = _CONCERN.sub(" ", text, count=1)
    if rest != text:
        return Told(CONCERN, " ".join(rest.split()))
    return Told("", text)
