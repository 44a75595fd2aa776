"""What ``tests.chaos`` would call wrong: its judges see each fault of a raw zone that they are there for."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.core.stream import Column, Kind, Stream, Type
from tests.chaos.draws import FOR_EVER, Trouble, troubles
from tests.chaos.raw_content import Content, StreamContent, behind, content_of, wrong_after
from tests.fakes.faults import Fault
from tests.fakes.server import Seen

STREAM = Stream(
    connector="web",
    name="days",
    kind=Kind.REPORT,
    description="Visits",
    columns=(Column("day", Type.DATE, "Day", required=True), Column("visits", Type.INTEGER, "Visits")),
    key=("day",),
    cursor="day",
)
FIRST, SECOND = "2026-11-01", "2026-11-02"


def _content(**units: list[str]) -> Content:
    named = {"first": FIRST, "second": SECOND}
    return {
        "web/days": StreamContent(
            stream=STREAM, units={named[name]: Counter(rows) for name, rows in units.items()}, twice=()
        )
    }


@pytest.mark.parametrize(
    ("before", "after", "true", "wrong"),
    [
        (_content(first=["a"]), _content(first=["a"]), _content(first=["b"], second=["c"]), ""),
        (_content(first=["a"]), _content(first=["b"], second=["c"]), _content(first=["b"], second=["c"]), ""),
        (_content(first=["a"]), _content(), _content(), ""),
        (_content(first=["a"]), _content(), _content(first=["a"]), "was lost"),
        (_content(), _content(first=["a"]), _content(first=["a", "b"]), "the server hasn't got"),
        (_content(), _content(first=["a", "a"]), _content(first=["a"]), "the server hasn't got"),
        (_content(first=["a"]), _content(first=[]), _content(first=["a"]), "the server hasn't got"),
    ],
    ids=["kept", "restated", "gone at the server", "lost", "half a day", "doubled", "emptied"],
)
def test_rows_that_are_lost_doubled_or_invented_are_seen(
    before: Content, after: Content, true: Content, wrong: str
) -> None:
    said = wrong_after(before, after, true)
    assert bool(said) == bool(wrong)
    assert all(wrong in each for each in said)


def test_what_lacks_a_row_is_behind_and_old_snapshots_are_not_asked_for() -> None:
    lacking, whole = _content(second=["c"]), _content(first=["a"], second=["c"])
    assert "absent instead of 1 rows" in behind(lacking, whole)["web/days"][0]
    assert behind(whole, whole) == {}
    snapshots = replace(STREAM, kind=Kind.SNAPSHOT, cursor=None)
    old, new = ({"web/days": replace(each["web/days"], stream=snapshots)} for each in (lacking, whole))
    assert behind(old, new) == {}
    assert set(behind(_content(first=["a"]), new)) == {"web/days"}


def test_records_too_old_to_be_asked_for_are_not_behind() -> None:
    old, new = _content(first=["a"], second=["b"]), _content(first=["A"], second=["B"])
    sent: dict[object, datetime] = {
        FIRST: datetime.fromisoformat("2026-11-01T09:00"),
        SECOND: datetime.fromisoformat("2026-11-02T09:00"),
    }
    new = {"web/days": replace(new["web/days"], versions=sent)}
    (said,) = behind(old, new, asked_since={"web/days": datetime.fromisoformat("2026-11-02")})["web/days"]
    assert said.startswith(SECOND)
    assert len(behind(old, new)["web/days"]) == 2
    absent = behind(
        _content(second=["B"]), new, asked_since={"web/days": datetime.fromisoformat("2026-11-02")}
    )
    assert absent["web/days"][0].startswith(FIRST)


def test_what_the_servers_hold_now_is_right_too() -> None:
    older, now = _content(first=["a"]), _content(first=["b"])
    assert wrong_after(_content(), now, older, now) == []
    assert behind(now, older, now) == {}
    assert wrong_after(_content(), _content(first=["c"]), older, now) != []
    gone: Content = _content()
    assert wrong_after(_content(first=["a"]), gone, older, gone) == []


def test_a_key_that_is_stored_twice_is_seen(tmp_path: Path) -> None:
    folder = tmp_path / "web" / "days" / "source=shop"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(
        json.dumps({"files": {"a.parquet": {}}, "slices": {FIRST: {}, SECOND: {}}})
    )
    day = date.fromisoformat(FIRST)
    rows = [{"day": day, "visits": n, "_load_id": 1, "_slice": FIRST, "_is_deleted": False} for n in (1, 2)]
    pq.write_table(pa.Table.from_pylist(rows), folder / "a.parquet")
    content = content_of(tmp_path, "shop", [STREAM], {"web/days": "day"})
    assert content["web/days"].versions == {FIRST: day}
    assert content["web/days"].units == {FIRST: Counter(_texts(day, 1, 2)), SECOND: Counter()}
    assert "is there twice" in wrong_after(content, content, content)[0]


def _texts(day: date, *visits: int) -> list[str]:
    return [repr({"day": day, "visits": number}) for number in visits]


def _seen(path: str) -> Seen:
    return Seen(method="GET", path=path, query={}, headers={}, body=None, status=200)


def test_draws_are_told_by_the_seed_and_every_run_has_one() -> None:
    asked = {word: [_seen(f"/{word}/{n}") for n in range(5)] for word in ("shop", "mail", "ads")}
    drawn = [troubles("7", number, asked, patience=5) for number in range(1, 200)]
    assert drawn == [troubles("7", number, asked, patience=5) for number in range(1, 200)]
    assert all(drawn)
    every = [trouble for some in drawn for trouble in some]
    assert {str(trouble.what) for trouble in every} == {*map(str, Fault), "slow"}
    assert {trouble.server for trouble in every} == set(asked)
    assert any(trouble.is_total for trouble in every)
    assert any(trouble.path for trouble in every)
    assert troubles("8", 1, asked, patience=5) != drawn[0]


def test_outages_last() -> None:
    asked = {"shop": [_seen("/orders")]}
    total = [
        {(each.server, each.what) for each in troubles("3", number, asked, patience=5) if each.is_total}
        for number in range(1, 100)
    ]
    assert any(before & after for before, after in itertools.pairwise(total))


def test_troubles_say_what_they_are() -> None:
    trouble = Trouble(server="shop", what=Fault.THROTTLED, times=FOR_EVER, path="/orders", after=2)
    assert str(trouble) == "shop: throttled always after 2 on /orders"
    assert not trouble.is_total
