"""What Crossref and PubMed say of the works whose identifiers stand in a text.

Asked only where the setting allows the network, and never needed: whoever does not
answer within `LIMIT_S` is named, and what was read from the text stays as it is.

Sources: Crossref REST API, "Works" and "Filters" (several `doi` filters are joined by
"or"); NLM, "E-utilities", efetch with `rettype=medline`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from typing import Any, NamedTuple

import requests

from content_models.citations import matching
from content_models.citations.fields import Citation, Field
from content_models.citations.formats import csl_json, nbib
from content_models.citations.retractions import CONCERN, RETRACTED

CROSSREF_URL = "https://api.crossref.org/v1/works"
PUBMED_URL = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/efetch.fcgi"
# Seconds for both of them together: somebody waits.
LIMIT_S = 5.0
# Works that are asked for at once; of a longer list the rest stays as it was read.
MOST = 40
_LONGEST_ANSWER = 4_000_000
# Whoever is asked should know whom to write to.
_AGENT = "Clinicast (mailto:{})"
# What a registry knows better than the text, in the words of staff.
_COMPARED = {
    "issued": "the year",
    "volume": "the volume",
    "issue": "the issue",
    "page": "the pages",
    "container-title": "the journal",
}
_SURE = 0.99

Records = dict[str, dict[str, Any]]


class LookedUp(NamedTuple):
    """The citations in their order, and who did not answer."""

    citations: list[Citation]
    silent: list[str]


class _Registry(NamedTuple):
    """Who is asked, by which identifier, and for what: CSL-JSON by identifier."""

    name: str
    identifier: str
    ask: Callable[[Sequence[str], str, float], Records]


def look_up(citations: Sequence[Citation], contact: str) -> LookedUp:
    """Fill and correct what has a DOI or a PubMed id, from whoever keeps those.

    `contact` is a mail address. A citation whose title is not that of the record stays
    as it is, with a note that its identifier belongs to another work. Takes `LIMIT_S`
    at the most and never raises.
    """
    wanted = {each: _wanted(citations[:MOST], each) for each in _REGISTRIES}
    asked = {each: found for each, found in wanted.items() if found}
    if not asked:
        return LookedUp(list(citations), [])
    deadline = time.monotonic() + LIMIT_S
    pool = ThreadPoolExecutor(len(asked), "lookup")
    answers: dict[_Registry, Future[Records]] = {
        registry: pool.submit(registry.ask, found, contact, deadline)
        for registry, found in asked.items()
    }
    wait(answers.values(), LIMIT_S)
    # Whoever is late ends by itself: nobody waits for it here.
    pool.shutdown(wait=False, cancel_futures=True)
    found, silent = list(citations), []
    for registry, answer in answers.items():
        if not answer.done() or answer.exception():
            silent.append(registry.name)
            continue
        for place, citation in enumerate(found[:MOST]):
            record = answer.result().get(_identifier(citation, registry))
            if record and not citation.filled_from:
                found[place] = _filled(citation, record, registry)
    return LookedUp(found, silent)


def _wanted(citations: Iterable[Citation], registry: _Registry) -> list[str]:
    """The identifiers to ask for; PubMed is asked only of what has no DOI."""
    return list(
        dict.fromkeys(
            filter(None, (_identifier(citation, registry) for citation in citations))
        )
    )


def _identifier(citation: Citation, registry: _Registry) -> str:
    found = citation.csl
    if registry.identifier != "DOI" and _askable(found.get("DOI", "")):
        return ""
    identifier = str(found.get(registry.identifier, ""))
    return identifier if _askable(identifier) else ""


def _askable(identifier: str) -> bool:
    """A comma would end the filter, and cannot be written otherwise there."""
    return bool(identifier) and "," not in identifier


def _filled(
    citation: Citation, record: Mapping[str, Any], registry: _Registry
) -> Citation:
    read = citation.csl
    if read.get("title") and not matching.have_like_titles(read, record):
        other = f"“{record.get('title', '')}”"
        known_as = _words(registry)
        note = f"{registry.name} has another work under this {known_as}: {other}."
        return replace(citation, notes=(*citation.notes, note))
    notes = [
        f"{registry.name} has {words} {_shown(record[name])}, the text "
        f"{_shown(read[name])}."
        for name, words in _COMPARED.items()
        if _differ(name, read, record)
    ]
    known = {name: Field(value, _SURE) for name, value in record.items()}
    return replace(
        citation,
        fields={**citation.fields, **known},
        authors_incomplete=citation.authors_incomplete and "author" not in known,
        doubtful={k: v for k, v in citation.doubtful.items() if k not in known},
        notes=(*citation.notes, *notes),
        filled_from=registry.name,
        problem="",
    )


def _words(registry: _Registry) -> str:
    return {"PMID": "PubMed id"}.get(registry.identifier, registry.identifier)


def _differ(name: str, read: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    if name not in read or name not in record:
        return False
    if name == "issued":
        return matching.year_of(read) != matching.year_of(record)
    if name == "container-title":
        return not matching.similarity(
            matching.folded(read[name]), matching.folded(record[name])
        ) and matching.folded(read[name]) != matching.folded(
            record.get("container-title-short")
        )
    ours, theirs = matching.folded(read[name]), matching.folded(record[name])
    # "339-45" says the same as "339-345", and the first page is what one finds it by.
    return ours != theirs and not (
        name == "page" and read[name].split("-")[0] == record[name].split("-")[0]
    )


def _shown(value: Any) -> str:
    return str(value["date-parts"][0][0]) if isinstance(value, dict) else str(value)


# --- Who is asked -----------------------------------------------------------------


def _from_crossref(dois: Sequence[str], contact: str, deadline: float) -> Records:
    query = {
        "filter": ",".join(f"doi:{doi}" for doi in dois),
        "rows": str(len(dois)),
        "mailto": contact,
    }
    answer = json.loads(_answer(CROSSREF_URL, query, contact, deadline))
    works = answer["message"]["items"]
    return {str(work["DOI"]).lower(): _work(work) for work in works}


def _work(item: Mapping[str, Any]) -> dict[str, Any]:
    """A work as Crossref has it: CSL-JSON, but for a few names of its own."""
    numbered = {**item, "page": item.get("page") or item.get("article-number")}
    work = csl_json.item(numbered)
    updates = {str(each.get("type")) for each in item.get("updated-by") or ()}
    if updates & {"retraction", "withdrawal", "removal"}:
        work["status"] = RETRACTED
    elif "expression_of_concern" in updates:
        work["status"] = CONCERN
    # Its address is only the DOI again.
    work.pop("URL", None)
    return work


def _from_pubmed(pmids: Sequence[str], contact: str, deadline: float) -> Records:
    query = {
        "db": "pubmed",
        "id": ",".join(pmids),
        "rettype": "medline",
        "retmode": "text",
        "tool": "clinicast",
        "email": contact,
    }
    answer = _answer(PUBMED_URL, query, contact, deadline)
    return {item["PMID"]: item for item in nbib.read(answer) if "PMID" in item}


_REGISTRIES = (
    _Registry("Crossref", "DOI", _from_crossref),
    _Registry("PubMed", "PMID", _from_pubmed),
)


def _answer(
    address: str, query: Mapping[str, str], contact: str, deadline: float
) -> str:
    """Raises requests.RequestException, or TimeoutError after `deadline`.

    A byte every four seconds would keep a plain timeout from ever coming: so what is
    there is read as it comes, and the clock looked at after each time.
    """
    left = deadline - time.monotonic()
    body = bytearray()
    with requests.get(
        address,
        params=query,
        headers={"User-Agent": _AGENT.format(contact)},
        timeout=max(left, 0.1),
        allow_redirects=False,
        stream=True,
    ) as answer:
        if answer.status_code != requests.codes.ok:
            raise requests.HTTPError(response=answer)
        while part := answer.raw.read1(65_536, decode_content=True):
            body += part
            if len(body) > _LONGEST_ANSWER or time.monotonic() > deadline:
                raise TimeoutError
    return body.decode("utf-8", "replace")
