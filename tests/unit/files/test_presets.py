"""Ordinary exports of each kind land without any `columns`."""

# ruff: noqa: DTZ001 - instants of the raw zone are UTC without a zone
from __future__ import annotations

import io
import json
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest

from connectors.core.errors import SourceDataError
from connectors.files.registry import FILE_PRESETS
from tests.unit.files.conftest import World

ORDINARY: dict[str, tuple[str, str, list[tuple[object, ...]]]] = {
    "email_campaigns_file": (
        "Campaign ID,Subject,Send date,Recipients,Delivered,Unique opens,Unique "
        "clicks\nc1,Hi,2026-11-01,46.0,40.0,9,3\n",
        "select campaign_id, sent, delivered, unique_clicks from raw.email__campaigns",
        [("c1", 46, 40, 3)],
    ),
    "survey_file": (
        "Date,Score\n2026-11-01,10\n2026-11-01,NA\n2026-11-01,\n",
        "select count(*), count(score), max(score) from raw.surveys__responses",
        [(3, 1, 10)],
    ),
    "subscription_snapshots_file": (
        "Snapshot,Customer,Amount\n2026-11-01T00:00:00Z,a,5\n2026-11-02T00:00:00Z,a,6\n",
        "select count(distinct _slice), sum(amount), min(quantity), min(interval) from "
        "raw.subscriptions__snapshots",
        [(2, Decimal(11), Decimal(1), "month")],
    ),
    "ad_events_file": (
        "timestamp,click\n2026-11-01 00:00:01.5+00:00,1\n",
        "select event_at, impressions, clicks from raw.ad_server__events",
        [(datetime(2026, 11, 1, 0, 0, 1, 500000), 1, 1)],
    ),
    "crm_contacts_file": (
        "Record ID,Create date,Lifecycle stage,Deleted\n7,2026-11-01,lead,yes\n",
        "select contact_id, lifecycle_stage, is_deleted, _is_deleted from raw.crm__contacts",
        [("7", "lead", True, False)],
    ),
    "crm_deals_file": (
        'Deal ID,Create date,Amount,Won\n7,2026-11-01,"1,200.50",no\n',
        "select deal_id, amount, is_won, currency_code from raw.crm__deals",
        [("7", Decimal("1200.5"), False, "USD")],
    ),
    "social_followers_file": (
        "Date,Network,Account,Followers\n2026-11-01,telegram,acme,10\n",
        "select followers from raw.social__followers",
        [(10,)],
    ),
    "social_posts_file": (
        "Network,Account,Post ID,Publish time,Likes\ntelegram,acme,1,2026-11-01 08:00,4\n",
        "select likes from raw.social__posts",
        [(4,)],
    ),
    "costs_file": (
        "Date,End date,Category,Amount\n2026-11-01,2026-11-30,tools,300\n",
        "select end_date, amount from raw.costs__costs",
        [(date(2026, 11, 30), Decimal(300))],
    ),
    "form_days_file": (
        'Date,Form,Unique views,Unique submissions,Total submissions\n2026-11-01,Contact,"1,000",15,20\n'
        "Total,,1000,15,20\n",
        "select form_date, form_id, form_name, viewers, submitters, submissions from raw.forms__form_days",
        [(date(2026, 11, 1), "Contact", "Contact", 1000, 15, 20)],
    ),
    "exchange_rates_file": (
        "Date,From,To,Rate\n2026-11-01,EUR,USD,1.1\n",
        "select rate from raw.exchange_rates__rates",
        [(Decimal("1.1"),)],
    ),
}


@pytest.mark.parametrize("connector", ORDINARY)
def test_an_ordinary_export_lands_as_it_is(world: World, connector: str) -> None:
    content, query, expected = ORDINARY[connector]
    world.drop("export.csv", content)
    [landing] = world.land(connector)
    assert landing.rejected == 0
    assert world.rows(query) == expected


