"""An element of HTML as plain text, and as the little markup that a text may have."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

# Never content.
SILENT = {"script", "style", "noscript", "template", "head", "link", "meta", "svg"}
LISTS = ("ul", "ol")
_INLINE = {"b": "b", "strong": "b", "i": "i", "em": "i", "sup": "sup", "sub": "sub"}


def words(element: HtmlElement) -> str:
    """The text of an element on one line, without what no reader sees."""
    return " ".join(" ".join(_texts(element)).split())


def _texts(element: HtmlElement) -> Iterator[str]:
    for node in element.iter():
        if node.tag in SILENT:
            if node.tail and node is not element:
                yield node.tail
            continue
        if node.text and isinstance(node.tag, str):
            yield node.text
        if node.tail and node is not element:
            yield node.tail


def flowing(element: HtmlElement) -> str:
    """The text of an inline element, with a line break for every `<br>`."""
    if element.tag == "br":
        return "\n"
    if element.tag in SILENT or element.tag in LISTS:
        return ""
    parts = [(element.text or "").replace("\n", " ")]
    for child in element:
        if isinstance(child.tag, str):
            parts.append(flowing(child))
        parts.append((child.tail or "").replace("\n", " "))
    return "".join(parts)


def tagged(element: HtmlElement, base: str) -> str:
    """An inline element as HTML with the few tags that a text may have."""
    if element.tag == "br":
        return "<br/>"
    if element.tag in SILENT or element.tag in LISTS:
        return ""
    inside = inline(element, base, keep_breaks=True)
    tag = _INLINE.get(element.tag)
    if tag and inside.strip():
        return f"<{tag}>{inside}</{tag}>"
    address = _safe_address(element.get("href", ""), base) if element.tag == "a" else ""
    if address and inside.strip():
        return f'<a href="{escape(address)}">{inside}</a>'
    return inside


def inline(element: HtmlElement, base: str, *, keep_breaks: bool = False) -> str:
    parts = [escape((element.text or "").replace("\n", " "), quote=False)]
    for child in element:
        if isinstance(child.tag, str):
            inside = tagged(child, base)
            parts.append(inside if keep_breaks or inside != "<br/>" else " ")
        parts.append(escape((child.tail or "").replace("\n", " "), quote=False))
    html = "".join(parts)
    return html if keep_breaks else " ".join(html.split())


def _safe_address(href: str, base: str) -> str:
    """An absolute address that a reader may follow, or nothing."""
    try:
        address = urljoin(base, href.strip()) if base else href.strip()
        scheme = urlsplit(address).scheme.lower()
    except ValueError:
        return ""
    return address if scheme in ("http", "https", "mailto", "tel") else ""
