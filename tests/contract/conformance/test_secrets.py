"""Secrets stay in the process: they are in no log, no error, no outcome and no file."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest

from connectors.core.api_source import ApiSource
from connectors.core.outcome import SourceCheck
from tests.contract.conformance.bench import Bench, Run
from tests.contract.conformance.case import FOR_EVER, Breadth, NetworkedCase
from tests.contract.conformance.stored import clear_texts
from tests.fakes.faults import Fault

SHOWN = 4
"""Letters of a secret that a failing test shows."""


@pytest.fixture
def breadth() -> Breadth:
    """All calls go the same way."""
    return Breadth.SOME


def test_secrets_are_told_nobody(
    bench: Bench, wire: NetworkedCase, records: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    bench.hold(bench.standard())
    runs = [bench.landed()]
    check = _check(bench)
    assert check.problems == ()
    for fault in (Fault.ECHOED_CREDENTIALS, Fault.FORBIDDEN, Fault.EXPIRED_TOKEN, Fault.CUT_CONNECTION):
        wire.api.order(fault, times=FOR_EVER)
        runs.append(bench.land())
        wire.heal()
    wire.api.order(Fault.ECHOED_CREDENTIALS, times=FOR_EVER)
    refused = _check(bench)
    assert refused.problems
    told = "\n".join(
        [
            records.text,
            *(repr(vars(record)) for record in records.records),
            *capfd.readouterr(),
            *(text for run in runs for text in _texts(run)),
            repr(check),
            repr(refused),
            clear_texts(bench.zone.root),
        ]
    )
    secrets = [*wire.secrets, *_sent(wire)]
    assert secrets
    assert [secret[:SHOWN] + "…" for secret in secrets if secret in told] == []


def _check(bench: Bench) -> SourceCheck:
    source = bench.source()
    assert isinstance(source, ApiSource)
    return source.check(now=bench.case.time)


def _texts(run: Run) -> Iterator[str]:
    yield repr(run)
    yield str(run.raised)


def _sent(wire: NetworkedCase) -> Iterator[str]:
    """What the connector showed the server to be let in."""
    for seen in wire.api.seen:
        scheme, _, token = seen.headers.get("Authorization", "").partition(" ")
        yield from (token,) if token else ()
        if scheme.lower() == "basic":
            yield base64.b64decode(token).decode().partition(":")[2]
        if "token" in seen.path and isinstance(seen.body, dict):
            yield from (seen.body[name] for name in ("assertion", "client_secret") if name in seen.body)
