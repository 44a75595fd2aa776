"""Raw event exports of a demo brand, as BigQuery extracts them: JSON lines, numbers as text, nested parameters.

Drawn from the same facts as the brand's GA4 reports: each person of a session fact has one session that day,
with a first event, views and, where the fact was engaged, an engagement. Whoever signs up or shares does so in
that session.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.fakes.demo_brands import Brand
from tests.fakes.demo_google import web_facts
from tests.fakes.ga4_data import EventFact, SessionFact


def write_event_exports(folder: Path, brand: Brand, last_day: date, *, days: int) -> None:
    """One gzipped file per day up to ``last_day``, named as its table."""
    folder.mkdir(parents=True, exist_ok=True)
    for back in range(days):
        day = last_day - timedelta(days=back)
        lines = "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in day_events(brand, day))
        # Without a time in its header the same events are the same bytes.
        content = gzip.compress(lines.encode(), mtime=0)
        (folder / f"events_{day:%Y%m%d}.jsonl.gz").write_bytes(content)


def day_events(brand: Brand, day: date) -> Iterator[dict[str, Any]]:
    """The events of one day of the property's zone."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(brand.time_zone))
    facts = web_facts(brand, day)
    starts: dict[str, datetime] = {}
    place = 0
    for fact in facts:
        if not isinstance(fact, SessionFact):
            continue
        for person in sorted(fact.users):
            place += 1
            starts[person] = noon + timedelta(seconds=place)
            yield from _session(brand, fact, person, starts[person])
    for fact in facts:
        if isinstance(fact, EventFact) and fact.name in {"sign_up", "share"}:
            for place, person in enumerate(sorted(fact.users)):
                # The first of them presses the button twice.
                for press in range(1 + (place == 0)):
                    moment = starts[person] + timedelta(milliseconds=500 + press)
                    yield _action(brand, fact.name, person, starts[person], moment)


def _action(brand: Brand, name: str, person: str, start: datetime, moment: datetime) -> dict[str, Any]:
    return {
        "event_date": f"{moment:%Y%m%d}",
        "event_timestamp": str(int(moment.timestamp() * 1_000_000)),
        "event_name": name,
        "event_params": [{"key": "ga_session_id", "value": {"int_value": str(int(start.timestamp()))}}],
        "user_pseudo_id": person,
        "platform": "WEB",
        "stream_id": brand.property_id,
    }


def _session(brand: Brand, fact: SessionFact, person: str, start: datetime) -> Iterator[dict[str, Any]]:
    session_id = str(int(start.timestamp()))
    engaged = "1" if fact.engaged_sessions else "0"
    names = ["session_start", "page_view", *(["user_engagement"] if fact.engaged_sessions else [])]
    for offset, name in enumerate(names):
        moment = start + timedelta(milliseconds=10 * offset)
        parameters: list[dict[str, Any]] = [
            {"key": "ga_session_id", "value": {"int_value": session_id}},
            {"key": "session_engaged", "value": {"string_value": engaged}},
            {
                "key": "page_location",
                "value": {"string_value": f"https://www.acme.example{fact.landing_page}"},
            },
        ]
        if name == "user_engagement":
            parameters.append({"key": "engagement_time_msec", "value": {"int_value": "15000"}})
        yield {
            "event_date": f"{fact.day:%Y%m%d}",
            "event_timestamp": str(int(moment.timestamp() * 1_000_000)),
            "event_name": name,
            "event_params": parameters,
            "user_pseudo_id": person,
            "device": {"category": fact.device},
            "geo": {"country": "Germany"},
            "collected_traffic_source": {
                "manual_source": fact.source,
                "manual_medium": fact.medium,
                "manual_campaign_name": fact.campaign,
            },
            "platform": "WEB",
            "stream_id": brand.property_id,
        }
