"""What the Graph API's errors mean: waited out, told as a matter of token or right, or the end of the day's calls."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.contract.instagram.conftest import NOON
from tests.contract.landed import Workbench, errors_of
from tests.fakes.faults import Fault
from tests.fakes.graph_api import graph_error
from tests.fakes.instagram import InstagramAccount, InstagramApi, media


def refuse(
    api: InstagramApi, monkeypatch: pytest.MonkeyPatch, code: int, *, status: int = 400, **more: object
) -> None:
    """Let the next throttled answer be an error of ``code``."""
    monkeypatch.setattr(
        api, "broken", lambda *_: graph_error(code, f"(#{code}) as ordered", status=status, **more)
    )


@pytest.mark.parametrize("code", [4, 17, 32, 613, 341, 80002, 80001])
@pytest.mark.parametrize("status", [400, 403])
def test_used_up_calls_are_waited_out_whatever_the_status(
    api: InstagramApi, bench: Workbench, monkeypatch: pytest.MonkeyPatch, code: int, status: int
) -> None:
    refuse(api, monkeypatch, code, status=status)
    api.order(Fault.THROTTLED, times=2)
    bench.landed(NOON)
    assert len(bench.seconds.waits) >= 2


@pytest.mark.parametrize("code", [1, 2])
def test_a_passing_error_is_tried_again(
    api: InstagramApi, bench: Workbench, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    refuse(api, monkeypatch, code)
    api.order(Fault.SERVER_ERROR)
    bench.landed(NOON)


@pytest.mark.parametrize(
    ("code", "more", "said"),
    [
        (190, {"error_subcode": 463}, "the credentials are refused"),
        (102, {}, "the credentials are refused"),
        (10, {}, "have no right to this"),
        (200, {}, "have no right to this"),
        (294, {}, "have no right to this"),
        (100, {"error_subcode": 33}, "have no right to this"),
        (100, {}, "the request is refused"),
        (2635, {}, "the request is refused"),
    ],
)
def test_what_stays_wrong_is_told_with_what_to_do(  # noqa: PLR0917 - fixtures and cases
    api: InstagramApi,
    bench: Workbench,
    monkeypatch: pytest.MonkeyPatch,
    code: int,
    more: dict[str, object],
    said: str,
) -> None:
    refuse(api, monkeypatch, code, **more)
    api.order(Fault.FORBIDDEN, times=100)
    errors = errors_of(bench.land(NOON))
    assert errors
    first = next(error for error in errors.values() if f"(#{code}) as ordered" in error)
    assert said in first
    assert f"code {code}" in first
    assert bench.seconds.waits == []


def test_the_vendors_minutes_are_waited_where_a_run_waits_so_long(
    api: InstagramApi, bench: Workbench
) -> None:
    api.regain_minutes = 3
    api.order(Fault.QUOTA_EXHAUSTED)
    bench.landed(NOON)
    assert max(bench.seconds.waits) == 180


def test_an_hour_of_used_up_calls_ends_the_source_and_the_next_run_goes_on(
    api: InstagramApi, bench: Workbench
) -> None:
    api.order(Fault.QUOTA_EXHAUSTED, times=100)
    errors = errors_of(bench.land(NOON))
    assert any("the vendor asks to wait 3,300 s" in error for error in errors.values())
    assert all("goes on" in error for error in errors.values())
    api.forgive()
    bench.landed(NOON + timedelta(hours=1))


def test_calls_are_slower_where_the_hour_is_nearly_used_up(
    api: InstagramApi, account: InstagramAccount, bench: Workbench
) -> None:
    account.media = [media(number, at=NOON - timedelta(days=1)) for number in range(4)]
    bench.landed(NOON)
    assert bench.seconds.waits == []
    api.used_percent = 80
    bench.landed(NOON + timedelta(hours=1))
    assert bench.seconds.waits
    assert max(bench.seconds.waits) <= 12


def test_a_version_that_died_is_a_refusal_that_names_it(bench: Workbench) -> None:
    errors = errors_of(bench.land(NOON, api_version="v18.0"))
    assert set(errors) == {"followers", "posts", "account_days"}
    assert all("deprecated version of the API: v18.0" in error for error in errors.values())
