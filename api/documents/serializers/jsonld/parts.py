"""What of an article's body has a meaning of its own: films, questions, exercises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .nodes import Node, image, node, text


def of(body: Iterable[Mapping[str, Any]]) -> Node:
    """The members `video` and `hasPart` of the article with `body`."""
    videos: list[Node] = []
    found: list[Node] = []
    for block in body:
        value = block["value"]
        if block["type"] == "video":
            videos.append(_video(value))
        elif block["type"] == "faq":
            found += [_question(item) for item in value["items"]]
        elif block["type"] == "exercise":
            found.append(_exercise(value))
    return {"video": videos, "hasPart": found}


def _video(value: Mapping[str, Any]) -> Node:
    return node(
        "VideoObject",
        {
            "name": value["title"],
            "url": value["url"],
            "transcript": value.get("transcript"),
        },
    )


def _question(item: Mapping[str, Any]) -> Node:
    answer = node("Answer", {"text": text(item["answer_html"])})
    return node("Question", {"name": item["question"], "acceptedAnswer": answer})


def _exercise(value: Mapping[str, Any]) -> Node:
    steps = [
        node("HowToStep", {"position": position, "text": words})
        for position, words in enumerate(value["steps"], start=1)
    ]
    description = " ".join(
        words for words in (value.get("intro"), value.get("dosage")) if words
    )
    return node(
        "HowTo",
        {
            "name": value["title"],
            "description": description,
            "image": image(value.get("image")),
            "step": steps,
        },
    )
