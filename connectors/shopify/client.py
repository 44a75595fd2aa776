"""Calls of Shopify's GraphQL Admin API: orders, refunds and customers of one shop.

Facts: shopify.dev: pages by cursor, points by cost of a question, versions by quarter. A question that costs
more than one may is asked in smaller pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from connectors.core.api import Account, Context
from connectors.core.api_config import secret_of
from connectors.core.auth import HeaderKey
from connectors.core.errors import PermanentError
from connectors.core.http import Answer, Http
from connectors.core.paging import Page, pages
from connectors.core.rate_limit import Rate
from connectors.core.retry import incomplete
from connectors.shopify import questions
from connectors.shopify.config import Config
from connectors.shopify.judge import TOO_COSTLY, judge, wait_for

Record = dict[str, Any]

_MOST_LISTED = 250
ALL_ORDERS = "read_all_orders"


class ShopifyClient:
    """Asks one shop."""

    def __init__(self, config: Config, context: Context) -> None:
        self.config = config
        self.context = context
        token = secret_of(config.token_env, source_id=context.source_id)
        rate = Rate(calls=100, seconds=1, concurrent=4)
        self._limiter = context.limits.of(f"shopify:{config.shop}", rate)
        self._http = Http(
            context,
            config.http,
            base_url=config.address,
            limiter=self._limiter,
            auth=HeaderKey("X-Shopify-Access-Token", token),
            judge=judge,
        )
        self._divisor = 1
        self._shop: tuple[Record, Answer] | None = None

    def account(self) -> Account:
        """The shop, and what the app may do there."""
        data, answer = self._about()
        shop, scopes = data["shop"], self.scopes()
        status = ((answer.json.get("extensions") or {}).get("cost") or {}).get("throttleStatus")
        quota = None
        if status:
            quota = (
                f"{status['currentlyAvailable']:,.0f} of {status['maximumAvailable']:,.0f} points, "
                f"{status['restoreRate']:g} a second"
            )
        return Account(
            identity=f"Shopify shop {shop['name']} ({shop['myshopifyDomain']})",
            permission=f"scopes {', '.join(sorted(scopes)) or 'none'}",
            timezone=shop["ianaTimezone"],
            currency=shop["currencyCode"],
            quota=quota,
            notes=tuple(self._notes(scopes, answer)),
        )

    def scopes(self) -> frozenset[str]:
        """What the app may do."""
        data, _ = self._about()
        return frozenset(each["handle"] for each in data["currentAppInstallation"]["accessScopes"])

    def orders(self, query: str | None, *, what: str) -> Iterator[list[Record]]:
        """Pages of orders by change that a search finds, all for None."""
        question = questions.orders(customer_data=self.config.customer_data)
        return self._pages(question, {"query": query}, ("orders",), what=what)

    def more_lines(self, order_id: str, after: str, *, what: str) -> Iterator[list[Record]]:
        """Pages of an order's lines behind a cursor."""
        path = ("order", "lineItems")
        return self._pages(questions.ORDER_LINES, {"id": order_id}, path, after=after, what=what)

    def refunds(self, order_id: str, *, what: str) -> list[Record]:
        """All refunds of an order; few of them come with their first lines, many without any.

        The list has no pages: it is whole where it is shorter than what was asked for.

        Raises:
            IncompleteError: an order has more refunds than can be asked for.
        """
        asked = {"id": order_id}
        data, _ = self._ask(questions.ORDER_REFUNDS, partial(self._with_refunds, asked), what=what)
        found = list(self._found(data, ("order",), what=what)["refunds"])
        # Pages only shrink, so that fewer were never asked for than now.
        if len(found) < self._nested:
            return found
        every = {**asked, "first": _MOST_LISTED}
        data, _ = self._ask(questions.ALL_REFUNDS, lambda: every, what=what)
        found = list(self._found(data, ("order",), what=what)["refunds"])
        if len(found) == _MOST_LISTED:
            raise incomplete(self.named(what), f"{_MOST_LISTED} refunds came, and there may be more.")
        return found

    def more_refund_lines(self, refund_id: str, after: str | None, *, what: str) -> Iterator[list[Record]]:
        """Pages of a refund's lines behind a cursor, all for None."""
        path = ("refund", "refundLineItems")
        return self._pages(questions.REFUND_LINES, {"id": refund_id}, path, after=after, what=what)

    def more_refund_shipping(self, refund_id: str, after: str | None, *, what: str) -> Iterator[list[Record]]:
        """Pages of the shipping that a refund gives back behind a cursor, all for None."""
        path = ("refund", "refundShippingLines")
        return self._pages(questions.REFUND_SHIPPING, {"id": refund_id}, path, after=after, what=what)

    def customers(self, query: str | None, *, what: str) -> Iterator[list[Record]]:
        """Pages of customers by change that a search finds, all for None."""
        question = questions.customers(customer_data=self.config.customer_data)
        return self._pages(question, {"query": query}, ("customers",), what=what)

    def named(self, what: str) -> str:
        """``what`` with the source, for errors."""
        return f"Source {self.context.source_id}, {what}"

    def close(self) -> None:
        """Close connections."""
        self._http.close()

    def _about(self) -> tuple[Record, Answer]:
        if self._shop is None:
            self._shop = self._ask(questions.SHOP, dict, what="the shop")
        return self._shop

    def _notes(self, scopes: frozenset[str], answer: Answer) -> Iterator[str]:
        if ALL_ORDERS not in scopes:
            yield (
                "orders older than 60 days are out of reach: the app lacks the scope read_all_orders"
                + (
                    "; runs are refused until it has it or the source says all_orders: false"
                    if self.config.all_orders
                    else ""
                )
            )
        served = answer.headers.get("X-Shopify-API-Version", self.config.api_version)
        if served != self.config.api_version:
            yield f"api_version {self.config.api_version} is retired, Shopify answers with {served}: set it"

    def _pages(
        self,
        question: str,
        variables: Mapping[str, object],
        path: tuple[str, ...],
        *,
        after: str | None = None,
        what: str,
    ) -> Iterator[list[Record]]:
        """Nodes of a connection, to its end."""
        has_nested = "$nested" in question

        def sized(cursor: str | None) -> Record:
            first = max(1, self.config.page_size // self._divisor)
            asked = {**variables, "first": first, "after": cursor or after}
            return self._with_nested(asked) if has_nested else asked

        def fetch(cursor: str | None) -> Page[list[Record]]:
            data, _ = self._ask(question, lambda: sized(cursor), what=what)
            connection = self._found(data, path, what=what)
            return Page(connection["nodes"], self.following(connection, what=what))

        return pages(fetch, what=self.named(what))

    def following(self, connection: Record, *, what: str) -> str | None:
        """Cursor behind the nodes of a connection; None at its end.

        Raises:
            IncompleteError: there are more, and no cursor leads there.
        """
        if not connection["pageInfo"]["hasNextPage"]:
            return None
        cursor = connection["pageInfo"]["endCursor"]
        if not cursor or not connection["nodes"]:
            raise incomplete(self.named(what), "More is said to follow, and nothing leads there.")
        return str(cursor)

    def _with_refunds(self, asked: Record) -> Record:
        return self._with_nested({**asked, "first": self._nested})

    @property
    def _nested(self) -> int:
        return max(1, self.config.nested_page_size // self._divisor)

    def _with_nested(self, asked: Record) -> Record:
        """Variables with the number of records that come with each."""
        return {**asked, "nested": self._nested}

    def _found(self, data: Record, path: tuple[str, ...], *, what: str) -> Record:
        for name in path:
            found = data[name]
            if found is None:
                raise incomplete(
                    self.named(what), f"Shopify no longer knows the {name}; it was deleted meanwhile."
                )
            data = found
        return data

    def _ask(
        self, question: str, variables: Callable[[], Mapping[str, object]], *, what: str
    ) -> tuple[Record, Answer]:
        """The data of an answer, and the answer; smaller pages are asked for where one costs too much."""
        path = f"/admin/api/{self.config.api_version}/graphql.json"
        while True:
            body = {"query": question, "variables": dict(variables())}
            answer = self._http.call("POST", path, json=body, what=what)
            errors = answer.json.get("errors")
            if not errors:
                self._heed(answer.json)
                return answer.json["data"], answer
            if max(self.config.page_size, self.config.nested_page_size) // self._divisor <= 1:
                raise PermanentError(
                    f"{self.named(what)}: even a page of one costs more points than Shopify allows "
                    f"({TOO_COSTLY}: {errors[0].get('message', '')}). Report this message."
                )
            self._divisor *= 2

    def _heed(self, body: Record) -> None:
        """Let calls pause where the allowance has no room for another one like this."""
        wait = wait_for(body)
        if wait:
            self._limiter.pause(wait)


def connect(config: Config, context: Context) -> ShopifyClient:
    """The client; nothing is called yet."""
    return ShopifyClient(config, context)
