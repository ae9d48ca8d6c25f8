"""Public tools on the same texts, each asked in an environment of its own.

`make accuracy` installs them under `.data/accuracy`; one that is not there is skipped
with a word. What a tool gives is taken as kindly as can be: a field that it does not
have is empty, and its journal may stand in either of its fields for that.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

PYTHON = Path(__file__).resolve().parents[2] / ".data/accuracy/bin/python"
ASKED = Path(__file__).with_name("asked.py")
TIMEOUT_S = 300

Read = Callable[[list[str]], list[dict[str, Any]]]


def citation_readers() -> dict[str, Read]:
    found = _installed(("refextract", "refparse"))
    anystyle = shutil.which("anystyle")
    if anystyle:
        found["anystyle"] = lambda texts: _anystyle(anystyle, texts)
    else:
        print("anystyle is not installed (gem install anystyle-cli): left out.")
    return found


def byline_readers() -> dict[str, Read]:
    return _installed(("nameparser", "probablepeople"))


def _installed(tools: tuple[str, ...]) -> dict[str, Read]:
    found: dict[str, Read] = {}
    for tool in tools:
        if PYTHON.exists() and not _ask(tool, []).returncode:
            found[tool] = _reader(tool)
        else:
            print(f"{tool} could not be installed: left out.")
    return found


def _reader(tool: str) -> Read:
    def read(texts: list[str]) -> list[dict[str, Any]]:
        answer = _ask(tool, texts)
        answer.check_returncode()
        return [json.loads(line) for line in answer.stdout.splitlines()]

    return read


def _ask(tool: str, texts: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(PYTHON), str(ASKED), tool],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )


def _anystyle(command: str, texts: list[str]) -> list[dict[str, Any]]:
    lines = "\n".join(" ".join(text.split()) for text in texts)
    answer = subprocess.run(
        [command, "--stdout", "-f", "csl", "parse", "/dev/stdin"],
        input=lines,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=True,
    )
    return [_of_csl(item) for item in json.loads(answer.stdout)]


def _of_csl(item: dict[str, Any]) -> dict[str, Any]:
    first = (item.get("author") or [{}])[0]
    return {
        "family": first.get("family") or first.get("literal"),
        "year": str(item.get("issued") or "")[:4],
        "title": item.get("title"),
        "container": item.get("container-title"),
        "volume": item.get("volume"),
        "issue": item.get("issue"),
        "page": str(item.get("page") or "").split("–")[0].split("-")[0],
        "doi": item.get("DOI"),
    }
