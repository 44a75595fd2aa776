"""ShopifyApi: orders, refunds and customers of a shop as Shopify's GraphQL Admin API serves them.

Comes in: questions in GraphQL with an access token; they are validated against the schema in
``contracts/shopify.graphql`` and answered by it. Errors come with status 200, but for the token's.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from graphql import GraphQLError, build_schema, graphql_sync, parse, validate
from werkzeug import Request, Response

from tests.fakes.contract import Contract
from tests.fakes.faults import Fault
from tests.fakes.server import FakeApi, json_response
from tests.fakes.shopify_cost import Bucket, cost_of
from tests.fakes.shopify_rows import Customer, Order, Refund
from tests.fakes.shopify_schema import Node, connection, customer_node, in_place, order_node, refund_node

ACCESS_TOKEN = "shpat_of_the_local_server"  # noqa: S105 - of a local server
SCOPES = ("read_orders", "read_all_orders", "read_customers")
MOST_COSTLY = 1000.0

_SCHEMA = build_schema(
    (Path(__file__).with_name("contracts") / "shopify.graphql").read_text(encoding="utf-8")
)
_PATH = re.compile(r"/admin/api/([^/]+)/graphql\.json")
_SEARCH = re.compile(r"updated_at:>='([^']+)'")
_SHOWN = timedelta(days=60)


class ShopifyApi(FakeApi):
    """One shop.

    Attributes:
        orders: by number. customers: by number.
        scopes: what the app may do; without ``read_all_orders`` old orders are hidden as of ``now``.
        sees_people: the app has access to protected customer data.
        versions: those that are alive; an older one is answered by the oldest of them.
        bucket: the allowance in points.
        repeats: every page is the first.
        reshape: changes the data of an answer.
    """

    contract: ClassVar[Contract | None] = Contract.of("shopify")

    def __init__(
        self,
        *,
        token: str = ACCESS_TOKEN,
        points: float = 2000.0,
        restore_rate: float = 100.0,
        clock: Callable[[], float] = time.monotonic,
        port: int = 0,
    ) -> None:
        super().__init__(port=port)
        self.token = token
        self.orders: dict[int, Order] = {}
        self.customers: dict[int, Customer] = {}
        self.scopes: tuple[str, ...] = SCOPES
        self.sees_people = True
        self.now: datetime | None = None
        self.versions = ("2026-01", "2026-04", "2026-07", "2026-10")
        self.name, self.domain = "Acme", "acme.myshopify.com"
        self.zone, self.currency = "Europe/Berlin", "EUR"
        self.bucket = Bucket(points, restore_rate, clock)
        self.repeats = False
        self.reshape: Callable[[Node], Node] | None = None

    def refund(self, number: int, refund: Refund, *, status: str) -> None:
        """Give money back: the order changes with it."""
        order = self.orders[number]
        order.refunds.append(refund)
        order.updated, order.financial_status = refund.at, status

    def answer(self, request: Request) -> Response:
        """The answer of a healthy shop."""
        path = _PATH.fullmatch(request.path)
        if path is None or path[1] > max(self.versions):
            return refusal(404, "Not Found")
        if request.headers.get("X-Shopify-Access-Token") != self.token:
            said = "[API] Invalid API key or access token (unrecognized login or wrong password)"
            return refusal(401, said)
        body = request.get_json()
        served = path[1] if path[1] >= min(self.versions) else min(self.versions)
        with self._lock:
            response = self._answered(str(body["query"]), dict(body.get("variables") or {}))
        response.headers["X-Shopify-API-Version"] = served
        return response

    def broken(self, fault: Fault, request: Request) -> Response:  # noqa: ARG002 - the base has it; all refuse alike
        """The fault in Shopify's form; no quota of a day is known, so that one looks like any limit."""
        match fault:
            case Fault.THROTTLED | Fault.QUOTA_EXHAUSTED:
                return self._throttled(cost=500.0, available=400.0)
            case Fault.EXPIRED_TOKEN:
                return refusal(
                    401, "[API] Invalid API key or access token (unrecognized login or wrong password)"
                )
            case Fault.FORBIDDEN:
                said = "Access denied for orders field. Required access: `read_orders` access scope."
                return self._errors(said, "ACCESS_DENIED")
            case Fault.ERROR_WITH_200:
                return self._errors(
                    "Internal error. Looks like something went wrong.", "INTERNAL_SERVER_ERROR"
                )
            case Fault.SERVER_ERROR:
                return refusal(500, "Internal Server Error")
        raise ValueError(f"{fault} isn't the vendor's to show")

    def _answered(self, question: str, variables: dict[str, Any]) -> Response:
        document = parse(question)
        wrong = validate(_SCHEMA, document)
        if wrong:
            self.violations += [f"question: {error.message}" for error in wrong]
            return self._errors(wrong[0].message, "undefinedField")
        cost = cost_of(document, variables)
        if cost > MOST_COSTLY:
            said = f"Query cost is {cost:.0f}, which exceeds the single query max cost limit ({MOST_COSTLY:.0f})."
            return self._errors(said, "MAX_COST_EXCEEDED", cost=cost)
        if not self.sees_people and re.search(r"\b(email|billingAddress|defaultEmailAddress)\b", question):
            said = "This app is not approved to access the Order object's email. See protected customer data."
            return self._errors(said, "ACCESS_DENIED")
        if not self.bucket.takes(cost):
            return self._throttled(cost=cost, available=self.bucket.available)
        result = graphql_sync(_SCHEMA, question, root_value=self._root(), variable_values=variables)
        if result.errors:
            error = result.errors[0]
            return self._errors(
                error.message, str((error.extensions or {}).get("code", "argumentLiteralsIncompatible"))
            )
        data = result.data or {}
        costs = {
            "requestedQueryCost": cost,
            "actualQueryCost": cost,
            "throttleStatus": self.bucket.status,
        }
        data = self.reshape(data) if self.reshape else data
        return json_response({"data": data, "extensions": {"cost": costs}})

    def _root(self) -> Node:
        return {
            "shop": {
                "name": self.name,
                "myshopifyDomain": self.domain,
                "ianaTimezone": self.zone,
                "currencyCode": self.currency,
            },
            "currentAppInstallation": {
                "accessScopes": [{"handle": each, "description": each} for each in self.scopes]
            },
            "orders": lambda _info, **asked: self._listed(self._order_nodes(), **asked),
            "order": lambda _info, id: next((n for n in self._order_nodes() if n["id"] == id), None),  # noqa: A006 - GraphQL's word
            "refund": lambda _info, id: self._refund_node(id),  # noqa: A006 - GraphQL's word
            "customers": lambda _info, **asked: self._listed(
                [customer_node(each) for each in self.customers.values()], **asked
            ),
        }

    def _listed(
        self,
        nodes: list[Node],
        *,
        first: int | None = None,
        after: str | None = None,
        query: str | None = None,
        sortKey: str = "ID",  # noqa: N803 - GraphQL's word
        reverse: bool = False,
    ) -> Node:
        if sortKey != "UPDATED_AT" or reverse:
            raise GraphQLError("the local server lists by change only")
        if query:
            search = _SEARCH.fullmatch(query)
            if search is None:
                raise GraphQLError(f"the local server doesn't know the search {query}")
            nodes = [node for node in nodes if node["updatedAt"] >= search[1]]
        return connection(in_place(nodes), first, None if self.repeats else after)

    def _order_nodes(self) -> list[Node]:
        shown = self.orders.values()
        if "read_all_orders" not in self.scopes and self.now is not None:
            shown = [each for each in shown if (each.created or each.at) >= self.now - _SHOWN]  # type: ignore[assignment]
        return [order_node(each, self.customers) for each in shown]

    def _refund_node(self, gid: str) -> Node | None:
        return next(
            (
                refund_node(refund, order.currency)
                for order in self.orders.values()
                for refund in order.refunds
                if gid == f"gid://shopify/Refund/{refund.number}"
            ),
            None,
        )

    def _throttled(self, *, cost: float, available: float) -> Response:
        status = self.bucket.status | {"currentlyAvailable": available}
        body = {
            "errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}],
            "extensions": {
                "cost": {"requestedQueryCost": cost, "actualQueryCost": None, "throttleStatus": status}
            },
        }
        return json_response(body)

    def _errors(self, message: str, code: str, **more: object) -> Response:
        body = {"data": None, "errors": [{"message": message, "extensions": {"code": code, **more}}]}
        return json_response(body)


def refusal(status: int, message: str) -> Response:
    """A refusal in the form that comes with an HTTP error."""
    return json_response({"errors": message}, status=status)
