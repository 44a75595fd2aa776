"""What one event becomes: parameters of every type, integers as text, consent, addresses, amounts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from connectors.core.pii import Pseudonymiser
from connectors.core.stream import Personal
from tests.unit.ga4_events.conftest import World
from tests.unit.ga4_events.exports import NOON, PARAM, SCHEMA, Event, event, json_lines, parquet, without

Writer = Callable[[Sequence[Event]], bytes]
FORMATS = pytest.mark.parametrize(
    ("name", "write"), [("events_20261101.parquet", parquet), ("events_20261101.jsonl", json_lines)]
)


@FORMATS
def test_an_event_lands_with_every_value_of_both_formats(world: World, name: str, write: Writer) -> None:
    purchase = event(
        event_name="purchase",
        event_timestamp=NOON + 1,
        params={
            "ga_session_id": 1_793_529_000,
            "ga_session_number": 3,
            "session_engaged": "1",
            "engagement_time_msec": 1500,
            "page_location": "https://shop.example/thanks",
            "page_referrer": "https://shop.example/cart",
            "source": "telegram",
            "medium": "social",
            "campaign": "nowruz",
            "value": 12.5,
            "currency": "EUR",
        },
        event_value_in_usd=13.75,
        event_bundle_sequence_id=7,
        privacy_info={"analytics_storage": "Yes", "ads_storage": "No"},
        device={"category": "mobile", "web_info": {"hostname": "shop.example"}},
        geo={"country": "Iran"},
        collected_traffic_source={
            "manual_source": "telegram",
            "manual_medium": "social",
            "manual_campaign_name": "nowruz",
            "gclid": "g-1",
        },
        stream_id="99",
        platform="WEB",
        ecommerce={"purchase_revenue": 12.5, "refund_value": None, "transaction_id": "T-1"},
        is_active_user=True,
        batch_event_index=2,
        batch_page_id=1_793_534_400_001,
        batch_ordering_id=3,
        session_traffic_source_last_click={
            "cross_channel_campaign": {
                "source": "telegram",
                "medium": "social",
                "campaign_name": "nowruz",
                "default_channel_group": "Organic Social",
            }
        },
    )
    world.drop(name, write([purchase]))
    assert world.landed(property_id=4711).rows == 1
    assert world.rows(
        """select event_date, event_timestamp, event_name, property_id, stream_id, platform, hostname, table_kind,
        user_pseudo_id, user_id_hmac, is_active_user, analytics_storage, ads_storage, ga_session_id,
        ga_session_number, session_engaged, engagement_time_msec, page_location, page_referrer, source, medium,
        campaign, manual_source, manual_medium, manual_campaign_name, gclid, session_source, session_medium,
        session_campaign_name, session_default_channel_group, event_value, event_value_in_usd, purchase_revenue,
        refund_value, currency_code, transaction_id, device_category, country, event_bundle_sequence_id,
        batch_page_id, batch_ordering_id, batch_event_index, unreadable_values, _slice, _line from events"""
    ) == [
        (
            *(date(2026, 11, 1), datetime(2026, 11, 1, 12, 0, 0, 1), "purchase", "4711", "99", "WEB"),  # noqa: DTZ001 - stored without a zone
            *("shop.example", "daily", "182.17", None, True, "Yes", "No", 1_793_529_000, 3, "1", 1500),
            *("https://shop.example/thanks", "https://shop.example/cart", "telegram", "social", "nowruz"),
            *("telegram", "social", "nowruz", "g-1", "telegram", "social", "nowruz", "Organic Social"),
            *(Decimal("12.5"), Decimal("13.75"), Decimal("12.5"), None, "EUR", "T-1", "mobile", "Iran"),
            *(7, 1_793_534_400_001, 3, 2, None, "2026-11-01", 1),
        )
    ]


@FORMATS
def test_a_parameter_is_read_from_whichever_field_holds_it(world: World, name: str, write: Writer) -> None:
    world.drop(
        name,
        write(
            [
                event(params={"plan": "pro", "value": 5, "session_engaged": 1}),
                event(params={"plan": 7, "value": {"float_value": 0.5}, "session_engaged": "0"}),
                event(params={"plan": 2.5, "value": "19.9", "ga_session_id": "1793529000"}),
                event(params={"plan": {"float_value": 1.25}, "ga_session_id": 3.0}),
                event(params={"plan": {}}),
                event(),
            ]
        ),
    )
    landing = world.landed(params=["plan"])
    assert landing.new_columns == ("param_plan",)
    files = "read_parquet('" + str(world.root / "raw/**/*.parquet") + "')"
    assert world.rows(f"select param_plan from {files} order by _line") == [
        ("pro",),
        ("7",),
        ("2.5",),
        ("1.25",),
        (None,),
        (None,),
    ]
    assert world.rows("select event_value, session_engaged, ga_session_id from events order by _line") == [
        (5, "1", None),
        (Decimal("0.5"), "0", None),
        (Decimal("19.9"), None, 1_793_529_000),
        (None, None, 3),
        (None, None, None),
        (None, None, None),
    ]


@FORMATS
def test_a_number_that_can_not_be_read_is_null_and_named(world: World, name: str, write: Writer) -> None:
    world.drop(
        name,
        write(
            [
                event(params={"value": "12,50", "engagement_time_msec": 1.5}),
                event(ecommerce={"purchase_revenue": 1e13}),
                event(params={"value": ""}),
            ]
        ),
    )
    world.landed()
    assert world.rows(
        "select event_value, engagement_time_msec, purchase_revenue, unreadable_values from events order by _line"
    ) == [
        (None, None, None, "engagement_time_msec;event_value"),
        (None, None, None, "purchase_revenue"),
        (None, None, None, None),
    ]


@FORMATS
def test_consent_mode_leaves_no_user_and_no_session(world: World, name: str, write: Writer) -> None:
    denied = event(user_pseudo_id=None, privacy_info={"analytics_storage": "No", "ads_storage": "No"})
    world.drop(name, write([denied, event(params={"ga_session_id": 5})]))
    world.landed()
    assert world.rows(
        "select user_pseudo_id, ga_session_id, analytics_storage from events order by _line"
    ) == [(None, None, "No"), ("182.17", 5, None)]


@FORMATS
def test_persian_text_lands_as_it_is(world: World, name: str, write: Writer) -> None:
    world.drop(name, write([event(event_name="خرید", params={"campaign": "نوروز ۱۴۰۵", "plan": "حرفه‌ای"})]))
    world.landed(params=["plan"])
    assert world.rows("select event_name, campaign from events") == [("خرید", "نوروز ۱۴۰۵")]


@FORMATS
def test_the_first_of_a_repeated_parameter_counts(world: World, name: str, write: Writer) -> None:
    twice = event(params={"source": "a"})
    twice["event_params"] += event(params={"source": "b"})["event_params"]
    world.drop(name, write([twice]))
    world.landed()
    assert world.rows("select source from events") == [("a",)]


def test_exact_duplicates_stay(world: World) -> None:
    world.drop("events_20261101.parquet", parquet([event(), event(), event()]))
    assert world.landed().rows == 3
    assert world.days() == {"2026-11-01": (3, 1)}


def test_batch_ids_of_older_exports_are_parameters(world: World) -> None:
    old = without(SCHEMA, "batch_page_id", "batch_ordering_id", "batch_event_index")
    world.drop(
        "events_20240101.parquet",
        parquet(
            [
                event(
                    event_date="20240101",
                    event_timestamp=1_704_110_400_000_000,
                    params={"batch_page_id": 11, "batch_ordering_id": 2},
                )
            ],
            schema=old,
        ),
    )
    world.landed()
    assert world.rows("select batch_page_id, batch_ordering_id, batch_event_index from events") == [
        (11, 2, None)
    ]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("https://a.example/p", "https://a.example/p"),
        ("https://a.example/p?q=1&email=jane%40example.com#top", "https://a.example/p"),
        (
            "https://a.example/?utm_source=news&token=x&UTM_Medium=email&gclid=g1#frag",
            "https://a.example/?utm_source=news&UTM_Medium=email&gclid=g1",
        ),
        ("https://a.example/#utm_source=x", "https://a.example/?utm_source=x"),
        ("https://a.example/p?", "https://a.example/p"),
        ("https://a.example/u/jane@example.com/edit", "https://a.example/u/(e-mail)/edit"),
        ("https://a.example/?utm_term=jane%40example.com", "https://a.example/?utm_term=(e-mail)"),
        ("https://a.example/@channel/video", "https://a.example/@channel/video"),
        ("https://a.example/محصول?x=1", "https://a.example/محصول"),
    ],
)
def test_addresses_keep_campaign_parameters_only(world: World, sent: str, kept: str) -> None:
    world.drop(
        "events_20261101.parquet", parquet([event(params={"page_location": sent, "page_referrer": sent})])
    )
    world.landed()
    assert world.rows("select page_location, page_referrer from events") == [(kept, kept)]


def test_a_parameter_that_holds_an_address_lands_as_null(world: World) -> None:
    world.drop("events_20261101.parquet", parquet([event(params={"plan": "jane@example.com"})]))
    world.landed(params=["plan"])
    files = "read_parquet('" + str(world.root / "raw/**/*.parquet") + "')"
    assert world.rows(f"select param_plan from {files}") == [(None,)]


@FORMATS
def test_a_user_id_lands_as_a_keyed_hash_or_not_at_all(world: World, name: str, write: Writer) -> None:
    world.drop(name, write([event(user_id="Customer-17"), event()]))
    world.landed()
    replaced = Pseudonymiser(key=b"k" * 32).replace("Customer-17", Personal.NAME)
    assert replaced is not None
    assert world.rows("select user_id_hmac from events order by _line") == [(replaced.hmac,), (None,)]
    assert world.source().check().personal_columns == ("user_id",)
    world.landed(user_id="leave_out")
    assert world.rows("select count(user_id_hmac) from events") == [(0,)]
    assert world.source(user_id="leave_out").check().personal_columns == ()


def test_an_amount_without_a_currency_is_in_that_of_the_source(world: World) -> None:
    purchase = {"purchase_revenue": 100.0, "transaction_id": "T"}
    world.drop(
        "events_20261101.parquet",
        parquet(
            [
                event(ecommerce=purchase),
                event(ecommerce=purchase, params={"currency": "usd", "value": 100}),
                event(ecommerce=purchase, params={"currency": "IRT", "value": 100}),
            ]
        ),
    )
    world.landed(currency="IRR", money_unit="toman")
    assert world.rows("select currency_code, purchase_revenue, event_value from events order by _line") == [
        ("IRR", 1000, None),
        ("USD", 100, 100),
        ("IRR", 1000, 1000),
    ]


def test_lists_wrapped_by_a_round_trip_through_parquet_are_unwrapped(world: World) -> None:
    wrapped = pa.struct([("list", pa.list_(pa.struct([("element", PARAM)])))])
    position = SCHEMA.get_field_index("event_params")
    schema = SCHEMA.set(position, pa.field("event_params", wrapped))
    row = event(params={"ga_session_id": 5, "source": "x"})
    row["event_params"] = {"list": [{"element": each} for each in row["event_params"]]}
    world.drop("events_20261101.parquet", parquet([row], schema=schema))
    world.landed()
    assert world.rows("select ga_session_id, source from events") == [(5, "x")]


def test_events_of_another_zone_than_declared_are_told_once(world: World) -> None:
    late = [event(event_timestamp=NOON - 15 * 3_600_000_000) for _ in range(3)]
    world.drop("events_20261101.parquet", parquet(late))
    [note] = world.landed(timezone="UTC").notes
    assert note.startswith("3 of 3 events have another day in UTC than their event_date")
    assert world.land(timezone="Pacific/Auckland", window=(date(2026, 11, 1), date(2026, 11, 1))).notes == ()