def test_form_reports_in_persian(world: World) -> None:
    world.drop(
        "forms.csv",
        "تاریخ,شناسه فرم,نام فرم,آدرس صفحه,بازديدکنندگان,ارسال‌کنندگان,تعداد ارسال\n"
        "۱۴۰۵/۰۸/۱۰,۷,تماس با ما,https://acme.example/fa,۱٬۲۰۰,۱۸,۲۱\nجمع,,,,۱٬۲۰۰,۱۸,۲۱\n",
    )
    [landing] = world.land("form_days_file")
    assert landing.rejected == 0
    assert world.rows(
        "select form_date, form_id, form_name, page_url, viewers, submitters, submissions from raw.forms__form_days"
    ) == [(date(2026, 11, 1), "۷", "تماس با ما", "https://acme.example/fa", 1200, 18, 21)]


def test_a_form_report_with_mixed_up_columns_is_refused(world: World) -> None:
    world.drop(
        "forms.csv", "Date,Form,Unique views,Unique submissions,Total submissions\n2026-11-01,Contact,9,5,4\n"
    )
    with pytest.raises(SourceDataError, match="more people sent the form than it was sent"):
        world.land("form_days_file")


def test_a_corrected_form_report_replaces_its_days(world: World) -> None:
    """A form that a later report of the day no longer has is gone; the other day stays."""
    header = "Date,Form ID,Unique views,Unique submissions\n"
    world.drop("a.csv", header + "2026-11-01,f,10,1\n2026-11-01,g,20,2\n2026-11-02,f,30,3\n")
    world.land("form_days_file")
    world.drop("b.csv", header + "2026-11-01,f,11,1\n")
    world.land("form_days_file")
    assert world.rows("select form_date, form_id, viewers from raw.forms__form_days order by all") == [
        (date(2026, 11, 1), "f", 11),
        (date(2026, 11, 2), "f", 30),
    ]


def test_every_connector_word_names_its_preset() -> None:
    assert all(preset.connector == word and preset.streams for word, preset in FILE_PRESETS.items())


def test_campaigns_come_from_file_names(world: World) -> None:
    for name in ("random_all.csv", "bts_all.csv"):
        world.drop(name, "timestamp,click\n2026-11-01 00:00:01,1\n")
    world.land("ad_events_file", columns={"campaign": {"file_name": "^(.+)_all$"}})
    assert world.rows("select campaign from raw.ad_server__events order by 1") == [("bts",), ("random",)]


GOOGLE = (
    'Campaign report\n"November 1, 2026 - November 2, 2026"\n'
    "Day,Campaign,Campaign ID,Currency code,Cost,Impr.,Clicks,Conversions,Conv. value,Search lost IS\n"
    '2026-11-01,Brand,22,USD,"1,204.50","1,200",40, --,0.00,< 10%\n'
    'Total: account,,,USD,"1,204.50","1,200",40,0,0.00,\n'
)


@pytest.mark.parametrize("excel", [False, True])
def test_google_ads_download_drops_titles_and_totals(world: World, excel: bool) -> None:
    if excel:
        lines = GOOGLE.replace('"1,204.50"', "1204.50").replace('"1,200"', "1200").splitlines()
        tabbed = [*lines[:2], *(line.replace(",", "\t") for line in lines[2:])]
        world.drop("g.csv", "\n".join(tabbed).encode("utf-16"))
    else:
        world.drop("g.csv", GOOGLE)
    world.land("google_ads_file")
    assert world.rows(
        "select date, campaign_id, cost, impressions, conversions, currency_code from "
        "raw.google_ads__campaign_performance"
    ) == [(date(2026, 11, 1), "22", Decimal("1204.5"), 1200, None, "USD")]


META = (
    "Campaign name,Reporting starts,Reporting ends,Amount spent (EUR),Impressions,Link "
    "clicks,Results,Result indicator\n"
    "Leads,2026-11-01,{end},12.34,1000,31,5,actions:lead\n"
)


def test_meta_export_by_day_lands_with_the_currency_of_its_header(world: World) -> None:
    world.drop("m.csv", META.format(end="2026-11-01"))
    world.land("meta_ads_file")
    assert world.rows(
        "select date, cost, currency_code, clicks, conversion_goal from raw.meta_ads__campaign_performance"
    ) == [(date(2026, 11, 1), Decimal("12.34"), "EUR", 31, "actions:lead")]


def test_meta_export_without_the_breakdown_by_day_is_refused(world: World) -> None:
    world.drop("m.csv", META.format(end="2026-11-30"))
    with pytest.raises(SourceDataError, match="more than one day"):
        world.land("meta_ads_file")


