"""Body blocks to public blocks, to safe HTML and to plain text.

Nothing here trusts what the editor's browser sent: rich text is rewritten, then
cleaned against a list of what is allowed; everything else is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container
from html import escape, unescape
from typing import Any

import nh3
from django.utils.text import slugify
from lxml import html as lxml_html
from wagtail.blocks import StreamValue

from content_models.models import Article

from .base import Rendering
from .media import ImageSerializer

_TAGS = {"p", "br", "b", "strong", "i", "em", "ul", "ol", "li", "sub", "sup", "a"}
_ATTRIBUTES = {"a": {"href"}}
_CLASSES = {"a": {"citation"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    allowed_classes=_CLASSES,
    url_schemes=_SCHEMES,
    clean_content_tags={"script", "style"},
    link_rel=None,
)
# [1], [2, 3] and [4-6], but not within a tag.
_MARK = re.compile(r"\[(\d{1,3}(?:\s?[,–-]\s?\d{1,3}){0,9})\]")
_TAG = re.compile(r"(<[^<>]*>)")
_INLINE = re.compile(r"</?(?:a|b|strong|i|em|sub|sup|span|cite)\b[^<>]*>")
_PAGE_LINK = re.compile(r"<a\b[^<>]*\blinktype=\"page\"[^<>]*>")
_PAGE_ID = re.compile(r"\bid=\"(\d{1,18})\"")


def linked_article_ids(rich_text: str) -> set[int]:
    """The ids of the pages to which `rich_text` links."""
    found = (_PAGE_ID.search(tag) for tag in _PAGE_LINK.findall(rich_text))
    return {int(match.group(1)) for match in found if match}


def safe_html(rich_text: str, rendering: Rendering, cited: Container[int] = ()) -> str:
    """Stored rich text as HTML that any site may show.

    Links to articles lead to their canonical addresses while they are public, else
    they become plain text. `cited` holds the numbers of the references that are shown:
    `[n]` with such a number becomes a link to the reference list.
    """
    if not rich_text:
        return ""
    rewritten = _rewrite_links(_link_marks(rich_text, cited), rendering)
    return _CLEANER.clean(rewritten)


def plain(html: str) -> str:
    """The words of clean HTML, one space apart, with no markup or entities left."""
    # What stands in two list items or cells is two words, in bold and beside it is one.
    apart = _INLINE.sub("", html).replace("<", " <")
    return unescape(" ".join(nh3.clean(apart, tags=set()).split()))


def _link_marks(html: str, cited: Container[int]) -> str:
    def link(mark: re.Match[str]) -> str:
        numbers = re.findall(r"\d+", mark.group(1))
        if not all(int(number) in cited for number in numbers):
            return mark.group(0)
        inner = re.sub(r"\d+", _citation_link, mark.group(1))
        return f"[{inner}]"

    if "[" not in html:
        return html
    pieces = _TAG.split(html)
    # Every second piece is a tag.
    pieces[::2] = [_MARK.sub(link, text) for text in pieces[::2]]
    return "".join(pieces)


def _citation_link(number: re.Match[str]) -> str:
    return f'<a class="citation" href="#ref-{int(number[0])}">{number[0]}</a>'


def _rewrite_links(html: str, rendering: Rendering) -> str:
    if "<a" not in html:
        return html
    root = lxml_html.fragment_fromstring(html, create_parent="div")
    targets = _articles(linked_article_ids(html))
    for link in list(root.iter("a")):
        address = _address(link, targets, rendering)
        if address is None:
            link.drop_tag()
        else:
            css = link.get("class")
            link.attrib.clear()
            link.set("href", address)
            if css == "citation":
                link.set("class", css)
    text = escape(root.text, quote=False) if root.text else ""
    return text + "".join(
        lxml_html.tostring(child, encoding="unicode") for child in root
    )


def _articles(ids: set[int]) -> dict[int, Article]:
    return Article.objects.select_related("home").in_bulk(ids) if ids else {}


def _address(
    link: Any, targets: dict[int, Article], rendering: Rendering
) -> str | None:
    if link.get("linktype") == "page":
        identifier = link.get("id", "")
        article = targets.get(int(identifier)) if identifier.isdigit() else None
        if article is None:
            return None
        # While it is not public it is looked at too: publishing it makes this a link
        # again. Its home is not, which would tell where it is to be.
        if not rendering.public([article]) or not rendering.scene.may_be_named(article):
            return None
        return rendering.address_of(article)
    href = (link.get("href") or "").strip()
    is_ours = href.startswith("#ref-") and link.get("class") == "citation"
    return href if is_ours or href.split(":")[0].lower() in _SCHEMES else None


class BodyRenderer:
    """Renders one article's body; asks for `blocks`, `html` and `text` afterwards."""

    TYPES = (
        "text",
        "heading",
        "image",
        "quote",
        "callout",
        "video",
        "table",
        "exercise",
        "faq",
    )

    def __init__(self, rendering: Rendering, cited: Container[int]) -> None:
        self._rendering = rendering
        self._cited = cited
        self._level = 1
        self._anchors: set[str] = set()
        self.blocks: list[dict[str, Any]] = []
        self._html: list[str] = []

    @property
    def html(self) -> str:
        return "\n".join(self._html)

    @property
    def text(self) -> str:
        """The words of the body, without any markup, as they are counted."""
        return plain(self.html)

    def render(self, body: StreamValue) -> None:
        renderers: dict[str, Callable[[Any], tuple[Any, str]]] = {
            type: getattr(self, f"_{type}") for type in self.TYPES
        }
        for block in body:
            value, html = renderers[block.block_type](block.value)
            if value is None:
                continue
            self.blocks.append(
                {"id": block.id, "type": block.block_type, "value": value}
            )
            self._html.append(html)

    def _safe(self, rich_text: Any) -> str:
        return safe_html(getattr(rich_text, "source", ""), self._rendering, self._cited)

    def _text(self, value: Any) -> tuple[Any, str]:
        html = self._safe(value)
        return {"html": html}, html

    def _heading(self, value: Any) -> tuple[Any, str]:
        # No level is left out on the way down, whatever was chosen: screen readers
        # announce a missing one. Source: WCAG 2.1, technique G141.
        self._level = min(int(value["level"] or 2), self._level + 1)
        anchor = self._anchor(value["text"])
        heading = {"text": value["text"], "level": self._level, "anchor": anchor}
        tag = f"h{self._level}"
        return heading, f'<{tag} id="{anchor}">{escape(value["text"])}</{tag}>'

    def _anchor(self, text: str) -> str:
        base = anchor = slugify(text)[:60] or "section"
        if base.startswith("ref-"):
            # Taken: there the marks in the text lead.
            base = anchor = f"on-{base}"
        number = 1
        while anchor in self._anchors:
            number += 1
            anchor = f"{base}-{number}"
        self._anchors.add(anchor)
        return anchor

    def _subheading(self, text: str) -> str:
        tag = f"h{max(2, min(self._level + 1, 6))}"
        return f"<{tag}>{escape(text)}</{tag}>"

    def _image(self, value: Any) -> tuple[Any, str]:
        chosen = value["image"]
        shown = self._picture(chosen)
        if shown is None:
            return None, ""
        credit = value["credit"] or shown["credit"]
        shown = shown | {"credit": credit}
        caption = value["caption"]
        note = escape(caption)
        if credit:
            note += f' <span class="credit">{escape(credit)}</span>'
        html = f'<figure class="figure">{_img(shown)}'
        html += f"<figcaption>{note.strip()}</figcaption>" if note else ""
        return {"image": shown, "caption": caption}, f"{html}</figure>"

    def _picture(self, chosen: Any) -> dict[str, Any] | None:
        image = self._rendering.image(chosen)
        if image is None:
            return None
        shape = self._rendering.shape(ImageSerializer)
        shown = dict(shape.to_representation(image))
        if image.decorative:
            shown["alt"] = ""
        elif image.contextual_alt_text:
            shown["alt"] = image.contextual_alt_text
        return shown

    def _quote(self, value: Any) -> tuple[Any, str]:
        quote = {"text": value["text"], "attribution": value["attribution"]}
        html = f'<blockquote class="quote"><p>{escape(value["text"])}</p>'
        if value["attribution"]:
            html += f"<cite>{escape(value['attribution'])}</cite>"
        return quote, f"{html}</blockquote>"

    def _callout(self, value: Any) -> tuple[Any, str]:
        html = self._safe(value["text"])
        callout = {"kind": value["kind"], "title": value["title"], "html": html}
        title = self._subheading(value["title"])
        kind, label = escape(value["kind"]), escape(value["title"])
        # A landmark, which assistive programs list by its name.
        aside = f'<aside class="callout callout-{kind}" aria-label="{label}">'
        return callout, f"{aside}{title}{html}</aside>"

    def _video(self, value: Any) -> tuple[Any, str]:
        if value["url"].split(":")[0].lower() not in {"http", "https"}:
            return None, ""
        video = {name: value[name] for name in ("url", "title", "transcript")}
        html = f'<figure class="video"><a href="{escape(value["url"])}">'
        html += f"{escape(value['title'])}</a>"
        if value["transcript"]:
            html += f"<figcaption>{escape(value['transcript'])}</figcaption>"
        return video, f"{html}</figure>"

    def _table(self, value: Any) -> tuple[Any, str]:
        # It is stored as the browser sent it, so it may be of any shape.
        value = value if isinstance(value, dict) else {}
        rows = [
            [str(cell or "") for cell in row]
            for row in value.get("data") or []
            if isinstance(row, list)
        ]
        if not rows:
            return None, ""
        has_header = bool(value.get("first_row_is_table_header"))
        table = {
            "caption": value.get("table_caption") or "",
            "header": rows[0] if has_header else None,
            "rows": rows[1:] if has_header else rows,
            "first_column_is_header": bool(value.get("first_col_is_header")),
        }
        return table, _table_html(table)

    def _exercise(self, value: Any) -> tuple[Any, str]:
        picture = self._picture(value["image"])
        exercise = {
            "title": value["title"],
            "intro": value["intro"],
            "image": picture,
            "steps": list(value["steps"]),
            "dosage": value["dosage"],
        }
        html = f'<section class="exercise">{self._subheading(value["title"])}'
        html += f"<p>{escape(value['intro'])}</p>" if value["intro"] else ""
        html += _img(picture) if picture else ""
        steps = "".join(f"<li>{escape(step)}</li>" for step in exercise["steps"])
        html += f'<ol class="steps">{steps}</ol>'
        if value["dosage"]:
            html += f'<p class="dosage">{escape(value["dosage"])}</p>'
        return exercise, f"{html}</section>"

    def _faq(self, value: Any) -> tuple[Any, str]:
        items = [
            {"question": item["question"], "answer_html": self._safe(item["answer"])}
            for item in value["items"]
        ]
        html = "".join(
            f"{self._subheading(item['question'])}<div>{item['answer_html']}</div>"
            for item in items
        )
        return {"items": items}, f'<section class="faq">{html}</section>'


