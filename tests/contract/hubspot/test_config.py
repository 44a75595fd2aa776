"""Keys of a HubSpot source."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from connectors.hubspot.config import Config
from connectors.hubspot.feeds import feeds
from connectors.hubspot.paths import Paths


def _config(**keys: Any) -> Config:
    return Config.model_validate({"connector": "hubspot", "brand": "sib", "token_env": "CRM_KEY", **keys})


def test_every_stream_has_a_feed_unless_it_is_left_out() -> None:
    def names(**keys: Any) -> set[str]:
        return {each.name for feed in feeds(_config(**keys)) for each in (feed.stream, *feed.beside)}

    every = names()
    assert every == {
        *("contacts", "companies", "deals", "merges", "pipelines", "associations", "emails"),
        *("email_statistics", "forms", "form_submissions", "feedback_submissions"),
    }
    for name in every:
        assert every - names(without=[name]) == {name}
    assert "merges" not in names(without=["contacts", "companies", "deals"])


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"api_version": "latest"}, "api_version"),
        ({"page_size": 101}, "less than or equal to 100"),
        ({"search_page_size": 201}, "less than or equal to 200"),
        ({"submissions_page_size": 51}, "less than or equal to 50"),
        ({"without": ["tickets"]}, "'contacts', 'companies'"),
        ({"properties": {"tickets": ["x"]}}, "'contacts', 'companies'"),
        ({"properties": {"contacts": ["First Name"]}}, "pattern"),
        ({"properties": {"contacts": ["lastname"]}}, "lastname may name a person"),
        ({"forms": ["a/b"]}, "pattern"),
        ({"token": "secret"}, "token"),
    ],
)
def test_what_is_wrong_is_named(keys: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        _config(**keys)


def test_names_land_where_that_is_meant() -> None:
    assert _config(pii="keep", properties={"contacts": ["lastname"]}).properties


@pytest.mark.parametrize(
    ("keys", "forms"),
    [
        ({}, "/marketing/forms/2026-09-beta"),
        ({"api_version": "2027-03"}, "/marketing/forms/2027-03-beta"),
        ({"forms_version": "2026-09"}, "/marketing/forms/2026-09"),
        ({"forms_version": "v3"}, "/marketing/v3/forms"),
        ({"api_version": "v3"}, "/marketing/v3/forms"),
    ],
)
def test_forms_have_a_version_of_their_own(keys: dict[str, Any], forms: str) -> None:
    assert Paths.of(_config(**keys)).forms == forms
