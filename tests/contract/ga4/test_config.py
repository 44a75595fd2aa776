"""Keys of a GA4 source: what is refused, and why; proxy, zone of the client, address."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from connectors.ga4.config import Config
from tests.contract.ga4.conftest import Ga4Desk


def _refusal(**keys: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        Config.model_validate({"connector": "ga4", "brand": "sib", "property_id": "211", **keys})
    return str(caught.value)


@pytest.mark.parametrize("value", [211, "211", " 211 ", "properties/211"])
def test_the_number_of_a_property_is_taken_in_any_form(value: object) -> None:
    config = Config.model_validate({"connector": "ga4", "brand": "sib", "property_id": value})
    assert config.property_id == "211"


@pytest.mark.parametrize("value", ["G-AB12CD34EF", "UA-1234-1", "", "۲۱۱", "my shop", None])
def test_what_is_no_number_is_refused_with_where_to_find_it(value: object) -> None:
    told = _refusal(property_id=value)
    assert "no property id: it is the number under Admin, Property details" in told
    assert "G-... is the measurement id of a stream" in told


def test_keys_that_contradict_the_api_are_refused() -> None:
    assert "Google Analytics has no days before 2015-08-14" in _refusal(start="2014-01-01")
    assert "less than or equal to 250000" in _refusal(page_rows=250_001)
    assert "proxy can only be named by the variable HTTPS_PROXY" in _refusal(
        transport="grpc", http={"proxy": "http://proxy.example:3128"}
    )
    assert "'rest' or 'grpc'" in _refusal(transport="soap")
    assert "would send the credentials in clear" in _refusal(base_url="http://analytics.example")
    assert "no address of an API" in _refusal(base_url="analyticsdata.googleapis.com")


def test_events_are_counted_once_each() -> None:
    config = Config.model_validate(
        {"connector": "ga4", "brand": "sib", "property_id": "211", "events": ["scroll", "share"]}
    )
    assert config.event_names == ("share", "sign_up", "generate_lead", "purchase", "scroll")


def test_rest_goes_through_the_configured_proxy(make_desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    desk: Ga4Desk = make_desk("rest", "ga4/totals")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    desk.land(base_url="http://analytics.localhost", http={"proxy": desk.api.base_url})
    assert {seen.headers["Host"] for seen in desk.api.seen if seen.path != "/token"} == {
        "analytics.localhost"
    }


def test_rest_goes_through_the_proxy_of_the_environment(
    make_desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk: Ga4Desk = make_desk("rest", "ga4/totals")
    monkeypatch.setenv("HTTP_PROXY", desk.api.base_url)
    monkeypatch.setenv("NO_PROXY", "")
    desk.land(base_url="http://analytics.localhost")
    assert {seen.headers["Host"] for seen in desk.api.seen if seen.path != "/token"} == {
        "analytics.localhost"
    }


def test_an_empty_universe_does_no_harm(
    make_desk: Any, transport: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_CLOUD_UNIVERSE_DOMAIN", "")
    make_desk(transport, "ga4/totals").land()
