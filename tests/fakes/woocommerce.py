"""WooCommerceApi: a shop's orders, refunds and customers as WooCommerce's REST API (v3) serves them.

Comes in: Basic authentication. Goes out: JSON arrays by place in the list, with ``X-WP-Total`` and
``X-WP-TotalPages``; ten of a page where nothing else is asked for, a hundred at most.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from werkzeug import Request, Response

from tests.fakes.contract import Contract
from tests.fakes.faults import Fault
from tests.fakes.server import FakeApi, json_response
from tests.fakes.woocommerce_rows import Record, gmt_text

CONSUMER_KEY, CONSUMER_SECRET = "ck_of_the_local_server", "cs_of_the_local_server"
MOST_LISTED, USUALLY_LISTED = 100, 10

_ROOT = "/wp-json"
_REFUNDS = re.compile(r"/wp-json/wc/v3/orders/(\d+)/refunds")
_FIREWALL = "<!DOCTYPE html><html><head><title>403 Forbidden</title></head><body>Blocked by security rules</body></html>"


class RefusalError(Exception):
    """A request that WooCommerce refuses; carries the response."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.response = refusal(status, code, message)


class WooCommerceApi(FakeApi):
    """One shop.

    Attributes:
        orders: by id, as the API writes them; ``refunds`` of a row are filled from those below.
        refunds: by order.
        customers: by id.
        name: of the site. timezone: IANA name, empty where the site only has an offset.
        can_read: False where the key is of a user who may not see orders.
        hides_index: the site answers its index with a refusal.
        is_closed_by_host: a firewall answers everything with a page and status 403.
        strips_totals: the host drops the headers that count.
        is_off: WooCommerce is not active, so that its routes are unknown.
        repeats: every page is the first.
    """

    contract: ClassVar[Contract | None] = Contract.of("woocommerce")

    def __init__(
        self, *, consumer_key: str = CONSUMER_KEY, consumer_secret: str = CONSUMER_SECRET, port: int = 0
    ) -> None:
        super().__init__(port=port)
        self.consumer_key, self.consumer_secret = consumer_key, consumer_secret
        self.orders: dict[int, Record] = {}
        self.refunds: dict[int, list[Record]] = {}
        self.customers: dict[int, Record] = {}
        self.name, self.timezone = "فروشگاه سیب", "Asia/Tehran"
        self.can_read = True
        self.hides_index = False
        self.is_closed_by_host = False
        self.strips_totals = False
        self.is_off = False
        self.repeats = False

    def refund(self, order_id: int, refund: Record, *, at: datetime, status: str | None = None) -> None:
        """Give money back at the moment ``at``: the order changes with it, its total doesn't."""
        self.refunds.setdefault(order_id, []).append(refund)
        self.touch(order_id, at=at, **({} if status is None else {"status": status}))

    def touch(self, order_id: int, *, at: datetime, **fields: object) -> None:
        """Change an order at the moment ``at``."""
        self.orders[order_id] |= {"date_modified_gmt": gmt_text(at), **fields}

    def answer(self, request: Request) -> Response:
        """The answer of a healthy shop."""
        if self.is_closed_by_host:
            return Response(_FIREWALL, status=403, content_type="text/html; charset=utf-8")
        try:
            return self._routed(request)
        except RefusalError as error:
            return error.response

    def broken(self, fault: Fault, request: Request) -> Response:  # noqa: ARG002 - the base has it; all refuse alike
        """The fault in the form of WooCommerce or of its host; no quota of a day is known."""
        match fault:
            case Fault.THROTTLED | Fault.QUOTA_EXHAUSTED:
                return Response(
                    "<html><h1>429 Too Many Requests</h1></html>", status=429, content_type="text/html"
                )
            case Fault.EXPIRED_TOKEN:
                return refusal(401, "woocommerce_rest_authentication_error", "Consumer key is invalid.")
            case Fault.FORBIDDEN:
                return refusal(403, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")
            case Fault.ERROR_WITH_200:
                body = {
                    "code": "internal_server_error",
                    "message": "Critical error.",
                    "data": {"status": 500},
                }
                return json_response(body)
            case Fault.SERVER_ERROR:
                return refusal(
                    500, "internal_server_error", "There has been a critical error on this website."
                )
        raise ValueError(f"{fault} isn't the vendor's to show")

    def _routed(self, request: Request) -> Response:
        path = request.path.rstrip("/")
        if path == _ROOT:
            return self._index(request)
        refunds = _REFUNDS.fullmatch(path)
        known = refunds or path in {f"{_ROOT}/wc/v3/orders", f"{_ROOT}/wc/v3/customers"}
        if self.is_off or not known or request.method != "GET":
            raise RefusalError(
                404, "rest_no_route", "No route was found matching the URL and request method."
            )
        self._check_key(request)
        if refunds:
            order_id = int(refunds[1])
            if order_id not in self.orders:
                raise RefusalError(404, "woocommerce_rest_order_invalid_id", "Invalid order ID.")
            return self._page(request, self.refunds.get(order_id, []))
        if path.endswith("/customers"):
            role = request.args.get("role", "customer")
            return self._page(
                request, [row for row in self.customers.values() if role in {"all", row["role"]}]
            )
        return self._page(request, self._found(request))

    def _index(self, request: Request) -> Response:
        if self.hides_index:
            raise RefusalError(401, "rest_cannot_access", "Only authenticated users can access the REST API.")
        index = {
            "name": self.name,
            "description": "",
            "url": self.base_url,
            "gmt_offset": "3.5",
            "timezone_string": self.timezone,
            "namespaces": ["wp/v2"] if self.is_off else ["wp/v2", "wc/v3"],
        }
        return json_response(_only(index, request))

    def _check_key(self, request: Request) -> None:
        scheme, _, joined = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Basic":
            # As where a host strips the header: nobody is logged in.
            raise RefusalError(401, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")
        key, _, secret = base64.b64decode(joined).decode().partition(":")
        if key != self.consumer_key:
            raise RefusalError(401, "woocommerce_rest_authentication_error", "Consumer key is invalid.")
        if secret != self.consumer_secret:
            raise RefusalError(401, "woocommerce_rest_authentication_error", "Consumer secret is invalid.")
        if not self.can_read:
            raise RefusalError(403, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")

    def _found(self, request: Request) -> list[Record]:
        status = request.args.get("status", "any")
        after = request.args.get("modified_after")
        # Without the flag the moment would be one of the site's clock.
        if after is not None and request.args.get("dates_are_gmt") != "true":
            raise RefusalError(400, "rest_invalid_param", "The local server wants dates_are_gmt.")
        found = []
        for row in self.orders.values():
            if (row["status"] == "trash") != (status == "trash") or status not in {
                "any",
                "trash",
                row["status"],
            }:
                continue
            if after is not None and (row["date_modified_gmt"] or "") <= after:
                continue
            stubs = [
                {"id": each["id"], "reason": each["reason"], "total": f"-{each['amount']}"}
                for each in self.refunds.get(row["id"], [])
            ]
            found.append(row | {"refunds": stubs} if "refunds" in row else row)
        return found

    def _page(self, request: Request, rows: Sequence[Record]) -> Response:
        """The page by place in the list, as WordPress pages."""
        asked = request.args
        size = _number(asked.get("per_page", str(USUALLY_LISTED)), "per_page", most=MOST_LISTED)
        page = _number(asked.get("page", "1"), "page")
        start = _number(asked.get("offset", str((page - 1) * size)), "offset", least=0)
        if asked.get("orderby", "date") != "id":
            raise RefusalError(400, "rest_invalid_param", "Invalid parameter(s): orderby")
        ordered = sorted(rows, key=lambda row: row["id"], reverse=asked.get("order", "desc") == "desc")
        start = 0 if self.repeats else start
        shown = [_only(row, request) for row in ordered[start : start + size]]
        headers = {}
        if not self.strips_totals:
            headers = {"X-WP-Total": str(len(rows)), "X-WP-TotalPages": str(-(-len(rows) // size))}
            if start + size < len(rows):
                headers["Link"] = f'<{request.base_url}?page={page + 1}>; rel="next"'
        return json_response(shown, headers=headers)


def refusal(status: int, code: str, message: str) -> Response:
    """A refusal in WooCommerce's form."""
    return json_response({"code": code, "message": message, "data": {"status": status}}, status=status)


def _number(text: str, name: str, *, least: int = 1, most: int = 1_000_000_000) -> int:
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise RefusalError(400, "rest_invalid_param", f"Invalid parameter(s): {name}")
    return int(text)


def _only(row: Record, request: Request) -> Record:
    """The fields of ``_fields``, dots for those within; a vendor's field that isn't known yet stays."""
    asked = request.args.get("_fields")
    if asked is None:
        return row
    names: dict[str, set[str]] = {}
    for name in asked.split(","):
        outer, _, inner = name.partition(".")
        names.setdefault(outer, set()).update({inner} if inner else set())
    kept: Record = {}
    for name, value in row.items():
        if name not in names:
            continue
        wanted = names[name]
        kept[name] = {key: each for key, each in value.items() if key in wanted} if wanted else _copied(value)
    return kept


def _copied(value: Any) -> Any:
    return (
        [dict(each) if isinstance(each, dict) else each for each in value]
        if isinstance(value, list)
        else value
    )
