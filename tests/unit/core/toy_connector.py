"""A connector as small as one can be, of a vendor that :mod:`tests.unit.core.toy_api` plays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Literal

from connectors.core.api import Account, BrandFacts, Context, Period
from connectors.core.api_config import Address, ApiConfig, secret_of
from connectors.core.api_source import ApiConnector
from connectors.core.auth import BearerKey
from connectors.core.feed import Batch, EntityFeed, Feed, PeriodFeed, ReportFeed, SnapshotFeed
from connectors.core.http import Answer, Http, judge_status
from connectors.core.paging import Page, pages
from connectors.core.rate_limit import Rate
from connectors.core.retry import CallError, Kind
from connectors.core.stream import Column, Personal, Stream, Type
from connectors.core.stream import Kind as StreamKind
from connectors.core.window import DateWindow

KEY_VARIABLE = "TOY_KEY"
Rows = list[dict[str, object]]

VISITS = Stream(
    connector="toy",
    name="visits",
    kind=StreamKind.REPORT,
    description="Visits per day and page",
    columns=(
        Column("date", Type.DATE, "Day", required=True),
        Column("page", Type.STRING, "Page"),
        Column("visits", Type.INTEGER, "Visits"),
        Column("cost", Type.MONEY, "Cost"),
    ),
    key=("date", "page"),
    cursor="date",
    reread_days=2,
)
MARKS = Stream(
    connector="toy",
    name="marks",
    kind=StreamKind.REPORT,
    description="What the vendor says of the quality of a day",
    columns=(
        Column("date", Type.DATE, "Day", required=True),
        Column("report", Type.STRING, "Stream", required=True),
        Column("rows", Type.INTEGER, "Rows of that day"),
    ),
    key=("date", "report"),
    cursor="date",
)
USERS = Stream(
    connector="toy",
    name="users",
    kind=StreamKind.REPORT,
    description="Users per period",
    columns=(
        Column("grain", Type.STRING, "Grain", required=True),
        Column("period_start", Type.DATE, "First day", required=True),
        Column("users", Type.INTEGER, "Users"),
    ),
    key=("grain", "period_start"),
    cursor="period_start",
    reread_days=2,
)
CONTACTS = Stream(
    connector="toy",
    name="contacts",
    kind=StreamKind.ENTITY,
    description="Contacts",
    columns=(
        Column("contact_id", Type.STRING, "Id", required=True),
        Column("email", Type.STRING, "Address", personal=Personal.EMAIL),
        Column("points", Type.INTEGER, "Points"),
        Column("created_at", Type.INSTANT, "Creation"),
        Column("updated_at", Type.INSTANT, "Change"),
    ),
    key=("contact_id",),
    cursor="created_at",
    day_zone="brand",
)
NOTES = Stream(
    connector="toy",
    name="notes",
    kind=StreamKind.ENTITY,
    description="Notes that come with their contact",
    columns=(
        Column("contact_id", Type.STRING, "Contact", required=True),
        Column("note", Type.STRING, "Text", required=True),
    ),
    key=("contact_id", "note"),
)
FOLLOWERS = Stream(
    connector="toy",
    name="followers",
    kind=StreamKind.SNAPSHOT,
    description="Followers of each account at a moment",
    columns=(
        Column("captured_at", Type.INSTANT, "The moment", required=True),
        Column("account", Type.STRING, "Account", required=True),
        Column("followers", Type.INTEGER, "Followers"),
    ),
    key=("account",),
    cursor="captured_at",
    day_zone="brand",
)
AUDIENCE = Stream(
    connector="toy",
    name="audience",
    kind=StreamKind.SNAPSHOT,
    description="Their countries, which come with the same answer",
    columns=(
        Column("captured_at", Type.INSTANT, "The moment", required=True),
        Column("account", Type.STRING, "Account", required=True),
        Column("country", Type.STRING, "Country", required=True),
        Column("followers", Type.INTEGER, "Followers"),
    ),
    key=("account", "country"),
    cursor="captured_at",
    day_zone="brand",
)


class Config(ApiConfig):
    """Keys of a toy source, and switches that stand for what differs between vendors."""

    connector: Literal["toy"] = "toy"
    brand: str = "acme"
    base_url: Address
    key_env: str = KEY_VARIABLE
    streams: tuple[str, ...] = ("visits", "users", "contacts")
    window_days: int = 3
    memory_days: int | None = None
    has_marks: bool = False
    has_notes: bool = False
    has_audience: bool = False
    has_versions: bool = True
    list_is_complete: bool = True
    relist_days: int = 30
    events: str = ""


def judge(answer: Answer) -> CallError | None:
    """The toy's words: its quota is a 403, and status 200 may be an error."""
    said = answer.json.get("error", "") if isinstance(answer.json, dict) else ""
    if "quota" in said:
        return CallError(Kind.QUOTA, said)
    return CallError(Kind.RETRY, said) if said == "busy" else judge_status(answer)


