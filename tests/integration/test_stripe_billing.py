"""Recurring revenue from Stripe, over the socket to published KPIs, against numbers worked by hand.

A landing on 20 May and a run on 1 July 2026: events reach back to 20 April and, after a hole of twelve days, to 1 June. A yen
is worth 0.006 euros, a Kuwaiti dinar 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests.fakes.stripe import KEY, StripeApi
from tests.fakes.stripe_rows import (
    Record,
    coupon,
    customer,
    discount,
    item,
    price,
    product,
    seconds,
    subscription,
    tier,
)
from tests.integration.landing import land_only
from tests.integration.warehouse import Workspace

pytestmark = pytest.mark.slow

SETTINGS = """
project: {{name: Billing, timezone: Europe/Berlin, currency: EUR}}
brands:
  saas: {{name: Saas}}
sources:
  billing: {{connector: stripe, brand: saas, key_env: BILLING_KEY, start: 2026-03-01, base_url: "{address}"}}
  rates: {{connector: exchange_rates_file, brand: saas, path: exports/rates.csv, expect: none}}
"""
RATES = "Date,From,To,Rate\n" + "".join(
    f"{datetime(2026, 2, 25, tzinfo=UTC) + timedelta(weeks=week):%Y-%m-%d},{code},EUR,{rate}\n"
    for week in range(20)
    for code, rate in (("JPY", "0.006"), ("KWD", "3"))
)
FIRST_RUN, SECOND_RUN = datetime(2026, 5, 20, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
MADE = datetime(2026, 1, 1, 12, tzinfo=UTC)
TOOLS = product(1, "Tools")


def on(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 12, tzinfo=UTC)


class Account:
    """Fills a server: customers and subscriptions by a letter."""

    def __init__(self, api: StripeApi) -> None:
        self._api = api
        self._prices = 0

    def price(self, amount: str | None, **fields: object) -> Record:
        self._prices += 1
        return price(self._prices, amount, at=MADE, of=TOOLS, **fields)  # type: ignore[arg-type]

    def subscribe(
        self, letter: str, at: datetime, *of: Record, quantity: int | None = 1, **fields: object
    ) -> str:
        """Let a customer subscribe; the id of the subscription."""
        number = ord(letter)
        who = customer(number, f"{letter}@customer.example", at=at)
        self._api.customers[who["id"]] = who
        items = [item(number * 10 + place, each, at=at, quantity=quantity) for place, each in enumerate(of)]
        held = subscription(number, items, at=at, customer=who["id"], **fields)  # type: ignore[arg-type]
        self._api.subscribe(held, at=at)
        return str(held["id"])


def _until_the_first_run(api: StripeApi) -> None:
    account = Account(api)
    hundred = account.price("10000")
    grown = account.subscribe("A", on(1, 10), hundred)
    api.change(grown, at=on(5, 5), items=[{**api.subscriptions[grown]["items"][0], "quantity": 2}])
    account.subscribe("B", on(2, 1), account.price("120000", interval="year"))
    account.subscribe("C", on(3, 10), account.price("1500", currency="jpy"))
    account.subscribe("D", on(3, 12), account.price("19990", currency="kwd"))
    trial = {"trial_start": seconds(on(4, 1)), "trial_end": seconds(on(4, 15))}
    tried = account.subscribe("E", on(4, 1), account.price("3000"), status="trialing", **trial)
    api.change(tried, at=on(4, 15), status="active")
    tiers = [tier(10, 500), tier(None, 400, 1000)]
    account.subscribe("F", on(3, 5), account.price(None, tiers=tiers, tiers_mode="graduated"), quantity=12)
    shared = account.subscribe("G", on(3, 5), account.price("6000"), account.price("4000"))
    thirty = coupon(1, at=MADE, amount=3000, currency="eur")
    api.discount(shared, [discount(1, thirty, at=on(3, 5))], at=on(3, 5))
    account.subscribe("H", on(3, 1), account.price("2000"))
    account.subscribe("I", on(3, 1), account.price("9900", usage_type="metered"), quantity=None)
    refused = account.subscribe("J", on(5, 1), hundred, status="incomplete")
    api.change(refused, at=on(5, 2), status="incomplete_expired", ended_at=seconds(on(5, 2)))
    cheaper = account.subscribe("K", on(3, 20), account.price("5000"))
    fifth = coupon(2, at=MADE, percent=20, duration="repeating", months=1)
    given = discount(2, fifth, at=on(5, 1), end=on(6, 15))
    api.discount(cheaper, [given], at=on(5, 1))
    account.subscribe("L", on(3, 1), account.price("1000"), account.price("1500"))
    account.subscribe("M", on(3, 1), account.price("1000"))


def _until_the_second_run(api: StripeApi) -> None:
    dearer = price(99, "3000", at=MADE, of=TOOLS)
    api.change(
        "sub_0077", at=on(5, 22), items=[{**api.subscriptions["sub_0077"]["items"][0], "price": dearer}]
    )
    api.cancel("sub_0066", at=on(5, 25))
    api.change("sub_0076", at=on(6, 5), items=api.subscriptions["sub_0076"]["items"][:1])
    api.change("sub_0072", at=on(6, 10), pause_collection={"behavior": "void", "resumes_at": None})


@pytest.fixture(scope="module")
def billing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    home = tmp_path_factory.mktemp("stripe") / "workspace"
    (home / "exports").mkdir(parents=True)
    (home / "exports" / "rates.csv").write_text(RATES, encoding="utf-8")
    (home / ".env").write_text(f"SANJEH_PII_KEY=a key of the tests\nBILLING_KEY={KEY}\n", encoding="utf-8")
    workspace = Workspace(home)
    with StripeApi() as api:
        (home / "sanjeh.yml").write_text(SETTINGS.format(address=api.base_url), encoding="utf-8")
        _until_the_first_run(api)
        api.now = FIRST_RUN
        assert land_only(home, FIRST_RUN) == set()
        _until_the_second_run(api)
        api.now = SECOND_RUN
        workspace.sanjeh("run", "--as-of", SECOND_RUN.isoformat())
        assert api.violations == []
    yield workspace


def _amounts(*texts: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, texts))


def test_months_move_as_reckoned(billing: Workspace) -> None:
    """At the end of March ten pay 511.97.

    A 100, B 1,200 a year = 100, C 1,500 yen = 9, D 19.990 dinars = 59.97, F 10 x 5 + 2 x 4 + 10 = 68, G 60 + 40 - 30 = 70,
    H 20, K 50, L 10 + 15, M 10.

    April: E pays 30 after its trial, which no event tells. May: A doubles, K has 20 % off, B ends in the hole. June: K's
    discount is over (10), M has cost 20 more since the hole, L loses an item of 15, H is paused.
    """
    assert billing.rows(
        "select month::varchar, mrr_start, mrr_new, mrr_expansion, mrr_reactivation, mrr_contraction, mrr_churn, mrr_fx, "
        "mrr_end, subscribers_start, subscribers_end, subscribers_retained from marts.fct_mrr_movements_monthly "
        "where month between date '2026-04-01' and date '2026-06-01' order by 1"
    ) == [
        ("2026-04-01", *_amounts("511.97", "30", "0", "0", "0", "0", "0", "541.97"), 10, 11, 10),
        ("2026-05-01", *_amounts("541.97", "0", "100", "0", "10", "100", "0", "531.97"), 11, 10, 10),
        ("2026-06-01", *_amounts("531.97", "0", "30", "0", "15", "20", "0", "526.97"), 10, 9, 9),
    ]


def test_the_kpis_follow(billing: Workspace) -> None:
    found = dict(
        billing.rows(
            "select kpi_id, value from marts.fct_kpi_monthly where brand_id = 'saas' and segment_type = 'overall' "
            "and period_start = date '2026-05-01' and value is not null"
        )
    )
    assert found["mrr"] == pytest.approx(531.97)
    assert found["customer_churn_rate"] == pytest.approx(1 / 11)
    assert found["net_revenue_retention"] == pytest.approx(531.97 / 541.97)
    assert found["gross_revenue_retention"] == pytest.approx((541.97 - 10 - 100) / 541.97)


def test_days_show_what_events_tell(billing: Workspace) -> None:
    days = dict(
        billing.rows(
            "select period_start::varchar, value from marts.fct_kpi_daily where brand_id = 'saas' and kpi_id = 'mrr' "
            "and segment_type = 'overall'"
        )
    )
    assert days["2026-05-04"] - days["2026-05-03"] == pytest.approx(0)
    assert days["2026-05-05"] - days["2026-05-04"] == pytest.approx(100)
    assert days["2026-05-25"] - days["2026-05-24"] == pytest.approx(-100)
    assert days["2026-06-10"] - days["2026-06-09"] == pytest.approx(-20)
    assert days["2026-06-15"] - days["2026-06-14"] == pytest.approx(10)
