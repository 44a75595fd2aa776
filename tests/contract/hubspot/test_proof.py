"""What proves that all records came, and what passes for no gap."""

from __future__ import annotations

from datetime import timedelta

import pytest
from werkzeug import Request, Response

from connectors.core.raw_zone import RawZone
from tests.contract.hubspot.contacts import CONTACTS, DAY, HOUR, NOON, contact, is_search, newest
from tests.contract.landed import Workbench, errors_of
from tests.fakes.hubspot import HubSpotApi
from tests.fakes.server import json_response


def test_more_changes_than_a_search_gives_all_land(api: HubSpotApi, bench: Workbench) -> None:
    api.checks_contract = False  # it would take minutes over so many rows
    contact(api, 1)
    bench.landed(NOON, **CONTACTS)
    for number in range(2, 10_402):
        contact(api, number, at=NOON + HOUR)

    landed = bench.landed(NOON + DAY, **CONTACTS)

    assert landed["contacts"].rows == 10_400
    assert bench.rows("select count(distinct id) from raw.hubspot__contacts") == [(10_401,)]


def test_what_the_index_did_not_have_yet_is_found_the_next_time(api: HubSpotApi, bench: Workbench) -> None:
    contact(api, 1)
    bench.landed(NOON, **CONTACTS)
    api.crm.now, api.crm.index_lag = NOON + DAY, timedelta(minutes=5)
    api.crm.update("contacts", 1, at=NOON + DAY - timedelta(minutes=1), lifecyclestage="lead")
    contact(api, 2, at=NOON + DAY - timedelta(minutes=10))

    bench.landed(NOON + DAY, **CONTACTS)
    assert newest(bench, "id, lifecyclestage") == [("1", None), ("2", None)]
    api.crm.now = NOON + 2 * DAY
    bench.landed(NOON + 2 * DAY, **CONTACTS)
    assert newest(bench, "id, lifecyclestage") == [("1", "lead"), ("2", None)]


def test_records_that_are_new_to_the_index_do_not_shake_a_first_load(
    api: HubSpotApi, bench: Workbench
) -> None:
    api.crm.now, api.crm.index_lag = NOON, timedelta(minutes=5)
    contact(api, 1)
    contact(api, 2, at=NOON - timedelta(minutes=1))
    assert bench.landed(NOON, **CONTACTS)["contacts"].rows == 2


def test_records_that_go_while_the_list_is_read_are_no_gap(api: HubSpotApi, bench: Workbench) -> None:
    for number in range(1, 7):
        contact(api, number)
    api.on_request(
        2, lambda: api.crm.delete_for_privacy("contacts", 6), matches=lambda r: r.path.endswith("/contacts")
    )
    assert bench.landed(NOON, page_size=2, **CONTACTS)["contacts"].rows == 5


def test_a_search_is_not_shaken_by_records_that_leave_it(api: HubSpotApi, bench: Workbench) -> None:
    contact(api, 1, at=NOON - 9 * DAY)
    bench.landed(NOON - 8 * DAY, **CONTACTS)
    for number in range(2, 9):
        contact(api, number)
    api.on_request(2, lambda: api.crm.archive("contacts", 2, at=NOON), matches=is_search)

    bench.landed(NOON, search_page_size=2, **CONTACTS)

    assert newest(bench, "id, archived") == [
        *(("1", False), ("2", True)),
        *((str(number), False) for number in range(3, 9)),
    ]


class _Overcounting(HubSpotApi):
    """Its searches count records that nobody can see."""

    def answer(self, request: Request) -> Response:
        response = super().answer(request)
        if is_search(request):
            return json_response(response.get_json() | {"total": response.get_json()["total"] + 2})
        return response


@pytest.mark.parametrize("changes", [False, True], ids=["whole list", "changes"])
def test_fewer_records_than_the_api_counts_do_not_land(
    zone: RawZone, monkeypatch: pytest.MonkeyPatch, changes: bool
) -> None:
    with HubSpotApi() as honest, _Overcounting() as api:
        monkeypatch.setenv("CRM_KEY", api.service_key)
        bench = Workbench(zone, {"connector": "hubspot", "token_env": "CRM_KEY", **CONTACTS})
        for server in (honest, api):
            contact(server, 1)
        if changes:
            bench.landed(NOON, base_url=honest.base_url)
        contact(api, 2, at=NOON)
        landed = bench.land(NOON + DAY, base_url=api.base_url)
        said = errors_of(landed)["contacts"]
    assert "Source crm, hubspot/contacts" in said
    assert "counts" in said
    assert "not proven to be whole" in said
    assert bench.rows("select count(*) from raw.hubspot__contacts") == [(int(changes),)]


def test_an_answer_of_another_shape_is_an_error_of_its_stream(api: HubSpotApi, bench: Workbench) -> None:
    contact(api, 1)
    api.lies = True
    api.crm.pipelines["deals"] = [{"id": "p", "label": "Sales"}]
    landed = bench.land(NOON)
    assert list(errors_of(landed)) == ["pipelines"]
    assert "isn't of the shape that is known ('stages' is missing)" in errors_of(landed)["pipelines"]


def test_a_page_that_names_itself_as_the_next_ends_the_stream(api: HubSpotApi, bench: Workbench) -> None:
    for number in range(1, 4):
        contact(api, number)
    api.pager.repeats = True
    said = errors_of(bench.land(NOON, page_size=2, **CONTACTS))["contacts"]
    assert "came twice" in said
    assert bench.rows("select * from raw.hubspot__contacts") == []
