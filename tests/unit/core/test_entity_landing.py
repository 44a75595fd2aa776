"""Records: changes and whole lists land once per version, what vanished is buried, what comes back lives."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.core.entity_landing import COVERED, EntityLanding
from connectors.core.errors import PersonalDataError, SchemaError, SourceDataError
from connectors.core.feed import EntityFeed
from connectors.core.pii import Pseudonymiser
from connectors.core.raw_zone import RawZone
from tests.fakes.faults import Fault
from tests.unit.core.toy_connector import CONTACTS, NOTES, feeds
from tests.unit.core.toy_workspace import Toy, fresh_toy, noon

LIST = "toy/contacts: the whole list"
_ID = st.sampled_from(["c1", "c2", "c3", "c4"])
_CHANGE = st.one_of(
    st.tuples(st.just("set"), _ID, st.integers(0, 3)), st.tuples(st.just("delete"), _ID, st.none())
)
_RUN = st.tuples(st.lists(_CHANGE, max_size=4), st.booleans())


def contacts_feed(toy: Toy, **keys: object) -> EntityFeed:
    """The feed of contacts."""
    (feed,) = feeds(toy.config(streams=("contacts",), **keys))
    assert isinstance(feed, EntityFeed)
    return feed


def land(toy: Toy, day: int, **keys: Any) -> int:
    """Versions that a run at noon of ``day`` stores."""
    return toy.land(noon(day), streams=("contacts",), **keys)["contacts"].rows


@settings(max_examples=5, deadline=None)
@given(st.lists(_RUN, min_size=1, max_size=3))
def test_what_is_stored_equals_the_source_after_any_changes(
    runs: list[tuple[list[tuple[str, str, int | None]], bool]],
) -> None:
    """Runs by change know no deletion; after each whole list nothing differs, and nothing is stored twice."""
    with fresh_toy() as toy:
        stored: dict[str, int] = {}
        for day, (changes, is_relist) in enumerate([*runs, ([], True)], start=1):
            for minute, (what, contact, points) in enumerate(changes):
                if what == "set":
                    toy.api.contact(contact, f"2026-11-{day:02d}T09:{minute:02d}:00", points=points)
                else:
                    toy.api.contacts.pop(contact, None)
            land(toy, day, relist_days=0 if is_relist else 30)
            source = {contact: each["points"] for contact, each in toy.api.contacts.items()}
            stored = source if is_relist or day == 1 else {**stored, **source}
            assert toy.contacts() == stored
        assert land(toy, 20, relist_days=0) == 0


def test_the_first_run_asks_for_the_list_and_the_next_for_changes_with_overlap(toy: Toy) -> None:
    toy.api.contact("c1", "2026-11-02T10:30:00")
    assert toy.plan(noon(3), streams=("contacts",)) == [LIST]
    land(toy, 3)
    land(toy, 4)
    assert toy.api.paths("contacts") == ["", "since=2026-11-01T10:30:00"]


def test_the_list_is_due_again_after_its_time(toy: Toy) -> None:
    toy.api.contact("c1", "2026-11-02T10:30:00")
    land(toy, 3, relist_days=5)
    assert toy.plan(noon(7), streams=("contacts",), relist_days=5) != [LIST]
    assert toy.plan(noon(8), streams=("contacts",), relist_days=5) == [LIST]


def test_the_newest_change_is_remembered_when_a_run_brings_older_ones_or_none(toy: Toy) -> None:
    toy.api.contact("c1", "2026-11-05T00:00:00")
    land(toy, 6)
    toy.api.contacts.clear()
    land(toy, 7)
    toy.api.contact("c2", "2026-11-04T12:00:00")
    land(toy, 8)
    assert toy.manifest(CONTACTS).state["seen_through"] == "2026-11-05T00:00:00+00:00"


def test_an_empty_list_is_asked_as_a_list_again(toy: Toy) -> None:
    land(toy, 3)
    assert toy.plan(noon(4), streams=("contacts",)) == [LIST]


def test_a_version_is_stored_once_however_often_it_comes(toy: Toy) -> None:
    toy.api.contact("c1", "2026-11-02T00:00:00", points=1)
    toy.api.contact("c2", "2026-11-02T00:00:00", points=2)
    assert land(toy, 3) == 2
    toy.api.contact("c2", "2026-11-03T00:00:00", points=5)
    assert land(toy, 4) == 1
    assert land(toy, 5, relist_days=0) == 0
    assert toy.rows(CONTACTS, "contact_id, points, _load_id") == [("c1", 1, 1), ("c2", 2, 1), ("c2", 5, 2)]


def test_a_record_that_comes_on_two_pages_is_stored_once(toy: Toy) -> None:
    toy.api.page_size = 1
    toy.api.contact("c1", "2026-11-02T00:00:00")
    toy.api.contact("c2", "2026-11-02T00:00:00")
    toy.api.extra = {"contact_id": "same", "email": "same@example.com"}
    assert land(toy, 3) == 1


def test_what_a_list_lacks_is_buried_once_and_lives_again_when_it_comes_back(toy: Toy) -> None:
    toy.api.contact("c1", "2026-11-01T00:00:00", points=1)
    toy.api.contact("c2", "2026-11-02T00:00:00", points=2)
    land(toy, 3)
    gone = toy.api.contacts.pop("c1")
    assert land(toy, 4, relist_days=0) == 1
    assert toy.contacts() == {"c2": 2}
    assert land(toy, 5, relist_days=0) == 0
    toy.api.contacts["c1"] = gone
    assert land(toy, 6, relist_days=0) == 1
    assert toy.contacts() == {"c1": 1, "c2": 2}
    assert toy.rows(CONTACTS, "_load_id, _is_deleted, points", where="contact_id = 'c1'") == [
        (1, False, 1),
        (2, True, None),
        (4, False, 1),
    ]


def test_all_records_are_buried_when_the_list_is_empty(toy: Toy) -> None:
    toy.api.contact("c1", "2026-11-01T00:00:00")
    land(toy, 2)
    toy.api.contacts.clear()
    assert land(toy, 3, relist_days=0) == 1
    assert toy.contacts() == {}


def test_nothing_is_buried_when_lists_are_not_complete_or_by_changes(toy: Toy) -> None:
    toy.api.contact("c1", "2026-11-01T00:00:00", points=1)
    toy.api.contact("c2", "2026-11-01T00:00:00", points=2)
    land(toy, 2, list_is_complete=False)
    del toy.api.contacts["c1"]
    assert land(toy, 3) == 0
    assert land(toy, 4, relist_days=0, list_is_complete=False) == 0
    assert toy.contacts() == {"c1": 1, "c2": 2}


def test_records_without_versions_are_always_asked_as_a_list(toy: Toy) -> None:
    toy.api.contact("c1", "2026-11-01T00:00:00", points=1)
    assert [land(toy, 2, has_versions=False), land(toy, 3, has_versions=False)] == [1, 0]
    toy.api.contacts["c1"]["points"] = 7
    assert land(toy, 4, has_versions=False) == 1
    assert toy.api.paths("contacts") == ["", "", ""]
    assert toy.contacts() == {"c1": 7}


def test_changed_questions_ask_for_the_list_anew(toy: Toy) -> None:
    toy.api.contact("c1", "2026-11-01T00:00:00")
    land(toy, 2)
    assert toy.plan(noon(3), streams=("contacts",), events="email") == [LIST]
    land(toy, 3, events="email")
    assert toy.plan(noon(3), streams=("contacts",), events="email") != [LIST]


def test_known_days_reach_from_the_start_to_yesterday(toy: Toy) -> None:
    toy.api.contact("c1", "2026-11-03T00:00:00", created_at="2026-10-05T22:30:00")
    land(toy, 5)
    entry = toy.manifest(CONTACTS).slices[COVERED]
    assert (entry.window_start, entry.window_end, entry.rows) == (date(2026, 11, 1), date(2026, 11, 5), 0)


def test_known_days_reach_from_the_first_record_in_the_brands_zone_when_no_start_is_configured(
    toy: Toy,
) -> None:
    """22:30 UTC is the next day in Tehran; a later batch of younger records doesn't shorten the reach."""
    toy.start = None
    toy.api.contact("c1", "2026-11-03T00:00:00", created_at="2026-10-05T22:30:00")
    land(toy, 5)
    toy.api.contact("c2", "2026-11-05T00:00:00", created_at="2026-11-05T00:00:00")
    land(toy, 6)
    entry = toy.manifest(CONTACTS).slices[COVERED]
    assert (entry.window_start, entry.window_end) == (date(2026, 10, 6), date(2026, 11, 6))


