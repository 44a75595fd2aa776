"""The HubSpot server's marketing side: e-mails, their statistics, forms and submissions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.fakes.hubspot import HubSpotApi
from tests.unit.fakes.hubspot_calls import HOUR, NOON, Caller, ids, refused_request

DAY = timedelta(days=1)
FORM = "00000000-0000-4000-8000-000000000001"
SUBMISSIONS = f"/form-integrations/v1/submissions/forms/{FORM}"
NOVEMBER = {"startTimestamp": "2026-11-01T00:00:00Z", "endTimestamp": "2026-11-30T23:59:59.999Z"}


@pytest.fixture
def api() -> Iterator[HubSpotApi]:
    """E-mails 1 to 3, the third archived; whatever a test does, answers keep to the contract."""
    with HubSpotApi() as server:
        server.emails.add(1, "خبرنامهٔ نیم‌فصل", at=NOON, campaignName="تخفیف‌های یلدا")
        server.emails.add(2, "دعوت‌نامه", at=NOON, state="SOME_NEW_STATE")
        server.emails.add(3, "پیش‌نویس", at=NOON, archived=True)
        server.forms.add(FORM, "تماس با‌ما", at=NOON)
        yield server
        assert server.violations == []


@pytest.fixture
def hubspot(api: HubSpotApi) -> Iterator[Caller]:
    caller = Caller(api)
    yield caller
    caller.close()


@pytest.mark.parametrize("path", ["/marketing/emails/2026-09", "/marketing/v3/emails"])
def test_emails_are_paged_by_opaque_tokens(api: HubSpotApi, hubspot: Caller, path: str) -> None:
    first, last = hubspot.pages(path, limit=1)
    assert (ids(first), ids(last), first["total"]) == (["1"], ["2"], 2)
    assert not first["paging"]["next"]["after"].isdigit()
    assert "paging" not in last
    assert first["results"][0]["campaignName"] == "تخفیف‌های یلدا"
    assert last["results"][0]["state"] == "SOME_NEW_STATE"
    assert "stats" not in first["results"][0]
    assert ids(hubspot.get(path, archived="true").json()) == ["3"]
    api.pager.repeats = True
    token = first["paging"]["next"]["after"]
    assert hubspot.get(path, limit=1, after=token).json()["paging"]["next"]["after"] == token
    assert hubspot.get(path, after="*").status_code == 400


def test_statistics_come_with_the_list_where_asked(api: HubSpotApi, hubspot: Caller) -> None:
    api.emails.send(1, at=NOON, sent=10, delivered=8, open=2, click=1)
    with_sends, without = hubspot.get("/marketing/emails/2026-09", includeStats="true").json()["results"]
    assert with_sends["stats"]["counters"]["delivered"] == 8
    assert without["stats"]["ratios"]["openratio"] == 0


@pytest.mark.parametrize("base", ["/marketing/emails/2026-09", "/marketing/v3/emails"])
def test_counters_belong_to_the_day_of_sending_and_ratios_are_percent(
    api: HubSpotApi, hubspot: Caller, base: str
) -> None:
    send = api.emails.send(1, at=NOON, sent=704, delivered=704, open=443, click=8, dropped=1)
    api.emails.send(1, at=NOON + DAY, sent=5, delivered=5)
    api.emails.send(2, at=NOON, sent=100, delivered=90, bounce=10)
    asked = NOVEMBER | {"endTimestamp": "2026-11-02T00:00:00Z", "emailIds": [1]}
    answer = hubspot.get(f"{base}/statistics/list", **asked).json()
    assert answer["emails"] == [1]
    assert (answer["aggregate"]["counters"]["sent"], answer["aggregate"]["counters"]["suppressed"]) == (
        704,
        0,
    )
    ratios = answer["aggregate"]["ratios"]
    assert (ratios["openratio"], ratios["clickratio"], ratios["clickthroughratio"]) == (62.926, 1.136, 1.806)
    assert sum(answer["aggregate"]["deviceBreakdown"]["open_device_type"].values()) == 443
    send.counters["open"] += 7
    assert hubspot.get(f"{base}/statistics/list", **asked).json()["aggregate"]["counters"]["open"] == 450
    both = hubspot.get(f"{base}/statistics/list", **NOVEMBER | {"emailIds": [1, 2]}).json()
    assert (both["emails"], both["aggregate"]["counters"]["sent"]) == ([1, 2], 809)
    assert hubspot.get(f"{base}/statistics/list", **NOVEMBER).json() == both
    assert (
        hubspot.get(f"{base}/statistics/list", **NOVEMBER | {"startTimestamp": "1793529600000"}).status_code
        == 400
    )
    assert refused_request(api)


@pytest.mark.parametrize("base", ["/marketing/emails/2026-09", "/marketing/v3/emails"])
def test_histogram(api: HubSpotApi, hubspot: Caller, base: str) -> None:
    api.emails.send(1, at=datetime(2026, 11, 1, 21, tzinfo=UTC), sent=5)
    api.emails.send(2, at=datetime(2026, 11, 2, 9, tzinfo=UTC), sent=7)
    asked = {
        "startTimestamp": "2026-11-01T00:00:00Z",
        "endTimestamp": "2026-11-03T00:00:00Z",
        "interval": "DAY",
    }

    def sent(key: str) -> list[tuple[str, int]]:
        answer = hubspot.get(f"{base}/statistics/histogram", **asked).json()
        assert answer["total"] == len(answer["results"])
        return [(each["interval"]["start"][:13], each[key]["counters"]["sent"]) for each in answer["results"]]

    assert sent("aggregations") == [("2026-11-01T00", 5), ("2026-11-02T00", 7)]
    api.emails.calls_it_aggregate_statistic = True
    api.emails.histogram_zone = ZoneInfo("Asia/Tehran")
    assert sent("aggregateStatistic") == [("2026-10-31T20", 0), ("2026-11-01T20", 12), ("2026-11-02T20", 0)]
    asked["interval"] = "HOUR"
    hours = sent("aggregateStatistic")
    assert len(hours) == 49
    assert [each for each in hours if each[1]] == [("2026-11-01T20", 5), ("2026-11-02T08", 7)]
    starts = {
        "WEEK": "2026-11-01T20",
        "MONTH": "2026-10-31T20",
        "QUARTER": "2026-09-30T20",
        "YEAR": "2025-12-31T20",
    }
    for interval, start in starts.items():
        asked["interval"] = interval
        assert (start, 12) in sent("aggregateStatistic")
    assert hubspot.get(f"{base}/statistics/histogram", **asked | {"interval": "MOON"}).status_code == 400
    assert refused_request(api)


@pytest.mark.parametrize("path", ["/marketing/forms/2026-09-beta", "/marketing/v3/forms"])
def test_forms_of_other_kinds_must_be_asked_for(api: HubSpotApi, hubspot: Caller, path: str) -> None:
    api.forms.add("f-2", "از بیرون", at=NOON, form_type="captured")
    api.forms.add("f-3", "کهنه", at=NOON, archived=True)
    assert ids(hubspot.get(path).json()) == [FORM]
    assert [ids(page) for page in hubspot.pages(path, formTypes="all", limit=1)] == [[FORM], ["f-2"]]
    assert ids(hubspot.get(path, archived="true").json()) == ["f-3"]


def _submit(api: HubSpotApi, count: int) -> None:
    for number in range(count):
        values = {"email": f"u{number}@example.com", "message": "سلام؛ می‌خواهم بیشتر بدانم"}
        conversion = None if number % 10 == 0 else number
        api.forms.submit(FORM, at=NOON + number * HOUR, values=values, conversion=conversion)


def test_submissions_come_newest_first_and_some_without_an_id(api: HubSpotApi, hubspot: Caller) -> None:
    _submit(api, 25)
    first, last = hubspot.pages(SUBMISSIONS)
    rows: list[dict[str, Any]] = first["results"] + last["results"]
    assert (len(first["results"]), len(last["results"])) == (20, 5)
    moments = [row["submittedAt"] for row in rows]
    assert moments == sorted(moments, reverse=True)
    assert moments[0] == round((NOON + 24 * HOUR).timestamp() * 1000)
    assert sum("conversionId" not in row for row in rows) == 3
    assert rows[0]["values"][0] == {"name": "email", "value": "u24@example.com", "objectTypeId": "0-1"}
    assert rows[0]["pageUrl"].startswith("https://")
    assert hubspot.get(SUBMISSIONS, limit=51).status_code == 400
    assert refused_request(api)


def test_a_submission_between_pages_repeats_another(api: HubSpotApi, hubspot: Caller) -> None:
    _submit(api, 4)
    api.on_request(2, lambda: api.forms.submit(FORM, at=NOON + 9 * DAY, values={}, conversion=99))
    first, second, last = hubspot.pages(SUBMISSIONS, limit=2)
    assert first["results"][-1] == second["results"][0]
    assert len(last["results"]) == 1


def test_an_unknown_form_is_not_found(hubspot: Caller) -> None:
    answer = hubspot.get("/form-integrations/v1/submissions/forms/none")
    assert (answer.status_code, answer.json()["category"]) == (404, "OBJECT_NOT_FOUND")
