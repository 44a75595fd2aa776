"""Which question to Stripe fills which stream.

Subscriptions, prices, coupons and customers have no filter by change: they are listed whole, and what is
stored already doesn't land again. Invoices are asked by creation, older ones where an event says that they
changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from connectors.core.api import Context
from connectors.core.api_config import fingerprint_of
from connectors.core.feed import Batch, EntityFeed, Feed
from connectors.stripe.config import Config
from connectors.stripe.reading import (
    before,
    coupon_row,
    customer_row,
    discount_rows,
    invoice_row,
    item_row,
    moment,
    price_row,
    subscription_row,
)
from connectors.stripe.streams import (
    COUPONS,
    CUSTOMERS,
    DISCOUNT_EVENTS,
    DISCOUNTS,
    EVENTS,
    INVOICES,
    PRICES,
    SUBSCRIPTION_ITEMS,
    SUBSCRIPTIONS,
)

if TYPE_CHECKING:
    from connectors.stripe.client import Record, StripeClient

_CHANGES = "customer.subscription."
_EVENT_TYPES = (
    *(f"{_CHANGES}{what}" for what in ("created", "updated", "deleted", "paused", "resumed")),
    *(f"customer.discount.{what}" for what in ("created", "updated", "deleted")),
)
_INVOICE_TYPES = tuple(
    f"invoice.{what}"
    for what in (
        "deleted",
        "finalized",
        "marked_uncollectible",
        "paid",
        "payment_failed",
        "updated",
        "voided",
    )
)
_DISCOUNTS = ("data.discounts.source.coupon", "data.items.data.discounts")
"""Four levels are as deep as Stripe expands: coupons of items come from the list of coupons."""


def _read_subscriptions(client: StripeClient, since: datetime | None) -> Iterator[Batch]:
    """Every subscription, whatever its status, with all its items and discounts."""
    del since
    asked = {"status": "all", "expand[]": _DISCOUNTS}
    for page in client.records("/v1/subscriptions", asked, what=SUBSCRIPTIONS.id):
        whole = [_with_all_items(client, subscription) for subscription in page]
        yield Batch.of_rows(SUBSCRIPTIONS, [_subscription(each) for each in whole])
        yield Batch.of_rows(SUBSCRIPTION_ITEMS, [row for each in whole for row in _items(each)])
        yield Batch.of_rows(DISCOUNTS, _once([row for each in whole for row in _discounts(each)]))


def _with_all_items(client: StripeClient, subscription: Record) -> Record:
    """The subscription with the items that its own short list lacks."""
    items = subscription["items"]
    if not items["has_more"]:
        return subscription
    found = list(items["data"])
    asked = {"subscription": subscription["id"], "expand[]": ("data.discounts.source.coupon",)}
    for page in client.records(
        "/v1/subscription_items",
        asked,
        what=f"items of {subscription['id']}",
        after=found[-1]["id"] if found else None,
    ):
        found += page
    return {**subscription, "items": {**items, "data": found, "has_more": False}}


def _subscription(subscription: Record) -> Record:
    live = {"is_live": subscription["livemode"]} if "livemode" in subscription else {}
    return {"subscription_id": subscription["id"], **subscription_row(subscription), **live}


def _items(subscription: Record) -> Iterator[Record]:
    for item in subscription["items"]["data"]:
        yield {
            "item_id": item["id"],
            "subscription_id": subscription["id"],
            "customer_id": subscription.get("customer"),
            **item_row(item, subscription),
        }


def _discounts(subscription: Record) -> Iterator[Record]:
    """Discounts of a subscription and of its items."""
    yield from discount_rows(subscription.get("discounts") or [], subscription_id=subscription["id"])
    for item in subscription["items"]["data"]:
        yield from discount_rows(
            item.get("discounts") or [], subscription_id=subscription["id"], item_id=item["id"]
        )


def _once(rows: Sequence[Record]) -> list[Record]:
    return list({row["discount_id"]: row for row in rows}.values())


def _read_events(client: StripeClient, since: datetime | None) -> Iterator[Batch]:
    """What events tell of items and discounts; all that Stripe still has where ``since`` is None."""
    for page in client.records("/v1/events", _asked(_EVENT_TYPES, since), what=EVENTS.id):
        changes = [event for event in page if event["type"].startswith(_CHANGES)]
        yield Batch.of_rows(EVENTS, [row for event in changes for row in _states(event)])
        yield Batch.of_rows(DISCOUNT_EVENTS, [row for event in page for row in _discounts_of(event)])


def _asked(types: Sequence[str], since: datetime | None) -> dict[str, object]:
    return {"types[]": types, **({"created[gte]": int(since.timestamp())} if since else {})}


def _states(event: Record) -> Iterator[Record]:
    """Items after an event, and before it where it tells what changed."""
    after = event["data"]["object"]
    past = event["data"].get("previous_attributes")
    for phase, subscription in (("after", after), *([("before", before(after, past))] if past else [])):
        items = subscription["items"]
        for item in items["data"]:
            yield {
                "event_id": event["id"],
                "phase": phase,
                "item_id": item["id"],
                "event_created": moment(event["created"]),
                "type": event["type"],
                "api_version": event.get("api_version"),
                "subscription_id": subscription["id"],
                **subscription_row(subscription),
                **item_row(item, subscription),
                "has_all_items": not items.get("has_more", False),
            }


def _discounts_of(event: Record) -> Iterator[Record]:
    told = {
        "event_id": event["id"],
        "event_created": moment(event["created"]),
        "type": event["type"],
    }
    thing = event["data"]["object"]
    if not event["type"].startswith(_CHANGES):
        yield from (told | row for row in discount_rows(thing))
        return
    # Versions before 2025 write the discount itself into the subscription.
    found = [*(thing.get("discounts") or []), thing.get("discount")]
    yield from (told | row for row in _once(list(discount_rows(found, subscription_id=thing["id"]))))


def _read_prices(client: StripeClient, since: datetime | None) -> Iterator[Batch]:
    """Every price, archived or not."""
    del since
    for page in client.records("/v1/prices", {"expand[]": ("data.tiers", "data.product")}, what=PRICES.id):
        yield Batch.of_rows(PRICES, [price_row(price) for price in page])


def _read_coupons(client: StripeClient, since: datetime | None) -> Iterator[Batch]:
    """Every coupon that isn't deleted."""
    del since
    for page in client.records("/v1/coupons", {"expand[]": ("data.applies_to",)}, what=COUPONS.id):
        yield Batch.of_rows(COUPONS, [coupon_row(coupon) for coupon in page])


