"""``nava_apis`` tells what happened at ``nava``: the same amounts, and in its servers the traps that an API can have."""

from __future__ import annotations

from collections import defaultdict
from contextlib import ExitStack
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from tests.known_company.clock import RUNS
from tests.known_company.nava import ads, email, orders, social, story
from tests.known_company.nava import answers as nava
from tests.known_company.nava.exports import tehran_day
from tests.known_company.nava_apis import (
    answers,
    google_ads,
    instagram,
    mailchimp,
    meta_ads,
    twins,
    woocommerce,
)
from tests.known_company.nava_apis import story as by_api
from tests.known_company.nava_apis.names import own
from tests.known_company.nava_apis.vendors import VENDORS
from tests.known_company.oracle.cells import OVERALL, Cell, CellKey, Segment
from tests.known_company.oracle.feeds import Answers

Amounts = dict[tuple[date, Segment], Decimal | None]
TOLD_IN_FULL = (
    "ad_impressions", "ad_clicks", "ad_spend", "marketing_cost", "social_likes", "social_interactions", "social_reach",
)  # fmt: skip
"""Measures of API sources that are the same on every day, whichever sources they come from."""


@cache
def both() -> tuple[Answers, Answers]:
    """By file, and by API."""
    return nava.answers(), answers.answers()


def amounts(told: Answers, measure: str) -> Amounts:
    """Of all sources together; what is nought, or isn't told, is left out."""
    found: Amounts = defaultdict(Decimal)
    for (_, name, day, segment), amount in told.daily.items():
        if name == measure and segment[0] != "source":
            known = found[day, segment]
            found[day, segment] = None if known is None or amount is None else known + amount
    return {key: amount for key, amount in found.items() if amount != 0}


@pytest.mark.parametrize("measure", TOLD_IN_FULL)
def test_amounts_are_those_of_the_files(measure: str) -> None:
    by_file, apis = both()

    assert amounts(by_file, measure)
    assert amounts(apis, measure) == amounts(by_file, measure)


def test_what_no_vendor_tells_is_the_files_own() -> None:
    by_file, apis = both()
    told = {source for vendor in VENDORS for source in vendor.TELLS}
    kept = {
        (own(source), measure, day, segment): amount
        for (source, measure, day, segment), amount in by_file.daily.items()
        if source not in told
    }
    sources = {source for source, *_ in kept}

    assert {key: amount for key, amount in apis.daily.items() if key[0] in sources} == kept


@pytest.mark.parametrize("measure", ["email_unique_opens", "email_human_opens", "email_unsubscribes"])
def test_mails_are_those_of_the_file_but_for_deliveries_that_it_does_not_know(measure: str) -> None:
    by_file, apis = (amounts(told, measure) for told in both())
    unknown = tehran_day(email.campaigns()[40].sent_at)

    assert {key for key in by_file.keys() | apis.keys() if by_file.get(key) != apis.get(key)} <= {
        key for key in apis if key[0] == unknown
    }


@pytest.mark.parametrize("measure", ["orders", "order_value", "aov_order_value", "paid_value"])
def test_orders_are_those_of_the_files_but_for_the_names_of_countries(measure: str) -> None:
    by_file, apis = (amounts(told, measure) for told in both())

    def without_countries(found: Amounts) -> Amounts:
        return {key: amount for key, amount in found.items() if key[1][0] != "country"}

    assert without_countries(by_file)
    assert without_countries(apis) == without_countries(by_file)
    countries = [
        sum(amount or 0 for (_, (kind, _)), amount in found.items() if kind == "country")
        for found in (by_file, apis)
    ]
    assert countries[0] == countries[1]


def test_the_shop_has_what_a_shop_is_known_for() -> None:
    first, second, last = (woocommerce.shop_at(run) for run in range(3))
    statuses = {row["status"] for row in last.orders.values()}

    assert statuses == {"completed", "processing", "refunded", "cancelled", "trash"}
    assert "pending" in {row["status"] for row in first.orders.values()}
    assert first.orders.keys() - second.orders.keys() == {woocommerce.ERASED}
    assert {row["currency"] for row in last.orders.values()} == {"IRT", "USD"}
    assert any(not row["customer_id"] and row["billing"]["email"] for row in last.orders.values())
    assert any(row["payment_method"] == "sandbox" for row in last.orders.values())
    # Placed on the evening before the day of which it is.
    assert any(
        row["date_paid"] and row["date_created"][:10] < row["date_paid"][:10] for row in last.orders.values()
    )


def test_money_is_given_back_later_in_parts_and_as_mere_amounts_that_hold_tax_and_shipping() -> None:
    first, second = (woocommerce.shop_at(run) for run in range(2))
    late = second.refunds.keys() & first.orders.keys() - first.refunds.keys()
    mere = {
        number: back[0]
        for number, back in second.refunds.items()
        if not back[0]["line_items"] and len(back) == 1
    }

    assert late
    assert any(len(back) == 2 for back in second.refunds.values())
    assert mere and all(back["amount"] == second.orders[number]["total"] for number, back in mere.items())
    assert all(second.orders[number]["status"] == "refunded" for number in mere)


