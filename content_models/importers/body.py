"""Pieces of a page to the blocks of an article's body."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import unescape
from itertools import zip_longest
from typing import Any

import nh3

from content_models.importers.sources import Piece

# The levels that a heading block offers.
_HIGHEST, _LOWEST = 2, 4
_LONGEST_HEADING = 200

Block = dict[str, Any]


def blocks(pieces: Sequence[Piece]) -> list[Block]:
    """The raw blocks of a body; texts and lists that follow each other share one.

    Headings keep their order of levels, beginning with the highest that an article has.
    """
    levels = sorted({piece.level for piece in pieces if _is_heading(piece)})
    return blocks_of(_block(piece, levels) for piece in pieces)


def blocks_of(single: Iterable[Block]) -> list[Block]:
    """Blocks of one thing each, with texts that follow each other in one."""
    found: list[Block] = []
    texts: list[str] = []
    for block in single:
        if block["type"] == "text":
            texts.append(block["value"])
            continue
        found += _text_block(texts)
        texts = []
        found.append(block)
    return found + _text_block(texts)


def words_of(value: Any) -> str:
    """The words of a block's value, whatever its kind, on one line."""
    if isinstance(value, dict):
        return " ".join(words_of(each) for each in value.values())
    if isinstance(value, list):
        return " ".join(map(words_of, value))
    apart = re.sub(r"</(?:p|li)>|<br/>", " ", str(value))
    return " ".join(unescape(nh3.clean(apart, tags=set())).split())


def with_headings(pieces: Sequence[Piece]) -> tuple[list[Piece], list[str]]:
    """Plain text's pieces with those made headings that look so, and these lines.

    Where the text marks headings itself, as Markdown does, none is guessed.
    """
    if any(piece.kind == "heading" for piece in pieces):
        return list(pieces), []
    found, guessed = [], []
    for piece, following in zip_longest(pieces, pieces[1:]):
        if _looks_like_a_heading(piece, following):
            guessed.append(piece.text)
            piece = replace(piece, kind="heading", level=2)
        found.append(piece)
    return found, guessed


def _looks_like_a_heading(piece: Piece, following: Piece | None) -> bool:
    """Whether a line of plain text stands like a heading over a text."""
    return (
        piece.kind == "paragraph"
        and piece.is_alone
        and len(piece.text) <= 80
        and len(piece.text.split()) <= 12
        and not piece.text.endswith((".", "!", ",", ";", ":"))
        and following is not None
        and (following.kind == "list" or len(following.text) > 80)
    )


def _text_block(texts: list[str]) -> list[Block]:
    return [{"type": "text", "value": "".join(texts)}] if texts else []


def _is_heading(piece: Piece) -> bool:
    return piece.kind == "heading" and len(piece.text) <= _LONGEST_HEADING


def _block(piece: Piece, levels: list[int]) -> Block:
    if _is_heading(piece):
        level = min(_HIGHEST + levels.index(piece.level), _LOWEST)
        return {"type": "heading", "value": {"text": piece.text, "level": str(level)}}
    if piece.kind == "quote":
        return {"type": "quote", "value": {"text": piece.text, "attribution": ""}}
    if piece.kind == "table":
        return {"type": "table", "value": _table(piece)}
    if piece.kind == "list":
        tag = "ol" if piece.is_numbered else "ul"
        return {"type": "text", "value": f"<{tag}>{piece.html}</{tag}>"}
    return {"type": "text", "value": f"<p>{piece.html}</p>"}


def _table(piece: Piece) -> dict[str, Any]:
    width = max(map(len, piece.rows), default=0)
    rows = [[*row, *[""] * (width - len(row))] for row in piece.rows]
    return {
        "data": rows,
        "first_row_is_table_header": True,
        "first_col_is_header": False,
        "table_caption": "",
    }
