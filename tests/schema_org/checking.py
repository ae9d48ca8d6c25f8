"""JSON-LD checked by Google's TypeScript types of schema.org, which are not ours.

They are made from the vocabulary: a member that its type does not have, and a value
that the member may not have, is an error of the compiler. `npm ci` installs what the
lock beside this file names into the tests' data folder, once.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

_HERE = Path(__file__).parent
_LOCK = "package-lock.json"
_OPTIONS = (
    "--noEmit --strict --skipLibCheck --target es2022 --module esnext "
    "--moduleResolution bundler --pretty false"
)


def complaints(documents: Iterable[dict[str, Any]]) -> list[str]:
    """What the types have against `documents`, an error each; [] where all is well.

    Skips the test where Node.js is missing; with CLINICAST_REQUIRE_NODE=1 fails it.
    """
    folder = _installed()
    (folder / "documents.ts").write_text(_program(documents))
    compiler = folder / "node_modules" / "typescript" / "bin" / "tsc"
    arguments = [_program_at("node"), str(compiler), *_OPTIONS.split(), "documents.ts"]
    done = subprocess.run(arguments, cwd=folder, capture_output=True, text=True)
    errors = done.stdout.splitlines()
    assert bool(done.returncode) == bool(errors), done.stderr
    return errors


def _program(documents: Iterable[dict[str, Any]]) -> str:
    lines = ['import type * as schema from "schema-dts";']
    for number, document in enumerate(documents):
        # The type itself and not those below it, so that errors name the member.
        type = f"schema.WithContext<schema.{document['@type']}Leaf>"
        lines.append(f"export const d{number}: {type} = {json.dumps(document)};")
    return "\n".join(lines)


def _installed() -> Path:
    """The folder in which the compiler and the types are, as the lock names them."""
    folder = Path(os.environ["CLINICAST_DATA_DIR"]).resolve() / "schema_org"
    lock = (_HERE / _LOCK).read_text()
    stamp = folder / "installed.json"
    if stamp.exists() and stamp.read_text() == lock:
        return folder
    npm = _program_at("npm")
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", _LOCK):
        shutil.copy(_HERE / name, folder)
    arguments = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(arguments, cwd=folder, check=True)
    stamp.write_text(lock)
    return folder


def _program_at(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        missing = f"{name} is not installed; it checks the JSON-LD against schema.org"
        if os.environ.get("CLINICAST_REQUIRE_NODE") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    return found