def test_a_wrong_amount_is_put_right_and_late_orders_come_with_the_second_run() -> None:
    first, second = (woocommerce.shop_at(run) for run in range(2))
    goods = [
        {
            number: sum(Decimal(line["subtotal"]) for line in row["line_items"])
            for number, row in shop.orders.items()
        }
        for shop in (first, second)
    ]
    wrong = [number for number in goods[0] if number in goods[1] and goods[0][number] != goods[1][number]]

    assert [goods[0][number] for number in wrong] == [goods[1][number] * 10 for number in wrong] and wrong
    assert any(row["date_paid_gmt"] < "2025-10-01" for number, row in second.orders.items()
               if number not in first.orders and row["date_paid_gmt"])  # fmt: skip


def test_the_wholesale_knows_customers_by_the_numbers_of_the_shop() -> None:
    rows = [
        line.split(b",") for drop in woocommerce.drops(0) for line in (drop.content or b"").splitlines()[1:]
    ]

    assert rows
    assert all(row[8].isdigit() for row in rows)


def test_shares_that_grew_are_all_told_though_on_other_days() -> None:
    by_file, apis = (
        sum(
            amount or 0
            for (_, segment), amount in amounts(told, "social_shares").items()
            if segment == OVERALL
        )
        for told in both()
    )

    assert 0 <= apis - by_file < Decimal("0.02") * by_file


def test_google_restates_the_last_thirty_days_and_keeps_a_currency_for_an_account() -> None:
    first, second = (google_ads.account(ads.GOOGLE, run) for run in (0, 1))
    clicks = [
        {(each.day, each.campaign): each.clicks for each in account.facts} for account in (first, second)
    ]
    changed = {day for day, campaign in clicks[0] if clicks[0][day, campaign] != clicks[1][day, campaign]}

    assert changed == {RUNS[0].date() - timedelta(days=back) for back in range(1, 30)}
    assert not any(each.day >= ads.EURO_SINCE for each in second.facts)
    assert min(each.day for each in google_ads.account(google_ads.EURO, 2).facts) == ads.EURO_SINCE
    assert {run: len(google_ads.sources(run, {"google_ads": ""})) for run in range(3)} == {0: 1, 1: 2, 2: 2}


def test_a_report_is_deleted_and_its_mails_still_count() -> None:
    sent = [{each["id"] for each in mailchimp.reports(run)} for run in range(3)]

    assert len(sent[0] - sent[1]) == 1 and sent[1] < sent[2]
    assert not email.records()[mailchimp.DELETED].is_test
    day = tehran_day(email.campaigns()[mailchimp.DELETED].sent_at)
    assert amounts(both()[1], "email_delivered")[day, OVERALL]


def test_instagrams_counters_move_between_runs_and_some_are_not_told() -> None:
    posts = [each for each in instagram.captures() if each.source == instagram.SOURCE]
    runs: dict[str, int] = defaultdict(int)
    for each in posts:
        runs[each.post_id] += 1

    assert {1, 2} <= set(runs.values())
    assert any(each.reach is None for each in posts) and any(each.shares is None for each in posts)
    assert {each.platform for each in instagram.captures()} == {"instagram", "telegram"}
    assert len([each for each in instagram.followers() if each.platform == "instagram"]) == len(RUNS)
    assert any(each.platform == "instagram" for each in social.followers())


def test_every_source_of_nava_is_told_and_servers_speak_for_those_without_a_file(tmp_path: Path) -> None:
    with by_api.serving(2, tmp_path) as around:
        sources = by_api.sources(2, around.addresses)
        assert all(around.environment.values())
    told = {own(source) for source in story.sources(2, {})}

    assert told <= sources.keys()
    assert {name for name, each in sources.items() if "base_url" in each} == {
        own(name)
        for name in (ads.GOOGLE, google_ads.EURO, ads.META, email.SOURCE, instagram.SOURCE, orders.SOURCE)
    }
    assert all(each.get("path", "/nava_apis/").count("/nava_apis/") == 1 for each in sources.values())


def test_a_row_that_differs_needs_a_reason() -> None:
    def row(kpi: str, day: str, **more: str) -> CellKey:
        return CellKey(more.get("brand", "nava"), kpi, "day", day, "overall", "all")

    cell, other = Cell(Decimal(1), None, 1.0, "final"), Cell(Decimal(2), None, 2.0, "final")
    explained, plain = ("ad_impressions", str(ads.MISSING)), ("ad_impressions", "2025-03-03")
    by_file = {row(*explained): cell, row(*plain): cell}
    same = {row(*explained, brand="nava_apis"): cell, row(*plain, brand="nava_apis"): cell}

    assert not twins.compared(by_file, same).differing
    outcome = twins.compared(by_file, dict.fromkeys(same, other))
    assert len(outcome.differing) == 1 and "2025-03-03" in outcome.differing[0]
    assert any("export lacks" in note for note in outcome.notes)


def test_meta_leaves_out_what_nobody_did(tmp_path: Path) -> None:
    with ExitStack() as servers:
        opened = meta_ads.open_server(0, tmp_path, servers)
        assert opened.addresses["meta_ads"].startswith("http://127.0.0.1")
    claims = [each.conversions for each in meta_ads.records()]
    assert None not in claims and Decimal(0) in claims
