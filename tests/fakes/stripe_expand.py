"""Which objects within objects Stripe writes out, and its refusals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug import Request, Response

from tests.fakes.server import json_response

DEEPEST = 4
"""Levels of a path that Stripe expands."""
_EXPANDABLE = frozenset({"product", "discounts", "discount", "coupon"})
"""Names under which an id stands where nobody asks for the object; a customer's discount is always written out."""
_LEFT_OUT = frozenset({"tiers", "applies_to"})
"""Names that are absent where nobody asks for them."""


class RefusalError(Exception):
    """A request that Stripe refuses; carries the response."""

    def __init__(self, status: int, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.response = refusal(status, message, code=code)


def refusal(
    status: int, message: str, *, code: str | None = None, kind: str = "invalid_request_error"
) -> Response:
    """A refusal in Stripe's form."""
    told = {"message": message, "type": kind} | ({"code": code} if code else {})
    return json_response({"error": told}, status=status)


class Expansion:
    """Paths of one record that are written out."""

    def __init__(self, paths: frozenset[str] = frozenset()) -> None:
        self._paths = paths

    @classmethod
    def of(cls, request: Request, *, within: str = "") -> Expansion:
        """What a request asks for; of lists the paths begin with ``within``."""
        asked = request.args.getlist("expand[]")
        for path in asked:
            if len(path.split(".")) > DEEPEST:
                raise RefusalError(
                    400, f"You cannot expand more than {DEEPEST} levels of a property. Property: {path}"
                )
            if not path.startswith(within):
                raise RefusalError(400, f"This property cannot be expanded ({path}).")
        whole = frozenset(
            ".".join(parts[:length])
            for path in asked
            for parts in [path.removeprefix(within).split(".")]
            for length in range(1, len(parts) + 1)
        )
        return cls(whole)

    def of_record(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The record with what is asked for and ids for the rest."""
        shown: dict[str, Any] = self._shown(record, ())
        return shown

    def _shown(self, value: Any, path: tuple[str, ...]) -> Any:
        if isinstance(value, list):
            return [self._shown(each, path) for each in value]
        if not isinstance(value, Mapping):
            return value
        shown = {}
        for name, inner in value.items():
            here = (*path, name)
            is_asked = ".".join(here) in self._paths
            if name in _LEFT_OUT and not is_asked:
                continue
            is_id = name in _EXPANDABLE and not is_asked and here != ("discount",)
            shown[name] = _id_of(inner) if is_id else self._shown(inner, here)
        return shown


def _id_of(value: Any) -> Any:
    if isinstance(value, list):
        return [_id_of(each) for each in value]
    return value["id"] if isinstance(value, Mapping) else value
