"""JSON-LD checked by Google's TypeScript types of schema.org, which are not ours.

They are made from the vocabulary: a member that its type does not have, and a value
that the member may not have, is an error of the compiler. `npm ci` installs what the
lock beside this file names into the tests' data folder, once.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests import node

_HERE = Path(__file__).parent
_PURPOSE = "checks the JSON-LD against schema.org"
_OPTIONS = (
    "--noEmit --strict --skipLibCheck --target es2022 --module esnext "
    "--moduleResolution bundler --pretty false"
)


def complaints(documents: Iterable[dict[str, Any]]) -> list[str]:
    """What the types have against `documents`, an error each; [] where all is well.

    Skips the test where Node.js is missing; with CLINICAST_REQUIRE_NODE=1 fails it.
    """
    folder = node.installed(_HERE, _PURPOSE)
    (folder / "documents.ts").write_text(_program(documents))
    compiler = folder / "node_modules" / "typescript" / "bin" / "tsc"
    arguments = [
        node.program("node", _PURPOSE),
        str(compiler),
        *_OPTIONS.split(),
        "documents.ts",
    ]
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
