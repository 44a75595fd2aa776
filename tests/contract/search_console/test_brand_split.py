"""Searches that name the brand and those that don't, split by Google itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from connectors.core.errors import PermanentError
from connectors.search_console.brand_terms import LONGEST, pattern_of
from tests.contract.desk import NOW
from tests.contract.search_console.conftest import FIRST, SearchDesk
from tests.fakes.re2 import compile_re2
from tests.fakes.search_console_data import SearchFact

_ZWNJ = "\u200c"


@pytest.mark.parametrize(
    ("term", "query"),
    [
        ("برند من", "برند من"),
        ("برند من", f"برند{_ZWNJ}من"),
        ("برند من", "خرید برندمن تهران"),
        (f"برند{_ZWNJ}من", "برند من"),
        ("سیب‌کده", "سيب كده"),
        ("سيب كده", "سیب کده"),
        ("میخواهم", f"می{_ZWNJ}خواهم"),
        ("کافه ۱۲۳", "كافه 123"),
        ("cafe 123", "CAFE ١٢٣ tehran"),
        ("My Brand", "best my brand shop"),
        ("my brand", "mybrand"),
        ("c++ (kit)", "buy c++ (kit)"),
        ("a.b", "a.b"),
        ("H&M", "h&m"),
    ],
)
def test_a_term_is_found_in_each_of_its_spellings(term: str, query: str) -> None:
    assert compile_re2(pattern_of(["nothing else", term])).search(query)


@pytest.mark.parametrize(
    ("term", "query"),
    [("a.b", "acb"), ("برند من", "برند"), ("my brand", "my other brand"), ("c++", "cc"), ("sib", "sb")],
)
def test_nothing_else_is_found(term: str, query: str) -> None:
    assert not compile_re2(pattern_of([term])).search(query)


def test_terms_that_make_no_expression_are_told() -> None:
    with pytest.raises(PermanentError, match="make an expression of 4,101 characters"):
        pattern_of(["x" * (LONGEST + 1)])
    with pytest.raises(PermanentError, match="'؟ !' has no letter or digit"):
        pattern_of(["sib", "؟ !"])
    assert len(pattern_of([f"برند شمارهٔ {number}" for number in range(40)])) < LONGEST


def test_the_parts_are_split_by_google(make_desk: Any) -> None:
    desk: SearchDesk = make_desk("brand_split", "totals", search_terms=("sib", "سیب"))
    desk.land()
    assert desk.read(
        "select date, part, clicks, impressions, position from raw.search_console__brand_split order by 1, 2"
    ) == [
        (FIRST, "brand", 40, 80, 1.5),
        (FIRST, "non_brand", 2, 50, 7.25),
        (FIRST + timedelta(days=1), "brand", 3, 4, 1.0),
    ]
    rest = "select impressions - (select sum(impressions) from raw.search_console__brand_split b where b.date = t.date)"
    assert desk.read(f"{rest} from raw.search_console__totals t order by date") == [(5,), (0,)]
    assert desk.read(
        "select landed_rows from raw.quality__report_days where report = 'search_console/brand_split' order by date limit 3"
    ) == [(2,), (1,), (0,)]
    assert [
        len(body["dimensionFilterGroups"][0]["filters"])
        for body in desk.queries("date")
        if "dimensionFilterGroups" in body
    ] == [1, 1]


def test_what_is_excluded_is_no_brand_whatever_else_it_names(make_desk: Any) -> None:
    desk: SearchDesk = make_desk(
        "brand_split", search_terms=("sib", "سیب"), exclude_terms=("sibling", "سیب زمینی")
    )
    desk.site.restate(
        FIRST,
        [
            SearchFact(day=FIRST, query="sib shop", clicks=10, impressions=100, position=1),
            SearchFact(day=FIRST, query="sibling rivalry", clicks=1, impressions=10, position=8),
            SearchFact(day=FIRST, query="سيب‌زميني سرخ کرده", clicks=2, impressions=20, position=5),
            SearchFact(day=FIRST, query="siblings of sib", clicks=0, impressions=1, position=2),
            SearchFact(day=FIRST, query="گلابی", clicks=4, impressions=40, position=3),
        ],
    )
    desk.land()
    assert desk.read(
        "select part, clicks, impressions, position from raw.search_console__brand_split where date = '2026-11-02' order by 1"
    ) == [
        ("brand", 10, 100, 1.0),
        ("non_brand", 7, 71, pytest.approx((10 * 8 + 20 * 5 + 2 + 40 * 3) / 71)),
    ]


def test_other_terms_split_all_days_anew(make_desk: Any) -> None:
    desk: SearchDesk = make_desk("brand_split", "totals", search_terms=("sib",))
    desk.land()
    later = NOW + timedelta(days=90)
    desk.api.today = later.date()
    desk.land(at=later)
    desk.api.seen.clear()
    again: SearchDesk = make_desk("brand_split", "totals", search_terms=("sib", "میوه"))
    again.load_id = desk.load_id
    again.land(at=later)
    assert again.read(
        "select part, clicks from raw.search_console__brand_split where date = '2026-11-02'"
    ) == [
        ("brand", 2),
        ("non_brand", 40),
    ]
    assert len([body for body in desk.queries("date") if "dimensionFilterGroups" not in body]) == 2


def test_without_terms_there_is_no_split(make_desk: Any) -> None:
    desk: SearchDesk = make_desk()
    assert "search_console/brand_split" not in desk.land()


def test_terms_that_are_too_long_stop_this_stream_alone(make_desk: Any) -> None:
    desk: SearchDesk = make_desk("brand_split", "totals", search_terms=("sib", "x" * 5000))
    errors = desk.errors()
    assert errors.keys() == {"search_console/brand_split", "quality/report_days"}
    assert "Search Console takes 4,096" in errors["search_console/brand_split"]
    assert desk.read("select count(*) from raw.search_console__totals") == [(2,)]
