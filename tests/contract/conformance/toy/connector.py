"""The till's connector, small and sound; tests spoil it by deriving from its client."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Literal

from connectors.core.api import Account, Context
from connectors.core.api_config import ApiConfig, secret_of
from connectors.core.auth import FetchedToken
from connectors.core.feed import Batch, EntityFeed, Feed, ReportFeed
from connectors.core.http import Answer, Http, judge_status
from connectors.core.paging import Page, pages
from connectors.core.rate_limit import Rate
from connectors.core.retry import CallError, Kind, incomplete
from connectors.core.stream import Column, Personal, Stream, Type
from connectors.core.stream import Kind as StreamKind
from connectors.core.window import DateWindow

SALES = Stream(
    connector="till",
    name="sales",
    kind=StreamKind.REPORT,
    description="Sales by day and article",
    columns=(
        Column("day", Type.DATE, "Day", required=True),
        Column("article", Type.INTEGER, "Number of the article", required=True),
        Column("text", Type.STRING, "Its name"),
        Column("label", Type.STRING, "Its kind"),
        Column("amount", Type.INTEGER, "Pieces sold"),
    ),
    key=("day", "article"),
    cursor="day",
    reread_days=7,
)
PEOPLE = Stream(
    connector="till",
    name="people",
    kind=StreamKind.ENTITY,
    description="People who bought",
    columns=(
        Column("person", Type.INTEGER, "Number", required=True),
        Column("email", Type.STRING, "Address", personal=Personal.EMAIL),
        Column("changed", Type.INSTANT, "Last change"),
    ),
    key=("person",),
)
Row = dict[str, Any]


class Config(ApiConfig):
    """One till."""

    connector: Literal["till"]
    key_env: str
    base_url: str
    page_size: int


def judge(answer: Answer) -> CallError | None:
    """The till's words: an error may come with status 200, and a 429 may be that of the day."""
    if isinstance(answer.json, dict) and "error" in answer.json:
        said = str(answer.json["error"])
        if "today" in said:
            return CallError(Kind.QUOTA, said)
        if answer.status == 200:
            return CallError(Kind.RETRY, said)
    return judge_status(answer)


class Client:
    """Calls one till."""

    def __init__(self, config: Config, context: Context) -> None:
        self.config = config
        self._key = secret_of(config.key_env, source_id=context.source_id)
        self.what = f"Source {context.source_id}"
        limiter = context.limits.of(f"till:{self._key}", Rate(calls=1000, seconds=1))
        how: dict[str, Any] = {"base_url": config.base_url, "limiter": limiter, "judge": self.judge}
        self._tokens = Http(context, config.http, **how)
        self._http = Http(context, config.http, auth=FetchedToken(self.token), **how)

    def judge(self, answer: Answer) -> CallError | None:
        """What is wrong with an answer."""
        return judge(answer)

    def token(self) -> str:
        """A new token."""
        answer = self._tokens.call("POST", "/token", form={"client_secret": self._key}, what="a token")
        return str(answer.json["access_token"])

    def account(self) -> Account:
        """The till."""
        self.page("/people", {"since": "9999"}, 1)
        return Account(identity="till", permission="reads")

    def page(self, path: str, asked: Row, number: int) -> Row:
        """One page."""
        params = {**asked, "page": number, "size": self.config.page_size}
        return dict(self._http.call("GET", path, params=params, what=path).json)

    def rows(self, path: str, **asked: object) -> Iterator[list[Row]]:
        """Pages to the end, as many rows as the till counts."""
        found = total = 0

        def fetch(token: str | None) -> Page[Row]:
            page = self.page(path, asked, int(token or 1))
            return Page(page, None if page["next"] is None else str(page["next"]))

        for page in pages(fetch, what=f"{self.what}, {path}"):
            found, total = found + len(page["rows"]), page["total"]
            yield page["rows"]
        if found != total:
            raise incomplete(f"{self.what}, {path}", f"{found} of {total} rows came.")

    def close(self) -> None:
        """Close connections."""
        self._tokens.close()
        self._http.close()


def _sales(client: Client, window: DateWindow) -> Iterator[Batch]:
    for page in client.rows("/sales", **{"from": str(window.start), "to": str(window.last)}):
        yield Batch.of_rows(SALES, page)


def _people(client: Client, since: datetime | None) -> Iterator[Batch]:
    for page in client.rows("/people", since=since.isoformat() if since else ""):
        yield Batch.of_rows(PEOPLE, page)


def feeds(config: Config) -> Sequence[Feed]:
    """Sales and people."""
    del config
    return (
        ReportFeed(stream=SALES, read=_sales, window_days=7),
        EntityFeed(stream=PEOPLE, read=_people, version="changed"),
    )
