"""The demo's HubSpot and Hotjar data: as many as promised, true to the contracts, and only the new day is new."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import requests

from tests.fakes.demo_hotjar import SITE_ID, fill_hotjar
from tests.fakes.demo_hubspot import fill_hubspot
from tests.fakes.hotjar import CLIENT_ID, CLIENT_KEY, HotjarApi
from tests.fakes.hubspot import HubSpotApi
from tests.unit.fakes.hubspot_calls import DATED, Caller

LAST = date(2026, 11, 20)
STATISTICS = "/marketing/emails/2026-09/statistics/list"


def _hubspot_rows(api: HubSpotApi, path: str, **query: Any) -> list[dict[str, Any]]:
    caller = Caller(api)
    rows = [row for page in caller.pages(path, **query) for row in page["results"]]
    caller.close()
    return rows


@pytest.fixture
def hubspot() -> Iterator[HubSpotApi]:
    with HubSpotApi() as api:
        fill_hubspot(api, LAST)
        yield api
        assert api.violations == []


@pytest.fixture
def hotjar() -> Iterator[HotjarApi]:
    with HotjarApi() as api:
        fill_hotjar(api, LAST)
        yield api
        assert api.violations == []


def test_records_of_the_crm(hubspot: HubSpotApi) -> None:
    asked = {
        "limit": 100,
        "properties": "email,lifecyclestage,hs_merged_object_ids,hs_is_closed_won,pipeline",
    }
    contacts = _hubspot_rows(hubspot, f"{DATED}/contacts", **asked)
    archived = _hubspot_rows(hubspot, f"{DATED}/contacts", **asked, archived="true")
    merged = [row for row in contacts if row["properties"]["hs_merged_object_ids"]]
    assert (len(merged), len(archived)) == (5, 6)
    assert 285 <= len(contacts) <= 300
    stages = {row["properties"]["lifecyclestage"] for row in contacts}
    assert stages == {
        "subscriber",
        "lead",
        "marketingqualifiedlead",
        "salesqualifiedlead",
        "opportunity",
        "customer",
    }
    deals = _hubspot_rows(hubspot, f"{DATED}/deals", **asked, associations="contacts")
    gone = _hubspot_rows(hubspot, f"{DATED}/deals", archived="true")
    assert len(deals) + len(gone) == 60
    assert len(gone) > 0
    assert all(row["associations"]["contacts"]["results"] for row in deals)
    assert {row["properties"]["pipeline"] for row in deals} == {"default", "wholesale"}
    assert 10 < sum(row["properties"]["hs_is_closed_won"] == "true" for row in deals) < 40
    assert len(_hubspot_rows(hubspot, f"{DATED}/companies", limit=100)) >= 38
    feedback = _hubspot_rows(hubspot, f"{DATED}/feedback_submissions", limit=100, properties="hs_value")
    assert len(feedback) == 80
    stages_of = hubspot.crm.pipelines["deals"][0]["stages"]
    assert any("\u200c" in each["label"] for each in stages_of)


def test_marketing(hubspot: HubSpotApi) -> None:
    emails = _hubspot_rows(hubspot, "/marketing/emails/2026-09", limit=50, includeStats="true")
    sent = [row for row in emails if row["state"] != "DRAFT"]
    assert (len(emails), len(sent)) == (21, 20)
    assert all("\u200c" in row["campaignName"] for row in sent)
    for row in sent:
        counters = row["stats"]["counters"]
        assert counters["sent"] > counters["delivered"] - 1 >= counters["open"] >= counters["click"]
    forms = _hubspot_rows(hubspot, "/marketing/forms/2026-09-beta", formTypes="all")
    assert len(forms) == 3
    submissions = [
        row
        for form in forms
        for row in _hubspot_rows(hubspot, f"/form-integrations/v1/submissions/forms/{form['id']}", limit=50)
    ]
    assert 220 <= len(submissions) <= 260
    assert 0 < sum("conversionId" not in row for row in submissions) < 50


def test_the_next_day_adds_itself_and_lets_statistics_grow(hubspot: HubSpotApi) -> None:
    window = {"startTimestamp": "2026-11-01T00:00:00Z", "endTimestamp": "2026-11-20T20:30:00Z"}
    with HubSpotApi() as tomorrow:
        fill_hubspot(tomorrow, LAST + timedelta(days=1), days=121)
        for kind in ("contacts", "companies", "deals", "feedback_submissions"):
            old, new = (list(api.crm.tables[kind].live()) for api in (hubspot, tomorrow))
            changed = [record for record in new if record not in old]
            assert {record.updated_at[:10] for record in changed} <= {"2026-11-20", "2026-11-21"}
        today, later = (
            Caller(api).get(STATISTICS, **window).json()["aggregate"]["counters"]
            for api in (hubspot, tomorrow)
        )
        assert today["sent"] == later["sent"]
        assert today["open"] < later["open"]


def test_surveys(hotjar: HotjarApi) -> None:
    form = {"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": CLIENT_KEY}
    with requests.Session() as client:
        token = client.post(f"{hotjar.base_url}/v1/oauth/token", data=form, timeout=30).json()
        client.headers["Authorization"] = f"Bearer {token['access_token']}"
        site = f"{hotjar.base_url}/v1/sites/{SITE_ID}/surveys"
        surveys = client.get(site, params={"with_questions": "true"}, timeout=30).json()["results"]
        counts, answers = [], []
        for survey in surveys:
            rows: list[dict[str, Any]] = []
            cursor: dict[str, str] = {}
            while True:
                page = client.get(f"{site}/{survey['id']}/responses", params=cursor, timeout=30).json()
                rows += page["results"]
                if page["next_cursor"] is None:
                    break
                cursor = {"cursor": page["next_cursor"]}
            counts.append(len(rows))
            answers += [answer for row in rows for answer in row["answers"]]
    assert len(surveys) == 3
    assert sum(counts) == 300
    assert min(counts) > 10
    scores = [each["answer"] for each in answers if each["question_id"] == "nps"]
    assert any(re.search("[۰-۹]", score) for score in scores)
    assert {int(score) for score in scores} <= set(range(11))
    assert any(each["tags"] for each in answers)


def test_addresses_are_nobodys(hubspot: HubSpotApi, hotjar: HotjarApi) -> None:
    records = [record.properties for table in hubspot.crm.tables.values() for record in table.live()]
    texts = [str(part) for part in (records, hubspot.forms.submissions, hotjar.sites)]
    found = {
        address.rpartition("@")[2].lower() for text in texts for address in re.findall(r"[\w.]+@[\w.]+", text)
    }
    assert found == {"example.com"}
