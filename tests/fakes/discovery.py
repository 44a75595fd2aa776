"""Makes OpenAPI 3.0 of a Google discovery document, so that a :class:`~tests.fakes.contract.Contract` can judge.

In goes a document of ``contracts/google``, out comes a dictionary for ``Contract``. Objects are closed: an
unknown key breaks the contract on either side. Errors are held to Google's error body. What the documents
leave out is added: int64 comes as text or number, and enumerations in more spellings than are listed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

DOCUMENTS = Path(__file__).parent / "contracts" / "google"
Spelling = Callable[[list[str]], dict[str, Any]]

_INT64 = {"anyOf": [{"type": "string", "pattern": "^-?[0-9]+$"}, {"type": "integer"}]}
_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message"],
            "properties": {"code": {"type": "integer"}, "message": {"type": "string"}},
        }
    },
}


def names_or_numbers(names: list[str]) -> dict[str, Any]:
    """Enumerations as the Python client of GA4 sends them: by name, or by number on request."""
    return {"anyOf": [{"type": "string", "enum": names}, {"type": "integer"}]}


def any_case(names: list[str]) -> dict[str, Any]:
    """Enumerations as Search Console takes them: ``BY_PAGE`` is also ``byPage`` and ``by_page``."""
    spelled = [spelling for name in names for spelling in (name, camel_case(name), name.lower())]
    return {"type": "string", "enum": list(dict.fromkeys(spelled))}


def camel_case(name: str) -> str:
    """``BY_PAGE`` as ``byPage``."""
    first, *rest = name.lower().split("_")
    return first + "".join(word.capitalize() for word in rest)


def openapi(
    file: str, *, spelling: Spelling, more_paths: Mapping[str, Any] | None = None
) -> Mapping[str, Any]:
    """The document ``file`` as OpenAPI, with ``more_paths`` beside those it lists."""
    document = json.loads((DOCUMENTS / file).read_text(encoding="utf-8"))
    return {
        "openapi": "3.0.3",
        "info": {"title": document["title"], "version": document["revision"]},
        "paths": {**_paths(document), **(more_paths or {})},
        "components": {
            "schemas": {name: _schema(each, spelling) for name, each in document["schemas"].items()}
        },
    }


def _paths(node: Mapping[str, Any]) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for method in node.get("methods", {}).values():
        path = f"/{method['flatPath']}"
        paths.setdefault(path, {})[method["httpMethod"].lower()] = _operation(method, path)
    for resource in node.get("resources", {}).values():
        for path, operations in _paths(resource).items():
            paths.setdefault(path, {}).update(operations)
    return paths


def _operation(method: Mapping[str, Any], path: str) -> dict[str, Any]:
    text = {"type": "string"}
    operation: dict[str, Any] = {
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": text}
            for name in re.findall(r"{(\w+)}", path)
        ],
        "responses": {
            "200": {"description": "answer", "content": _json(_reference(method["response"]["$ref"]))},
            "default": {"description": "error", "content": _json(_ERROR)},
        },
    }
    if "request" in method:
        schema = _reference(method["request"]["$ref"])
        operation["requestBody"] = {"required": True, "content": _json(schema)}
    return operation


def _json(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _reference(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _schema(node: Mapping[str, Any], spelling: Spelling) -> dict[str, Any]:
    if "$ref" in node:
        return _reference(node["$ref"])
    if node.get("format") == "int64":
        return _INT64
    if "enum" in node:
        return spelling(node["enum"])
    match node["type"]:
        case "array":
            return {"type": "array", "items": _schema(node["items"], spelling)}
        case "object":
            properties = {name: _schema(each, spelling) for name, each in node.get("properties", {}).items()}
            return {"type": "object", "properties": properties, "additionalProperties": False}
    return {"type": node["type"]}
