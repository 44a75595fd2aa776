"""Limits, scopes and errors in HubSpot's own words, and what becomes of the other streams."""

from __future__ import annotations

import pytest
from werkzeug import Request

from tests.contract.hubspot.contacts import CONTACTS, DAY, NOON, contact, is_search, newest
from tests.contract.landed import Workbench, errors_of
from tests.fakes.faults import Fault
from tests.fakes.hubspot import HubSpotApi


def _is_list(request: Request) -> bool:
    return request.path.endswith("/contacts")


@pytest.mark.parametrize(
    ("matches", "seconds"), [(_is_list, 10), (is_search, 1)], ids=["ten seconds", "a second"]
)
def test_a_limit_is_waited_for_as_its_policy_says(
    api: HubSpotApi, bench: Workbench, matches: object, seconds: float
) -> None:
    contact(api, 1)
    api.order(Fault.THROTTLED, matches=matches)
    landed = bench.landed(NOON, **CONTACTS)
    assert seconds in bench.seconds.waits
    assert landed["contacts"].waited_seconds >= seconds
    assert landed["contacts"].rows == 1


def test_retry_after_goes_before_the_policy(api: HubSpotApi, bench: Workbench) -> None:
    contact(api, 1)
    api.order(Fault.THROTTLED_WITH_RETRY_AFTER, matches=_is_list)
    bench.landed(NOON, **CONTACTS)
    assert 2 in bench.seconds.waits
    assert 10 not in bench.seconds.waits


@pytest.mark.parametrize(("status", "seconds"), [(423, 2), (477, 3), (502, None), (503, None), (524, None)])
def test_what_passes_is_waited_for(
    api: HubSpotApi, bench: Workbench, status: int, seconds: float | None
) -> None:
    contact(api, 1)
    api.order_status(status)
    assert bench.landed(NOON, **CONTACTS)["contacts"].rows == 1
    assert seconds is None or seconds in bench.seconds.waits


def test_the_last_call_of_ten_seconds_lets_the_others_pause(api: HubSpotApi, bench: Workbench) -> None:
    for number in range(1, 7):
        contact(api, number)
    api.limits.burst = 4
    api.limits.clock = bench.seconds.clock.monotonic
    api.limits.enforced = True

    landed = bench.landed(NOON, page_size=1, parallel=1, **CONTACTS)

    assert landed["contacts"].rows == 6
    assert bench.seconds.waits
    assert all(seen.status == 200 for seen in api.seen)


def test_our_own_limit_keeps_below_the_vendors(api: HubSpotApi, bench: Workbench) -> None:
    for number in range(1, 12):
        contact(api, number)
    api.limits.burst = 100
    api.limits.clock = bench.seconds.clock.monotonic
    api.limits.enforced = True
    bench.landed(NOON, page_size=1, calls_per_10s=5, **CONTACTS)
    assert bench.seconds.waits == [10, 10]
    assert all(seen.status == 200 for seen in api.seen)


def test_searches_keep_below_their_own_limit(api: HubSpotApi, bench: Workbench) -> None:
    contact(api, 1)
    bench.landed(NOON, **CONTACTS)
    for number in range(2, 14):
        contact(api, number, at=NOON)
    bench.seconds.waits.clear()
    bench.landed(NOON + DAY, search_page_size=1, **CONTACTS)
    assert bench.seconds.waits == [1, 1, 1]


def test_a_used_up_day_stops_the_source_and_the_next_run_goes_on(api: HubSpotApi, bench: Workbench) -> None:
    for number in range(1, 5):
        contact(api, number)
    api.emails.add(1, "October news", at=NOON)
    api.order(Fault.QUOTA_EXHAUSTED, after=4, times=10_000)

    stopped = bench.land(NOON, page_size=1, parallel=1)

    said = errors_of(stopped)
    assert "the allowance of the day is used up" in said["contacts"]
    assert "another stream of this source met an error that holds for all" in said["emails"]
    assert len(api.seen) == 5
    assert newest(bench, "id") == []

    api.forgive()
    bench.landed(NOON + DAY, page_size=1)
    assert [number for (number,) in newest(bench, "id")] == ["1", "2", "3", "4"]