def _read_customers(client: StripeClient, since: datetime | None) -> Iterator[Batch]:
    """Every customer."""
    del since
    asked = {"expand[]": ("data.discount.source.coupon",)}
    for page in client.records("/v1/customers", asked, what=CUSTOMERS.id):
        yield Batch.of_rows(CUSTOMERS, [customer_row(customer) for customer in page])


def _read_invoices(client: StripeClient, since: datetime | None) -> Iterator[Batch]:
    """Invoices made since a moment, and older ones that events say have changed since."""
    asked = {"created[gte]": int(since.timestamp())} if since else {}
    listed: set[str] = set()
    for page in client.records("/v1/invoices", asked, what=INVOICES.id):
        listed.update(invoice["id"] for invoice in page)
        yield Batch.of_rows(INVOICES, [invoice_row(invoice) for invoice in page])
    if since is None:
        return
    newest: dict[str, str] = {}
    for page in client.records("/v1/events", _asked(_INVOICE_TYPES, since), what=f"events for {INVOICES.id}"):
        for event in page:
            newest.setdefault(event["data"]["object"]["id"], event["type"])
    for invoice_id, kind in newest.items():
        if invoice_id not in listed and kind != "invoice.deleted":
            invoice = client.record("/v1/invoices", invoice_id, what=f"invoice {invoice_id}")
            yield Batch.of_rows(INVOICES, [invoice_row(invoice)])


def _account_of(config: Config, _: Context) -> str:
    """Only the key says whose account it is."""
    return f"key {fingerprint_of(config.key_env)}"


def feeds(config: Config) -> Sequence[Feed]:
    """What a Stripe source lands, but for what it is configured to leave out."""
    feed = partial(EntityFeed, asked=partial(_account_of, config))
    every = (
        feed(stream=SUBSCRIPTIONS, read=_read_subscriptions, beside=(SUBSCRIPTION_ITEMS, DISCOUNTS)),
        feed(
            stream=EVENTS,
            read=_read_events,
            version="event_created",
            # Stripe forgets events after 30 days; they happened all the same.
            list_is_complete=False,
            relist_after=timedelta(days=29),
            beside=(DISCOUNT_EVENTS,),
        ),
        *(
            feed(stream=stream, read=read)
            for stream, read in (
                (PRICES, _read_prices),
                (COUPONS, _read_coupons),
                (CUSTOMERS, _read_customers),
            )
        ),
        feed(
            stream=INVOICES,
            read=_read_invoices,
            relist_after=timedelta(days=29),
            version=None if "events" in config.without else "created",
        ),
    )
    return tuple(feed for feed in every if feed.stream.name not in config.without)
