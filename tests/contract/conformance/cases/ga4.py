"""GA4 over REST and gRPC: items are campaigns of a day; the label is the channel group, the amount the sessions."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from google.analytics.data_v1beta.types import RunReportResponse
from google.protobuf import json_format
from werkzeug import Request, Response

from connectors.core.window import DateWindow
from connectors.ga4.streams import DEVICES, EVENTS, LANDING_PAGES, PAGES, TOTALS, TRAFFIC, USERS
from tests.contract.conformance.brand import BRAND
from tests.contract.conformance.case import PAGE, Drift, Item, NetworkedCase, Row
from tests.contract.conformance.google_key import write_key
from tests.contract.conformance.moments import NOW
from tests.contract.conformance.reshape import Reshaping
from tests.fakes.ga4 import Ga4Api, Ga4Response
from tests.fakes.ga4_data import EventFact, Fact, PageFact, Property, SessionFact
from tests.fakes.ga4_grpc import Ga4Grpc

_PROPERTY = "211"
_ZONE = ZoneInfo("Asia/Tehran")
_KEY = "SUITE_GA4_KEY"
_METRIC = "sessions"
_COUNTED = ("share", "sign_up", "generate_lead", "purchase")


class _Api(Reshaping, Ga4Api):
    """GA4 that may change its shape, over both transports."""

    def rewritten(self, body: dict[str, Any]) -> Response:
        """JSON and message of the changed body."""
        text = json.dumps(body, ensure_ascii=False).encode()
        message = json_format.ParseDict(body, RunReportResponse.pb()(), ignore_unknown_fields=True)
        return Ga4Response.of([text], message.SerializeToString)


class Ga4Case(NetworkedCase):
    """One property over REST."""

    name = "ga4"
    connector = "ga4"
    stream = TRAFFIC
    another_account = ("property_id", "212")
    label = "Paid Search"
    nothing = "(not set)"
    beside = frozenset({PAGES.id})

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.api: _Api = self._open.enter_context(_Api({_PROPERTY: Property()}, now=NOW))
        self._key_file, self._private_key = write_key(folder, self.api.token_uri)

    def hold(self, items: Sequence[Item], *, at: datetime) -> None:
        """Facts have no moment."""
        del at
        data = Property(time_zone=_ZONE.key)
        data.state(fact for item in items for fact in _facts(item, self.nothing))
        self.api.properties = {_PROPERTY: data}

    def set_time(self, at: datetime) -> None:
        """Days that aren't over yet aren't complete."""
        super().set_time(at)
        self.api.now = at

    def expected(self, items: Sequence[Item]) -> Mapping[str, Sequence[Row]]:
        """Sums by hand, users counted as the sets that they are."""
        by_day: dict[date, list[Item]] = defaultdict(list)
        for item in items:
            by_day[item.day].append(item)
        days = [*DateWindow(self.first_day, self.time.astimezone(_ZONE).date()).days()]
        signed_up = Counter({day: sum(map(_amount, by_day[day])) for day in days})
        sums = [
            {"date": day, "sessions": sum(map(_amount, held)), "active_users": len(held), "device": "desktop"}
            for day, held in by_day.items()
            if held
        ]
        return {
            TOTALS.id: [{name: row[name] for name in ("date", "sessions", "active_users")} for row in sums],
            DEVICES.id: [{name: row[name] for name in ("date", "sessions", "device")} for row in sums],
            TRAFFIC.id: [self._traffic(item) for item in items],
            PAGES.id: [
                {"date": item.day, "page_path": f"/{item.number}", "page_views": _amount(item)}
                for item in items
            ],
            LANDING_PAGES.id: [
                {"date": item.day, "landing_page": f"/{item.number}", "sessions": _amount(item)}
                for item in items
            ],
            EVENTS.id: [
                {"date": day, "event_name": name, "event_count": signed_up[day] if name == "sign_up" else 0}
                for day in days
                for name in _COUNTED
            ],
            USERS.id: [*self._users(items, days)],
        }

    def keys(self) -> dict[str, Any]:
        """One property, read by a service account."""
        return {
            "property_id": _PROPERTY,
            "credentials_file_env": _KEY,
            "base_url": self.api.base_url,
            "page_rows": PAGE,
        }

    def environment(self) -> dict[str, str]:
        """Where the key is."""
        return {_KEY: self._key_file}

    @property
    def secrets(self) -> Sequence[str]:
        """The private key, and its middle."""
        return self._private_key

    def asks_for_stream(self, request: Request) -> bool:
        """A report by campaign."""
        asked = (request.get_json(silent=True) or {}).get("dimensions", [])
        return {"name": "sessionCampaignName"} in asked

    def in_front(self, items: Sequence[Item]) -> Item:
        """By date, then by channel group."""
        last = max(item.number for item in items)
        return Item(number=last + 1, day=items[0].day, text="first of all", label="AI Assistant", amount=7)

    def repeat_pages(self) -> None:
        """Whatever row is asked for, the first ones come."""
        first: dict[str, dict[str, Any]] = {}

        def again(body: dict[str, Any], request: Request) -> dict[str, Any]:
            asked = {
                name: value
                for name, value in (request.get_json(silent=True) or {}).items()
                if name != "offset"
            }
            return first.setdefault(repr(asked), body)

        self.api.lies = True
        self.api.reshape = again

    def drift(self, kind: Drift) -> None:
        """Of the sessions."""
        self.api.lies = True
        self.api.reshape = lambda body, _: _shaped(body, kind)

    def heal(self) -> None:
        """Also of a changed shape."""
        super().heal()
        self.api.reshape = None

    def _traffic(self, item: Item) -> Row:
        return {
            "date": item.day,
            "channel_group": item.label or self.nothing,
            "source": f"source-{item.number}",
            "campaign": item.text,
            "sessions": _amount(item),
            "active_users": 1,
            "key_events": 0.5,
            "revenue": _amount(item) * 1.25,
            "currency_code": "IRR",
        }

    def _users(self, items: Sequence[Item], days: Sequence[date]) -> Iterator[Row]:
        """Every item is a person of its own; a period without anybody has no row."""
        for period in BRAND.periods(DateWindow.inclusive(days[0], days[-1])):
            held = sum(period.start <= item.day < period.end for item in items)
            if held:
                yield {
                    "grain": period.grain,
                    "period_start": period.start,
                    "active_users": held,
                    "total_users": held,
                }


class Ga4GrpcCase(Ga4Case):
    """One property over gRPC: the same server behind another transport, which shows no headers."""

    name = "ga4-grpc"
    hears_retry_after: ClassVar[bool] = False

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._grpc = self._open.enter_context(Ga4Grpc(self.api))

    def keys(self) -> dict[str, Any]:
        """The same over another port."""
        return {**super().keys(), "transport": "grpc", "base_url": f"http://{self._grpc.target}"}


def _amount(item: Item) -> int:
    return item.amount or 0


def _facts(item: Item, nothing: str) -> tuple[Fact, ...]:
    amount, users = _amount(item), frozenset({item.number})
    return (
        SessionFact(
            day=item.day,
            channel=item.label or nothing,
            source=f"source-{item.number}",
            medium="cpc",
            campaign=item.text,
            landing_page=f"/{item.number}",
            sessions=amount,
            engaged_sessions=amount // 2,
            engagement_seconds=amount * 3.5,
            page_views=amount,
            key_events=0.5,
            revenue=amount * 1.25,
            users=users,
            new_users=users,
        ),
        PageFact(day=item.day, path=f"/{item.number}", page_views=amount, users=users),
        EventFact(day=item.day, name="sign_up", count=amount, users=users),
        EventFact(day=item.day, name="scroll", count=3, users=users),
    )


def _shaped(body: dict[str, Any], kind: Drift) -> dict[str, Any]:
    """The same report, of which the column of sessions, if it has one, is another."""
    headers = body.get("metricHeaders", [])
    places = [place for place, header in enumerate(headers) if header["name"] == _METRIC]
    if kind is Drift.NEW:
        metadata = body.get("metadata", {}) | {"consentModelled": True}
        return body | {"metadata": metadata, "forecast": {"rows": [{"value": "1"}]}}
    if not places:
        return body
    (place,) = places
    if kind is Drift.RENAMED:
        return body | {"metricHeaders": [_renamed_header(header) for header in headers]}
    rows = [dict(row) for row in body.get("rows", [])]
    for row in rows:
        values = [*row["metricValues"]]
        values[place : place + 1] = [] if kind is Drift.VANISHED else [{"value": "many"}]
        row["metricValues"] = values
    kept = [header for header in headers if kind is not Drift.VANISHED or header["name"] != _METRIC]
    return body | {"metricHeaders": kept, **({"rows": rows} if rows else {})}


def _renamed_header(header: dict[str, Any]) -> dict[str, Any]:
    return header | {"name": "visits"} if header["name"] == _METRIC else header


CASES = (Ga4Case, Ga4GrpcCase)
