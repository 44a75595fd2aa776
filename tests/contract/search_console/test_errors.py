"""What Search Console's errors mean: retried, waited for, or told with what to do."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.search_console.config import Config
from tests.contract.desk import NOW
from tests.contract.search_console.conftest import FIRST, SITE, SearchDesk
from tests.fakes.faults import Fault
from tests.fakes.search_console_data import Site


@pytest.mark.parametrize(
    ("fault", "waits"),
    [
        (Fault.SERVER_ERROR, 1),
        (Fault.CUT_CONNECTION, 1),
        (Fault.HTML_PAGE, 1),
        (Fault.HTML_PAGE_WITH_200, 1),
        (Fault.ERROR_WITH_200, 1),
        (Fault.EXPIRED_TOKEN, 0),
    ],
)
def test_what_passes_is_tried_again(make_desk: Any, fault: Fault, waits: int) -> None:
    desk: SearchDesk = make_desk("totals")
    desk.api.order(fault, after=2)
    desk.land()
    assert desk.read("select sum(clicks) from raw.search_console__totals") == [(45,)]
    assert len(desk.time.waits) == waits


@pytest.mark.parametrize("status", [429, 403])
def test_the_quota_of_a_minute_is_waited_out(make_desk: Any, status: int) -> None:
    desk: SearchDesk = make_desk("totals")
    desk.api.throttled_status = status
    desk.api.order(Fault.THROTTLED, after=2, times=5)
    desk.land()
    assert sum(desk.time.waits) > 60


def test_the_servers_own_wait_goes_first(make_desk: Any) -> None:
    desk: SearchDesk = make_desk("totals")
    desk.api.order(Fault.THROTTLED_WITH_RETRY_AFTER, after=2)
    desk.land()
    assert 2 in desk.time.waits


def test_a_load_quota_of_ten_minutes_is_waited_out(make_desk: Any) -> None:
    desk: SearchDesk = make_desk("totals")
    desk.api.order(Fault.QUOTA_EXHAUSTED, after=2)
    desk.land()
    assert 900 in desk.time.waits


def test_a_load_quota_of_the_day_ends_the_run_of_the_source(make_desk: Any) -> None:
    desk: SearchDesk = make_desk("totals", "queries")
    desk.api.order(Fault.QUOTA_EXHAUSTED, after=2, times=100)
    errors = desk.errors(parallel=1)
    told = errors["search_console/totals"]
    assert "the allowance of the day is used up (Search Analytics load quota exceeded" in told
    assert "not asked any further" in errors["search_console/queries"]
    assert desk.time.waits.count(900) == 1
    desk.api.forgive()
    desk.land(at=NOW + timedelta(days=1))
    assert desk.read("select sum(clicks) from raw.search_console__totals") == [(45,)]


def test_a_property_of_others_is_told_with_those_that_may_be_seen(make_desk: Any) -> None:
    desk: SearchDesk = make_desk("totals")
    desk.api.sites |= {"https://sib.example/": Site(), "sc-domain:other.example": Site()}
    told = desk.errors(site="sc-domain:acme.example")[""]
    assert told == (
        "ScopeError: Source shop: the credentials have no right to sc-domain:acme.example. Properties that these "
        "credentials may see: https://sib.example/, sc-domain:other.example, sc-domain:sib.example. Add the account "
        "as a user of the property in Search Console, or correct `site`, and run `sanjeh check`."
    )
    desk.site.permission_level = "siteUnverifiedUser"
    assert f"the credentials have no right to {SITE}" in desk.errors()[""]


def test_a_right_that_goes_while_landing_is_told(make_desk: Any) -> None:
    desk: SearchDesk = make_desk("totals")
    desk.api.order(Fault.FORBIDDEN, after=2)
    told = desk.errors()["search_console/totals"]
    assert "User does not have sufficient permission for site 'sc-domain:sib.example'" in told
    assert told.endswith(f"Properties that these credentials may see: {SITE}.")


def test_a_page_that_comes_for_ever_is_an_error(make_desk: Any) -> None:
    desk: SearchDesk = make_desk("countries")
    desk.land()
    desk.api.is_stuck = True
    told = desk.errors(page_rows=1, at=NOW + timedelta(hours=1))["search_console/countries"]
    assert "The rows from 1 on came twice" in told
    assert desk.read("select count(*) from raw.search_console__countries where _load_id = 1") == [(3,)]


def test_no_secret_is_logged_or_told(make_desk: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    desk: SearchDesk = make_desk("totals")
    desk.api.order(Fault.EXPIRED_TOKEN, after=2, times=3)
    errors = desk.errors()
    tokens = [
        seen.headers["Authorization"].split()[1] for seen in desk.api.seen if "Authorization" in seen.headers
    ]
    assert len(set(tokens)) == 2
    told = caplog.text + repr(errors) + "".join(str(vars(record)) for record in caplog.records)
    assert [secret for secret in (*desk.secrets, *tokens) if secret in told] == []


@pytest.mark.parametrize(
    "site",
    ["example.com", "https://example.com", "sc-domain:", "sc-domain:example.com/", "ftp://example.com/"],
)
def test_a_property_must_be_written_as_google_writes_it(site: str) -> None:
    with pytest.raises(ValidationError, match="is no property of Search Console: write sc-domain:"):
        Config.model_validate({"connector": "search_console", "brand": "sib", "site": site})


def test_the_window_of_a_person_is_kept(make_desk: Any) -> None:
    desk: SearchDesk = make_desk("totals")
    desk.land(window=(FIRST, FIRST))
    assert desk.read("select date from raw.search_console__totals") == [(FIRST,)]