def test_a_run_that_finds_nothing_new_still_covers_its_days(toy: Toy) -> None:
    toy.api.contact("c1", "2026-11-01T00:00:00")
    land(toy, 2)
    land(toy, 9)
    assert toy.manifest(CONTACTS).slices[COVERED].window_end == date(2026, 11, 9)
    assert sorted(toy.manifest(CONTACTS).slices) == ["000001", COVERED]


def test_a_failure_on_a_later_page_stores_nothing_and_the_next_run_asks_the_same(toy: Toy) -> None:
    for number in range(5):
        toy.api.contact(f"c{number}", "2026-11-01T00:00:00")
    toy.api.order(Fault.SERVER_ERROR, times=3, matches=lambda request: request.args.get("after") == "4")
    landed = toy.try_land(noon(2), streams=("contacts",))["contacts"]
    assert landed.error is not None
    assert not toy.zone.root.exists()
    assert land(toy, 2) == 5


def test_what_comes_beside_lands_once_and_covers_the_same_days(toy: Toy) -> None:
    toy.api.contact("c1", "2026-11-01T00:00:00", notes=["سلام‌ دنیا", "b"])
    toy.land(noon(2), streams=("contacts",), has_notes=True)
    toy.api.contact("c1", "2026-11-02T00:00:00", notes=["سلام‌ دنیا", "c"])
    landed = toy.land(noon(3), streams=("contacts",), has_notes=True)
    assert (landed["contacts"].rows, landed["notes"].rows) == (1, 1)
    assert toy.rows(NOTES, "note, _load_id") == [("b", 1), ("c", 2), ("سلام‌ دنیا", 1)]
    assert toy.manifest(NOTES).slices[COVERED].window_end == date(2026, 11, 3)


