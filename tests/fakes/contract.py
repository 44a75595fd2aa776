"""Holds requests and answers of a local server to an OpenAPI contract; what breaks it is kept for the test."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import yaml
from openapi_core import OpenAPI
from openapi_core.contrib.werkzeug import WerkzeugOpenAPIRequest, WerkzeugOpenAPIResponse
from openapi_core.exceptions import OpenAPIError
from werkzeug import Request, Response


class Contract:
    """An OpenAPI 3 document as judge."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = dict(document)

    @classmethod
    def of(cls, vendor: str) -> Self:
        """The contract in ``contracts/<vendor>.openapi.yaml`` beside this module."""
        path = Path(__file__).with_name("contracts") / f"{vendor}.openapi.yaml"
        return cls(yaml.safe_load(path.read_text(encoding="utf-8")))

    @cached_property
    def _openapi(self) -> OpenAPI:
        """Built at the first judgement: it takes a second, which benchmarks and demos needn't spend."""
        return OpenAPI.from_dict(self._document)

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
        if response is None:
            return found
        try:
            self._openapi.validate_response(asked, WerkzeugOpenAPIResponse(response))
        except OpenAPIError as error:
            found.append(f"answer to {request.method} {request.path}: {_said(error)}")
        return found


def _said(error: OpenAPIError) -> str:
    cause = error.__cause__
    details = (
        getattr(cause, "schema_errors", None) or getattr(error, "schema_errors", None) or [cause or error]
    )
    return f"{type(error).__name__}: " + "; ".join(str(each).splitlines()[0] for each in details)
