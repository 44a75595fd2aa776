"""The parts a page is made of: words, numbers, axes, drawings, periods."""

from __future__ import annotations

from datetime import date, timedelta
from string import Formatter
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from orchestration.report.advice import advise
from orchestration.report.charts import Point, ticks_over, trend_chart
from orchestration.report.spans import span_of
from orchestration.report.speech import Speaker
from orchestration.report.words_en import WORDS as ENGLISH
from orchestration.report.words_fa import WORDS as PERSIAN
from tests.report.published_story import AS_OF

MARKS = str.maketrans("", "", "\u200e\u200f")


def fields(phrase: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(phrase) if name}


def test_both_languages_have_the_same_phrases() -> None:
    assert set(ENGLISH) == set(PERSIAN)


@pytest.mark.parametrize("key", sorted(ENGLISH))
def test_a_phrase_asks_for_nothing_that_its_twin_lacks(key: str) -> None:
    assert fields(PERSIAN[key]) <= fields(ENGLISH[key])


@pytest.mark.parametrize(
    ("value", "unit", "currency", "english", "persian"),
    [
        (0.25, "ratio", None, "25%", "۲۵٪"),
        (0.07996, "ratio", None, "8.00%", "۸٫۰۰٪"),
        (-0.125, "ratio", None, "−12.50%", "−۱۲٫۵۰٪"),
        (1234567, "count", None, "1,234,567", "۱٬۲۳۴٬۵۶۷"),
        (518192.79, "money", "GBP", "518,193 GBP", "۵۱۸٬۱۹۳ پوند"),
        (48.7, "money", "EUR", "48.70 EUR", "۴۸٫۷۰ یورو"),
        (92.04, "seconds", None, "92.0 s", "۹۲٫۰ ثانیه"),
        (41.25, "points", None, "41.25", "۴۱٫۲۵"),
        (None, "ratio", None, "–", "–"),
    ],
)
def test_values_are_worded(
    value: float | None, unit: str, currency: str | None, english: str, persian: str
) -> None:
    assert Speaker("en").value(value, unit, currency) == english
    assert Speaker("fa").value(value, unit, currency).translate(MARKS) == persian


def test_a_rate_that_misses_its_target_by_little_never_looks_like_it() -> None:
    speaker = Speaker("en")
    assert speaker.value(0.0799999, "ratio") != speaker.value(0.08, "ratio")


@pytest.mark.parametrize(
    ("now", "before", "unit", "said"),
    [
        (200, 190, "count", "+5.3%"),
        (0.08, 0.078, "ratio", "+0.20 pts"),
        (30.0, 42.0, "points", "−12.00"),
        (5, 0, "count", "+5"),
        (5, None, "count", "–"),
        (7, 7, "count", "0.0%"),
    ],
)
def test_changes_are_worded(now: float, before: float | None, unit: str, said: str) -> None:
    assert Speaker("en").change(now, before, unit) == said


@pytest.mark.parametrize(
    ("change", "unit", "said"),
    [(-2200709.304, "count", "−2,200,709"), (0.25, "count", "+0.25"), (3.0, "count", "+3")],
)
def test_counts_differ_by_whole_numbers(change: float, unit: str, said: str) -> None:
    assert Speaker("en").difference(change, unit) == said


def test_money_in_advice_has_its_currency() -> None:
    row = {"verdict": "below_target", "status": "final", "unit": "ratio", "currency_code": None, "money": "USD", "direction": "higher", "actual": 0.95, "target": 0.97, "target_upper": None, "numerator": 950.0, "denominator": 1000.0, "bottleneck": None, "running": None, "loaded_through": None}  # fmt: skip
    catalogue = {"numerator_measure": "mrr_retained_net", "denominator_measure": "mrr_start", "scale": 1}
    assert advise(row, catalogue, Speaker("en")) == [
        "20 USD more recurring revenue kept out of the same 1,000 USD recurring revenue at the start "
        "would have reached it."
    ]
    assert "۲۰ دلار" in advise(row, catalogue, Speaker("fa"))[0]


def test_days_follow_the_calendar_of_the_brand() -> None:
    day = date(2026, 1, 3)
    assert Speaker("en").day(day) == "2026-01-03"
    assert Speaker("fa").day(day) == "۲۰۲۶/۰۱/۰۳"
    assert Speaker("fa", calendar="jalali").day(day) == "۱۴۰۴/۱۰/۱۳"


