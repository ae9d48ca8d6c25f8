"""The kinds that are a few lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .articles import source
from .writing import line, link, picture


def reference(document: Mapping[str, Any]) -> list[str]:
    return [f"# {line(document.get('title'))}", source(document)]


def award(document: Mapping[str, Any]) -> list[str]:
    recipient = document.get("recipient") or {}
    year = document.get("year")
    told = {
        "Given by": document.get("giver"),
        "Given to": recipient.get("name"),
        "Year": str(year) if year else "",
        "Result": document.get("result"),
    }
    items = [f"- {name}: {line(value)}" for name, value in told.items() if value]
    return [_name(document), "\n".join(items), picture(document.get("badge"))]


def affiliation(document: Mapping[str, Any]) -> list[str]:
    website = document.get("website")
    shown = link(line(website), website) if website else ""
    return [_name(document), shown, picture(document.get("logo"))]


def term(document: Mapping[str, Any]) -> list[str]:
    return [_name(document), line(document.get("description"))]


def practice(document: Mapping[str, Any]) -> list[str]:
    site, license = document.get("base_url"), document.get("license") or {}
    address, name = license.get("url"), line(license.get("name"))
    told = {
        "Legal name": line(document.get("legal_name")),
        "Phone": line(document.get("phone")),
        "Web site": link(line(site), site) if site else "",
        "Licence of its content": link(name, address) if name and address else name,
    }
    items = [f"- {label}: {value}" for label, value in told.items() if value]
    return [_name(document), "\n".join(items), picture(document.get("logo"))]


def _name(document: Mapping[str, Any]) -> str:
    return f"# {line(document.get('name'))}"
