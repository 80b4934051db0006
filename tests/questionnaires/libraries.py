"""Small libraries as CISO Assistant writes them."""

from typing import Any

from questionnaires.exchange.ciso import read_library
from questionnaires.exchange.reading import Reading

URN = "urn:essai:risk:req_node:cadre:"


def node(
    ref: str | None, *, under: str | None = None, ask: bool = True, urn: str | None = None, **fields: Any
) -> dict[str, Any]:
    told: dict[str, Any] = {"urn": URN + (urn or (ref or "").lower()), "assessable": ask, **fields}
    if ref is not None:
        told["ref_id"] = ref
    if under is not None:
        told["parent_urn"] = URN + under.lower()
    return told


def library(*nodes: dict[str, Any], framework: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    return {
        "urn": "urn:essai:risk:library:cadre",
        "ref_id": "CADRE",
        "name": "Le cadre",
        "version": 2,
        "objects": {
            "framework": {
                "urn": "urn:essai:risk:framework:cadre",
                "ref_id": "CADRE",
                "name": "Le cadre",
                "requirement_nodes": list(nodes),
                **(framework or {}),
            }
        },
        **fields,
    }


def read(*nodes: dict[str, Any], **fields: Any) -> Reading:
    return read_library(library(*nodes, **fields), "cadre.yaml")
