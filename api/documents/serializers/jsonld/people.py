"""Authors and reviewers as persons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .nodes import Node, identity, image, node, text
from .places import clinic_mentioned


def author(document: Mapping[str, Any]) -> Node:
    """An author's own document."""
    return _person(
        document,
        {
            "givenName": document.get("given_name"),
            "familyName": document.get("family_name"),
            "honorificPrefix": document.get("prefix"),
            "description": text(document.get("bio_html")),
            "image": image(document.get("image")),
            "workLocation": [
                clinic_mentioned(place) for place in document.get("locations") or []
            ],
        },
    )


def person(shown: Mapping[str, Any]) -> Node:
    """An author or reviewer as an article shows him."""
    return _person(shown, {"image": image(shown.get("photo"))})


def _person(shown: Mapping[str, Any], members: Node) -> Node:
    held = shown.get("credentials") or []
    certified = [one for one in held if one["kind"] in ("licence", "certification")]
    return node(
        "Person",
        {
            **identity(shown, "person"),
            # Only the name: what follows it has a member of its own.
            # Source: Google, "Article structured data", author markup.
            "name": shown.get("name"),
            "honorificSuffix": shown.get("post_nominals"),
            "jobTitle": shown.get("job_title"),
            **members,
            "hasCredential": [_degree(one) for one in held if one["kind"] == "degree"],
            "hasCertification": [_certification(one) for one in certified],
            "award": [one["name"] for one in held if one["kind"] == "honour"],
        },
    )


def _degree(credential: Mapping[str, Any]) -> Node:
    members = {**_credential(credential), "credentialCategory": "degree"}
    return node("EducationalOccupationalCredential", members)


def _certification(credential: Mapping[str, Any]) -> Node:
    # Whatever is shown is in force by its dates; it is called active only where
    # somebody has asked the issuer.
    is_verified = credential.get("verified")
    status = "https://schema.org/CertificationActive" if is_verified else None
    members = {**_credential(credential), "certificationStatus": status}
    return node("Certification", members)


def _credential(credential: Mapping[str, Any]) -> Node:
    jurisdiction = {"name": credential.get("jurisdiction")}
    return {
        "name": credential.get("name"),
        "alternateName": credential.get("abbreviation"),
        "validIn": node("AdministrativeArea", jurisdiction),
    }
