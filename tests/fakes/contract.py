"""Holds requests and answers of a local server to an OpenAPI contract; what breaks it is kept for the test."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import yaml
from openapi_core import Config, OpenAPI
from openapi_core.contrib.werkzeug import WerkzeugOpenAPIRequest, WerkzeugOpenAPIResponse
from openapi_core.exceptions import OpenAPIError
from werkzeug import Request, Response

_PROBLEM = "application/problem+json"
"""Errors as documents (RFC 9457), which openapi-core doesn't read by itself."""


class Contract:
    """An OpenAPI 3 document as judge.

    Args:
        document: the contract.
        closed: query parameters that it doesn't declare break it. Vendors ignore them, so that a misspelt one
            would go unnoticed.
    """

    def __init__(self, document: Mapping[str, Any], *, closed: bool = False) -> None:
        self._document = dict(document)
        self._closed = closed

    @classmethod
    def of(cls, vendor: str) -> Self:
        """The contract in ``contracts/<vendor>.openapi.yaml`` beside this module."""
        path = Path(__file__).with_name("contracts") / f"{vendor}.openapi.yaml"
        return cls(yaml.safe_load(path.read_text(encoding="utf-8")), closed=True)

    @cached_property
    def _openapi(self) -> OpenAPI:
        """Built at the first judgement: it takes a second, which benchmarks and demos needn't spend."""
        return OpenAPI.from_dict(
            self._document, config=Config(extra_media_type_deserializers={_PROBLEM: json.loads})
        )

    def broken_by(self, request: Request, response: Response | None) -> list[str]:
        """What of ``request`` and its ``response`` breaks the contract, as sentences.

        None for ``response`` judges the request alone.
        """
        asked = WerkzeugOpenAPIRequest(request)
        found = []
        try:
            self._openapi.validate_request(asked)
        except OpenAPIError as error:
            found.append(f"request {request.method} {request.path}: {_said(error)}")
        undeclared = sorted(set(request.args) - self._declared(request)) if self._closed and not found else []
        if undeclared:
            found.append(f"request {request.method} {request.path}: undeclared parameters {undeclared}")
        if response is None:
            return found
        try:
            self._openapi.validate_response(asked, WerkzeugOpenAPIResponse(response))
        except OpenAPIError as error:
            found.append(f"answer to {request.method} {request.path}: {_said(error)}")
        return found

    def _declared(self, request: Request) -> set[str]:
        """The query parameters that the contract has for ``request``."""
        method = request.method.lower()
        return {
            parameter["name"]
            for template, item in self._document["paths"].items()
            if method in item and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), request.path)
            for parameter in item[method].get("parameters", [])
            if parameter["in"] == "query"
        }


def _said(error: OpenAPIError) -> str:
    cause = error.__cause__
    details = (
        getattr(cause, "schema_errors", None) or getattr(error, "schema_errors", None) or [cause or error]
    )
    return f"{type(error).__name__}: " + "; ".join(str(each).splitlines()[0] for each in details)