def _img(image: dict[str, Any]) -> str:
    # The widest of each format; sites that want the best choice use the renditions.
    widest = max(image["renditions"], key=lambda one: one["width"], default=None)
    if widest is None:
        return ""
    sources = ", ".join(
        f"{one['url']} {one['width']}w"
        for one in image["renditions"]
        if one["format"] == widest["format"]
    )
    return (
        f'<img src="{escape(widest["url"])}" srcset="{escape(sources)}" '
        f'sizes="(max-width: 45rem) 100vw, 45rem" alt="{escape(image["alt"])}" '
        f'width="{widest["width"]}" height="{widest["height"]}" loading="lazy">'
    )


def _table_html(table: dict[str, Any]) -> str:
    html = '<div class="table-scroll"><table>'
    if table["caption"]:
        html += f"<caption>{escape(table['caption'])}</caption>"
    if table["header"]:
        cells = "".join(
            f'<th scope="col">{escape(cell)}</th>' for cell in table["header"]
        )
        html += f"<thead><tr>{cells}</tr></thead>"
    html += "<tbody>"
    for row in table["rows"]:
        columns = [f"<td>{escape(cell)}</td>" for cell in row]
        if row and table["first_column_is_header"]:
            columns[0] = f'<th scope="row">{escape(row[0])}</th>'
        html += f"<tr>{''.join(columns)}</tr>"
    return f"{html}</tbody></table></div>"
