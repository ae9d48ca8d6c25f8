"""What an importer reads: a file's bytes, and the pieces that any page is made of.

HTML and plain text end in the same pieces, so that one reader understands both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html import escape
from itertools import groupby
from typing import Literal

# A long article with every menu around it is a tenth of this.
LARGEST_FILE_MB = 5
MOST_PIECES = 5_000
_EXCERPT = 80

_DECLARED = re.compile(rb"<meta[^<>]{0,200}?charset\s?=\s?[\"']?([\w-]{2,40})", re.I)
_MARKUP = re.compile(
    r"<(?:!doctype\s+html|html|head|body|article|main|div|p|h[1-6]|section)\b", re.I
)
# Marks that turn the reading direction around, and with it what a text seems to say.
_TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_BULLET = re.compile(r"(?:[•◦▪‣*·–-]|(?P<number>\d{1,2}[.)]))\s+(?=\S)")
_MARKDOWN_EMPHASIS = re.compile(r"(?P<marks>[*_]{1,3})(?P<words>[^*_]+)(?P=marks)")
_MARKDOWN_HEADING = re.compile(r"(#{1,4})\s+(?=\S)")

PieceKind = Literal["paragraph", "heading", "list", "quote", "table", "image"]


class SourceError(ValueError):
    """The file cannot be imported; the message says why and what to do."""


@dataclass(frozen=True)
class Piece:
    """One block of a page, in reading order."""

    kind: PieceKind
    # Plain text; a line break where the source has one.
    text: str
    # The same as safe HTML without the block's own tag; for lists with `<li>`.
    html: str = ""
    # Of a heading, 1 to 6; 0 where the source does not say.
    level: int = 0
    items: tuple[str, ...] = ()
    is_numbered: bool = False
    rows: tuple[tuple[str, ...], ...] = ()
    links: tuple[str, ...] = ()
    # Whether it stands in the page's main part, not in a header, footer or margin.
    is_main: bool = True
    # Of plain text: empty lines before and after, as around a heading.
    is_alone: bool = False

    def lines(self) -> Iterator[Piece]:
        """The piece's lines as pieces, for blocks that hold several things."""
        texts = self.text.split("\n")
        htmls = self.html.split("<br/>")
        if len(texts) < 2 or len(texts) != len(htmls) or self.kind != "paragraph":
            yield self
            return
        for text, html in zip(texts, htmls, strict=True):
            if text.strip():
                yield replace(self, text=text.strip(), html=html.strip())


@dataclass(frozen=True)
class Dropped:
    """What was left out of the body, the beginning of its text, and why."""

    what: str
    excerpt: str = ""


@dataclass
class Source:
    """A page, taken apart but not yet understood."""

    title: str = ""
    pieces: list[Piece] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    canonical_url: str = ""
    # What the page says of itself to machines: author, description.
    author: str = ""
    description: str = ""
    categories: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    def refuse_too_many_pieces(self) -> None:
        if len(self.pieces) > MOST_PIECES:
            raise SourceError(
                f"This has {len(self.pieces):,} paragraphs; a page has {MOST_PIECES:,} "
                "at most. Save one page only."
            )


def excerpt(text: str) -> str:
    """The beginning of a text, on one line, for a note."""
    text = " ".join(text.split())
    return text if len(text) <= _EXCERPT else text[: _EXCERPT - 1] + "…"


