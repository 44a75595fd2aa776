"""Calls of the WooCommerce REST API (v3): orders, refunds and customers of one shop.

Facts: the REST API's documentation: Basic authentication over https, JSON arrays, ``X-WP-Total`` and
``X-WP-TotalPages``, 100 of a page at most, ``modified_after`` with ``dates_are_gmt``, ``offset``.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from connectors.core.api import Account, Context
from connectors.core.api_config import secret_of
from connectors.core.http import Answer, Http
from connectors.core.rate_limit import Rate
from connectors.core.retry import CallError, Kind
from connectors.woocommerce.config import Config
from connectors.woocommerce.judge import judge
from connectors.woocommerce.listing import Listing, Slice

Record = dict[str, Any]

_FIRST_SERVER_ERROR = 500
ORDER_FIELDS = (
    "id",
    "number",
    "status",
    "currency",
    "date_created",
    "date_created_gmt",
    "date_modified_gmt",
    "date_paid_gmt",
    "date_completed_gmt",
    "discount_total",
    "shipping_total",
    "total_tax",
    "total",
    "customer_id",
    "billing.email",
    "billing.country",
    "payment_method",
    "created_via",
    "line_items",
    "refunds",
    "meta_data",
)
"""Of an order only these are sent: names, addresses and telephone numbers stay where they are."""
REFUND_FIELDS = ("id", "date_created_gmt", "amount", "line_items", "fee_lines", "shipping_lines")
CUSTOMER_FIELDS = ("id", "date_created_gmt", "date_modified_gmt", "email", "role", "is_paying_customer")


class BasicKey:
    """A key and its secret in the header of Basic authentication."""

    def __init__(self, key: str, secret: str) -> None:
        joined = base64.b64encode(f"{key}:{secret}".encode()).decode()
        self._headers = {"Authorization": f"Basic {joined}"}

    def headers(self) -> Mapping[str, str]:
        """Both, joined."""
        return self._headers

    def refresh(self, used: Mapping[str, str]) -> bool:  # noqa: ARG002 - there is only one key
        """There is no other key."""
        return False


class WooCommerceClient:
    """Asks one shop."""

    def __init__(self, config: Config, context: Context) -> None:
        self.config = config
        self.context = context
        key = secret_of(config.consumer_key_env, source_id=context.source_id)
        secret = secret_of(config.consumer_secret_env, source_id=context.source_id, user=key)
        rate = Rate(calls=config.calls_per_minute, seconds=60, concurrent=4)
        how: dict[str, Any] = {
            "base_url": config.base_url,
            "limiter": context.limits.of(f"woocommerce:{config.base_url}", rate),
            "auth": BasicKey(key, secret),
        }
        self._http = Http(context, config.http, judge=judge, **how)
        self._index = Http(context, config.http, judge=_judge_index, **how)
        self._account: Account | None = None

    def account(self) -> Account:
        """The shop, by its index and the newest order."""
        if self._account is None:
            index = self._index.call(
                "GET",
                f"{self.config.api_path}/",
                params={"_fields": "name,timezone_string"},
                what="the site's index",
            ).json
            index = index if isinstance(index, dict) else {}
            first = {"per_page": 1, "orderby": "id", "order": "desc", "_fields": "id,currency"}
            newest = self._get("/orders", {"status": "any", **first}, what="the newest order")
            currency = newest.json[0]["currency"] if newest.json else None
            host = urlsplit(self.config.base_url).netloc
            name = index.get("name")
            self._account = Account(
                identity=f"WooCommerce shop {name} ({host})" if name else f"WooCommerce shop {host}",
                permission=f"reads orders: {newest.headers.get('X-WP-Total', 'an unknown number')}",
                timezone=index.get("timezone_string") or None,
                currency=currency,
                notes=_notes(index, currency),
            )
        return self._account

    def orders(self, *, status: str, since: datetime | None, what: str) -> Iterator[list[Record]]:
        """Pages of the orders of a status by id, changed since a moment, or all.

        Args:
            status: ``any``, which leaves the trash out, or ``trash``.
            since: UTC; None for all.
            what: for errors.
        """
        params: dict[str, object] = {"status": status, "_fields": ",".join(ORDER_FIELDS)}
        if since is not None:
            # The parameter is exclusive; WooCommerce knows whole seconds.
            moment = since.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds")
            params |= {"modified_after": moment, "dates_are_gmt": "true"}
        return self._list("/orders", params, what=what)

    def refunds(self, order_id: str, *, what: str) -> Iterator[list[Record]]:
        """Pages of the refunds of an order, by id."""
        params = {"_fields": ",".join(REFUND_FIELDS)}
        return self._list(f"/orders/{order_id}/refunds", params, what=what)

    def customers(self, *, what: str) -> Iterator[list[Record]]:
        """Pages of all accounts by id."""
        return self._list("/customers", self._customer_params(), what=what)

    def newest_customers(self, *, what: str) -> Iterator[list[Record]]:
        """Pages of accounts, the newest first; a change of an old one isn't told by any order or filter."""
        return self._list("/customers", self._customer_params(), is_newest_first=True, what=what)

    def close(self) -> None:
        """Close connections."""
        self._http.close()
        self._index.close()

    def _customer_params(self) -> dict[str, object]:
        return {"role": "all", "_fields": ",".join(CUSTOMER_FIELDS)}

    def _list(
        self, path: str, params: Mapping[str, object], *, is_newest_first: bool = False, what: str
    ) -> Iterator[list[Record]]:
        order = {"orderby": "id", "order": "desc" if is_newest_first else "asc"}

        def fetch(offset: int) -> Slice:
            place = {"per_page": self.config.page_size, "offset": offset}
            return Slice.of(self._get(path, {**params, **order, **place}, what=what))

        listing = Listing(
            fetch,
            size=self.config.page_size,
            is_newest_first=is_newest_first,
            what=f"Source {self.context.source_id}, {what}",
        )
        return listing.pages()

    def _get(self, path: str, params: Mapping[str, object], *, what: str) -> Answer:
        full = f"{self.config.api_path}/{self.config.api_version}{path}"
        return self._http.call("GET", full, params=params, what=what)


def connect(config: Config, context: Context) -> WooCommerceClient:
    """The client; nothing is called yet."""
    return WooCommerceClient(config, context)


def _judge_index(answer: Answer) -> CallError | None:
    """The index only tells a name and a zone: a site that hides it is as good as any."""
    if answer.status >= _FIRST_SERVER_ERROR:
        return CallError(Kind.RETRY, f"HTTP {answer.status}: {answer.text}")
    return None


def _notes(index: Record, currency: str | None) -> tuple[str, ...]:
    notes = []
    if not index:
        notes.append("the site hides the index of its API, so its name and zone aren't known")
    if currency in {"IRT", "IRHR", "IRHT"}:
        notes.append(f"amounts are in {currency}; they become rials in the warehouse")
    return tuple(notes)
