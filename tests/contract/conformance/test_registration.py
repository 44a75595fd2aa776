"""Nobody is left out."""

from __future__ import annotations

from connectors.registry import API_CONNECTORS, STREAMS
from tests.contract.conformance.roster import CASES, NETWORKED

FILES_OF_AN_EXPORT = "ga4_events"
"""The connector of files that is no preset of the file importer, which has a suite of its own."""


def test_every_connector_has_a_case() -> None:
    assert {*API_CONNECTORS, FILES_OF_AN_EXPORT} <= {case.connector for case in CASES}


def test_every_api_is_tried_over_the_network() -> None:
    assert set(API_CONNECTORS) <= {case.connector for case in NETWORKED}


def test_cases_have_names_of_their_own() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


def test_items_land_in_a_declared_stream() -> None:
    real = [case for case in CASES if case.connector in {*API_CONNECTORS, FILES_OF_AN_EXPORT}]
    assert [case.name for case in real if STREAMS.get(case.stream.id) != case.stream] == []
