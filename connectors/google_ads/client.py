"""Calls of the Google Ads API: GAQL questions to one account, by searchStream.

Facts: developers.google.com/google-ads/api (REST, GAQL, zero metrics). An answer is an array of batches, each
with the mask of the fields that it answers; ``[]`` or batches without ``results`` hold no rows. int64 come as
text, names in lowerCamelCase, and a field that is zero or empty may be left out: only the mask tells it from
one that is gone.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import Any

from connectors.core.api import Account, Context
from connectors.core.auth import google_token
from connectors.core.errors import PermanentError, SchemaError
from connectors.core.http import Http
from connectors.core.rate_limit import Rate
from connectors.core.retry import incomplete
from connectors.google_ads.access import credentials_of, headers_of
from connectors.google_ads.config import Config
from connectors.google_ads.errors import judge

_RATE = Rate(calls=240, seconds=60)
"""Google throttles by account and token and names no number; four calls a second are few."""
_LISTED_CLIENTS = 10
_ACCOUNT_FIELDS = (
    "customer.id",
    "customer.descriptive_name",
    "customer.currency_code",
    "customer.time_zone",
    "customer.manager",
    "customer.status",
    "customer.test_account",
    "customer.auto_tagging_enabled",
)

Row = dict[str, Any]


class GoogleAdsClient:
    """Asks one account.

    Attributes:
        config: keys of the source. source_id: for errors.
    """

    def __init__(self, config: Config, context: Context) -> None:
        self.config = config
        self.source_id = context.source_id
        credentials = credentials_of(config, source_id=context.source_id)
        self._headers = headers_of(config, source_id=context.source_id)
        self._http = Http(
            context,
            config.http,
            base_url=config.base_url,
            limiter=context.limits.of(f"google_ads:{config.developer_token_env}", _RATE),
            auth=google_token(credentials, source_id=context.source_id, config=config.http),
            judge=judge,
        )
        self._path = f"/{config.api_version}/customers/{config.customer_id}/googleAds:searchStream"
        self._lock = threading.Lock()
        self._customer: Row | None = None

    def account(self) -> Account:
        """The ad account, its zone and its currency.

        Raises:
            PermanentError: it is a manager account; names those below it.
        """
        customer = self.customer()
        through = f" through manager {self.config.login_customer_id}" if self.config.login_customer_id else ""
        status = customer.get("status")
        notes = [
            *(["a test account: it serves no ads"] if customer.get("testAccount") else []),
            *([f"the account is {status}"] if status not in {None, "ENABLED"} else []),
        ]
        name = customer.get("descriptiveName", "")
        return Account(
            identity=f"Google Ads account {self.config.customer_id} {name}".rstrip(),
            permission=f"reads reports{through}",
            timezone=str(customer["timeZone"]),
            currency=str(customer["currencyCode"]),
            notes=tuple(notes),
        )

    def customer(self) -> Row:
        """The account as Google tells it, asked once."""
        with self._lock:
            if self._customer is None:
                rows = self.rows(f"SELECT {', '.join(_ACCOUNT_FIELDS)} FROM customer", what="the account")
                told: list[Row] = [row.get("customer", {}) for row in rows]
                if len(told) != 1 or not {"timeZone", "currencyCode"} <= told[0].keys():
                    why = f"{len(told)} accounts came, or one without zone and currency."
                    raise incomplete(f"Source {self.source_id}, the account", why)
                if told[0].get("manager"):
                    raise PermanentError(self._about_manager())
                self._customer = told[0]
            return self._customer

    def rows(self, query: str, *, what: str) -> list[Row]:
        """All rows of a question, batch by batch in one answer.

        Raises:
            SchemaError: the answer doesn't hold a field that was asked for.
        """
        answer = self._http.call("POST", self._path, json={"query": query}, headers=self._headers, what=what)
        return list(self._unpacked(answer.json, _fields_of(query), what))

    def close(self) -> None:
        """Close connections."""
        self._http.close()

    def _unpacked(self, batches: Sequence[Row], fields: Sequence[str], what: str) -> Iterator[Row]:
        for batch in batches:
            rows = batch.get("results") or ()
            if rows:
                self._require_fields(fields, str(batch.get("fieldMask", "")), what)
            yield from rows

    def _require_fields(self, fields: Sequence[str], mask: str, what: str) -> None:
        """See that the batch answers all fields; only then is a field that a row lacks zero or empty."""
        answered = set(mask.split(","))
        missing = [field for field in fields if field not in answered and _camel(field) not in answered]
        if missing:
            raise SchemaError(
                f"Source {self.source_id}, {what}: column {missing[0]} is missing: Google Ads doesn't list "
                f"{', '.join(missing)} among the fields that its answer holds. Nothing of this answer was "
                "stored, what was stored before is intact. It was renamed or dropped in "
                f"{self.config.api_version}: set api_version to one that has it, or report this message.",
                column=missing[0],
            )

    def _about_manager(self) -> str:
        """That the account is a manager's, with what is below it: called while the account is asked for."""
        listed = self.rows(
            "SELECT customer_client.id, customer_client.descriptive_name FROM customer_client "
            f"WHERE customer_client.manager = FALSE LIMIT {_LISTED_CLIENTS}",
            what="the accounts of the manager",
        )
        clients = [row["customerClient"] for row in listed]
        named = ", ".join(f"{each['id']} {each.get('descriptiveName', '')}".strip() for each in clients)
        return (
            f"Source {self.source_id}: {self.config.customer_id} is a manager account, which has no "
            f"numbers of its own. Accounts below it: {named or 'none'}. Name one of them as customer_id and "
            f'login_customer_id: "{self.config.customer_id}", and run `sanjeh check`.'
        )


def _fields_of(query: str) -> list[str]:
    """The fields between SELECT and FROM."""
    return query.removeprefix("SELECT ").partition(" FROM ")[0].split(", ")


def _camel(path: str) -> str:
    """``metrics.cost_micros`` as JSON writes it: ``metrics.costMicros``."""
    return ".".join(camel(part) for part in path.split("."))


def camel(name: str) -> str:
    """One name in lowerCamelCase."""
    first, *more = name.split("_")
    return first + "".join(part.capitalize() for part in more)


def connect(config: Config, context: Context) -> GoogleAdsClient:
    """The client; nothing is called yet."""
    return GoogleAdsClient(config, context)
