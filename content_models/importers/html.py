"""Saved HTML of any theme to the pieces of a page, with what was dropped.

The main part is found by what themes have in common (`article`, `main`, a handful of
class names), never by one theme's own. What stands around it is kept apart: a clinic's
locations and awards are often in the footer, its article never is.
"""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape
from urllib.parse import urlsplit

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from content_models.importers.markup import (
    LISTS,
    SILENT,
    flowing,
    inline,
    tagged,
    words,
)
from content_models.importers.sources import (
    Dropped,
    Piece,
    Source,
    SourceError,
    excerpt,
)

# Deeper than any page is nested; what lies deeper is read as running text.
_DEEPEST = 120

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = {
    *_HEADINGS, "p", "div", "section", "article", "main", "header", "footer", "aside",
    "nav", "ul", "ol", "dl", "dt", "dd", "blockquote", "table", "figure", "pre", "form",
    "img", "hr", "details", "summary", "address", "li", "body", "center", "fieldset",
}  # fmt: skip
_DROPPED = {
    "form": "a form", "nav": "a menu", "button": "a button", "select": "a form field",
    "input": "a form field", "textarea": "a form field", "canvas": "a drawing",
    "iframe": "embedded content", "object": "embedded content",
    "embed": "embedded content", "video": "a video", "audio": "a recording",
}  # fmt: skip
_AROUND = {
    "header": "the page's header",
    "footer": "the page's footer",
    "aside": "a margin",
}
_BOILERPLATE = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|breadcrumbs?|sidebar|widget|share|sharing"
    r"|sharedaddy|social|related|related-posts|comments?|respond|newsletter|subscribe"
    r"|cookie|popup|modal|pagination|pager|skip-link|screen-reader-text|sr-only"
    r"|post-navigation|jp-relatedposts|advert|ads?)(?:$|[\s_-])",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s?:\s?none|visibility\s?:\s?hidden", re.IGNORECASE)
_MAIN = (
    "//article",
    "//main",
    "//*[@role='main']",
    "//*[@itemprop='articleBody']",
    "//*[contains(@class,'entry-content') or contains(@class,'post-content')"
    " or contains(@class,'article-body') or contains(@class,'blog-post')]",
    "//*[@id='content' or @id='main' or @id='main-content']",
)
_SITE_NAME = re.compile(r"\s+[|–—»·-]\s+")


def from_html(text: str, address: str = "") -> Source:
    """Take saved HTML apart; `address` goes before the one that the page gives itself.

    Raises SourceError for HTML without any text.
    """
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = document_fromstring(text.encode(), parser=parser)
    except (etree.ParserError, ValueError) as refused:
        raise SourceError(
            "There is no text in this HTML. Open the page in a browser, wait until it "
            "shows, and save it as “HTML only”."
        ) from refused
    reader = _Reader(root, address)
    reader.read()
    return reader.source


