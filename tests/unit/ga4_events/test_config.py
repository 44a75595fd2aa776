"""What the mapping in ``sanjeh.yml`` may say."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from connectors.ga4_events.config import Ga4EventsConfig

LEAST = {"connector": "ga4_events", "brand": "acme", "path": "exports/ga4_events/*.parquet"}


def test_the_least_configuration_is_enough() -> None:
    config = Ga4EventsConfig.model_validate(LEAST)
    assert (config.params, config.user_id, config.property_id) == ((), "hash", None)


def test_a_property_may_be_written_as_a_number() -> None:
    assert Ga4EventsConfig.model_validate({**LEAST, "property_id": 4711}).property_id == "4711"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"path": "/somewhere/*.parquet"}, "path is relative to the workspace"),
        ({"path": "../*.parquet"}, "path is relative to the workspace"),
        ({"property_id": "G-4711"}, "property_id"),
        ({"timezone": "Tehran"}, "unknown time zone 'Tehran'"),
        ({"currency": "toman"}, "currency"),
        ({"money_unit": "rupee"}, "money_unit 'rupee' is none of rial"),
        ({"params": ["plan", "Plan"]}, "named twice"),
        ({"params": ["page location"]}, "is no name of an event parameter"),
        ({"params": ["user_email"]}, "looks like personal data"),
        ({"user_id": "keep"}, "user_id"),
        ({"columns": {}}, "columns"),
    ],
)
def test_anything_else_is_refused_by_name(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Ga4EventsConfig.model_validate({**LEAST, **wrong})
