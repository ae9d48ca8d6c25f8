"""Text, links and front matter that stay what they are."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

_MARKUP = re.compile(r"([\\`*_\[\]<~|])")
# Would begin a heading, a list, a quotation, an underline or a rule.
_AT_START = re.compile(r"^(\s*)([#>+=-])", re.MULTILINE)
_NUMBER_AT_START = re.compile(r"^(\s*\d{1,9})([.)])", re.MULTILINE)
# Would end a heading, or make the text before it one.
_AT_END = re.compile(r"(#+)(\s*)$", re.MULTILINE)
_ENTITY = re.compile(r"&(?=#?\w+;)")
_NOT_IN_ADDRESS = re.compile(r"[\s<>\\]")
# JSON allows these in a string, YAML does not. Source: YAML 1.2.2, section 5.1.
_NOT_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def escaped(text: str) -> str:
    """`text` as Markdown that shows just this, wherever it stands."""
    text = _ENTITY.sub(r"\\&", _MARKUP.sub(r"\\\1", text))
    text = _AT_START.sub(r"\1\\\2", text)
    text = _NUMBER_AT_START.sub(r"\1\\\2", text)
    return _AT_END.sub(r"\\\1\2", text)


def line(text: str | None) -> str:
    """`text` escaped, in one line."""
    return escaped(" ".join((text or "").split()))


def link(text: str, address: str) -> str:
    """A link whose `text` is Markdown already."""
    return f"[{text}]({destination(address)})"


def destination(address: str) -> str:
    """`address` as it may stand in the brackets after a link's text."""
    address = _NOT_IN_ADDRESS.sub(lambda found: f"%{ord(found[0]):02X}", address)
    return f"<{address}>" if set(address) & set("()") else address


def picture(image: Mapping[str, Any] | None) -> str:
    """The image with its description; empty while nothing can be fetched."""
    made = (image or {}).get("renditions") or []
    if not image or not made:
        return ""
    widest = max(made, key=lambda one: one["width"])
    return f"!{link(line(image.get('alt')), widest['url'])}"


def joined(blocks: Iterable[str]) -> str:
    """`blocks` with an empty line between each two; empty ones are left out."""
    return "\n\n".join(block for block in blocks if block) + "\n"


def front_matter(members: Mapping[str, Any]) -> str:
    """`members` that have a value as YAML between two `---`.

    Each value is JSON, which is YAML too, so that no title can end what it stands in.
    """
    lines = [line for name, value in members.items() for line in _member(name, value)]
    return "\n".join(["---", *lines, "---", ""])


def _member(name: str, value: Any) -> list[str]:
    if value in (None, "", [], {}):
        return []
    if isinstance(value, list):
        return [f"{name}:", *(f"  - {_yaml(one)}" for one in value)]
    return [f"{name}: {_yaml(value)}"]


def _yaml(value: Any) -> str:
    if isinstance(value, dict):
        value = {name: held for name, held in value.items() if held}
    written = json.dumps(value, ensure_ascii=False)
    return _NOT_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", written)
