"""Google Analytics 4 reports cut into sections: UI exports, plain CSV, and JSON of the Data API.

A table with a day lands in the stream its dimension names; one without a day is a period report, whose
period comes from the comment block, from the JSON of the same name beside the CSV, or from ``coverage``.
Totals of a JSON answer land in ``ga4/report_totals``.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from connectors.core.errors import SourceDataError
from connectors.core.stream import Stream
from connectors.files.delimited import open_text
from connectors.files.discovery import SourceFile
from connectors.files.headers import find, fold
from connectors.files.mapping import Section
from connectors.files.preset import FilePreset
from connectors.files.reading import Reader, format_of
from connectors.files.table import table_of_rows
from connectors.ga4 import streams as ga4

Period = tuple[date, date]
Rows = Sequence[tuple[int, Sequence[str | None]]]

_BY_DIMENSION: tuple[tuple[str, Stream], ...] = (
    ("device", ga4.DEVICES),
    ("event_name", ga4.EVENTS),
    ("landing_page", ga4.LANDING_PAGES),
    ("page_path", ga4.PAGES),
    ("channel_group", ga4.TRAFFIC),
    ("source", ga4.TRAFFIC),
    ("medium", ga4.TRAFFIC),
    ("campaign", ga4.TRAFFIC),
)
_PERIOD_SLICE = "report || ':' || cast(period_start as varchar) || '..' || cast(period_end as varchar)"
_COMMENT = re.compile(r"^#\s*(?P<key>[^:]+?)\s*(?::\s*(?P<value>.*))?$")
_DIGITS_ONLY = re.compile(r"[^0-9]")


@dataclass(frozen=True)
class Report:
    """A table with what is known about it: its name, property and half-open period."""

    name: str
    property_id: str | None
    period: Period | None
    header: tuple[str, ...]
    rows: Rows


def ga4_sections(
    file: SourceFile, reader: Reader, *, preset: FilePreset, zone: ZoneInfo, coverage: Period | None
) -> Iterator[Section]:
    """Sections of one file.

    Raises:
        SourceDataError: unreadable, or a period report whose period nothing says.
    """
    if format_of(file.path) == ".json":
        answer = _answer(file.path)
        if answer is not None:
            yield from _answer_sections(file, answer, preset, zone)
            return
    if format_of(file.path) in {".csv", ".tsv", ".txt"}:
        text = open_text(
            file.path, encoding=reader.config.encoding, delimiter=reader.config.delimiter, temp=reader.temp
        )
        records = list(text.records())
        if records[0][1][0].lstrip("\ufeff").startswith("#"):
            for report in _ui_reports(file, records):
                yield _section(report, file.path, preset, coverage)
            return
        sibling = sibling_of(file.path)
        answer = _answer(sibling) if sibling else None
        report = Report(
            file.stem,
            _property(answer) if answer else None,
            _period(answer, zone) if answer else None,
            tuple(records[0][1]),
            records[1:],
        )
        yield _section(report, file.path, preset, coverage)
        return
    table = reader.table(file.path)
    rows = reader.con.execute(f"select * from ({table.rows_sql}) order by _line").fetchall()
    report = Report(file.stem, None, None, table.header, [(row[-1], row[:-1]) for row in rows])
    yield _section(report, file.path, preset, coverage)


def sibling_of(path: Path) -> Path | None:
    """The JSON answer beside a CSV report of the same name, which says its query and when it was taken."""
    beside = path.parent / f"{path.name.split('.')[0]}.json"
    return beside if format_of(path) != ".json" and beside.is_file() else None


def _section(report: Report, path: Path, preset: FilePreset, coverage: Period | None) -> Section:
    known = {"property_id": report.property_id} if report.property_id else {}
    daily = preset.headers[ga4.TOTALS.id]["date"]
    if find(("date", *daily), report.header):
        stream = next(
            (
                stream
                for dimension, stream in _BY_DIMENSION
                if find((dimension, *preset.headers[stream.id].get(dimension, ())), report.header)
            ),
            ga4.TOTALS,
        )
        table = table_of_rows(report.header, report.rows)
        return Section(stream=stream, table=table, constants=known, name=report.name)
    period = report.period or coverage
    if period is None:
        raise SourceDataError(
            f"{path} ({report.name}): the report has no day and nothing says its period. Put the JSON of "
            "the report "
            "beside it, export it from the UI with its comment block, or declare `coverage: {from: …, "
            "to: …}`.",
            path=path,
        )
    return _period_section(report, period)


def _period_section(report: Report, period: Period) -> Section:
    numeric = [
        all(_is_number(row[at]) for _, row in report.rows if at < len(row))
        for at in range(len(report.header))
    ]
    first_metric = next((at for at in range(len(numeric)) if all(numeric[at:])), len(numeric))
    dimensions = range(min(first_metric, 2))
    header = (
        *("report", "period_start", "period_end", "property_id", "row_number", "dimension_1", "dimension_2"),
        *("dimension_names", "metric", "metric_value"),
    )
    names = ",".join(report.header[at] for at in range(first_metric))
    start, end = (day.isoformat() for day in period)

    def long_rows() -> Iterator[tuple[int, Sequence[str | None]]]:
        for number, (line, row) in enumerate(report.rows, start=1):
            values = [row[at] for at in dimensions] + [None] * (2 - len(dimensions))
            for at in range(first_metric, len(row)):
                yield (
                    line,
                    (
                        *(report.name, start, end, report.property_id, str(number), *values),
                        *(names, report.header[at], row[at]),
                    ),
                )

    return Section(
        stream=ga4.PERIOD_REPORTS,
        table=table_of_rows(header, long_rows()),
        name=report.name,
        slice_sql=_PERIOD_SLICE,
    )


def _answer_sections(
    file: SourceFile, answer: Mapping[str, Any], preset: FilePreset, zone: ZoneInfo
) -> Iterator[Section]:
    name = str(answer.get("name") or file.stem)
    period = _period(answer, zone)
    data = answer.get("data") or []
    has_table = any(
        (file.path.parent / f"{file.path.stem}{ending}").is_file() for ending in (".csv", ".csv.gz", ".tsv")
    )
    if data and not has_table:
        keys = tuple(dict.fromkeys(chain.from_iterable(row.keys() for row in data)))
        rows = [(n, [_text(row.get(key)) for key in keys]) for n, row in enumerate(data, start=1)]
        yield _section(Report(name, _property(answer), period, keys, rows), file.path, preset, period)
    totals = [*_totals(answer.get("totals") or {})]
    if totals and period:
        header = ("report", "period_start", "period_end", "property_id", "metric", "segment", "metric_value")
        start, end = (day.isoformat() for day in period)
        yield Section(
            stream=ga4.REPORT_TOTALS,
            table=table_of_rows(
                (*header, "taken_at"),
                [
                    (n, (name, start, end, _property(answer), *total, str(answer["taken_at"])))
                    for n, total in enumerate(totals, start=1)
                ],
            ),
            name=f"{name} totals",
            slice_sql=_PERIOD_SLICE,
        )


def _totals(totals: Mapping[str, Any]) -> Iterator[tuple[str, str | None, str]]:
    """(metric, segment, value) of the report's totals; groups of totals are of a breakdown's values."""
    plain = [metric for metric, value in totals.items() if not isinstance(value, Mapping)]
    for metric in plain:
        yield metric, None, str(totals[metric])
    for group, values in totals.items():
        if isinstance(values, Mapping):
            metric = plain[0] if plain else group
            for segment, value in values.items():
                yield metric, f"{group}/{segment}", str(value)


def _ui_reports(file: SourceFile, records: Rows) -> Iterator[Report]:
    """Reports of a UI export: each a comment block, a header and rows, divided by the next comment block."""
    facts: dict[str, str] = {}
    title = file.stem
    seen: Counter[str] = Counter()
    block: list[tuple[int, Sequence[str | None]]] = []

    def flush() -> Iterator[Report]:
        if block:
            seen[title] += 1
            yield Report(
                title if seen[title] == 1 else f"{title} ({seen[title]})",
                facts.get("property"),
                _stated_period(facts),
                tuple(c or "" for c in block[0][1]),
                block[1:],
            )
            block.clear()

    for line, record in records:
        first = (record[0] or "").lstrip("\ufeff")
        if first.startswith("#"):
            yield from flush()
            found = _COMMENT.match(",".join(cell or "" for cell in record).lstrip("\ufeff").rstrip(", "))
            if found and found["value"] is not None:
                facts[fold(found["key"])] = found["value"]
            elif found and found["key"].strip("-# "):
                title = found["key"]
        elif not fold(first).startswith(("grandtotal", "total", "جمع")):
            block.append((line, record))
    yield from flush()


def _stated_period(facts: Mapping[str, str]) -> Period | None:
    days = [_DIGITS_ONLY.sub("", facts.get(key, "")) for key in ("startdate", "enddate")]
    if all(len(day) == len("20261101") for day in days):
        first, last = (datetime.strptime(day, "%Y%m%d").date() for day in days)  # noqa: DTZ007 - days have no zone
        return first, last + timedelta(days=1)
    return None


def _answer(path: Path) -> Mapping[str, Any] | None:
    """The Data API answer in ``path``; None if it is another kind of JSON."""
    try:
        content = json.loads(path.read_bytes())
    except ValueError as error:
        raise SourceDataError(f"{path} is no valid JSON: {error}. Export it again.", path=path) from error
    return content if isinstance(content, dict) and {"query", "taken_at"} <= content.keys() else None


def _property(answer: Mapping[str, Any]) -> str | None:
    named = answer["query"].get("property")
    return str(named).removeprefix("properties/") if named else None


def _period(answer: Mapping[str, Any], zone: ZoneInfo) -> Period | None:
    """Half-open period of an answer; relative days count from the day it was taken in the source's zone."""
    query = answer["query"]
    asked = (query.get("dateRanges") or [{}])[0]
    start = asked.get("startDate") or query.get("start-date")
    end = asked.get("endDate") or query.get("end-date")
    taken = datetime.fromisoformat(str(answer["taken_at"])).astimezone(zone).date()
    return (_day(start, taken), _day(end, taken) + timedelta(days=1)) if start and end else None


def _day(word: str, taken: date) -> date:
    if word in {"today", "yesterday"}:
        return taken - timedelta(days=word == "yesterday")
    if word.endswith("daysAgo"):
        return taken - timedelta(days=int(word.removesuffix("daysAgo")))
    return date.fromisoformat(word)


def _is_number(cell: str | None) -> bool:
    try:
        float(cell or "")
    except ValueError:
        return not (cell or "").strip()
    return True


def _text(value: object) -> str | None:
    return None if value is None else str(value)
