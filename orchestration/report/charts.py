"""Trend charts: Vega-Lite, drawn to static SVG by vl-convert in this process; no browser, no network.

Colours are CSS variables of the page, so a chart follows light, dark and print. Counts and sums are bars
from zero, everything else is a line. What isn't final is hollow or dashed; a period without a value is a gap,
never a zero. Time runs from left to right in both languages, as Persian business charts have it.
"""

from __future__ import annotations

import html
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

import vl_convert

WIDTH, HEIGHT = 640, 190
FONT_SIZE = 13
VEGA_LITE = "6.4"
NOT_FINAL = frozenset({"provisional", "immature", "stale"})
_TITLE = "[[title]]"
_LABEL_ROOM = 64
"""Room for the labels of the value axis."""
_SVG = "http://www.w3.org/2000/svg"
_LABEL_UNITS = 11
"""Width of a character in the chart's units, for choosing how many labels fit."""
_DROPPED = ("class", "pointer-events", "aria-hidden", "aria-roledescription", "aria-label", "role", "version")


@dataclass(frozen=True, kw_only=True)
class Point:
    """One period of a trend."""

    label: str
    value: float | None
    is_final: bool
    is_reported: bool
    target: float | None = None
    target_upper: float | None = None


@dataclass(frozen=True, kw_only=True)
class Ticks:
    """A value axis: even steps that hold every value."""

    low: float
    step: float
    count: int

    @property
    def high(self) -> float:
        """The last tick."""
        return self.low + self.step * self.count

    @property
    def values(self) -> list[float]:
        """Every tick, from below."""
        return [self.low + self.step * number for number in range(self.count + 1)]


def trend_chart(
    points: Sequence[Point],
    *,
    is_bar: bool,
    word: Callable[[float, float], str],
    target_word: str,
    title: str,
) -> str:
    """An ``<svg>`` of the points, oldest first.

    Args:
        points: consecutive periods.
        is_bar: bars from zero rather than a line.
        word: a value of the axis as text, given the step of the axis.
        target_word: what to write at the newest target.
        title: what a screen reader says of the whole.
    """
    ticks = ticks_over(points, from_zero=is_bar)
    words = [
        *(point.label for point in points),
        *(word(each, ticks.step) for each in ticks.values),
        target_word,
    ]
    fitting = _labels_that_fit([point.label for point in points])
    drawing = _drawn(json.dumps(_spec(points, ticks, fitting, is_bar=is_bar)))
    for number, text in enumerate(words):
        drawing = drawing.replace(_token(number), html.escape(text))
    return drawing.replace(_TITLE, html.escape(title))


def _spec(points: Sequence[Point], ticks: Ticks, fitting: int, *, is_bar: bool) -> dict[str, Any]:
    """The chart in Vega-Lite, with tokens in place of words."""
    tokens = [_token(number) for number in range(len(points) + ticks.count + 2)]
    return {
        "$schema": f"https://vega.github.io/schema/vega-lite/v{VEGA_LITE[0]}.json",
        "width": WIDTH,
        "height": HEIGHT,
        "background": None,
        "padding": 4,
        "config": _CONFIG,
        "data": {"values": _rows(points)},
        "encoding": {
            "x": _time_axis(tokens[: len(points)], fitting),
            "y": _value_axis(ticks, tokens[len(points) : -1]),
        },
        "layer": [*(_bars() if is_bar else _lines()), *_targets(points, tokens[-1])],
    }


@lru_cache(maxsize=128)
def _drawn(spec: str) -> str:
    """The drawing of a spec; both languages of a report share it."""
    return _inline(vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE))


def _token(number: int) -> str:
    """Stands for a word until the drawing is done: the layout doesn't depend on the language."""
    return f"[[{number}]]"


_NO_HEIGHT = 1e-300
"""Values that lie closer are one: steps between them would leave the range of floats."""


