"""Every test that asks for ``case_type`` runs once per case; one that asks for ``wire`` per networked case."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.contract.conformance.bench import Bench
from tests.contract.conformance.case import Breadth, Case, NetworkedCase
from tests.contract.conformance.roster import CASES, NETWORKED
from tests.contract.conformance.undisturbed import Undisturbed, undisturbed_of

MakeBench = Callable[[type[Case], Breadth], Bench]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test per case; in session scope, so that tests of one case run together."""
    if "case_type" in metafunc.fixturenames:
        cases = NETWORKED if "wire" in metafunc.fixturenames else CASES
        metafunc.parametrize("case_type", cases, ids=[case.name for case in cases], scope="session")


@pytest.fixture
def make_bench(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MakeBench]:
    """Makes benches; each closes with the test, and then its vendor's contract must be unbroken."""
    with ExitStack() as benches:

        def make(case_type: type[Case], breadth: Breadth) -> Bench:
            case = benches.enter_context(case_type(tmp_path_factory.mktemp(case_type.name)))
            benches.callback(_require_contract_kept, case)
            return Bench(case, monkeypatch.setenv, breadth=breadth)

        yield make


@pytest.fixture
def breadth() -> Breadth:
    """All streams; a module whose scenarios need but some says so by a fixture of this name."""
    return Breadth.ALL


@pytest.fixture
def bench(case_type: type[Case], make_bench: MakeBench, breadth: Breadth) -> Bench:
    """A workspace of the case, with nothing at the vendor's."""
    return make_bench(case_type, breadth)


@pytest.fixture
def wire(bench: Bench) -> NetworkedCase:
    """The bench's case, which has a network."""
    assert isinstance(bench.case, NetworkedCase)
    return bench.case


@pytest.fixture
def undisturbed(case_type: type[Case], make_bench: MakeBench, breadth: Breadth) -> Undisturbed:
    """What one landing of the standard items stores when nothing goes wrong; made once per case."""
    return undisturbed_of(case_type, make_bench, breadth)


@pytest.fixture
def records(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """All that any library logs, at its most talkative."""
    for name in ("", "urllib3", "google", "google.auth", "google.api_core", "grpc", "werkzeug"):
        caplog.set_level(logging.DEBUG, logger=name or None)
    return caplog


def _require_contract_kept(case: Case) -> None:
    if isinstance(case, NetworkedCase):
        assert list(case.violations) == []
