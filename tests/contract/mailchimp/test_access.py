"""Keys, data centres, limits and errors of Mailchimp."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from werkzeug import Response

from connectors.core.errors import AuthError
from connectors.mailchimp.client import address_of
from connectors.mailchimp.config import Config
from tests.contract.landed import Workbench, errors_of
from tests.contract.mailchimp.conftest import NOON
from tests.fakes.faults import Fault
from tests.fakes.mailchimp import API_KEY, MailchimpApi, problem
from tests.fakes.mailchimp_rows import report


def _config(**keys: object) -> Config:
    return Config.model_validate({"connector": "mailchimp", "brand": "sib", "key_env": "MAIL_KEY", **keys})


def test_the_key_tells_the_data_centre() -> None:
    assert address_of(_config(), "0123abcd-us19", source_id="s") == "https://us19.api.mailchimp.com"
    assert address_of(_config(), "0123-abcd-us6", source_id="s") == "https://us6.api.mailchimp.com"
    other = _config(base_url="https://proxy.example/mailchimp")
    assert address_of(other, "0123abcd-us19", source_id="s") == "https://proxy.example/mailchimp"


@pytest.mark.parametrize(
    "key", ["oauthtoken", "key-", "key-evil.example/", "key-us19.evil.example", "key-US19x"]
)
def test_a_key_without_one_needs_an_address(key: str) -> None:
    with pytest.raises(
        AuthError, match=r"Source s: the key in MAIL_KEY doesn't end in a data centre"
    ) as raised:
        address_of(_config(), key, source_id="s")
    assert key not in str(raised.value)


def test_check_tells_the_account(api: MailchimpApi, bench: Workbench) -> None:
    told = bench.check(now=NOON)
    assert told.ok
    assert told.summary == (
        "Mailchimp account Acme (8d3a3db4d97663a9074efcc16); role viewer; 5000 subscribers; zone Europe/Berlin; "
        "quota no limit but ten calls at once, of which 5 are used"
    )
    assert len(api.seen) == 1


def test_a_refused_key_is_told_without_showing_it(
    api: MailchimpApi, bench: Workbench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    api.key = "another"
    said = errors_of(bench.land(NOON))
    assert "the credentials are refused" in said["reports"]
    assert "wrong datacenter" in said["reports"]
    assert API_KEY not in f"{said} {caplog.text} {bench.check(now=NOON)}"


@pytest.fixture
def slow(api: MailchimpApi) -> Iterator[MailchimpApi]:
    """Its first answers wait for each other, a quarter of a second at most."""
    together = threading.Barrier(2)

    def wait() -> None:
        try:
            together.wait(timeout=0.25)
        except threading.BrokenBarrierError:
            return

    for nth in (1, 2):
        api.on_request(nth, wait)
    yield api


def test_as_many_calls_are_open_as_configured(slow: MailchimpApi, bench: Workbench) -> None:
    slow.reports = [report(1, at=NOON)]
    slow.connections = 1
    bench.landed(NOON, connections=1, parallel=2)
    assert (slow.most_at_once, {seen.status for seen in slow.seen}) == (1, {200})


def test_a_call_too_many_is_waited_out(slow: MailchimpApi, bench: Workbench) -> None:
    slow.reports = [report(1, at=NOON)]
    slow.connections = 1
    bench.landed(NOON, connections=2, parallel=2)
    assert slow.most_at_once == 2
    assert 429 in {seen.status for seen in slow.seen}
    assert bench.seconds.waits
    assert bench.rows("select count(*) from raw.mailchimp__reports") == [(1,)]


def test_a_problem_with_status_200_is_an_error(api: MailchimpApi, bench: Workbench) -> None:
    api.reports = [report(1, at=NOON)]
    api.order(Fault.ERROR_WITH_200, times=2)
    assert bench.landed(NOON)["reports"].rows == 1


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (problem(403, "Wrong Datacenter", "Look there."), "base_url must name the data centre"),
        (problem(403, "User Disabled", "Look there."), "have no right to this"),
        (problem(503, "Compliance Related", "Look there."), "have no right to this"),
        (problem(400, "Invalid Resource", "Look there."), "the request is refused"),
        (problem(422, "Requested Fields Invalid", "Look there."), "the request is refused"),
    ],
    ids=lambda each: None if isinstance(each, str) else each.get_json()["title"],
)
def test_an_error_that_stays_is_not_repeated(
    api: MailchimpApi, bench: Workbench, monkeypatch: pytest.MonkeyPatch, answer: Response, told: str
) -> None:
    api.lies = True
    monkeypatch.setattr(api, "answer", lambda _: answer)
    said = errors_of(bench.land(NOON, parallel=1))["lists"]
    assert told in said
    assert "Look there" in said
    assert sum(seen.path.endswith("/lists") for seen in api.seen) == 1