def _labels_that_fit(labels: Sequence[str]) -> int:
    """How many labels of the time axis have room."""
    longest = max((len(label) for label in labels), default=1)
    return max(2, min(5, int(WIDTH / (longest * _LABEL_UNITS + 24))))


def ticks_over(points: Sequence[Point], *, from_zero: bool) -> Ticks:
    """Even steps over values and targets, from zero where that costs less than half the height."""
    numbers = [
        each
        for point in points
        for each in (point.value, point.target, point.target_upper)
        if each is not None and math.isfinite(each)
    ]
    low, high = min(numbers, default=0.0), max(numbers, default=1.0)
    if from_zero or 0 <= low < high / 2:
        low = min(low, 0.0)
    if high <= 0 and from_zero:
        high = 0.0
    if high - low < _NO_HEIGHT:
        high = low + (abs(low) if abs(low) >= _NO_HEIGHT else 1.0)
    raw = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * nice for nice in (1, 2, 2.5, 5, 10) if power * nice >= raw * 0.999)
    start = math.floor(low / step + 1e-9)
    end = math.ceil(high / step - 1e-9)
    return Ticks(low=start * step, step=step, count=max(end - start, 1))


_CONFIG: dict[str, Any] = {
    "aria": False,
    "font": "inherit",
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--muted)",
        "labelFontSize": FONT_SIZE,
        "labelPadding": 6,
        "gridColor": "var(--rule)",
        "domainColor": "var(--edge)",
        "ticks": False,
        "title": None,
    },
}


def _rows(points: Sequence[Point]) -> list[dict[str, Any]]:
    rows = []
    for number, point in enumerate(points):
        before = points[number - 1] if number else None
        after = points[number + 1] if number + 1 < len(points) else None
        touches_open = (not point.is_final) or (after is not None and not after.is_final and point.is_final)
        alone = all(each is None or each.value is None for each in (before, after))
        rows.append(
            {
                "i": number,
                "final": point.value if point.is_final else None,
                "open": point.value if not point.is_final else None,
                "to_open": point.value if touches_open else None,
                "reported": point.value if point.is_reported and point.is_final else None,
                "alone": point.value if alone and point.is_final and not point.is_reported else None,
                "target": point.target,
                "upper": point.target_upper,
            }
        )
    return rows


def _time_axis(labels: Sequence[str], fitting: int) -> dict[str, Any]:
    every = max(1, math.ceil((len(labels) - 1) / fitting)) if len(labels) > 1 else 1
    shown = list(range(len(labels) - 1, -1, -every))[::-1]
    return {
        "field": "i",
        "type": "ordinal",
        "scale": {"padding": 0},
        "axis": {
            "values": shown,
            "labelExpr": f"{json.dumps(list(labels))}[datum.value]",
            "labelAngle": 0,
            "labelPadding": 12,
            "labelLimit": 0,
            "labelOverlap": False,
            "labelFlush": False,
            "labelBound": False,
            "grid": False,
        },
    }


def _value_axis(ticks: Ticks, words: Sequence[str]) -> dict[str, Any]:
    position = f"round((datum.value - ({ticks.low!r})) / {ticks.step!r})"
    return {
        "type": "quantitative",
        "scale": {"domain": [ticks.low, ticks.high], "nice": False, "zero": False},
        "axis": {
            "values": ticks.values,
            "labelExpr": f"{json.dumps(list(words))}[{position}]",
            "domain": False,
            "minExtent": _LABEL_ROOM,
            "maxExtent": _LABEL_ROOM,
        },
    }


def _bars() -> list[dict[str, Any]]:
    wide = {"type": "bar", "width": {"band": 0.72}}
    return [
        {"mark": {**wide, "color": "var(--series-quiet)"}, "encoding": {"y": {"field": "final"}}},
        {"mark": {**wide, "color": "var(--series)"}, "encoding": {"y": {"field": "reported"}}},
        {
            "mark": {
                **wide,
                "fill": "var(--series-open)",
                "stroke": "var(--series)",
                "strokeWidth": 1.25,
                "strokeDash": [3, 2],
            },
            "encoding": {"y": {"field": "open"}},
        },
    ]


