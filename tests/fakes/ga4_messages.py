"""JSON bodies of GA4 requests as protobuf messages, and the list of fields as JSON.

Keys that the API doesn't know are refused before anything else, as Google's gateway does.
"""

from __future__ import annotations

import json
import re
from typing import Any, TypeVar

from google.protobuf import json_format
from google.protobuf.message import Message

from tests.fakes.ga4_fields import DIMENSIONS, METRICS
from tests.fakes.google_api import GoogleError, bad_request

M = TypeVar("M", bound=Message)
_UNKNOWN_KEY = re.compile(r'no field named "([^"]*)" at "\w+\.?([^"]*)"')


def parsed(body: bytes, message: M) -> M:
    """``message`` filled from a JSON body.

    Raises:
        GoogleError: no JSON, unknown keys, or values of a wrong type.
    """
    try:
        content = json.loads(body or b"{}")
    except ValueError:
        raise _refused("Unexpected token.") from None
    if not isinstance(content, dict):
        raise _refused("Root element must be a message.")
    try:
        return json_format.ParseDict(content, message)
    except json_format.ParseError as error:
        unknown = _UNKNOWN_KEY.search(str(error))
        if unknown is None:
            raise _refused(str(error).splitlines()[0]) from None
        key, path = unknown.groups()
        at = f" at '{path}'" if path else ""
        raise _refused(f'Unknown name "{key}"{at}: Cannot find field.', at=path or None) from None


def unpaged(request: Any) -> bytes:
    """What a report is of, whatever page of it is asked for."""
    same = type(request)()
    same.CopyFrom(request)
    for name in ("limit", "offset", "return_property_quota", "property"):
        same.ClearField(name)
    return bytes(same.SerializeToString(deterministic=True))


def field_list(number: str) -> dict[str, Any]:
    """The metadata of a property: the fields that may be asked for."""
    return {
        "name": f"properties/{number}/metadata",
        "dimensions": [
            {"apiName": name, "uiName": each.title, "category": "General"}
            for name, each in DIMENSIONS.items()
        ],
        "metrics": [
            {"apiName": name, "uiName": each.title, "category": "General", "type": each.unit}
            for name, each in METRICS.items()
        ],
    }


def _refused(why: str, *, at: str | None = None) -> GoogleError:
    return bad_request(f"Invalid JSON payload received. {why}", at=at)