class _Reader:
    def __init__(self, root: HtmlElement, address: str) -> None:
        self._root = root
        self._main = _main_part(root)
        self._address = address
        self._base = ""
        self._length = 0
        self.source = Source()

    def read(self) -> None:
        self._read_head()
        body = self._root.find("body")
        body = self._root if body is None else body
        self._length = len(words(body))
        self._walk(body, is_main=self._main is None, depth=0)
        self.source.refuse_too_many_pieces()
        self._take_title()

    def _read_head(self) -> None:
        source = self.source
        canonical = (
            self._address
            or self._first("//link[@rel='canonical']/@href")
            or self._meta("og:url")
        )
        if _is_web_address(canonical):
            source.canonical_url = self._base = canonical
        source.author = self._meta("author") or self._meta("article:author")
        if source.author.startswith("http"):
            source.author = ""
        source.description = self._meta("description") or self._meta("og:description")
        for relation, names in (("category", source.categories), ("tag", source.tags)):
            for link in self._root.xpath(f"//a[contains(@rel,'{relation}')]"):
                is_tag = "category" not in link.get("rel").split()
                if (relation == "tag") == is_tag:
                    names.append(words(link))

    def _take_title(self) -> None:
        """The first main heading, else what the page calls itself; out of the body."""
        pieces = self.source.pieces
        headings = [p for p in pieces if p.kind == "heading" and p.level == 1]
        headings.sort(key=lambda piece: not piece.is_main)
        if headings:
            self.source.title = headings[0].text
        else:
            self.source.title = self._meta("og:title") or self._window_title()
        self.source.pieces = [
            piece
            for piece in pieces
            if not (piece.kind == "heading" and piece.text == self.source.title)
        ]

    def _window_title(self) -> str:
        """What stands in the window's title bar, without the site's name after it."""
        parts = _SITE_NAME.split(self._first("//title/text()").strip())
        site = self._meta("og:site_name")
        return next((part for part in parts if part and part != site), "")

    def _first(self, path: str) -> str:
        found = self._root.xpath(path)
        return " ".join(str(found[0]).split()) if found else ""

    def _meta(self, name: str) -> str:
        return self._first(f"//meta[@name='{name}' or @property='{name}']/@content")

    def _walk(self, element: HtmlElement, *, is_main: bool, depth: int) -> None:
        """Add the pieces of `element`'s content; `is_main` says where it stands."""
        run: list[HtmlElement | str] = [element.text or ""]
        for child in element:
            if not isinstance(child.tag, str):
                run.append(child.tail or "")
                continue
            if _is_block(child) and depth < _DEEPEST:
                self._add_run(run, is_main)
                run = []
                self._block(child, is_main=is_main, depth=depth + 1)
            elif child.tag not in SILENT and not self._drop(child, is_main):
                run.append(child)
            run.append(child.tail or "")
        self._add_run(run, is_main)

    def _block(self, element: HtmlElement, *, is_main: bool, depth: int) -> None:
        tag = element.tag
        if self._drop(element, is_main):
            return
        if element is self._main:
            is_main = True
        elif tag in _AROUND and is_main and not self._is_inside_article(element):
            self._report(_AROUND[tag], element)
            is_main = False
        if tag in _HEADINGS:
            self._add(Piece("heading", words(element), inline(element, self._base),
                            _HEADINGS[tag]), element, is_main)  # fmt: skip
        elif tag in LISTS and not _holds_blocks(element):
            self._add_list(element, is_main)
        elif tag == "blockquote":
            self._add(Piece("quote", words(element)), element, is_main)
        elif tag == "table" and not element.xpath(".//table|.//ul|.//h2|.//p[2]"):
            rows = tuple(
                tuple(words(cell) for cell in row.xpath("./td|./th"))
                for row in element.xpath(".//tr")
            )
            self._add(Piece("table", words(element), rows=rows), element, is_main)
        elif tag == "img":
            self._add(Piece("image", " ".join(element.get("alt", "").split())),
                      element, is_main)  # fmt: skip
        else:
            self._walk(element, is_main=is_main, depth=depth)

    def _is_inside_article(self, element: HtmlElement) -> bool:
        """Whether a header or footer is an article's own, where bylines stand."""
        return element.tag != "aside" and any(
            parent.tag == "article" or parent is self._main
            for parent in element.iterancestors()
        )

    def _drop(self, element: HtmlElement, is_main: bool) -> bool:
        """Whether `element` is no content at all; it is reported with its text."""
        tag = element.tag
        if tag in SILENT or tag == "hr":
            return True
        hidden = element.get("hidden") is not None or _HIDDEN.search(
            element.get("style", "")
        )
        if hidden:
            self._report("hidden text", element)
            return True
        if tag in _DROPPED:
            self._report(_DROPPED[tag], element)
            return True
        names = f"{element.get('class', '')} {element.get('id', '')}"
        is_box = tag in ("div", "section", "ul", "aside", "p", "span")
        if not (is_main and is_box and _BOILERPLATE.search(names)):
            return False
        if self._holds_most(element):
            return False
        self._report("something around the text", element)
        return True

    def _holds_most(self, element: HtmlElement) -> bool:
        """Whether an element is a wrapper of the page, whatever its name suggests."""
        return bool(element.xpath(".//h1")) or 2 * len(words(element)) > self._length

    def _report(self, what: str, element: HtmlElement) -> None:
        text = words(element) or element.get("src", "")
        self.source.dropped.append(Dropped(what, excerpt(text)))

    def _add_list(self, element: HtmlElement, is_main: bool) -> None:
        # A list inside a list becomes items of the outer one: only depth is lost.
        found = [(" ".join(flowing(item).split()), item) for item in element.iter("li")]
        items = [item for words, item in found if words]
        html = "".join(f"<li>{inline(item, self._base)}</li>" for item in items)
        texts = tuple(text for text, _ in found if text)
        self._add(Piece("list", "\n".join(texts), html, items=texts,
                        is_numbered=element.tag == "ol"), element, is_main)  # fmt: skip
        for image in element.iter("img"):
            self._block(image, is_main=is_main, depth=0)

    def _add_run(self, run: list[HtmlElement | str], is_main: bool) -> None:
        """A paragraph of what stands between two blocks."""
        text, html, links = "", "", []
        for part in run:
            if isinstance(part, str):
                text += part.replace("\n", " ")
                html += escape(part.replace("\n", " "), quote=False)
            else:
                text += flowing(part)
                html += tagged(part, self._base)
                links += [link.get("href", "") for link in part.iter("a")]
        lines = [" ".join(line.split()) for line in text.split("\n")]
        if any(lines):
            html = "<br/>".join(" ".join(h.split()) for h in html.split("<br/>"))
            piece = Piece("paragraph", "\n".join(lines), html, links=tuple(links))
            self.source.pieces.append(replace(piece, is_main=is_main))

    def _add(self, piece: Piece, element: HtmlElement, is_main: bool) -> None:
        if piece.text or piece.kind == "image":
            links = tuple(link.get("href", "") for link in element.iter("a"))
            self.source.pieces.append(replace(piece, links=links, is_main=is_main))


def _main_part(root: HtmlElement) -> HtmlElement | None:
    """The element that holds the article, the largest of the likeliest kind."""
    for path in _MAIN:
        found = [e for e in root.xpath(path) if len(words(e)) > 200]
        if found:
            return max(found, key=lambda element: len(words(element)))
    return None


def _is_block(element: HtmlElement) -> bool:
    return element.tag in _BLOCKS or any(
        child.tag in _BLOCKS for child in element.iterdescendants()
    )


def _holds_blocks(element: HtmlElement) -> bool:
    """Whether a list's items hold more than a line: paragraphs, headings, tables."""
    return bool(element.xpath(".//p[2]|.//h2|.//h3|.//h4|.//table|.//form"))


def _is_web_address(text: str) -> bool:
    try:
        return urlsplit(text).scheme in ("http", "https")
    except ValueError:
        return False