def decoded(content: bytes) -> str:
    """The text of a file.

    Raises SourceError for what is empty, too large, binary or in an unknown encoding.
    """
    if not content.strip():
        raise SourceError(
            "The file is empty. Save the page's text or HTML into it and try again."
        )
    size_mb = len(content) / 1_000_000
    if size_mb > LARGEST_FILE_MB:
        raise SourceError(
            f"The file has {size_mb:.1f} MB; a page has {LARGEST_FILE_MB} MB at most. "
            "Save one page only, as text or as “HTML only”, without its images."
        )
    text = _text(content)
    control = sum(
        text.count(chr(code)) for code in range(32) if code not in (9, 10, 13)
    )
    if "\0" in text or control > 10:
        raise SourceError(
            "The file is binary, not text. Open the page in a browser, save it as "
            "text or as “HTML only”, and import that file."
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    return text.translate(_TURNING)


def _text(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded_as(content, "utf-16")
    declared = _DECLARED.search(content[:4000])
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as refused:
        if declared:
            return _decoded_as(content, declared[1].decode("ascii", "replace"))
        if b"\0" in content:
            return content.decode("latin-1")
        raise SourceError(
            f"The file is not in UTF-8: byte {refused.start + 1} cannot be read. Save "
            "it again and choose UTF-8 as the encoding."
        ) from refused


def _decoded_as(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except (LookupError, UnicodeError) as refused:
        raise SourceError(
            f"The page says that its encoding is {encoding}, but cannot be read so. "
            "Save it again and choose UTF-8 as the encoding."
        ) from refused


def is_html(text: str) -> bool:
    """Whether `text` is a saved page rather than its words."""
    return bool(_MARKUP.search(text[:20_000]))


def from_text(text: str, address: str = "") -> Source:
    """The pieces of plain text: its lines, with bullets made lists.

    Raises SourceError for more lines than a page can have.
    """
    source = Source(canonical_url=address)
    items: list[tuple[bool, str]] = []
    for block in re.split(r"\n[ \t]*\n", text):
        lines = [" ".join(_printable(line).split()) for line in block.split("\n")]
        lines = _unwrapped([line for line in lines if line])
        for line in lines:
            bullet = _BULLET.match(line)
            is_item = bullet and not (bullet["number"] and len(lines) == 1)
            if bullet and is_item:
                items.append((bool(bullet["number"]), line[bullet.end() :]))
                continue
            _add_list(source, items)
            source.pieces.append(_line_piece(line, is_alone=len(lines) == 1))
    _add_list(source, items)
    source.refuse_too_many_pieces()
    first = source.pieces[0] if source.pieces else None
    if first and first.kind in ("paragraph", "heading") and _could_be_title(first):
        source.title = first.text
        del source.pieces[0]
    return source


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _line_piece(line: str, *, is_alone: bool) -> Piece:
    emphasised = _MARKDOWN_EMPHASIS.fullmatch(line)
    line = emphasised["words"] if emphasised else line
    heading = _MARKDOWN_HEADING.match(line)
    if not heading:
        return Piece("paragraph", line, escape(line, quote=False), is_alone=is_alone)
    words = line[heading.end() :].rstrip(" #")
    return Piece("heading", words, escape(words, quote=False), len(heading[1]))


def _add_list(source: Source, items: list[tuple[bool, str]]) -> None:
    """Make lists of the bullets that came one after the other, and forget them."""
    for is_numbered, group in groupby(items, key=lambda item: item[0]):
        source.pieces.append(list_piece(tuple(text for _, text in group), is_numbered))
    items.clear()


def list_piece(items: tuple[str, ...], is_numbered: bool) -> Piece:
    html = "".join(f"<li>{escape(item, quote=False)}</li>" for item in items)
    text = "\n".join(items)
    return Piece("list", text, html, items=items, is_numbered=is_numbered)


def _unwrapped(lines: list[str]) -> list[str]:
    """Lines that an editor broke at its margin, joined again."""
    if len(lines) < 2 or not all(50 <= len(line) <= 100 for line in lines[:-1]):
        return lines
    if any(
        _BULLET.match(line) or re.match(r"[A-Z][\w ]{1,20}:", line) for line in lines
    ):
        return lines
    return [" ".join(lines)]


def _could_be_title(piece: Piece) -> bool:
    return len(piece.text) <= 200 and (
        piece.kind == "heading" or not piece.text.endswith((".", ",", ";"))
    )
