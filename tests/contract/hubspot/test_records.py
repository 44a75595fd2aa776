"""CRM records: first loads, changes, the recycle bin, merges, deletions, properties."""

from __future__ import annotations

from tests.contract.hubspot.contacts import CONTACTS, DAY, HOUR, NOON, contact, newest, stored
from tests.contract.landed import Workbench, errors_of
from tests.fakes.hubspot import HubSpotApi


def test_a_first_load_has_every_record_as_the_api_tells_it(api: HubSpotApi, bench: Workbench) -> None:
    for number in range(1, 204):
        contact(api, number, phone="+98 21 0000", lifecyclestage="lead" if number % 2 else None)
    api.crm.archive("contacts", 7, at=NOON)

    landed = bench.landed(NOON, **CONTACTS)

    assert landed["contacts"].rows == 203
    assert newest(bench, "id, lifecyclestage, archived, createdate")[6:8] == [
        ("7", "lead", True, stored(NOON - DAY)),
        ("8", None, False, stored(NOON - DAY)),
    ]
    assert bench.rows("select distinct email_domain, is_role_email from raw.hubspot__contacts") == [
        ("people.example", False)
    ]
    lists = [seen.query["archived"] for seen in api.seen if seen.path.endswith("/contacts")]
    assert lists == ["false", "false", "false", "true"]


def test_changes_alone_are_asked_for_and_overlap_stores_nothing_twice(
    api: HubSpotApi, bench: Workbench
) -> None:
    for number in range(1, 4):
        contact(api, number)
    bench.landed(NOON, **CONTACTS)
    api.crm.update("contacts", 2, at=NOON + HOUR, lifecyclestage="customer")
    contact(api, 4, at=NOON + HOUR)
    api.seen.clear()

    landed = bench.landed(NOON + DAY, **CONTACTS)

    assert landed["contacts"].rows == 2
    assert newest(bench, "id, lifecyclestage, _load_id") == [
        *(("1", None, 1), ("2", "customer", 2)),
        *(("3", None, 1), ("4", None, 2)),
    ]
    searched = [seen.body["filterGroups"][0]["filters"][0] for seen in api.seen if seen.body]
    assert searched == [
        {
            "propertyName": "lastmodifieddate",
            "operator": "GTE",
            "value": str(int((NOON - 2 * DAY).timestamp()) * 1000),
        }
    ]


def test_archiving_shows_though_it_changes_no_date(api: HubSpotApi, bench: Workbench) -> None:
    contact(api, 1, at=NOON - 20 * DAY)
    bench.landed(NOON, **CONTACTS)
    api.crm.archive("contacts", 1, at=NOON + HOUR)

    bench.landed(NOON + DAY, **CONTACTS)
    again = bench.landed(NOON + 2 * DAY, **CONTACTS)

    assert newest(bench, "id, archived, lastmodifieddate") == [("1", True, stored(NOON - 20 * DAY))]
    assert again["contacts"].rows == 0


def test_a_merge_names_who_is_gone_and_a_whole_list_finds_that_they_are(
    api: HubSpotApi, bench: Workbench
) -> None:
    kinds = {"without": [name for name in CONTACTS["without"] if name != "deals"]}
    for number in (1, 2, 3):
        contact(api, number)
    first, second = (api.crm.create("deals", at=NOON - DAY, dealname="Anvils") for _ in range(2))
    bench.landed(NOON, **kinds)
    api.crm.merge("contacts", survivor=1, loser=2, at=NOON + HOUR)
    api.crm.merge("contacts", survivor=3, loser=1, at=NOON + 2 * HOUR)
    api.crm.merge("deals", survivor=first, loser=second, at=NOON + HOUR)

    bench.landed(NOON + DAY, **kinds)
    merges = "select object_type, merged_id, id, _load_id from raw.hubspot__merges order by all"
    told = [("contacts", "1", "3", 2), ("contacts", "2", "3", 2), ("deals", str(second), str(first), 2)]
    assert bench.rows(merges) == told
    gone = "select id, _load_id from raw.hubspot__contacts where _is_deleted order by id"
    assert bench.rows(gone) == []

    bench.landed(NOON + 31 * DAY, **kinds)
    assert bench.rows(gone) == [("1", 3), ("2", 3)]
    assert bench.rows(merges) == told


def test_a_record_that_was_erased_gets_a_tombstone_at_the_next_whole_list(
    api: HubSpotApi, bench: Workbench
) -> None:
    for number in (1, 2):
        contact(api, number)
    bench.landed(NOON, **CONTACTS)
    api.crm.delete_for_privacy("contacts", 2)
    deleted = "select id, _load_id, email_hmac from raw.hubspot__contacts where _is_deleted"

    bench.landed(NOON + DAY, **CONTACTS)
    assert bench.rows(deleted) == []
    bench.landed(NOON + 30 * DAY, **CONTACTS)
    assert bench.rows(deleted) == [("2", 3, None)]


def test_all_records_may_be_gone(api: HubSpotApi, bench: Workbench) -> None:
    contact(api, 1)
    bench.landed(NOON, **CONTACTS)
    api.crm.delete_for_privacy("contacts", 1)
    bench.landed(NOON + 30 * DAY, **CONTACTS)
    assert bench.rows("select id, _is_deleted from raw.hubspot__contacts order by _load_id") == [
        ("1", False),
        ("1", True),
    ]


def test_further_properties_land_as_text(api: HubSpotApi, bench: Workbench) -> None:
    contact(api, 1, favourite_fruit="سیب‌سرخ")
    landed = bench.landed(NOON, properties={"contacts": ["favourite_fruit"]}, **CONTACTS)
    assert landed["contacts"].new_columns == ("favourite_fruit",)
    everything = bench.everything_stored()
    assert "سیب‌سرخ" in everything

    contact(api, 2, at=NOON - 9 * DAY, second_fruit="به")
    properties = {"contacts": ["favourite_fruit", "second_fruit"]}
    again = bench.landed(NOON + DAY, properties=properties, **CONTACTS)
    assert again["contacts"].rows == 1
    assert "\nبه\n" in bench.everything_stored()


def test_a_property_that_is_gone_is_an_error_even_where_nothing_else_changed(
    api: HubSpotApi, bench: Workbench
) -> None:
    contact(api, 1)
    bench.landed(NOON, **CONTACTS)
    api.crm.tables["contacts"].dropped.add("hs_lead_status")

    for day in (1, 2):
        said = errors_of(bench.land(NOON + day * DAY, **CONTACTS))["contacts"]
        assert "column hs_lead_status is missing" in said
