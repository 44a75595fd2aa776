"""Calls of the Stripe API: lists, newest first, page by page behind the last id, in the pinned version.

Facts: docs.stripe.com/api (pagination, expanding, versioning, subscriptions/list), /rate-limits, /keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any
from urllib.parse import quote

from connectors.core.api import Account, Context
from connectors.core.api_config import secret_of
from connectors.core.auth import BearerKey
from connectors.core.errors import ScopeError
from connectors.core.http import Http
from connectors.core.paging import Page, pages
from connectors.core.rate_limit import Rate
from connectors.core.retry import incomplete
from connectors.stripe.config import Config
from connectors.stripe.judge import judge

Record = dict[str, Any]
_RESOURCES = ("subscriptions", "prices", "coupons", "customers", "invoices", "events")


class StripeClient:
    """Asks one account."""

    def __init__(self, config: Config, context: Context) -> None:
        self.config = config
        self.context = context
        key = secret_of(config.key_env, source_id=context.source_id)
        self._key_kind = _kind_of(key)
        limiter = context.limits.of(f"stripe:{key}", Rate(calls=config.calls_per_second, seconds=1))
        self._http = Http(
            context,
            config.http,
            base_url=config.base_url,
            limiter=limiter,
            auth=BearerKey(key),
            judge=judge,
        )
        self._account: Account | None = None

    def account(self) -> Account:
        """The account, the mode of the key, and what it may not read; the fewest calls that tell each."""
        if self._account is None:
            modes: set[bool] = set()
            refused = [
                name for name in _RESOURCES if name not in self.config.without and self._refuses(name, modes)
            ]
            self._account = self._told(modes, refused)
        return self._account

    def records(
        self, path: str, params: Mapping[str, object] | None = None, *, what: str, after: str | None = None
    ) -> Iterator[list[Record]]:
        """Pages of a list.

        Args:
            path: of the list, ``/v1/…``.
            params: of every page; lists of values under names that end in ``[]``.
            what: what is listed, for errors.
            after: id of a record; only those behind it are listed.

        Raises:
            IncompleteError: the list can't be followed to its end.
        """
        name = f"Source {self.context.source_id}, {what}"
        newest: list[Record] = []

        def fetch(token: str | None) -> Page[list[Record]]:
            begin = token or after
            asked = [*_flat(params or {}), ("limit", self.config.page_size)]
            if begin:
                asked.append(("starting_after", begin))
            answer = self._http.call("GET", path, params=asked, headers=self._version, what=what).json
            rows: list[Record] = answer["data"]
            if answer["has_more"] and not rows:
                raise incomplete(name, "A page says that there is more and is empty.")
            if _is_out_of_order([*newest[-1:], *rows]):
                raise incomplete(name, "The records don't come newest first.")
            newest[:] = rows[-1:]
            return Page(rows, rows[-1]["id"] if answer["has_more"] else None)

        return pages(fetch, what=name)

    def record(self, path: str, record_id: str, *, what: str) -> Record:
        """One record by its id."""
        return dict(
            self._http.call(
                "GET", f"{path}/{quote(record_id, safe='')}", headers=self._version, what=what
            ).json
        )

    def close(self) -> None:
        """Close connections."""
        self._http.close()

    @property
    def _version(self) -> dict[str, str]:
        return {"Stripe-Version": self.config.api_version}

    def _refuses(self, resource: str, modes: set[bool]) -> bool:
        """Whether the key may not list ``resource``; adds the mode of what is listed to ``modes``."""
        asked: dict[str, object] = {"limit": 1}
        if resource == "subscriptions":
            asked["status"] = "all"
        try:
            answer = self._http.call(
                "GET", f"/v1/{resource}", params=asked, headers=self._version, what=resource
            ).json
        except ScopeError:
            return True
        modes.update(bool(row["livemode"]) for row in answer["data"] if "livemode" in row)
        return False

    def _told(self, modes: set[bool], refused: list[str]) -> Account:
        told = "test" if False in modes else "live" if True in modes else "unknown"
        mode = self._key_kind[1] or told
        notes = []
        if mode == "test":
            notes.append(
                "The key is of the test mode: what lands is no real money. Put a key of the live mode into "
                f"{self.config.key_env} before anybody reads the KPIs."
            )
        if refused:
            notes.append(
                f"The key may not read {', '.join(refused)}. Grant it Read on them in Stripe's dashboard "
                "(Developers, API keys), or leave out what may be left out with without: [events, invoices]."
            )
        try:
            account = self._http.call("GET", "/v1/account", headers=self._version, what="account").json
        except ScopeError:
            account = {}
            notes.append("The key may not read the account, so its name and zone aren't known; that is fine.")
        settings = (account.get("settings") or {}).get("dashboard") or {}
        name = settings.get("display_name") or (account.get("business_profile") or {}).get("name")
        words = " ".join(each for each in (name, account.get("id")) if each) or "account not told"
        readable = len(_RESOURCES) - len(self.config.without) - len(refused)
        return Account(
            identity=f"Stripe {words}, {mode} mode",
            permission=f"{self._key_kind[0]}, reads {readable} of {readable + len(refused)} kinds of records",
            timezone=settings.get("timezone"),
            currency=(account.get("default_currency") or "").upper() or None,
            notes=tuple(notes),
        )


def _kind_of(key: str) -> tuple[str, str | None]:
    """What a key is and its mode, by how it begins: ``rk_live_…``, ``sk_test_…``."""
    kind = {"rk": "restricted key", "sk": "secret key"}.get(key.partition("_")[0], "key of an unknown kind")
    return kind, next((mode for mode in ("live", "test") if f"_{mode}_" in key[:9]), None)


def _flat(params: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, value in params.items():
        if isinstance(value, tuple | list):
            yield from ((name, each) for each in value)
        else:
            yield name, value


def _is_out_of_order(rows: list[Record]) -> bool:
    """Whether a later record is newer; items of a subscription, which have an order of their own, aside."""
    moments = [
        row.get("created") for row in rows if row.get("object") not in {"subscription_item", "line_item"}
    ]
    known = [moment for moment in moments if isinstance(moment, int)]
    return any(following > before for before, following in pairwise(known))


def connect(config: Config, context: Context) -> StripeClient:
    """The client; nothing is called yet."""
    return StripeClient(config, context)
