"""What Google says of the quality of its answers lands beside their rows."""

from __future__ import annotations

from datetime import date
from typing import Any

from google.analytics.data_v1beta.types import ResponseMetaData

from connectors.ga4.quality import Quality, marks_of_day
from tests.contract.desk import NOW
from tests.contract.ga4.conftest import SECOND, Ga4Desk
from tests.fakes.ga4_data import Quality as Said


def test_what_google_says_of_an_answer_lands_for_each_of_its_days(make_desk: Any, transport: str) -> None:
    desk: Ga4Desk = make_desk(transport, "ga4/traffic", "ga4/pages")
    desk.shop.quality = Said(
        sampled=(48, 60),
        has_other_row=True,
        truncations=(("PROPERTY", "Older than the retention."), ("GOOGLE_ADS", "Older than 36 months.")),
        empty_reason="NO_DATA",
    )
    desk.land()
    marks = "is_sampled, sampled_share, is_thresholded, has_other_row, truncation, empty_reason"
    cut = "PROPERTY: Older than the retention.; GOOGLE_ADS: Older than 36 months."
    assert desk.read(
        f"select landed_rows, answer_rows, {marks} from raw.quality__report_days "
        "where report = 'ga4/traffic' order by date limit 3"
    ) == [(rows, rows, True, 0.8, False, True, cut, None) for rows in (2, 1, 0)]
    assert desk.read(
        "select count(*), count(distinct date), max(date) from raw.quality__report_days "
        "where report = 'ga4/pages'"
    ) == [(8, 8, date(2026, 11, 9))]
    assert desk.read(
        "select date, answer_rows, empty_reason from raw.quality__report_days "
        "where report = 'ga4/pages' and empty_reason is not null"
    ) == [(date(2026, 11, 9), 0, "NO_DATA")]


def test_marks_that_google_leaves_out_are_false(make_desk: Any) -> None:
    desk: Ga4Desk = make_desk()
    desk.land()
    assert desk.read(
        "select distinct is_sampled, sampled_share, is_thresholded, has_other_row, truncation, empty_reason "
        "from raw.quality__report_days"
    ) == [(False, None, False, False, None, None)]
    assert desk.read("select report, count(*) from raw.quality__report_days group by all order by 1") == [
        (f"ga4/{name}", 8)
        for name in ("devices", "events", "landing_pages", "pages", "totals", "traffic", "users")
    ]


def test_a_cut_holds_for_the_days_that_google_names() -> None:
    metadata = ResponseMetaData(
        {
            "data_truncation_reasons": [
                {"data_truncation_type": 5, "data_truncation_date": "2026-11-03"},
                {
                    "data_truncation_type": 77,
                    "data_truncation_date_ranges": [{"start_date": "2026-11-03", "end_date": "2026-11-04"}],
                },
            ]
        }
    )
    answer = (Quality.of(ResponseMetaData.pb(metadata), ("sessions",)), 0)
    cuts = [marks_of_day(date(2026, 11, day), [answer])["truncation"] for day in (2, 3, 5)]
    assert cuts == ["ITEM_SCOPED_ECOMMERCE_METRICS", "77", None]


def test_a_metric_that_the_account_may_not_see_is_no_zero(make_desk: Any) -> None:
    desk: Ga4Desk = make_desk("rest", "ga4/traffic", "ga4/pages")
    desk.shop.quality = Said(restricted_metrics=(("totalRevenue", "REVENUE_DATA"),))
    assert desk.source().check(now=NOW).notes == (
        "these credentials may not see totalRevenue; it stays empty",
    )
    desk.land()
    assert desk.read("select distinct revenue, sessions > 0 from raw.ga4__traffic") == [(None, True)]
    assert desk.read("select distinct report, truncation from raw.quality__report_days order by 1") == [
        ("ga4/pages", None),
        ("ga4/traffic", "no access to totalRevenue"),
    ]


def test_where_google_withholds_rows_nothing_is_taken_for_zero(make_desk: Any) -> None:
    desk: Ga4Desk = make_desk("rest", "ga4/events")
    desk.shop.quality = Said(is_thresholded=True)
    desk.land()
    assert desk.read("select event_name, event_count from raw.ga4__events order by 1") == [
        ("share", 2),
        ("sign_up", 1),
    ]
    assert desk.read(
        "select is_thresholded, landed_rows from raw.quality__report_days where date = ?".replace(
            "?", f"'{SECOND}'"
        )
    ) == [(True, 1)]
