"""Account days: Pacific days, totals asked one by one, new followers of 30 days, nothing where nothing is told."""

from __future__ import annotations

from datetime import date, timedelta

from tests.contract.instagram.conftest import ACCOUNT, NOON
from tests.contract.landed import Workbench, errors_of
from tests.fakes.graph_api import ends
from tests.fakes.instagram import InstagramAccount, InstagramApi

DAY = timedelta(days=1)
ROWS = "select date, metric, value from raw.instagram__account_days order by metric, date"


def day_calls(api: InstagramApi, metric: str) -> list[dict[str, str]]:
    """Questions for a metric of the account, newest last."""
    path = f"/{api.version}/{ACCOUNT}/insights"
    return [
        dict(seen.query)
        for seen in api.seen
        if seen.path == path and metric in seen.query["metric"].split(",")
    ]


def test_days_are_pacific_also_where_the_clocks_change(account: InstagramAccount, bench: Workbench) -> None:
    """On 1 November 2026 California's day has 25 hours."""
    days = [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 2)]
    account.days["reach"] = {day: day.day for day in days}
    account.days["views"] = {day: 100 + day.day for day in days}
    bench.landed(NOON, start=date(2026, 10, 30))
    assert bench.rows(ROWS) == [
        *((day, "reach", day.day) for day in days),
        *((day, "views", 100 + day.day) for day in days),
    ]


def test_no_row_is_not_zero_and_the_days_are_known(account: InstagramAccount, bench: Workbench) -> None:
    account.days["reach"] = {date(2026, 11, 5): 9}
    bench.landed(NOON, start=date(2026, 11, 4))
    assert bench.rows(ROWS) == [(date(2026, 11, 5), "reach", 9)]
    slices = [row.slice for row in bench.zone.slices() if row.stream == "account_days"]
    assert slices == ["2026-11-04", "2026-11-05", "2026-11-06", "2026-11-07"]


def test_days_younger_than_48_hours_wait_and_young_ones_are_asked_again(
    api: InstagramApi, account: InstagramAccount, bench: Workbench
) -> None:
    account.days["reach"] = {date(2026, 11, day): day for day in range(1, 11)}
    bench.landed(NOON, start=date(2026, 11, 1))
    newest = "select max(date) from raw.instagram__account_days"
    # It ended 52 hours ago, the next one 28.
    assert bench.rows(newest) == [(date(2026, 11, 7),)]
    until = max(int(each["until"]) for each in day_calls(api, "reach"))
    assert until == int(ends(date(2026, 11, 7)).timestamp())
    account.days["reach"][date(2026, 11, 7)] = 70
    api.now = NOON + DAY
    bench.landed(NOON + DAY, start=date(2026, 11, 1))
    restated = "select value from raw.instagram__account_days where date = '2026-11-07'"
    assert bench.rows(restated) == [(70,)]
    assert bench.rows(newest) == [(date(2026, 11, 8),)]


def test_totals_are_asked_day_by_day_with_their_type(
    api: InstagramApi, account: InstagramAccount, bench: Workbench
) -> None:
    account.days["views"] = {date(2026, 11, 5): 5, date(2026, 11, 6): 6}
    bench.landed(NOON, start=date(2026, 11, 5))
    asked = day_calls(api, "views")
    assert [each["metric_type"] for each in asked] == ["total_value"] * 3
    assert [int(each["until"]) - int(each["since"]) for each in asked] == [86_400] * 3
    assert bench.rows(ROWS) == [(date(2026, 11, 5), "views", 5), (date(2026, 11, 6), "views", 6)]


def test_new_followers_are_asked_for_30_days_only(
    api: InstagramApi, account: InstagramAccount, bench: Workbench
) -> None:
    days = [NOON.date() - back * DAY for back in range(1, 60)]
    account.days["follower_count"] = dict.fromkeys(days, 3)
    account.days["reach"] = dict.fromkeys(days, 4)
    bench.landed(NOON)
    told = "select metric, min(date), count(*) from raw.instagram__account_days group by metric order by 1"
    (followers, reach) = bench.rows(told)
    assert followers[:2] == ("follower_count", date(2026, 10, 12))
    assert reach[1] == date(2026, 9, 12)
    assert len(day_calls(api, "follower_count")) <= 2


def test_new_followers_of_a_small_account_are_not_asked_for(
    api: InstagramApi, account: InstagramAccount, bench: Workbench
) -> None:
    account.followers_count = 99
    account.days["reach"] = {date(2026, 11, 5): 9}
    bench.landed(NOON, start=date(2026, 11, 4))
    assert day_calls(api, "follower_count") == []
    assert bench.rows(ROWS) == [(date(2026, 11, 5), "reach", 9)]


def test_a_call_asks_for_30_days_at_most_and_for_no_more_than_the_memory(
    api: InstagramApi, account: InstagramAccount, bench: Workbench
) -> None:
    account.days["reach"] = {date(2026, 11, 5): 9}
    bench.landed(NOON, start=date(2024, 1, 1), total_metrics=[])
    spans = [(int(each["until"]) - int(each["since"])) / 86_400 for each in day_calls(api, "reach")]
    assert len(spans) == 3
    assert 88 < sum(spans) < 91
    assert max(spans) < 31


def test_impressions_are_gone_and_the_refusal_says_what_to_do(bench: Workbench) -> None:
    errors = errors_of(bench.land(NOON, day_metrics=["impressions"]))
    assert set(errors) == {"account_days"}
    assert "Meta retires metrics" in errors["account_days"]
    assert "sanjeh.yml" in errors["account_days"]


def test_another_account_brings_its_own_past(
    api: InstagramApi, account: InstagramAccount, bench: Workbench
) -> None:
    account.days["reach"] = {date(2026, 9, 3): 3}
    bench.landed(NOON)
    other, another = "17841400000000099", InstagramAccount("sib.juice")
    another.days["reach"] = {date(2026, 9, 3): 4}
    api.accounts[other] = another
    bench.landed(NOON, account_id=other)
    assert bench.rows(
        "select account_id, value from raw.instagram__account_days where date = '2026-09-03' and metric = 'reach'"
    ) == [(other, 4)]
