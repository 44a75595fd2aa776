"""The suite finds what it is there to find: a sound connector passes, each spoilt one fails its scenario."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count

import pytest

from connectors.core.http import Answer
from connectors.core.retry import CallError
from tests.contract.conformance import test_changes, test_pages, test_secrets, test_transport, test_values
from tests.contract.conformance.bench import Bench
from tests.contract.conformance.case import Breadth, NetworkedCase
from tests.contract.conformance.conftest import MakeBench
from tests.contract.conformance.toy.case import TillCase
from tests.contract.conformance.toy.connector import Client, Row
from tests.contract.conformance.undisturbed import Undisturbed, undisturbed_of
from tests.fakes.faults import Fault

Scenario = Callable[[Bench], object]
_COUNTED = count()


class _FirstPageOnly(Client):
    def page(self, path: str, asked: Row, number: int) -> Row:
        page = super().page(path, asked, number)
        return page | {"next": None, "total": len(page["rows"])}


class _HidesRepeatedRows(Client):
    def rows(self, path: str, **asked: object) -> Iterator[list[Row]]:
        number: int | None = 1
        seen: set[str] = set()
        while number is not None:
            page = self.page(path, dict(asked), number)
            yield [row for row in page["rows"] if repr(row) not in seen]
            seen.update(map(repr, page["rows"]))
            number = page["next"]


class _TakesErrorsForNothing(Client):
    def judge(self, answer: Answer) -> CallError | None:
        return None if isinstance(answer.json, dict) and "error" in answer.json else super().judge(answer)

    def page(self, path: str, asked: Row, number: int) -> Row:
        return {"rows": [], "total": 0, "next": None} | super().page(path, asked, number)


class _Tidies(Client):
    def page(self, path: str, asked: Row, number: int) -> Row:
        page = super().page(path, asked, number)
        rows = [
            row | {"text": row["text"].replace("\u200c", " ")} if "text" in row else row
            for row in page["rows"]
        ]
        return page | {"rows": rows}


class _FillsIn(Client):
    def page(self, path: str, asked: Row, number: int) -> Row:
        page = super().page(path, asked, number)
        return page | {
            "rows": [{name: value or "unknown" for name, value in row.items()} for row in page["rows"]]
        }


class _Stamps(Client):
    def page(self, path: str, asked: Row, number: int) -> Row:
        page = super().page(path, asked, number)
        return page | {"rows": [row | {"read": next(_COUNTED)} for row in page["rows"]]}


class _Talks(Client):
    def token(self) -> str:
        token = super().token()
        logging.getLogger("till").info("%s", token)
        return token


class _KnowsPeople(Client):
    def page(self, path: str, asked: Row, number: int) -> Row:
        page = super().page(path, asked, number)
        return page | {
            "rows": [row | {"contact": row["email"]} if "email" in row else row for row in page["rows"]]
        }


def _bench(make_bench: MakeBench, client: type[Client], breadth: Breadth = Breadth.ALL) -> Bench:
    spoilt = type(client.__name__, (TillCase,), {"connect": staticmethod(client), "name": client.__name__})
    return make_bench(spoilt, breadth)


def _pages(bench: Bench) -> None:
    test_pages.test_pages_are_read_to_the_end(bench, 10)


def _drift(bench: Bench) -> None:
    test_pages.test_a_row_that_comes_between_pages_moves_none_out_of_sight(bench, _wire(bench))


def _wire(bench: Bench) -> NetworkedCase:
    assert isinstance(bench.case, NetworkedCase)
    return bench.case


@pytest.mark.parametrize(
    ("client", "scenario"),
    [
        (_FirstPageOnly, _pages),
        (_HidesRepeatedRows, _drift),
        (_FillsIn, test_values.test_values_that_are_missing_or_unknown_land_as_they_are),
        (_Stamps, test_changes.test_landing_the_same_again_changes_nothing),
    ],
)
def test_a_spoilt_connector_fails_its_scenario(
    make_bench: MakeBench, client: type[Client], scenario: Scenario
) -> None:
    scenario(_bench(make_bench, Client))
    with pytest.raises(AssertionError):
        scenario(_bench(make_bench, client))


@pytest.mark.parametrize(
    ("client", "look"),
    [
        (_Tidies, test_values.test_persian_text_lands_byte_for_byte),
        (_KnowsPeople, test_values.test_nobody_is_known_in_the_raw_zone),
        (_Stamps, partial(test_values.test_every_stream_lands_and_none_that_is_not_declared, TillCase)),
    ],
)
def test_what_a_spoilt_connector_stores_is_seen(
    make_bench: MakeBench, client: type[Client], look: Callable[[Undisturbed], object]
) -> None:
    look(_landed(make_bench, Client))
    with pytest.raises(AssertionError):
        look(_landed(make_bench, client))


def _landed(make_bench: MakeBench, client: type[Client]) -> Undisturbed:
    return undisturbed_of(type(_bench(make_bench, client).case), make_bench, Breadth.ALL)


def test_an_error_taken_for_nothing_is_found(make_bench: MakeBench) -> None:
    undisturbed = undisturbed_of(TillCase, make_bench, Breadth.ALL)
    for client in (Client, _TakesErrorsForNothing):
        bench = _bench(make_bench, client)
        arguments = (bench, _wire(bench), undisturbed, Fault.ERROR_WITH_200)
        if client is Client:
            test_transport.test_a_passing_fault_leaves_no_trace(*arguments)
        else:
            with pytest.raises(AssertionError):
                test_transport.test_a_passing_fault_leaves_no_trace(*arguments)


def test_a_token_that_is_told_is_found(
    make_bench: MakeBench, records: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    sound, spoilt = (_bench(make_bench, client) for client in (Client, _Talks))
    test_secrets.test_secrets_are_told_nobody(sound, _wire(sound), records, capfd)
    with pytest.raises(AssertionError, match="toke…"):
        test_secrets.test_secrets_are_told_nobody(spoilt, _wire(spoilt), records, capfd)
