"""A clinic's page, as text or saved HTML, to what it holds.

The page is read from top to bottom. Every line is asked what it is; what nothing else
claims is the article's text, until something begins that ends an article: a contact
form, the locations, related posts. Nothing is made up: what is not understood is said.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Literal

from content_models.citations import parsing
from content_models.importers import html, signs, sources
from content_models.importers.body import blocks, with_headings
from content_models.importers.findings import About, ClinicPage, Note, NoteKind
from content_models.importers.sources import Piece, SourceError, excerpt

Section = Literal["references", "form", "places", "map", "awards", "aside"]

_LONGEST_TITLE = 255
_NUMBER_BEFORE = re.compile(r"(?:^|\s)\[?\d{1,2}[.)\]]\s(?=[A-Z])")
_OF_SOURCES = {"issued", "volume", "DOI", "PMID", "PMCID", "URL"}


def read(content: bytes, address: str = "") -> ClinicPage:
    """Read a page from a file's bytes; `address` is where it stood, if that is known.

    Raises SourceError for what is no page: empty, binary, too large, without a title
    or without a text.
    """
    text = sources.decoded(content)
    if sources.is_html(text):
        reader = _Reader(html.from_html(text, address), has_levels=True)
    else:
        reader = _Reader(sources.from_text(text, address), has_levels=False)
    return reader.page()


class _Reader:
    def __init__(self, source: sources.Source, *, has_levels: bool) -> None:
        self._source = source
        # Whether headings say that they are; in plain text a line is a line.
        self._has_levels = has_levels
        self._page = ClinicPage(" ".join(source.title.split()))
        self._body: list[Piece] = []
        self._section: Section | None = None
        self._has_ended = False
        self._promised: int | None = None
        self._places: dict[str, signs.Place] = {}
        # Kept as keys: each once, in the order of the page.
        self._awards: dict[signs.Award, None] = {}
        self._logos: dict[str, None] = {}
        self._notes: dict[Note, None] = {}
        self._form_lines = 0

    def page(self) -> ClinicPage:
        page = self._page
        if not page.title:
            raise SourceError(
                "The page has no title. Write it into the first line, with an empty "
                "line after it, or as a heading (h1) in HTML."
            )
        for piece in self._source.pieces:
            self._take(piece)
        self._settle_meta()
        body = self._body
        if not self._has_levels:
            body, guessed = with_headings(body)
            for line in guessed:
                text = f"“{excerpt(line)}” was taken for a heading."
                self._note("unsure", text, "body")
        if not any(piece.kind != "heading" for piece in body):
            raise SourceError(
                f"No text was found below the title “{page.title[:80]}”. Check that "
                "the file holds the whole page, and that it is not loaded by a script."
            )
        page.body = blocks(body)
        if len(page.title) > _LONGEST_TITLE:
            self._note(
                "warning",
                "The title is longer than 255 characters and was cut.",
                "title",
            )
            page.title = page.title[: _LONGEST_TITLE - 1] + "…"
        page.places, page.awards = list(self._places.values()), list(self._awards)
        self._settle_notes()
        page.notes = list(self._notes)
        return page

    def _note(self, kind: NoteKind, text: str, about: About = "") -> None:
        self._notes.setdefault(Note(kind, text, about))

    # --- One piece after the other ----------------------------------------------

    def _take(self, piece: Piece) -> None:
        lines = list(piece.lines())
        if len(lines) > 1 and any(self._starts_something(line) for line in lines):
            for line in lines:
                self._take_line(line)
        else:
            self._take_line(piece)

    def _starts_something(self, line: Piece) -> bool:
        return (
            signs.references(line.text) is not None
            or signs.names_after_label(line.text) is not None
            or signs.byline(line.text) is not None
        )

    def _take_line(self, piece: Piece) -> None:
        if self._has_levels and piece.kind == "heading":
            self._section = None
        if piece.kind == "image":
            self._take_image(piece)
        elif (
            self._begins_section(piece)
            or self._takes_label(piece)
            or self._is_noise(piece)
            or (self._section and self._takes_in_section(piece))
            or self._takes_sign(piece)
        ):
            return
        elif self._is_body(piece):
            self._body.append(piece)
        elif piece.is_main:
            self._note("left out", f"“{excerpt(piece.text)}”: after the article's end.")

    def _is_body(self, piece: Piece) -> bool:
        return piece.is_main and self._section is None and not self._has_ended

    def _begins_section(self, piece: Piece) -> bool:
        """Whether a line is the heading of something that is no article text."""
        line = piece.text
        if piece.kind not in ("heading", "paragraph"):
            return False
        if self._has_levels and piece.kind != "heading" and len(line) > 60:
            return False
        promised = signs.promised_places(line)
        section: Section | None = None
        if promised is not None and (promised or piece.kind != "heading" or self._body):
            self._promised = promised or self._promised
            section = "places"
        elif signs.is_form_heading(line):
            section = "form"
        elif signs.is_map_heading(line):
            section = "map"
        elif signs.is_awards_heading(line):
            section = "awards"
        elif signs.is_aside_heading(line):
            section = "aside"
        if section is None:
            return False
        self._section = section
        # In plain text nothing says where such a part ends, so the article has ended.
        self._has_ended = self._has_ended or (not self._has_levels and bool(self._body))
        if section == "aside":
            self._note("left out", f"“{excerpt(line)}” and what follows it.")
        return True

    def _takes_label(self, piece: Piece) -> bool:
        """Whether a line says by its label what it is: references, people…"""
        if piece.kind not in ("heading", "paragraph") or not piece.is_main:
            return False
        rest = signs.references(piece.text)
        if rest is not None:
            self._section = "references"
            self._take_citations(rest)
            return True
        named = signs.names_after_label(piece.text)
        if named:
            words = self._page.categories if named[0] == "category" else self._page.tags
            words += named[1]
            return True
        byline = signs.byline(piece.text) if piece.kind == "paragraph" else None
        if byline is None or (self._section and self._section != "references"):
            return False
        self._page.people += byline.people
        for rest_text in byline.rest:
            text = f"“{excerpt(rest_text)}” names no person: no author."
            self._note("unsure", text, "people")
        return True

    def _takes_in_section(self, piece: Piece) -> bool:
        """Whether the open section knows what to do with a line."""
        if self._section == "references":
            return self._takes_reference(piece)
        if self._section == "places":
            return self._takes_place(piece)
        if self._section == "form":
            if self._award_or_logo(piece.text):
                return True
            self._form_lines += max(1, len(piece.items))
            return True
        if self._section == "awards" or self._section == "map":
            return self._award_or_logo(piece.text)
        return True

    def _takes_reference(self, piece: Piece) -> bool:
        texts = piece.items or (piece.text,)
        citations = [parsing.parse(text) for text in texts]
        if self._has_levels or any(map(_names_a_source, citations)):
            for text in texts:
                self._take_citations(text)
            return True
        self._section, self._has_ended = None, True
        return False

    def _take_citations(self, text: str) -> None:
        """Add the citations of a text, which may number several."""
        starts = [match.start() for match in _NUMBER_BEFORE.finditer(text)]
        parts = [text]
        if len(starts) > 1:
            bounds = [*starts, len(text)]
            parts = [text[a:b] for a, b in pairwise(bounds)]
        for part in filter(None, (part.strip() for part in parts)):
            citation = parsing.parse(part)
            if _names_a_source(citation):
                self._page.citations.append(citation)
            else:
                self._page.unread_citations.append(part)
                self._note(
                    "unsure",
                    f"“{excerpt(part)}” is no reference that can be read.",
                    "references",
                )

    def _takes_place(self, piece: Piece) -> bool:
        found = False
        lines = piece.items or tuple(piece.text.split("\n"))
        links = piece.links if len(piece.links) == len(lines) else ("",) * len(lines)
        for line, link in zip(lines, links, strict=True):
            if self._award_or_logo(line):
                found = True
                continue
            place = signs.place(line, link)
            if place:
                found = True
                self._places.setdefault(place.slug, place)
            if re.search(r"\d", line) and len(line) < 120:
                found = True
                self._note(
                    "left out", f"“{excerpt(line)}”: a location's address or phone."
                )
        return found

    def _is_noise(self, piece: Piece) -> bool:
        """Whether a line is never content, wherever it stands."""
        line = piece.text
        if signs.is_form_line(line):
            self._form_lines += max(1, len(piece.items))
            return True
        if signs.is_legal(line):
            self._note("left out", f"“{excerpt(line)}”.")
            return True
        return False

    def _takes_sign(self, piece: Piece) -> bool:
        """Whether a line outside any section tells by itself that it is no text."""
        line = piece.text
        if piece.kind == "list" and not self._is_body(piece):
            # All of them are looked at, whatever the first one is.
            known = [self._award_or_logo(item) for item in piece.items]
            return all(known)
        return len(line) < 160 and self._award_or_logo(line)

    def _award_or_logo(self, line: str) -> bool:
        award = signs.award(line)
        if award:
            self._awards.setdefault(award)
            return True
        name = signs.logo(line)
        if name is not None:
            self._logos.setdefault(line.strip())
        return name is not None

    def _take_image(self, piece: Piece) -> None:
        """Take an image for what its description says, and leave the picture."""
        alt = piece.text
        if self._award_or_logo(alt):
            return
        if self._section == "places" and alt and self._takes_place(piece):
            return
        if piece.is_main and not self._has_ended:
            what = f"The image “{excerpt(alt)}”" if alt else "An image without words"
            text = f"{what}: upload it and put it into the article."
            self._note("left out", text, "images")

    # --- When all pieces are taken ----------------------------------------------

    def _settle_meta(self) -> None:
        """Use what the page says to machines where its text does not say it."""
        page, source = self._page, self._source
        page.canonical_url = source.canonical_url
        if len(source.description) <= 400:
            page.summary = " ".join(source.description.split())
        if not page.people and source.author:
            byline = signs.byline(f"By {source.author}")
            page.people += byline.people if byline else ()
        page.tags = source.tags or page.tags
        # Links that say what they are are surer than a line's words.
        named = list(dict.fromkeys(source.categories or page.categories))
        page.categories = [name for name in named if not signs.is_no_category(name)]
        for name in named:
            if signs.is_no_category(name):
                self._note(
                    "left out", f"The category “{name}”: it says that there is none."
                )
        page.tags = list(dict.fromkeys(page.tags))
        if not page.people:
            text = "The page names no author that can be read."
            self._note("warning", text, "people")

    def _settle_notes(self) -> None:
        page = self._page
        if self._form_lines:
            self._note(
                "left out", f"A contact part or form; its lines: {self._form_lines}."
            )
        found = len(page.places)
        if self._promised and self._promised != found:
            names = ", ".join(place.slug for place in page.places) or "none"
            self._note(
                "warning",
                f"The page promises {self._promised} locations but names {found} "
                f"different ones ({names}). None was made up.",
                "places",
            )
        unnamed = [line for line in self._logos if not signs.logo(line)]
        named = [line for line in self._logos if signs.logo(line)]
        if unnamed:
            self._note(
                "left out",
                f"{len(unnamed)} logos without a name ({', '.join(unnamed[:20])}): "
                "whose they are cannot be told, so no affiliation was made of them.",
            )
        for line in named:
            text = f"“{line}” may be an affiliation: add it by hand."
            self._note("unsure", text, "affiliations")
        for dropped in self._source.dropped[:40]:
            excerpt = f" (“{dropped.excerpt}”)" if dropped.excerpt else ""
            self._note(
                "left out", f"{dropped.what[:1].upper()}{dropped.what[1:]}{excerpt}."
            )


def _names_a_source(citation: parsing.Citation) -> bool:
    """Whether a text has what only citations have: a year, a volume, an identifier."""
    return bool(citation.fields.keys() & _OF_SOURCES)