def points(values: list[float | None], target: float | None = None) -> list[Point]:
    last = len(values) - 1
    return [
        Point(label=f"p{n}", value=value, is_final=n < last, is_reported=n == last - 1, target=target)
        for n, value in enumerate(values)
    ]


@given(
    st.lists(st.floats(min_value=-1e12, max_value=1e12), min_size=1, max_size=40),
    st.none() | st.floats(min_value=-1e12, max_value=1e12),
    st.booleans(),
)
@example([5e-324], None, False)
@example([1.0, 1.0 + 2**-52], None, False)
def test_an_axis_holds_every_value_and_target(
    values: list[float], target: float | None, from_zero: bool
) -> None:
    ticks = ticks_over(points(list(values), target), from_zero=from_zero)
    shown = [*values, *([] if target is None else [target]), *([0.0] if from_zero else [])]
    slack = max(ticks.step * 1e-6, 1e-300)
    assert ticks.low <= min(shown) + slack
    assert ticks.high >= max(shown) - slack
    assert 1 <= ticks.count <= 7


def draw(values: list[float | None], *, is_bar: bool, target: float | None = None) -> ElementTree.Element:
    svg = trend_chart(
        points(values, target),
        is_bar=is_bar,
        word=lambda value, step: f"<{value:g}&{step:g}>",
        target_word="goal & <b>",
        title='a "title" <i>',
    )
    return ElementTree.fromstring(svg)  # noqa: S314 - our own drawing


def marks(root: ElementTree.Element, **wanted: str) -> list[ElementTree.Element]:
    return [
        each for each in root.iter() if all(each.get(k.replace("_", "-")) == v for k, v in wanted.items())
    ]


def test_a_drawing_has_bars_for_values_an_open_one_for_the_last_and_none_for_gaps() -> None:
    root = draw([3, 4, None, 5, 6, 2], is_bar=True, target=5)
    assert len(marks(root, fill="var(--series-quiet)")) == 4  # the reported one is drawn over its quiet bar
    assert len(marks(root, fill="var(--series)")) == 1
    assert len(marks(root, fill="var(--series-open)", stroke_dasharray="3,2")) == 1
    assert len(marks(root, stroke="var(--target)")) == 6
    assert root.get("role") == "img"
    assert root.get("aria-label") == 'a "title" <i>'
    assert "goal & <b>" in "".join(root.itertext())


def test_a_line_breaks_where_a_period_has_no_value() -> None:
    root = draw([3, 4, None, 5, 6, 2], is_bar=False)
    [line] = [each for each in marks(root, stroke="var(--series)") if each.get("d", "").count("L") and not each.get("stroke-dasharray")]  # fmt: skip
    assert line.get("d", "").count("M") == 2
    assert len(marks(root, stroke="var(--series)", stroke_dasharray="3,3")) == 1


def test_colours_are_those_of_the_page() -> None:
    for is_bar in (True, False):
        for each in draw([1, 2, 3], is_bar=is_bar, target=2).iter():
            for name in ("fill", "stroke"):
                assert each.get(name, "none") in {"none", "transparent"} or each.get(name, "").startswith(
                    "var(--"
                )


def periods(count: int) -> list[dict[str, date]]:
    first = AS_OF - timedelta(days=count)
    return [
        {"period_start": first + timedelta(days=n), "period_end": first + timedelta(days=n + 1)}
        for n in range(count + 1)
    ]


def test_the_reported_period_is_the_newest_closed_one_most_kpis_are_known_for() -> None:
    days = periods(5)
    starts = [day["period_start"] for day in days]
    known = dict(zip(starts, [4, 4, 4, 4, 1, 2], strict=True))
    span = span_of(days, known, today=AS_OF)
    assert span is not None
    assert span.reported["period_start"] == starts[3]
    assert span.running is not None
    assert span.running["period_start"] == starts[5]


def test_a_brand_that_only_has_a_running_period_reports_it() -> None:
    days = periods(2)
    span = span_of(days, {days[2]["period_start"]: 3}, today=AS_OF)
    assert span is not None
    assert (span.reported, span.running) == (days[2], None)
    assert span_of(days, {}, today=AS_OF) is None