class ToyClient:
    """Asks the toy."""

    def __init__(self, config: Config, context: Context) -> None:
        self.config = config
        self._source = context.source_id
        self._http = Http(
            context,
            config.http,
            base_url=config.base_url,
            limiter=context.limits.of("toy", Rate(calls=10_000, seconds=1)),
            auth=BearerKey(secret_of(config.key_env, source_id=context.source_id)),
            judge=judge,
        )

    def account(self) -> Account:
        """The shop."""
        told = self._http.call("GET", "/account").json
        return Account(identity=told["name"], permission="reads", timezone=told["timezone"])

    def rows(self, path: str, params: dict[str, object]) -> Iterator[Rows]:
        """Pages of a list."""

        def fetch(token: str | None) -> Page[Rows]:
            asked = {**params, **({"after": token} if token else {})}
            told = self._http.call("GET", path, params=asked).json
            return Page(told["rows"], told.get("next"))

        return pages(fetch, what=f"Source {self._source}, {path}")

    def close(self) -> None:
        """Close connections."""
        self._http.close()


def _read_visits(client: ToyClient, window: DateWindow) -> Iterator[Batch]:
    seen: list[object] = []
    for rows in client.rows("/visits", {"from": window.start, "to": window.last}):
        seen += [row.get("date") for row in rows]
        yield Batch.of_rows(VISITS, rows)
    if client.config.has_marks:
        yield Batch.of_rows(
            MARKS,
            [{"date": str(day), "report": VISITS.id, "rows": seen.count(str(day))} for day in window.days()],
        )


def _read_users(client: ToyClient, periods: Sequence[Period], newest: date) -> Iterator[Batch]:
    asked: dict[str, object] = {"periods": ",".join(period.key for period in periods), "through": newest}
    for rows in client.rows("/users", asked):
        yield Batch.of_rows(USERS, rows)


def _read_contacts(client: ToyClient, since: datetime | None) -> Iterator[Batch]:
    params: dict[str, object] = {"since": since.replace(tzinfo=None).isoformat()} if since else {}
    for rows in client.rows("/contacts", params):
        told = [{name: value for name, value in row.items() if name != "notes"} for row in rows]
        yield Batch.of_rows(CONTACTS, told)
        if not client.config.has_notes:
            continue
        notes: list[Any] = [(row["contact_id"], note) for row in rows for note in _list(row.get("notes"))]
        yield Batch.of_rows(NOTES, [{"contact_id": contact, "note": note} for contact, note in notes])


def _read_followers(client: ToyClient) -> Iterator[Batch]:
    for rows in client.rows("/followers", {}):
        told = [{name: value for name, value in row.items() if name != "audience"} for row in rows]
        yield Batch.of_rows(FOLLOWERS, told)
        if not client.config.has_audience:
            continue
        countries: list[Any] = [
            (row["account"], country, count)
            for row in rows
            for country, count in dict(row["audience"]).items()  # type: ignore[call-overload]
        ]
        yield Batch.of_rows(
            AUDIENCE,
            [
                {"account": account, "country": country, "followers": count}
                for account, country, count in countries
            ],
        )


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _asked(config: Config, _: Context) -> str:
    return config.events


def feeds(config: Config) -> Sequence[Feed]:
    """What a toy source lands."""
    every: dict[str, Feed] = {
        "visits": ReportFeed(
            stream=VISITS,
            read=_read_visits,
            window_days=config.window_days,
            memory_days=config.memory_days,
            beside=(MARKS,) if config.has_marks else (),
            asked=partial(_asked, config),
        ),
        "users": PeriodFeed(
            stream=USERS, read=_read_users, periods_per_landing=3, asked=partial(_asked, config)
        ),
        "contacts": EntityFeed(
            stream=CONTACTS,
            read=_read_contacts,
            version="updated_at" if config.has_versions else None,
            list_is_complete=config.list_is_complete,
            relist_after=timedelta(days=config.relist_days),
            beside=(NOTES,) if config.has_notes else (),
            asked=partial(_asked, config),
        ),
        "followers": SnapshotFeed(
            stream=FOLLOWERS,
            read=_read_followers,
            beside=(AUDIENCE,) if config.has_audience else (),
        ),
    }
    return tuple(every[name] for name in config.streams)


def periods(window: DateWindow) -> list[Period]:
    """Months and weeks (from Monday) that overlap ``window``, longest first."""
    months = {day.replace(day=1) for day in window.days()}
    weeks = {day - timedelta(days=day.weekday()) for day in window.days()}
    ends = {month: (month + timedelta(days=32)).replace(day=1) for month in months}
    return [
        *(Period("month", month, ends[month]) for month in sorted(months)),
        *(Period("week", week, week + timedelta(days=7)) for week in sorted(weeks)),
    ]


CONNECTOR = ApiConnector(word="toy", connect=ToyClient, feeds=feeds)
BRAND = BrandFacts(timezone="Asia/Tehran", currency="IRR", periods=periods)
