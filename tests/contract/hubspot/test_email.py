"""Marketing e-mail: the list, and counters by the brand's days of sending, which add up or don't land."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from werkzeug import Request, Response

from tests.contract.hubspot.contacts import DAY, HOUR, NOON
from tests.contract.landed import Workbench, errors_of
from tests.fakes.hubspot import HubSpotApi
from tests.fakes.server import json_response

EMAIL = {
    "without": [
        *("contacts", "companies", "deals", "merges", "pipelines", "associations", "forms"),
        *("form_submissions", "feedback_submissions"),
    ]
}
_COUNTERS = "select date, email_id, sent, delivered, open from raw.hubspot__email_statistics order by 1, 2"


def _is_statistics(request: Request) -> bool:
    return request.path.endswith("/statistics/list")


def _sent(api: HubSpotApi, email_id: int, at: datetime, sent: int, opened: int = 0) -> Any:
    return api.emails.send(email_id, at=at, sent=sent, delivered=sent - 1, open=opened)


def test_the_list_has_archived_ones_and_drafts(api: HubSpotApi, bench: Workbench) -> None:
    api.emails.add(1, "خبرنامهٔ پاییز", at=NOON, campaignName="autumn", campaign="77")
    api.emails.add(2, "Draft", at=NOON, state="DRAFT", publishDate=None)
    api.emails.add(3, "Old", at=NOON, archived=True)
    bench.landed(NOON, page_size=1, **EMAIL)
    rows = bench.rows(
        "select id, name, campaign_name, publish_date is null, archived from raw.hubspot__emails order by id"
    )
    assert rows == [
        ("1", "خبرنامهٔ پاییز", "autumn", False, False),
        ("2", "Draft", None, True, False),
        ("3", "Old", None, False, True),
    ]


def test_an_email_that_comes_in_between_makes_the_list_be_read_again(
    api: HubSpotApi, bench: Workbench
) -> None:
    for number in range(1, 6):
        api.emails.add(number, f"News {number}", at=NOON)

    def in_front() -> None:
        api.emails.add(9, "Flash", at=NOON)
        api.emails.rows.insert(0, api.emails.rows.pop())

    api.on_request(2, in_front, matches=lambda r: r.path.endswith("/emails/2026-09"))
    landed = bench.landed(NOON, page_size=2, **EMAIL)
    assert landed["emails"].rows == 6


def test_days_of_sending_are_the_brands(api: HubSpotApi, bench: Workbench) -> None:
    midnight = datetime(2026, 10, 9, 20, 30, tzinfo=UTC)  # of the 10th in Tehran
    _sent(api, 1, midnight - timedelta(milliseconds=1), 10)
    _sent(api, 1, midnight, 20)
    _sent(api, 2, midnight + 5 * HOUR, 30)
    _sent(api, 2, midnight + DAY, 40)

    bench.landed(NOON, **EMAIL)

    assert bench.rows(_COUNTERS) == [
        (date(2026, 10, 9), "1", 10, 9, 0),
        (date(2026, 10, 10), "1", 20, 19, 0),
        (date(2026, 10, 10), "2", 30, 29, 0),
        (date(2026, 10, 11), "2", 40, 39, 0),
    ]


def test_counters_grow_on_the_day_of_sending_for_a_month(api: HubSpotApi, bench: Workbench) -> None:
    bench.keys["start"] = "2026-09-01"
    old, young = _sent(api, 1, NOON - 40 * DAY, 100, 10), _sent(api, 2, NOON - 25 * DAY, 50, 5)
    bench.landed(NOON, **EMAIL)
    for send in (old, young):
        send.counters["open"] *= 2
    bench.landed(NOON + 4 * DAY, **EMAIL)
    assert bench.rows(_COUNTERS) == [
        (date(2026, 9, 22), "1", 100, 99, 10),
        (date(2026, 10, 7), "2", 50, 49, 10),
    ]


def test_a_window_without_sendings_is_one_question(api: HubSpotApi, bench: Workbench) -> None:
    landed = bench.landed(NOON, **EMAIL)
    assert landed["email_statistics"].requests == 1
    assert len(bench.zone.slices()) > 31
    _sent(api, 1, NOON - DAY, 100)
    landed = bench.landed(NOON + DAY, **EMAIL)
    assert landed["email_statistics"].rows == 1


def test_histograms_may_go_by_either_name(api: HubSpotApi, bench: Workbench) -> None:
    api.emails.calls_it_aggregate_statistic = True
    _sent(api, 1, NOON - 3 * DAY, 100)
    bench.landed(NOON, **EMAIL)
    assert bench.rows(_COUNTERS) == [(date(2026, 10, 29), "1", 100, 99, 0)]


def test_counters_that_grow_while_they_are_read_are_read_again(api: HubSpotApi, bench: Workbench) -> None:
    sends = [_sent(api, number, NOON - DAY, 100) for number in (1, 2)]
    api.on_request(3, lambda: sends[0].counters.update(sent=150), matches=_is_statistics)
    bench.landed(NOON, **EMAIL)
    assert [row[2] for row in bench.rows(_COUNTERS)] == [150, 100]


class _Forgetful(HubSpotApi):
    """Its sums hold a sending that no e-mail of the day owns up to."""

    def answer(self, request: Request) -> Response:
        response = super().answer(request)
        if _is_statistics(request) and "emailIds" not in request.args:
            body = response.get_json()
            body["aggregate"]["counters"]["sent"] += 7
            return json_response(body)
        return response


def test_parts_that_do_not_add_up_do_not_land(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    with _Forgetful() as api:
        monkeypatch.setenv("CRM_KEY", api.service_key)
        for number in (1, 2):
            _sent(api, number, NOON - DAY, 100)
        said = errors_of(bench.land(NOON, base_url=api.base_url, **EMAIL))["email_statistics"]
    assert "hubspot/email_statistics of 2026-10-31: 200 were sent by e-mail, 207 in all" in said
    assert bench.rows(_COUNTERS) == []