def test_a_property_that_vanished_is_noticed_though_no_record_changed(toy: Toy) -> None:
    toy.api.contact("c1", "2026-11-01T00:00:00", points=1)
    land(toy, 2)
    toy.api.hidden = {"points"}
    feed = contacts_feed(toy)
    with pytest.raises(SchemaError, match="column points is missing"):
        toy.directly(EntityLanding, noon(3), lambda landing: landing.land(feed))
    assert toy.contacts() == {"c1": 1}


def test_a_new_property_makes_new_versions_and_is_reported(toy: Toy) -> None:
    toy.api.contact("c1", "2026-11-01T00:00:00")
    land(toy, 2)
    toy.api.extra = {"mood": "good"}
    landed = toy.land(noon(3), streams=("contacts",))["contacts"]
    assert (landed.rows, landed.new_columns) == (1, ("mood",))
    assert land(toy, 4, relist_days=0) == 0


def test_a_retyped_value_is_named_and_nothing_is_stored(toy: Toy) -> None:
    toy.api.contact("c1", "2026-11-01T00:00:00", points=1)
    land(toy, 2)
    toy.api.contact("c1", "2026-11-02T00:00:00", points="three")
    feed = contacts_feed(toy)
    with pytest.raises(SourceDataError, match=r"column points should hold whole numbers.*'xxxxx'"):
        toy.directly(EntityLanding, noon(3), lambda landing: landing.land(feed))
    assert toy.contacts() == {"c1": 1}


def test_personal_values_are_nowhere_on_disk_in_clear(toy: Toy, workspace: Path) -> None:
    toy.api.contact("c1", "2026-11-01T00:00:00", email="Maryam.Rad@Example.com")
    land(toy, 2)
    del toy.api.contacts["c1"]
    land(toy, 3, relist_days=0)
    rows = toy.rows(CONTACTS, "email_hmac is null, email_domain, _is_deleted")
    assert rows == [(False, "example.com", False), (True, None, True)]
    for path in workspace.rglob("*"):
        assert not path.is_file() or b"maryam" not in path.read_bytes().lower()


def test_personal_values_without_a_key_are_refused_and_kept_only_on_demand(toy: Toy) -> None:
    toy.api.contact("c1", "2026-11-01T00:00:00")
    keyless = RawZone(toy.zone.root, temp=toy.zone.temp, pii=None)
    toy.zone = keyless
    feed = contacts_feed(toy)
    with pytest.raises(PersonalDataError, match="email"):
        toy.directly(EntityLanding, noon(2), lambda landing: landing.land(feed))
    land(toy, 2, pii="keep")
    assert toy.rows(CONTACTS, "email_hmac") == [("c1@example.com",)]


def test_address_flags_of_the_source_are_kept_beside_the_hash(toy: Toy) -> None:
    toy.zone = RawZone(toy.zone.root, temp=toy.zone.temp, pii=Pseudonymiser(key=b"k"))
    toy.api.contact("c1", "2026-11-01T00:00:00")
    toy.api.contact("c2", "2026-11-01T00:00:00", email="ali@other.example")
    land(toy, 2, address_flags={"staff": ["*@example.com"]})
    assert toy.rows(CONTACTS, "contact_id, email_flags") == [("c1", "staff"), ("c2", None)]


def test_moments_and_versions_survive_a_year_without_runs(toy: Toy) -> None:
    toy.api.contact("c1", "2026-11-01T00:00:00")
    land(toy, 2)
    later = noon(2) + timedelta(days=400)
    assert toy.plan(later, streams=("contacts",)) == [LIST]
