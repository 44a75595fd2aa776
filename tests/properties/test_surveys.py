"""NPS: one answer per person and wave, trailing 90 days, whole scores of 0 to 10 only."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connectors.surveys.streams import RESPONSES
from tests.properties.drawn import PROFILE, DrawnBrand, brands, moments
from tests.properties.families import FIRST, LAST, build, window, world_of
from tests.properties.invariants import check_amounts, check_facts
from tests.properties.periods import GRAINS, periods_of
from tests.properties.zone import MemoryZone


@st.composite
def answers(draw: st.DrawFn, brand: DrawnBrand) -> dict[str, Any]:
    return {
        "response_id": draw(st.sampled_from([None, None, "r1", "r2", "r3"])),
        "survey_id": draw(st.sampled_from([None, "s"])),
        "wave": draw(st.sampled_from([None, None, "w1", "w2"])),
        "submitted_at": draw(moments(brand)),
        "person_id": draw(st.sampled_from([None, " ", "p1", "p2", "p3"])),
        "score": draw(st.sampled_from([None, 0, 3, 6, 7, 8, 9, 10, 10, 11, -1])),
        "respondent_email_flags": draw(st.sampled_from([None, None, "test"])),
    }


def standing_answers(loads: list[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Newest version of each response; one without id is its own."""
    by_id: dict[Any, dict[str, Any]] = {}
    for load_id, load in enumerate(loads):
        # Within a load the newest moment of answering wins.
        for line, row in sorted(enumerate(load), key=lambda each: (each[1]["submitted_at"], each[0])):
            by_id[row["response_id"] or (load_id, line)] = {**row, "place": (load_id, line)}
    return list(by_id.values())


def nps_parts(rows: list[dict[str, Any]], brand: DrawnBrand, end: date) -> tuple[int, int]:
    """Promoters minus detractors and answers in the 90 days before ``end``."""
    valid = [
        row
        for row in rows
        if row["score"] is not None and 0 <= row["score"] <= 10 and row["respondent_email_flags"] != "test"
    ]
    net = count = 0
    for row in valid:
        person = (row["person_id"] or "").strip()
        day = brand.day(row["submitted_at"])
        later = [
            each
            for each in valid
            if person
            and (each["person_id"] or "").strip() == person
            and (each["survey_id"], each["wave"]) == (row["survey_id"], row["wave"])
            and (each["submitted_at"], each["place"]) > (row["submitted_at"], row["place"])
        ]
        if later and row["wave"] is not None:
            continue
        if any(brand.day(each["submitted_at"]) < end for each in later):
            continue
        if end - timedelta(days=90) <= day < end:
            net += (row["score"] >= 9) - (row["score"] <= 6)
            count += 1
    return net, count


@PROFILE
@given(st.data())
def test_nps_counts_each_person_once(data: st.DataObject) -> None:
    brand = data.draw(brands(FIRST, LAST, history=(20, 100, 130)))
    loads = data.draw(st.lists(st.lists(answers(brand), min_size=1, max_size=8), max_size=2))
    zone = MemoryZone(brands={"survey": "acme"}, shuffled=3)
    zone.land(RESPONSES, "survey", "covered", [], load_id=1, window=window(brand))
    for load_id, load in enumerate(loads, start=1):
        zone.land(RESPONSES, "survey", f"{load_id}.csv", load, load_id=load_id)
    world = world_of("surveys")
    build(world, brand, zone, {"survey": {"connector": "survey_file", "path": "s.csv"}})
    check_facts(world)
    rows = standing_answers(loads)
    net: dict[tuple[str, date], Decimal | None] = {}
    count: dict[tuple[str, date], Decimal | None] = {}
    for grain in GRAINS:
        for start, end in periods_of(brand.calendar_key, grain, brand.first_day, brand.today):
            found = nps_parts(rows, brand, end)
            net[grain, start], count[grain, start] = Decimal(found[0]), Decimal(found[1])
    check_amounts(world, "nps", "numerator", net)
    check_amounts(world, "nps", "denominator", count)
