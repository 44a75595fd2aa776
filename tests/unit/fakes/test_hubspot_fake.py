"""The HubSpot server's records: lists, batches, associations, pipelines, and how they change."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.fakes.hubspot import HubSpotApi
from tests.fakes.hubspot_associations import Label
from tests.fakes.hubspot_crm import pipeline, stage
from tests.fakes.hubspot_objects import Record
from tests.unit.fakes.hubspot_calls import (
    DATED,
    HOUR,
    LEGACY,
    NOON,
    Caller,
    ids,
    make_contacts,
    refused_request,
)


@pytest.fixture
def api() -> Iterator[HubSpotApi]:
    """Twelve contacts; whatever a test does, answers keep to the contract."""
    with HubSpotApi() as server:
        make_contacts(server)
        yield server
        assert server.violations == []


@pytest.fixture
def hubspot(api: HubSpotApi) -> Iterator[Caller]:
    caller = Caller(api)
    yield caller
    caller.close()


@pytest.mark.parametrize("base", [DATED, LEGACY])
def test_list_is_by_id_and_its_last_page_has_no_paging(api: HubSpotApi, hubspot: Caller, base: str) -> None:
    first, last = hubspot.pages(f"{base}/contacts", properties="email,lifecyclestage,no_such_property")
    assert ids(first) == [str(number) for number in range(1, 11)]
    assert ids(last) == ["11", "12"]
    assert first["paging"]["next"]["after"] == "11"
    assert first["paging"]["next"]["link"].startswith(f"{api.base_url}{base}/contacts?")
    assert first["results"][0] == {
        "id": "1",
        "properties": {
            "createdate": "2026-11-01T13:00:00.000Z",
            "email": "u1@example.com",
            "hs_object_id": "1",
            "lastmodifieddate": "2026-11-01T13:00:00.000Z",
            "lifecyclestage": None,
        },
        "createdAt": "2026-11-01T13:00:00.000Z",
        "updatedAt": "2026-11-01T13:00:00.000Z",
        "archived": False,
    }


def test_without_properties_only_the_defaults_come(hubspot: Caller) -> None:
    row = hubspot.get(f"{DATED}/0-1", limit=1).json()["results"][0]
    defaults = "createdate email firstname hs_object_id lastmodifieddate lastname"
    assert list(row["properties"]) == defaults.split()
    assert row["properties"]["firstname"] == "می‌نا"


def test_empty_list_is_an_empty_array(hubspot: Caller) -> None:
    assert hubspot.get(f"{DATED}/deals").json() == {"results": []}


def test_more_than_100_a_page_are_refused(api: HubSpotApi, hubspot: Caller) -> None:
    answer = hubspot.get(f"{DATED}/contacts", limit=101)
    assert answer.status_code == 400
    assert answer.json()["category"] == "VALIDATION_ERROR"
    assert answer.json()["errors"][0]["in"] == "limit"
    assert refused_request(api)


def test_an_address_that_is_too_long_is_refused(hubspot: Caller) -> None:
    assert hubspot.get(f"{DATED}/contacts", properties=",".join(["email"] * 2000)).status_code == 414


def test_archived_records_are_apart_and_their_last_change_stays(api: HubSpotApi, hubspot: Caller) -> None:
    api.crm.archive("contacts", 2, at=NOON + 30 * HOUR)
    live = hubspot.get(f"{DATED}/contacts", limit=100).json()
    (gone,) = hubspot.get(f"{DATED}/contacts", archived="true").json()["results"]
    assert "2" not in ids(live)
    assert (gone["id"], gone["archived"]) == ("2", True)
    assert gone["updatedAt"] == "2026-11-01T14:00:00.000Z"
    assert gone["archivedAt"] == "2026-11-02T18:00:00.000Z"
    assert hubspot.post(f"{DATED}/contacts/search").json()["total"] == 11
    api.crm.restore("contacts", 2, at=NOON + 31 * HOUR)
    assert "2" in ids(hubspot.get(f"{DATED}/contacts", limit=100).json())


def test_merged_record_vanishes_and_the_survivor_names_the_chain(api: HubSpotApi, hubspot: Caller) -> None:
    deal = api.crm.create("deals", at=NOON)
    api.crm.associations.add("deals", deal, "contacts", 1)
    api.crm.merge("contacts", survivor=2, loser=1, at=NOON + 20 * HOUR)
    api.crm.merge("contacts", survivor=3, loser=2, at=NOON + 21 * HOUR)
    asked = {"properties": "hs_merged_object_ids", "associations": "deals", "limit": 1}
    (survivor,) = hubspot.get(f"{DATED}/contacts", **asked).json()["results"]
    assert survivor["id"] == "3"
    assert survivor["properties"]["hs_merged_object_ids"] == "2;1"
    assert survivor["properties"]["lastmodifieddate"] == "2026-11-02T09:00:00.000Z"
    assert survivor["associations"] == {"deals": {"results": [{"id": "1", "type": "contact_to_deal"}]}}
    assert hubspot.get(f"{DATED}/contacts", archived="true").json() == {"results": []}


def test_deletion_for_privacy_leaves_no_trace(api: HubSpotApi, hubspot: Caller) -> None:
    deal = api.crm.create("deals", at=NOON)
    api.crm.associations.add("deals", deal, "contacts", 12)
    api.crm.delete_for_privacy("contacts", 12)
    assert "12" not in ids(hubspot.get(f"{DATED}/contacts", limit=100).json())
    assert hubspot.get(f"{DATED}/contacts", archived="true").json() == {"results": []}
    assert "associations" not in hubspot.get(f"{DATED}/deals", associations="contacts").json()["results"][0]
    assert api.crm.create("contacts", at=NOON) == 13


def test_record_made_between_pages_comes_last_and_none_is_lost(api: HubSpotApi, hubspot: Caller) -> None:
    def drift() -> None:
        api.crm.archive("contacts", 1, at=NOON)
        api.crm.create("contacts", at=NOON + 40 * HOUR)

    api.on_request(2, drift)
    first, last = hubspot.pages(f"{DATED}/contacts")
    assert ids(first) + ids(last) == [str(number) for number in range(1, 14)]


def test_repeated_token(api: HubSpotApi, hubspot: Caller) -> None:
    api.pager.repeats = True
    answers = [hubspot.get(f"{DATED}/contacts", after="11").json() for _ in range(2)]
    assert [answer["paging"]["next"]["after"] for answer in answers] == ["11", "11"]


def test_slow_answer(api: HubSpotApi, hubspot: Caller) -> None:
    go = threading.Event()
    api.on_request(1, lambda: go.wait(30))
    answered: list[int] = []
    thread = threading.Thread(target=lambda: answered.append(hubspot.get(f"{DATED}/contacts").status_code))
    thread.start()
    thread.join(0.05)
    assert answered == []
    go.set()
    thread.join(30)
    assert answered == [200]


def test_drift_of_properties(api: HubSpotApi, hubspot: Caller) -> None:
    asked = {"properties": "email,lifecyclestage,stage", "limit": 2}
    table = api.crm.tables["contacts"]
    table.dropped = {"email"}
    table.renamed = {"lifecyclestage": "stage"}
    properties = hubspot.get(f"{DATED}/contacts", **asked).json()["results"][1]["properties"]
    assert "email" not in properties
    assert "lifecyclestage" not in properties
    assert properties["stage"] == "lead"
    api.lies = True
    table.mistyped = {"stage": 7}
    properties = hubspot.get(f"{DATED}/contacts", **asked).json()["results"][0]["properties"]
    assert properties["stage"] == 7


def test_batch_read_names_the_missing(api: HubSpotApi, hubspot: Caller) -> None:
    whole = hubspot.post(f"{DATED}/contacts/batch/read", inputs=[{"id": "3"}], properties=["email"])
    assert (whole.status_code, ids(whole.json())) == (200, ["3"])
    part = hubspot.post(f"{LEGACY}/contacts/batch/read", inputs=[{"id": "3"}, {"id": "99"}])
    assert (part.status_code, part.json()["errors"][0]["context"]) == (207, {"ids": ["99"]})
    many = [{"id": str(number)} for number in range(101)]
    assert hubspot.post(f"{DATED}/contacts/batch/read", inputs=many).status_code == 400
    assert refused_request(api)


@pytest.mark.parametrize("base", ["/crm/associations/2026-09", "/crm/v4/associations"])
def test_associations_in_batches(api: HubSpotApi, hubspot: Caller, base: str) -> None:
    deals = [api.crm.create("deals", at=NOON, record_id=number) for number in (9001, 9002)]
    for contact in (1, 2, 3):
        api.crm.associations.add("deals", deals[0], "contacts", contact)
    api.crm.associations.add("deals", deals[0], "contacts", 1, label=Label(36, "تصمیم‌گیرنده"))
    api.crm.associations.page = 2
    inputs = [{"id": str(deal)} for deal in deals]
    answer = hubspot.post(f"{base}/deals/contacts/batch/read", inputs=inputs)
    assert answer.status_code == 207
    assert answer.json()["errors"][0]["subCategory"] == "crm.associations.NO_ASSOCIATIONS_FOUND"
    (result,) = answer.json()["results"]
    assert result["from"] == {"id": "9001"}
    assert result["to"][0] == {
        "toObjectId": "1",
        "associationTypes": [
            {"category": "HUBSPOT_DEFINED", "typeId": 3, "label": None},
            {"category": "USER_DEFINED", "typeId": 36, "label": "تصمیم‌گیرنده"},
        ],
    }
    api.crm.associations.ids_as_numbers = True
    rest = [{"id": "9001", "after": result["paging"]["next"]["after"]}]
    answer = hubspot.post(f"{base}/0-3/0-1/batch/read", inputs=rest)
    assert answer.status_code == 200
    assert [each["toObjectId"] for each in answer.json()["results"][0]["to"]] == [3]
    api.crm.associations.remove("deals", 9001, "contacts", 3)
    assert hubspot.post(f"{base}/contacts/deals/batch/read", inputs=[{"id": "3"}]).json()["results"] == []
    assert hubspot.post(f"{base}/deals/contacts/batch/read", inputs=[{"id": "1"}] * 1001).status_code == 400
    assert refused_request(api)


@pytest.mark.parametrize("path", ["/crm/pipelines/2026-09/deals", "/crm/v3/pipelines/deals"])
def test_pipelines_say_which_stage_is_won(api: HubSpotApi, hubspot: Caller, path: str) -> None:
    stages = [
        stage("s1", "مذاکره", probability="0.4"),
        stage("s2", "برنده‌شده", probability="1.0", closed=True),
    ]
    api.crm.pipelines["deals"] = [pipeline("default", "فروش", at=NOON, stages=stages)]
    (found,) = hubspot.get(path).json()["results"]
    assert [(each["label"], each["metadata"]) for each in found["stages"]] == [
        ("مذاکره", {"isClosed": "false", "probability": "0.4"}),
        ("برنده‌شده", {"isClosed": "true", "probability": "1.0"}),
    ]


def test_a_million_records_are_listed_in_the_time_of_a_page(api: HubSpotApi, hubspot: Caller) -> None:
    moment = "2026-11-01T12:00:00.000Z"
    made: list[int] = []

    def make(number: int) -> Record:
        made.append(number)
        return Record(number, {"hs_object_id": str(number), "name": f"شرکت {number}"}, moment, moment)

    api.crm.tables["companies"].bulk(1_000_000, make)
    made.clear()
    page = hubspot.get(f"{DATED}/companies", limit=100, after="999901").json()
    assert (len(page["results"]), page["results"][-1]["properties"]["name"]) == (100, "شرکت 1000000")
    assert "paging" not in page
    assert len(made) == 100
    assert hubspot.post(f"{DATED}/companies/search", limit=1).json()["total"] == 1_000_000


def test_rendered_rows_are_served_as_they_are(api: HubSpotApi, hubspot: Caller) -> None:
    moment = "2026-11-01T12:00:00.000Z"

    def make(number: int) -> Record:
        text = (
            f'{{"id":"{number}","properties":{{"name":"شرکت {number}"}},"createdAt":"{moment}",'
            f'"updatedAt":"{moment}","archived":false}}'
        )
        return Record(number, {}, moment, moment, text=text)

    api.crm.tables["companies"].bulk(250, make)
    pages = hubspot.pages(f"{DATED}/companies", limit=100)
    assert [len(page["results"]) for page in pages] == [100, 100, 50]
    assert pages[2]["results"][49]["properties"] == {"name": "شرکت 250"}
