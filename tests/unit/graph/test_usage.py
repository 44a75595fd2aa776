"""Usage headers: what they tell is heeded, what can't be read doesn't matter."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.graph.usage import pause_after, percent_used, regain_seconds

BUSINESS = "X-Business-Use-Case-Usage"


def business(*usages: object) -> dict[str, str]:
    """The header of one account."""
    return {BUSINESS: json.dumps({"178": list(usages)})}


def test_the_fullest_allowance_counts() -> None:
    headers = {
        "X-App-Usage": '{"call_count":28,"total_time":25,"total_cputime":31}',
        **business({"type": "instagram", "call_count": 88, "total_cputime": 23, "total_time": 20}),
        "X-Ad-Account-Usage": '{"acc_id_util_pct":9.67,"reset_time_duration":0}',
    }
    assert percent_used(headers) == 88


def test_minutes_and_seconds_are_both_seconds() -> None:
    assert regain_seconds(business({"estimated_time_to_regain_access": 4})) == 240
    assert regain_seconds({"X-Ad-Account-Usage": '{"reset_time_duration":100}'}) == 100
    assert regain_seconds(business({"estimated_time_to_regain_access": 0})) is None
    assert regain_seconds({}) is None


@pytest.mark.parametrize(("percent", "pause"), [(0, 0), (75, 0), (80, 12), (100, 60), (250, 60)])
def test_the_pause_grows_from_three_quarters_on(percent: int, pause: float) -> None:
    assert pause_after({"X-App-Usage": json.dumps({"call_count": percent})}) == pytest.approx(pause)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(st.one_of(st.text(), _JSON.map(json.dumps)))
def test_a_header_of_any_shape_is_no_error(text: str) -> None:
    headers = {BUSINESS: text, "X-App-Usage": text}
    assert pause_after(headers) >= 0
    assert regain_seconds(headers) is None