@pytest.mark.parametrize(
    "names",
    [
        (
            "Chart",
            "Queries",
            "Pages",
            "Countries",
            "Devices",
            "Date",
            "Top queries",
            "Top pages",
            "Country",
            "Device",
        ),
        ("نمودار", "پرس‌وجوها", "صفحه‌ها", "کشورها", "دستگاه‌ها", "تاریخ", "پرس‌وجو", "صفحه", "کشور", "دستگاه"),
    ],
)
def test_search_console_zip_lands_in_any_language(world: World, names: tuple[str, ...]) -> None:
    metrics = "Clicks,Impressions,CTR,Position"
    values = ("2026-11-01", "برند من", "https://a.example/", "Iran", "Mobile")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for tab, header, value in zip(names[:5], names[5:], values, strict=True):
            archive.writestr(f"{tab}.csv", f"{header},{metrics}\n{value},3,100,3%,1.5\n")
        archive.writestr("Filters.csv", "Filter,Value\nSearch type,Web\n")
    world.drop("s.zip", stream.getvalue())
    world.land("search_console_file", columns={"site": {"constant": "sc-domain:a.example"}})
    assert world.rows("select date, clicks, site from raw.search_console__totals") == [
        (date(2026, 11, 1), 3, "sc-domain:a.example")
    ]
    for name, column, value in zip(
        ("queries", "pages", "countries", "devices"),
        ("query", "page", "country", "device"),
        values[1:],
        strict=True,
    ):
        assert world.rows(
            f"select {column}, impressions, position, period_start, period_end from "
            f"raw.search_console__{name}"
        ) == [(value, 100, 1.5, date(2026, 11, 1), date(2026, 11, 2))]


def test_ga4_ui_export_with_several_sections(world: World) -> None:
    world.drop(
        "ga.csv",
        "# ----------------------------------------\n# Traffic\n# Account: Acme\n# Property: 123\n"
        "# Start date: 20261101\n# End date: 20261107\n# ----------------------------------------\n\n"
        "Date,Sessions,Views\n20261101,10,30\n20261102,12,31\n\n"
        "# ----------------------------------------\n# Pages\n# Start date: 20261101\n# End date: "
        "20261107\n\n"
        "Page path,Views\n/a,5\n(other),1\nGrand total,6\n",
    )
    world.land("ga4_report_file")
    assert world.rows("select date, sessions, page_views, property_id from raw.ga4__totals order by 1") == [
        (date(2026, 11, 1), 10, 30, "123"),
        (date(2026, 11, 2), 12, 31, "123"),
    ]
    assert world.rows(
        "select report, period_start, period_end, dimension_1, metric, metric_value from "
        "raw.ga4__period_reports order by row_number"
    ) == [
        ("Pages", date(2026, 11, 1), date(2026, 11, 8), "/a", "Views", 5.0),
        ("Pages", date(2026, 11, 1), date(2026, 11, 8), "(other)", "Views", 1.0),
    ]


def test_ga4_json_gives_period_totals_and_rows(world: World) -> None:
    answer = {
        "name": "top",
        "query": {
            "dateRanges": [{"startDate": "30daysAgo", "endDate": "yesterday"}],
            "property": "properties/9",
        },
        "data": [{"domain": "a.example", "visits": "7"}],
        "totals": {"visits": 9, "devices": {"mobile": 4}},
        "taken_at": "2024-01-05T03:00:00Z",
    }
    world.drop("top.json", json.dumps(answer))
    world.land("ga4_report_file", timezone="America/New_York")
    period = (date(2023, 12, 5), date(2024, 1, 4))
    assert world.rows(
        "select period_start, period_end, dimension_1, metric_value from raw.ga4__period_reports"
    ) == [(*period, "a.example", 7.0)]
    assert world.rows(
        "select metric, segment, metric_value from raw.ga4__report_totals order by 2 nulls first"
    ) == [
        ("visits", None, 9.0),
        ("visits", "devices/mobile", 4.0),
    ]


def test_a_period_report_without_a_period_is_refused(world: World) -> None:
    world.drop("top.csv", "domain,visits\na,1\n")
    with pytest.raises(SourceDataError, match="nothing says its period"):
        world.land("ga4_report_file")