def test_a_scope_that_is_missing_stops_its_stream_alone(api: HubSpotApi, bench: Workbench) -> None:
    contact(api, 1)
    api.scopes -= {"crm.objects.feedback_submissions.read", "marketing.email.read"}

    landed = bench.land(NOON)

    said = errors_of(landed)
    assert sorted(said) == ["email_statistics", "emails", "feedback_submissions"]
    assert "crm.objects.feedback_submissions.read" in said["feedback_submissions"]
    assert "marketing.email.read, content" in said["emails"]
    assert "without" in said["emails"]
    assert newest(bench, "id") == [("1",)]

    bench.landed(NOON + DAY, without=["feedback_submissions", "emails", "email_statistics"])


def test_a_key_that_is_refused_stops_all(api: HubSpotApi, bench: Workbench) -> None:
    api.order(Fault.EXPIRED_TOKEN, times=10_000)
    said = errors_of(bench.land(NOON, parallel=1))
    assert "the credentials are refused" in said["contacts"]
    assert len(said) == len(bench.source().streams())
    assert len(api.seen) == 1


def test_too_many_properties_are_refused_with_a_hint(api: HubSpotApi, bench: Workbench) -> None:
    contact(api, 1)
    names = [f"a_property_with_a_rather_long_name_{number}" for number in range(250)]
    said = errors_of(bench.land(NOON, properties={"contacts": names}, **CONTACTS))["contacts"]
    assert "name fewer extra `properties`" in said


def test_an_error_with_status_200_is_an_error(api: HubSpotApi, bench: Workbench) -> None:
    contact(api, 1)
    api.order(Fault.ERROR_WITH_200, matches=_is_list)
    assert bench.landed(NOON, **CONTACTS)["contacts"].rows == 1
    api.order(Fault.ERROR_WITH_200, times=10_000)
    said = errors_of(bench.land(NOON + DAY, **CONTACTS))["contacts"]
    assert "still failing after 6 tries (HTTP 200 INTERNAL_ERROR" in said


def test_check_tells_who_the_key_is(api: HubSpotApi, bench: Workbench) -> None:
    api.limits.used_today = 1_000
    told = bench.check(now=NOON, without=["forms"])
    assert told.ok
    assert told.summary == (
        "HubSpot account 62515 (STANDARD); the key is accepted; a scope that it lacks stops the stream that "
        "needs it; zone Asia/Tehran; currency IRR; quota 623999 of 625000 calls left today"
    )
    assert told.notes == ("forms is left out",)
    assert told.personal_columns == ("email", "phone")
    assert [seen.path for seen in api.seen] == ["/account-info/2026-09/details"]


def test_the_numbered_paths_are_asked_for_where_that_is_configured(api: HubSpotApi, bench: Workbench) -> None:
    contact(api, 1)
    deal = api.crm.create("deals", at=NOON - DAY)
    api.crm.associations.add("deals", deal, "contacts", 1)
    api.emails.add(1, "October news", at=NOON)
    api.emails.send(1, at=NOON - DAY, sent=10)
    api.forms.add("f-1", "Contact", at=NOON)

    bench.landed(NOON, api_version="v3")
    bench.landed(NOON + DAY, api_version="v3")
    assert bench.check(now=NOON, api_version="v3").ok

    asked = {seen.path for seen in api.seen}
    assert not any("2026" in path for path in asked)
    assert asked >= {
        "/account-info/v3/details",
        "/crm/v3/objects/contacts",
        "/crm/v3/objects/contacts/search",
        "/crm/v3/pipelines/deals",
        "/crm/v4/associations/deals/contacts/batch/read",
        "/form-integrations/v1/submissions/forms/f-1",
        "/marketing/v3/emails",
        "/marketing/v3/emails/statistics/list",
        "/marketing/v3/emails/statistics/histogram",
        "/marketing/v3/forms",
    }
