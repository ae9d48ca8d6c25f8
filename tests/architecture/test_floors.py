"""Imports point down: the contracts in pyproject.toml hold, and each of them bites."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import grimp
import pytest
from importlinter import Contract
from importlinter.api import read_configuration
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract

TYPES: dict[str, type[Contract]] = {
    "forbidden": ForbiddenContract,
    "layers": LayersContract,
}
CONFIGURATION = read_configuration()
CONTRACTS: list[dict[str, Any]] = CONFIGURATION["contracts_options"]


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    packages = CONFIGURATION["session_options"]["root_packages"]
    return grimp.build_graph(*packages, include_external_packages=True, cache_dir=None)


def broken(imports: grimp.ImportGraph) -> list[str]:
    """The names of the contracts that do not hold for these imports."""
    contracts = [
        TYPES[options["type"]](
            name=options["name"],
            session_options=CONFIGURATION["session_options"],
            contract_options=options,
        )
        for options in CONTRACTS
    ]
    return [one.name for one in contracts if not one.check(imports, verbose=False).kept]


def test_every_contract_holds(imports: grimp.ImportGraph):
    assert broken(imports) == []


@pytest.mark.parametrize(
    ("importer", "imported", "contract"),
    [
        ("api.documents.publishing", "cms.env", "Imports point down"),
        ("api.channels.models", "api.documents.models", "Imports point down"),
        ("api.documents.reading", "api.documents.publishing", "Inside documents"),
        ("api.delivery.views", "api.documents.models", "Doors read documents"),
        ("content_models.bylines", "rest_framework", "Content knows nothing"),
        ("api.parameters", "api.channels.models", "The shared tools"),
    ],
)
def test_a_wrong_import_breaks_a_contract(
    imports: grimp.ImportGraph, importer: str, imported: str, contract: str
):
    assert {importer, imported} <= imports.modules
    wrong = deepcopy(imports)

    wrong.add_import(importer=importer, imported=imported)

    assert any(name.startswith(contract) for name in broken(wrong))