def _lines() -> list[dict[str, Any]]:
    line = {"type": "line", "color": "var(--series)", "strokeWidth": 2, "strokeJoin": "round"}
    dot = {"type": "point", "opacity": 1, "filled": True}
    return [
        {"mark": line, "encoding": {"y": {"field": "final"}}},
        {"mark": {**line, "strokeDash": [3, 3]}, "encoding": {"y": {"field": "to_open"}}},
        {"mark": {**dot, "size": 24, "color": "var(--series)"}, "encoding": {"y": {"field": "alone"}}},
        {"mark": {**dot, "size": 70, "color": "var(--series)"}, "encoding": {"y": {"field": "reported"}}},
        {
            "mark": {
                **dot,
                "size": 50,
                "fill": "var(--paper)",
                "stroke": "var(--series)",
                "strokeWidth": 1.75,
            },
            "encoding": {"y": {"field": "open"}},
        },
    ]


def _targets(points: Sequence[Point], word: str) -> list[dict[str, Any]]:
    newest = max((number for number, point in enumerate(points) if point.target is not None), default=None)
    if newest is None:
        return []
    rule = {"type": "rule", "color": "var(--target)", "strokeWidth": 1.5}
    across = {
        "x": {"field": "i", "type": "ordinal", "bandPosition": 0},
        "x2": {"field": "i", "bandPosition": 1},
    }
    layers: list[dict[str, Any]] = [
        {
            "transform": [{"filter": f"isValid(datum.{field})"}],
            "mark": rule,
            "encoding": {**across, "y": {"field": field, "type": "quantitative"}},
        }
        for field in ("target", "upper")
    ]
    halo = {"fill": "var(--paper)", "stroke": "var(--paper)", "strokeWidth": 4, "strokeJoin": "round"}
    value, target = points[newest].value, points[newest].target
    # On the other side of the line than the newest value, which it would hide.
    side = (
        {"baseline": "top", "dy": 4}
        if value is not None and target is not None and value >= target
        else {"baseline": "bottom", "dy": -4}
    )
    layers += [_target_word(word, newest, {**side, **paint}) for paint in (halo, {"fill": "var(--target)"})]
    return layers


def _target_word(word: str, newest: int, paint: dict[str, Any]) -> dict[str, Any]:
    """The word at the newest target; drawn twice, so that a line behind it doesn't cross it."""
    text = {
        "type": "text",
        "text": word,
        "align": "right",
        "fontSize": FONT_SIZE,
        "fontWeight": 600,
        **paint,
    }
    return {
        "transform": [{"filter": f"datum.i === {newest}"}],
        "mark": text,
        "encoding": {
            "x": {"field": "i", "type": "ordinal", "bandPosition": 1},
            "y": {"field": "target", "type": "quantitative"},
        },
    }


def _inline(svg: str) -> str:
    """The drawing without what only an interactive view needs, as one image that has a name."""
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own drawing
    for parent in list(root.iter()):
        for name in _DROPPED:
            parent.attrib.pop(name, None)
        for child in list(parent):
            is_empty = child.tag == f"{{{_SVG}}}path" and child.get("d") in {"", "M0,0h0v0h0Z"}
            is_backdrop = child.get("class") == "background"
            if is_empty or is_backdrop:
                parent.remove(child)
    _drop_empty_groups(root)
    for name in ("width", "height"):
        root.attrib.pop(name, None)
    root.set("role", "img")
    root.set("aria-label", _TITLE)
    root.set("class", "trend")
    return ElementTree.tostring(root, encoding="unicode")


def _drop_empty_groups(node: ElementTree.Element) -> None:
    for child in list(node):
        _drop_empty_groups(child)
        if child.tag == f"{{{_SVG}}}g" and len(child) == 0:
            node.remove(child)
