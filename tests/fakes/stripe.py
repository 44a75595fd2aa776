"""StripeApi: one Stripe account as api.stripe.com serves it to a key, newest first.

What changes by its methods leaves events behind, as in Stripe; what a test writes into its attributes doesn't.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from werkzeug import Request, Response
from werkzeug.exceptions import MethodNotAllowed

from tests.fakes.contract import Contract
from tests.fakes.faults import Fault
from tests.fakes.server import FakeApi, json_response
from tests.fakes.stripe_expand import Expansion, RefusalError, refusal
from tests.fakes.stripe_rows import Record, seconds

KEY = "rk_live_of_the_local_server_0001"
MOST_LISTED = 100
EMBEDDED_ITEMS = 10
"""Items of a subscription that stand in it; more are listed by themselves."""
EVENT_MEMORY = timedelta(days=30)
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(\.[a-z]+)?")
_COMMON = frozenset({"limit", "starting_after", "ending_before", "expand[]"})
_CREATED = frozenset({"created[gte]", "created[gt]", "created[lte]", "created[lt]"})
_LISTS: Mapping[str, frozenset[str]] = {
    "subscriptions": _COMMON | _CREATED | {"status", "customer", "price"},
    "subscription_items": _COMMON | {"subscription"},
    "prices": _COMMON | _CREATED | {"active", "product", "currency", "type"},
    "coupons": _COMMON | _CREATED,
    "customers": _COMMON | _CREATED | {"email"},
    "invoices": _COMMON | _CREATED | {"status", "customer", "subscription"},
    "events": _COMMON | _CREATED | {"type", "types[]"},
}
_RIGHTS = {"subscriptions": "rak_subscription_read", "subscription_items": "rak_subscription_read"}


class StripeApi(FakeApi):
    """One account.

    Attributes:
        subscriptions, prices, coupons, customers, invoices: objects by id, whole, in any order.
        events: as Stripe wrote them, in the order in which they happened.
        now: what time it is at Stripe's; events live for 30 days.
        api_version: the account's default, in which events are written.
        forbidden: lists that the key may not read; ``account`` too.
        should_retry: value of the header Stripe-Should-Retry on errors; None for none.
        throttle_code: ``rate_limit``, or ``lock_timeout`` where another request holds the object.
        repeats_pages: every page is the first one and says that there is more.
        shape: changes objects as they are listed, as a vendor does who changes his API.
    """

    contract: ClassVar[Contract | None] = Contract.of("stripe")

    def __init__(self, *, key: str = KEY, port: int = 0) -> None:
        super().__init__(port=port)
        self.key = key
        self.account: Record = {
            "id": "acct_0001",
            "object": "account",
            "business_profile": {"name": "Acme"},
            "country": "DE",
            "default_currency": "eur",
            "settings": {"dashboard": {"display_name": "Acme tools", "timezone": "Europe/Berlin"}},
        }
        self.subscriptions: dict[str, Record] = {}
        self.prices: dict[str, Record] = {}
        self.coupons: dict[str, Record] = {}
        self.customers: dict[str, Record] = {}
        self.invoices: dict[str, Record] = {}
        self.events: list[Record] = []
        self.now = datetime.now(UTC)
        self.api_version = "2026-10-28.endive"
        self.forbidden: set[str] = set()
        self.should_retry: str | None = None
        self.throttle_code = "rate_limit"
        self.repeats_pages = False
        self.shape: Callable[[str, Record], Record] = lambda _, record: record

    def subscribe(self, subscription: Record, *, at: datetime) -> Record:
        """Let a subscription begin; the object that the server goes on to hold."""
        with self._lock:
            self._know_prices(subscription)
            self.subscriptions[subscription["id"]] = subscription
            self._tell("customer.subscription.created", self._plain(subscription), at=at)
            return subscription

    def change(self, subscription_id: str, *, at: datetime, kind: str = "updated", **changes: Any) -> Record:
        """Let a subscription change; the event says what was before."""
        with self._lock:
            subscription = self.subscriptions[subscription_id]
            old = self._plain(subscription)
            subscription |= changes
            self._know_prices(subscription)
            new = self._plain(subscription)
            past = {name: _past(old[name], new[name]) for name in old if old[name] != new[name]}
            self._tell(f"customer.subscription.{kind}", new, at=at, past=past if kind == "updated" else None)
            return subscription

    def cancel(self, subscription_id: str, *, at: datetime) -> Record:
        """Let a subscription end now."""
        ended = seconds(at)
        return self.change(
            subscription_id, at=at, kind="deleted", status="canceled", canceled_at=ended, ended_at=ended
        )

    def discount(self, subscription_id: str, discounts: Sequence[Record], *, at: datetime) -> Record:
        """Let a subscription have these discounts and no others."""
        with self._lock:
            had = {each["id"]: each for each in self.subscriptions[subscription_id]["discounts"]}
            has = {each["id"]: {**each, "subscription": subscription_id} for each in discounts}
            for name, ids in (("created", has.keys() - had.keys()), ("deleted", had.keys() - has.keys())):
                for each in sorted(ids):
                    self._tell(f"customer.discount.{name}", deepcopy((has | had)[each]), at=at)
            return self.change(subscription_id, at=at, discounts=list(has.values()))

    def bill(self, invoice: Record, *, at: datetime, kind: str = "paid") -> Record:
        """Let an invoice be made or change."""
        with self._lock:
            self.invoices[invoice["id"]] = invoice
            self._tell(f"invoice.{kind}", deepcopy(invoice), at=at)
            return invoice

    def answer(self, request: Request) -> Response:
        """The answer of a healthy account."""
        with self._lock:
            try:
                response = self._routed(request)
            except RefusalError as error:
                response = error.response
            response.headers["Request-Id"] = f"req_{len(self.seen):06}"
            response.headers["Stripe-Version"] = request.headers.get("Stripe-Version", self.api_version)
            return response

    def broken(self, fault: Fault, request: Request) -> Response:  # noqa: ARG002 - the base has it; Stripe refuses alike
        """The fault in Stripe's form; it has no daily quota, so that one looks like any 429."""
        response = self._broken(fault)
        response.headers["Request-Id"] = f"req_{len(self.seen):06}"
        if self.should_retry is not None:
            response.headers["Stripe-Should-Retry"] = self.should_retry
        return response

    def _broken(self, fault: Fault) -> Response:
        match fault:
            case Fault.THROTTLED | Fault.QUOTA_EXHAUSTED:
                said = "Request rate limit exceeded. Learn more at https://docs.stripe.com/rate-limits."
                if self.throttle_code == "lock_timeout":
                    said = "This object cannot be accessed right now because another API request is accessing it."
                throttled = refusal(429, said, code=self.throttle_code)
                throttled.headers["Stripe-Rate-Limited-Reason"] = "global-rate"
                return throttled
            case Fault.EXPIRED_TOKEN:
                return refusal(401, "Expired API Key provided: rk_live_****0001", code="api_key_expired")
            case Fault.FORBIDDEN:
                return self._no_right("rak_subscription_read")
            case Fault.ERROR_WITH_200:
                return refusal(200, "Something went wrong.", kind="api_error")
            case Fault.SERVER_ERROR:
                return refusal(500, "An unknown error occurred.", kind="api_error")
        raise ValueError(f"{fault} isn't the vendor's to show")

    def _routed(self, request: Request) -> Response:
        _, _, path = request.path.partition("/v1/")
        word, _, record_id = path.partition("/")
        if word != "account" and word not in _LISTS:
            raise RefusalError(404, f"Unrecognized request URL (GET: {request.path}).")
        if request.method != "GET":
            raise MethodNotAllowed(["GET"])
        self._check_key(request)
        if word in self.forbidden:
            return self._no_right(_RIGHTS.get(word, f"rak_{word.removesuffix('s')}_read"))
        version = request.headers.get("Stripe-Version")
        if version is not None and not _VERSION.fullmatch(version):
            raise RefusalError(400, f"Invalid Stripe API version: {version}")
        if word == "account":
            return json_response(self.account)
        if record_id:
            return json_response(self._rendered(word, self._record(word, record_id), Expansion.of(request)))
        return self._page(request, word)

    def _check_key(self, request: Request) -> None:
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not key:
            raise RefusalError(401, "You did not provide an API key.")
        if key != self.key:
            raise RefusalError(401, f"Invalid API Key provided: {key[:8]}****{key[-4:]}")

    def _no_right(self, right: str) -> Response:
        return refusal(
            403,
            f"The provided key '{self.key[:8]}****' does not have the required permissions for this endpoint on "
            f"account '{self.account['id']}'. Having the '{right}' permission would allow this request to continue.",
        )

    def _page(self, request: Request, word: str) -> Response:
        unknown = sorted(set(request.args) - _LISTS[word])
        if unknown:
            raise RefusalError(400, f"Received unknown parameter: {unknown[0]}", code="parameter_unknown")
        rows = self._listed(request, word)
        limit = request.args.get("limit", "10")
        if not limit.isascii() or not limit.isdigit() or not 1 <= int(limit) <= MOST_LISTED:
            raise RefusalError(
                400, f"This value must be between 1 and {MOST_LISTED}.", code="parameter_invalid_integer"
            )
        begin = 0
        after = request.args.get("starting_after")
        if after is not None and not self.repeats_pages:
            places = [place for place, row in enumerate(rows) if row["id"] == after]
            if not places:
                raise RefusalError(
                    400, f"No such {word.removesuffix('s')}: '{after}'", code="resource_missing"
                )
            begin = places[0] + 1
        end = begin + int(limit)
        expansion = Expansion.of(request, within="data.")
        return json_response(
            {
                "object": "list",
                "url": f"/v1/{word}",
                "has_more": self.repeats_pages or end < len(rows),
                "data": [self._rendered(word, row, expansion) for row in rows[begin:end]],
            }
        )

    def _listed(self, request: Request, word: str) -> list[Record]:
        """Records that the filters let through, newest first; of one second the last that was written first."""
        asked = request.args
        if word == "subscription_items":
            return list(self._record("subscriptions", asked.get("subscription", ""))["items"])
        rows = list(self.events if word == "events" else getattr(self, word).values())
        if word == "subscriptions":
            rows = [row for row in rows if _has_status(row, asked.get("status"))]
        if word == "events":
            types = asked.getlist("types[]")
            oldest = (self.now - EVENT_MEMORY).timestamp()
            rows = [
                row
                for row in rows
                if oldest <= row["created"] <= self.now.timestamp() and (not types or row["type"] in types)
            ]
        if "created[gte]" in asked:
            rows = [row for row in rows if row["created"] >= int(asked["created[gte]"])]
        rows.reverse()
        return sorted(rows, key=lambda row: row["created"], reverse=True)

    def _record(self, word: str, record_id: str) -> Record:
        found = self.subscriptions if word == "subscriptions" else getattr(self, word)
        if record_id not in found:
            raise RefusalError(
                404, f"No such {word.removesuffix('s')}: '{record_id}'", code="resource_missing"
            )
        record: Record = found[record_id]
        return record

    def _rendered(self, word: str, record: Record, expansion: Expansion) -> Record:
        if word == "events":
            return self.shape(word, record)
        row = self._embedded(record) if word == "subscriptions" else record
        return self.shape(word, expansion.of_record(row))

    def _embedded(self, subscription: Record) -> Record:
        """A subscription with its short list of items."""
        items = subscription["items"]
        listed = {
            "object": "list",
            "data": items[:EMBEDDED_ITEMS],
            "has_more": len(items) > EMBEDDED_ITEMS,
            "url": f"/v1/subscription_items?subscription={subscription['id']}",
        }
        return {**subscription, "items": listed}

    def _plain(self, subscription: Record) -> Record:
        """As an event writes it: nothing is expanded."""
        return deepcopy(Expansion().of_record(self._embedded(subscription)))

    def _know_prices(self, subscription: Record) -> None:
        for item in subscription["items"]:
            self.prices.setdefault(item["price"]["id"], item["price"])

    def _tell(self, kind: str, thing: Record, *, at: datetime, past: Record | None = None) -> None:
        self.events.append(
            {
                "id": f"evt_{len(self.events):06}",
                "object": "event",
                "api_version": self.api_version,
                "created": seconds(at),
                "data": {"object": thing} | ({} if past is None else {"previous_attributes": past}),
                "livemode": True,
                "pending_webhooks": 0,
                "request": {"id": None, "idempotency_key": None},
                "type": kind,
            }
        )


def _has_status(subscription: Record, asked: str | None) -> bool:
    status = subscription["status"]
    if asked is None:
        return bool(status != "canceled")
    if asked == "ended":
        return status in {"canceled", "incomplete_expired"}
    return asked in ("all", status)


def _past(old: Any, new: Any) -> Any:
    """What an event says of a change: of objects the fields that changed, of lists all."""
    if isinstance(old, dict) and isinstance(new, dict):
        return {name: _past(value, new.get(name)) for name, value in old.items() if value != new.get(name)}
    return old
