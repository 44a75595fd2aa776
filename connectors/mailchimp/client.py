"""Calls of the Mailchimp Marketing API: reports and audiences of one account.

Facts: mailchimp.com/developer/marketing (reports, lists, errors): pages by offset with their total, 1,000
rows at most, ten calls at the same time, errors as problem documents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from connectors.core.api import Account, Context
from connectors.core.api_config import secret_of
from connectors.core.auth import BearerKey
from connectors.core.errors import AuthError, PageDriftError, SchemaError
from connectors.core.http import Answer, Http, judge_status
from connectors.core.paging import Page, pages
from connectors.core.rate_limit import Rate
from connectors.core.retry import CallError, Kind, incomplete
from connectors.mailchimp.config import Config

_CALLS_A_MINUTE = 600
"""Mailchimp tells no rate, only how many calls there may be at once."""
_DATA_CENTRE = re.compile(r"-([a-z]{2,4}[0-9]{1,4})")
_FIRST_ERROR, _SERVER_ERROR, _UNAVAILABLE = 400, 500, 503
_ACCOUNT_FIELDS = ("account_id", "account_name", "role", "account_timezone", "total_subscribers")

Record = dict[str, Any]


def judge(answer: Answer) -> CallError | None:
    """Mailchimp's words: a problem document, which may come with status 200."""
    body = answer.json
    if not isinstance(body, dict):
        return judge_status(Answer(status=answer.status, headers=answer.headers, json=None, text=answer.text))
    if not {"title", "detail"} <= body.keys():
        return judge_status(answer)
    title, said = str(body["title"]), f"{body['title']}: {body['detail']}"
    status = answer.status if answer.status >= _FIRST_ERROR else _status_in(body)
    words = title.replace(" ", "").lower()
    if words == "wrongdatacenter":
        return CallError(Kind.REFUSED, f"{said}; base_url must name the data centre that the key ends in")
    if words == "compliancerelated" and status == _UNAVAILABLE:
        return CallError(Kind.FORBIDDEN, f"HTTP {status}: {said}")
    return judge_status(Answer(status=status, headers=answer.headers, json=body, text=said))


def _status_in(body: Record) -> int:
    status = body.get("status")
    return status if isinstance(status, int) and status >= _FIRST_ERROR else _SERVER_ERROR


def address_of(config: Config, key: str, *, source_id: str) -> str:
    """Where the account is: as configured, else the data centre that the key ends in.

    Raises:
        AuthError: neither tells.
    """
    if config.base_url is not None:
        return config.base_url
    found = _DATA_CENTRE.fullmatch(key[key.rfind("-") :]) if "-" in key else None
    if found is None:
        raise AuthError(
            f"Source {source_id}: the key in {config.key_env} doesn't end in a data centre such as -us19, so "
            "it isn't known where the account is. Set the variable to the whole API key, or, for a token of "
            "OAuth, name the account's address: base_url: https://us19.api.mailchimp.com."
        )
    return f"https://{found[1]}.api.mailchimp.com"


class MailchimpClient:
    """Asks one account."""

    def __init__(self, config: Config, context: Context) -> None:
        self.config = config
        self.context = context
        key = secret_of(config.key_env, source_id=context.source_id)
        rate = Rate(calls=_CALLS_A_MINUTE, seconds=60, concurrent=config.connections)
        self._http = Http(
            context,
            config.http,
            base_url=address_of(config, key, source_id=context.source_id),
            limiter=context.limits.of(f"mailchimp:{key}", rate),
            auth=BearerKey(key),
            judge=judge,
        )
        self._root = f"/{config.api_version}"
        self._account: Account | None = None

    def account(self) -> Account:
        """The account's name and the key's role, from the root of the API."""
        if self._account is None:
            params = {"fields": ",".join(_ACCOUNT_FIELDS)}
            found = self._http.call("GET", f"{self._root}/", params=params, what="the account").json
            self._account = Account(
                identity=f"Mailchimp account {found.get('account_name')} ({found.get('account_id')})",
                permission=f"role {found.get('role')}; {found.get('total_subscribers')} subscribers",
                timezone=found.get("account_timezone"),
                quota=f"no limit but ten calls at once, of which {self.config.connections} are used",
            )
        return self._account

    def reports(self, fields: Sequence[str], since: datetime | None) -> Iterator[list[Record]]:
        """Pages of reports of campaigns sent since a moment, of all where it is None.

        Args:
            fields: what to give of each; nested ones with dots.
            since: UTC.
        """
        params = {} if since is None else {"since_send_time": since.isoformat(timespec="seconds")}
        return self._pages("reports", fields, params)

    def lists(self, fields: Sequence[str]) -> Iterator[list[Record]]:
        """Pages of all audiences; ``fields`` as for :meth:`reports`."""
        return self._pages("lists", fields, {})

    def close(self) -> None:
        """Close connections."""
        self._http.close()

    def _pages(self, name: str, fields: Sequence[str], params: dict[str, str]) -> Iterator[list[Record]]:
        """Pages of a list, as many records as it counts itself, each once.

        Raises:
            PageDriftError: the list changed while it was read.
            IncompleteError: pages end before the list does.
        """
        what = f"Source {self.context.source_id}, mailchimp/{name}"
        asked = {**params, "fields": ",".join(["total_items", *(f"{name}.{field}" for field in fields)])}
        totals: list[int] = []
        seen: set[str] = set()

        def fetch(token: str | None) -> Page[list[Record]]:
            offset = int(token or 0)
            page = {**asked, "count": self.config.page_size, "offset": offset}
            body = self._http.call("GET", f"{self._root}/{name}", params=page, what=name).json
            records, total = _content(body, name, what)
            totals.append(total)
            if total != totals[0]:
                raise _moved(what, f"{totals[0]:,} were counted, then {total:,}")
            for record in records:
                if record["id"] in seen:
                    raise _moved(what, f"{record['id']} came twice")
                seen.add(record["id"])
            reached = offset + len(records)
            if not records and reached < total:
                raise incomplete(what, f"{reached:,} of {total:,} came, then an empty page.")
            return Page(records, str(reached) if reached < total else None)

        return pages(fetch, what=what)


def _content(body: Record, name: str, what: str) -> tuple[list[Record], int]:
    """Records and total of a page."""
    records, total = body.get(name), body.get("total_items")
    if (
        isinstance(records, list)
        and isinstance(total, int)
        and all(isinstance(each, dict) and isinstance(each.get("id"), str) for each in records)
    ):
        return records, total
    raise SchemaError(
        f"{what}: an answer lacks {name}, their ids or total_items, so it can't be proven whole. Nothing was "
        "stored. Report it with this message."
    )


def _moved(what: str, how: str) -> PageDriftError:
    return PageDriftError(
        f"{what}: {how}, so rows moved between pages while they were read. Nothing of this list was stored; "
        "run again."
    )


def connect(config: Config, context: Context) -> MailchimpClient:
    """The client; nothing is called yet."""
    return MailchimpClient(config, context)
