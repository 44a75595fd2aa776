"""A property with a few days of data, its server, and a desk for each transport."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.contract.conformance.google_key import write_key
from tests.contract.desk import NOW, Desk, zone_in
from tests.fakes.ga4 import Ga4Api
from tests.fakes.ga4_answer import ReportAnswer
from tests.fakes.ga4_data import EventFact, PageFact, Property, SessionFact
from tests.fakes.ga4_grpc import Ga4Grpc

SHOP = "211"
FIRST = date(2026, 11, 2)
"""A Monday; the source is to have days from here on."""
SECOND = date(2026, 11, 3)


class ShapedApi(Ga4Api):
    """The server, which may change a report on its way out.

    Attributes:
        change: how; None leaves reports as they are.
    """

    change: Callable[[ReportAnswer], ReportAnswer] | None = None

    def _run(self, request: Any, name: str) -> ReportAnswer:
        report = super()._run(request, name)
        return self.change(report) if self.change else report


@dataclass(kw_only=True)
class Ga4Desk(Desk):
    """A desk with its server.

    Attributes:
        api: the server. shop: its property.
        key_file: of the service account. secrets: what is secret in it.
    """

    api: ShapedApi
    shop: Property
    key_file: str
    secrets: tuple[str, ...] = field(repr=False)

    def bodies(self, dimension: str) -> list[dict[str, Any]]:
        """Requests for reports that have ``dimension`` as their last one, in order."""
        reports = [seen.body for seen in self.api.seen if seen.path.endswith(":runReport")]
        names = [[each["name"] for each in body.get("dimensions", [])] for body in reports]
        return [body for body, found in zip(reports, names, strict=True) if found[-1:] == [dimension]]


@pytest.fixture
def shop() -> Property:
    """Two days: Google and a source that nobody knows on the first, direct visits on the second."""
    data = Property()
    data.state(
        [
            SessionFact(
                day=FIRST,
                channel="Organic Search",
                source="google",
                medium="organic",
                campaign="پویش میوه‌ها",
                landing_page="/خرید",
                sessions=3,
                engaged_sessions=2,
                engagement_seconds=90.5,
                page_views=6,
                key_events=1.5,
                revenue=1_580_000.5,
                users=frozenset("ab"),
                new_users=frozenset("a"),
            ),
            SessionFact(
                day=FIRST,
                channel="Unassigned",
                source="(not set)",
                medium="(not set)",
                campaign="(not set)",
                users=frozenset("c"),
                idle_users=frozenset("c"),
            ),
            SessionFact(day=SECOND, sessions=5, device="mobile", users=frozenset("ac")),
            PageFact(day=FIRST, path="/درباره‌ما", page_views=4, users=frozenset("ab")),
            EventFact(day=FIRST, name="share", count=2),
            EventFact(day=SECOND, name="sign_up", count=1),
            EventFact(day=SECOND, name="scroll", count=40),
        ]
    )
    return data


@pytest.fixture
def api(shop: Property) -> Iterator[ShapedApi]:
    """The server; what breaks Google's contract fails the test."""
    with ShapedApi({SHOP: shop}, now=NOW) as server:
        yield server
    assert server.violations == []


@pytest.fixture(params=["rest", "grpc"])
def transport(request: pytest.FixtureRequest) -> str:
    """Both transports, for tests where they may differ."""
    return str(request.param)


@pytest.fixture
def make_desk(
    api: ShapedApi, shop: Property, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    """Makes desks over one server."""
    key_file, secrets = write_key(tmp_path, api.token_uri)
    monkeypatch.setenv("GA4_KEY", key_file)
    with ExitStack() as servers:

        def make(transport: str = "rest", *only: str, **more: Any) -> Ga4Desk:
            address = api.base_url
            if transport == "grpc":
                address = f"http://{servers.enter_context(Ga4Grpc(api)).target}"
            keys = {
                "property_id": SHOP,
                "credentials_file_env": "GA4_KEY",
                "start": FIRST,
                "base_url": address,
                "transport": transport,
            }
            return Ga4Desk(
                word="ga4",
                keys=keys,
                zone=zone_in(tmp_path),
                only=only,
                api=api,
                shop=shop,
                key_file=key_file,
                secrets=secrets,
                **more,
            )

        yield make
