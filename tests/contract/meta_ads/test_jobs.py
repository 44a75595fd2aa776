"""Asynchronous reports, and questions that are too large for Meta."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from connectors.core.window import DateWindow
from tests.contract.desk import NOW
from tests.contract.meta_ads.conftest import DAY, FIRST, MetaDesk, ad_day
from tests.fakes.meta_ads import Ending, MetaAdsApi

SKIPPED = Ending(status="Job Skipped")
FAILED = Ending(status="Job Failed")
LAST = NOW.date() - DAY
EIGHT = (str(FIRST), str(LAST))
COUNT = "select count(*), count(distinct (date, ad_id)) from raw.meta_ads__ad_performance"


def failed(code: int, subcode: int = 0, message: str = "Something went wrong") -> Ending:
    """A job that fails and, as from v25 on, says why."""
    reason = {"error_code": code, "error_message": message, "error_user_title": "t", "error_user_msg": "m"}
    return Ending(status="Job Failed", error=reason | ({"error_subcode": subcode} if subcode else {}))


@pytest.fixture
def desk(make_desk: Any) -> MetaDesk:
    """Eight days of two ads: more than a week, so they are asked as a job."""
    made: MetaDesk = make_desk("ad_performance")
    made.account.days = [ad_day(day, ad) for day in DateWindow.inclusive(FIRST, LAST).days() for ad in (1, 2)]
    return made


def test_more_than_a_week_of_ads_is_a_job_that_is_waited_for(desk: MetaDesk) -> None:
    desk.api.polls = 6
    desk.land(page_size=3)
    assert desk.questions() == [("job", *EIGHT)]
    assert len(desk.asked("GET", "/6023920149050")) == 7
    assert desk.time.waits == [2.0, 3.0, 4.5, 6.75, 10.125, 15.1875]
    assert len(desk.asked("GET", "/6023920149050/insights")) == 6
    assert desk.read(COUNT) == [(16, 16)]


def test_a_week_of_ads_and_any_campaigns_are_asked_at_once(desk: MetaDesk, make_desk: Any) -> None:
    desk.land(start=FIRST + DAY)
    make_desk("campaign_performance", parallel=1).land()
    assert [way for way, *_ in desk.questions()] == ["page", "page"]


@pytest.mark.parametrize("first", [FAILED, SKIPPED, failed(2, message="Unexpected error"), failed(1, 99)])
def test_a_job_that_came_to_nothing_is_started_anew(desk: MetaDesk, first: Ending) -> None:
    desk.api.endings = [first]
    desk.land()
    assert desk.questions() == [("job", *EIGHT), ("job", *EIGHT)]
    assert 30 in desk.time.waits
    assert desk.read(COUNT) == [(16, 16)]


def test_two_that_came_to_nothing_are_asked_in_halves(desk: MetaDesk) -> None:
    desk.api.endings = [FAILED, SKIPPED]
    desk.land()
    middle = FIRST + 3 * DAY
    assert sorted(desk.questions()) == [
        ("job", *EIGHT),
        ("job", *EIGHT),
        ("page", str(FIRST), str(middle)),
        ("page", str(middle + DAY), str(LAST)),
    ]
    assert desk.read(COUNT) == [(16, 16)]


def test_a_job_that_never_ends_counts_as_failed(desk: MetaDesk) -> None:
    desk.api.polls = 10_000
    desk.land(job_timeout_seconds=60)
    assert [way for way, *_ in desk.questions()] == ["page", "page", "job", "job"]
    assert desk.read(COUNT) == [(16, 16)]


@pytest.mark.parametrize("code", [(100, 1504018), (2, 1504038), (100, 1487534)])
def test_too_much_at_once_becomes_a_job(make_desk: Any, code: tuple[int, int]) -> None:
    desk: MetaDesk = make_desk("campaign_performance")
    desk.api.most_rows, desk.api.too_much = 1, code
    desk.land()
    assert desk.questions() == [("page", *EIGHT), ("job", *EIGHT)]
    assert desk.read("select count(*) from raw.meta_ads__campaign_performance") == [(2,)]


def test_too_much_for_a_job_is_asked_in_halves_down_to_what_goes(desk: MetaDesk) -> None:
    desk.api.most_rows, desk.api.most_job_rows = 2, 4
    desk.land()
    assert desk.read(COUNT) == [(16, 16)]
    jobs = [(since, until) for way, since, until in desk.questions() if way == "job"]
    # A question that is too large is not asked a second time.
    assert len(jobs) == len(set(jobs)) == 7


def test_a_day_that_meta_does_not_compute_is_told(desk: MetaDesk) -> None:
    desk.api.most_rows, desk.api.most_job_rows = 1, 1
    told = desk.errors()["meta_ads/ad_performance"]
    assert told.startswith(f"Source shop, meta_ads/ad_performance of {FIRST}: Meta doesn't compute this day")
    assert desk.read(COUNT) == [(0, 0)]


def test_a_page_that_is_too_large_is_halved_at_its_place(desk: MetaDesk) -> None:
    desk.api.on_request(
        3,
        lambda: setattr(desk.api, "most_page", 2),
        matches=lambda request: request.path.endswith("50/insights"),
    )
    desk.land(page_size=5)
    limits = [seen.query["limit"] for seen in desk.asked("GET", "50/insights")]
    assert limits == ["5", "5", "5", "2", "2", "2"]
    assert desk.read(COUNT) == [(16, 16)]


def test_a_page_of_one_row_that_is_too_large_is_told(desk: MetaDesk) -> None:
    desk.api.most_page = 0
    told = desk.errors(page_size=4)["meta_ads/ad_performance"]
    assert "Meta finds a page of one row too large" in told


@pytest.mark.parametrize(
    ("ending", "said"),
    [
        (failed(190, 463, "Session has expired"), "the credentials are refused"),
        (failed(294, message="ads_read is missing"), "the credentials have no right to this"),
    ],
)
def test_a_job_without_a_right_is_not_started_again(desk: MetaDesk, ending: Ending, said: str) -> None:
    desk.api.endings = [ending]
    told = desk.errors()["meta_ads/ad_performance"]
    assert said in told
    assert told.startswith("Source shop, meta_ads/ad_performance of ")
    assert len(desk.questions()) == 1


def test_jobs_that_end_for_the_allowance_wait_for_the_next_run(desk: MetaDesk) -> None:
    desk.api.endings = [failed(80000), failed(17)]
    told = desk.errors()["meta_ads/ad_performance"]
    assert "jobs end before they are done" in told
    assert "the next run goes on from there" in told
    assert len(desk.questions()) == 2
    desk.land(at=NOW + timedelta(hours=1))
    assert desk.read(COUNT) == [(16, 16)]


def test_rows_that_come_while_a_job_is_read_move_nothing(desk: MetaDesk, api: MetaAdsApi) -> None:
    def more() -> None:
        desk.account.days.append(ad_day(FIRST, 9, spend=10**6))

    api.on_request(2, more, matches=lambda request: request.path.endswith("50/insights"))
    desk.land(page_size=3)
    assert desk.read(COUNT) == [(16, 16)]
