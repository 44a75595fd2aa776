"""The page: followers now, its token, its days; what Facebook doesn't tell is never zero."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.contract.facebook_page.conftest import NOON, PAGE
from tests.contract.landed import Workbench, errors_of
from tests.fakes.facebook_page import FacebookPage, FacebookPageApi, page_post
from tests.fakes.graph_api import ACCESS_TOKEN

DAY = timedelta(days=1)
DAYS = "select date, metric, value from raw.facebook_page__page_days order by metric, date"


def test_followers_and_likes_are_two_numbers_of_one_moment(page: FacebookPage, bench: Workbench) -> None:
    bench.landed(NOON)
    page.followers_count, page.username = 1010, None
    bench.landed(NOON + DAY)
    told = "select _slice, name, username, followers_count, fan_count from raw.facebook_page__followers order by 1"
    assert bench.rows(told) == [
        ("2026-11-10", "سیب", "sib.fruit", 1000, 900),
        ("2026-11-11", "سیب", None, 1010, 900),
    ]


def test_check_tells_who_what_and_how_much_is_left(api: FacebookPageApi, bench: Workbench) -> None:
    api.used_percent = 12
    assert bench.check(now=NOON).summary == (
        f"Facebook page سیب ({PAGE}); reads page, posts and insights; 1,000 followers; "
        "quota 12 % of the calls of this hour used"
    )


def test_a_persons_token_is_changed_for_the_pages(
    api: FacebookPageApi, page: FacebookPage, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGE_TOKEN", ACCESS_TOKEN)
    page.posts = [page_post(PAGE, 1, at=NOON - DAY)]
    api.administered = {PAGE}
    bench.landed(NOON, access="user")
    assert bench.rows("select count(*) from raw.facebook_page__posts") == [(1,)]
    asked = [seen for seen in api.seen if seen.query.get("fields") == "access_token"]
    assert len(asked) == 1
    assert api.page_token not in bench.everything_stored()


def test_a_pages_token_that_was_revoked_is_asked_for_anew(
    api: FacebookPageApi, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGE_TOKEN", ACCESS_TOKEN)
    api.administered = {PAGE}

    def renew() -> None:
        api.page_token = "EAAanother-page-token"  # noqa: S105 - of no page

    api.on_request(3, renew)
    bench.landed(NOON, access="user", parallel=1)
    assert sum(seen.query.get("fields") == "access_token" for seen in api.seen) == 2


def test_a_person_without_a_task_on_the_page_is_told_so(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGE_TOKEN", ACCESS_TOKEN)
    (told,) = bench.check(now=NOON, access="user").problems
    assert "this person has no task on the page" in told


def test_a_persons_token_in_place_of_the_pages_is_told_so(
    page: FacebookPage, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGE_TOKEN", ACCESS_TOKEN)
    page.posts = [page_post(PAGE, 1, at=NOON - DAY)]
    errors = errors_of(bench.land(NOON, parallel=1))
    assert any("must be called with a Page Access Token" in error for error in errors.values())
    assert all("refused" in error or "not asked any further" in error for error in errors.values())


def test_days_are_pacific_and_absent_ones_have_no_row(page: FacebookPage, bench: Workbench) -> None:
    page.days["page_follows"] = {date(2026, 10, 31): 990, date(2026, 11, 1): 995}
    page.days["page_media_view"] = {date(2026, 11, 1): 0}
    bench.landed(NOON, start=date(2026, 10, 30))
    assert bench.rows(DAYS) == [
        (date(2026, 10, 31), "page_follows", 990),
        (date(2026, 11, 1), "page_follows", 995),
        (date(2026, 11, 1), "page_media_view", 0),
    ]


def test_a_page_with_few_likes_has_no_days_and_no_zeros(page: FacebookPage, bench: Workbench) -> None:
    page.fan_count = 99
    page.days["page_follows"] = {date(2026, 11, 1): 995}
    bench.landed(NOON)
    assert bench.rows(DAYS) == []


def test_a_call_asks_for_90_days_at_most_and_for_two_years_in_all(
    api: FacebookPageApi, page: FacebookPage, bench: Workbench
) -> None:
    page.days["page_follows"] = {date(2024, 11, 15): 10, date(2024, 11, 1): 9}
    bench.landed(NOON, start=date(2020, 1, 1))
    calls = [seen.query for seen in api.seen if seen.path.endswith(f"{PAGE}/insights")]
    spans = [(int(each["until"]) - int(each["since"])) / 86_400 for each in calls]
    assert max(spans) < 90.1
    assert 726 < sum(spans) < 731
    assert bench.rows(DAYS) == [(date(2024, 11, 15), "page_follows", 10)]


@pytest.mark.parametrize("metric", ["page_impressions", "page_fans", "page_impressions_unique"])
def test_metrics_that_are_gone_since_november_2025_are_refused_with_what_to_do(
    bench: Workbench, metric: str
) -> None:
    errors = errors_of(bench.land(NOON, day_metrics=["page_follows", metric]))
    assert set(errors) == {"page_days"}
    assert "(#100) The value must be a valid insights metric" in errors["page_days"]
    assert (
        "one refuses all: mend reach_metric, views_metric, clicks_metric or day_metrics"
        in errors["page_days"]
    )
