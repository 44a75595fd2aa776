"""An explanation as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table

from orchestration.kpi_explain import ACROSS
from orchestration.kpi_explain_change_view import change_tables
from orchestration.progress import counted
from orchestration.row_output import moment, number
from orchestration.scorecard_view import format_value

SHOWN_SLICES = 40


def print_explanation(console: Console, said: Mapping[str, Any]) -> None:
    """Value, formula, parts, days, and what is behind them, each under a heading of its own."""
    value = format_value(said["value"], unit=said["unit"], currency=said["currency_code"], lang="en")
    version = said["publication"]

    def line(text: str) -> None:
        console.print(text, markup=False, soft_wrap=True)

    line(f"{said['title']}: {value}")
    line(f"  status   {said['status']}: {said['why']}")
    line(f"  formula  {said['formula']}")
    line(f"           {_division(said)}")
    if said["basis"]:
        line(f"  basis    {said['basis']}")
    line(f"  mind     {said['edge_cases']}")
    through = f", newest source day {said['loaded_through']}" if said["loaded_through"] else ""
    line(f"  days     {said['days_loaded']} loaded of {said['days_expected']} expected{through}")
    for each in said["missing_days"]:
        first, last = each["first_day"], each["last_day"]
        days = f"{first}" if first == last else f"{first} to {last}"
        late = "overdue" if each["is_overdue"] else "may still come"
        line(f"           missing: {days} of {each['measure']} from {each['source_id']} ({late})")
    line(f"  version  {version['version']}, published {moment(version['published_at'])} UTC")
    for table in change_tables(said):
        console.print(table)
    if said["parts"]:
        console.print(_parts(said))
    elif said["value"] is not None:
        line("Parts by source are kept for overall values and source segments, not for this breakdown.")
    if any(amount is not None for day in said["days"] for name, amount in day.items() if name != "day"):
        console.print(_days(said))
    elif said["days"]:
        line("per day: no amount of any day is known; unknown is not zero")
    for text in _raw(said):
        line(text)


def _division(said: Mapping[str, Any]) -> str:
    scale = f"{said['scale']} x " if said["scale"] != 1 else ""
    result = (
        number(said["value"]) if said["unit"] != "ratio" or said["value"] is None else f"{said['value']:.6f}"
    )
    if said["denominator"] is None:
        return f"{scale}{number(said['numerator'])} = {result}"
    return f"{scale}{number(said['numerator'])} / {number(said['denominator'])} = {result}"


def _table(title: str, *columns: str, right: frozenset[str]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return table


def _parts(said: Mapping[str, Any]) -> Table:
    table = _table(
        "parts",
        *("side", "measure", "source", "amount", "x", "adds", "streams"),
        right=frozenset({"amount", "x", "adds"}),
    )
    for part in said["parts"]:
        across = part["source_id"] == ACROSS
        table.add_row(
            part["side"],
            part["measure"],
            " + ".join(part["fed_by"]) if across else part["source_id"],
            _amount(part["amount"], part["unit"]),
            number(part["weight"]),
            _amount(part["adds"], part["unit"]),
            ", ".join(part["streams"]),
        )
    return table


def _days(said: Mapping[str, Any]) -> Table:
    measures = [name for name in said["days"][0] if name != "day"]
    units = {part["measure"]: part["unit"] for part in said["parts"]}
    table = _table("per day", "day", *measures, right=frozenset(measures))
    for day in said["days"]:
        table.add_row(str(day["day"]), *(_amount(day[name], units[name]) for name in measures))
    return table


def _amount(value: Decimal | None, unit: str) -> str:
    """An amount with all its digits, of money two at least; a dash for none."""
    text = number(value)
    if value is None or unit != "money":
        return text
    whole, _, digits = text.partition(".")
    return f"{whole}.{digits:0<2}"


def _raw(said: Mapping[str, Any]) -> Iterator[str]:
    """Slices under their source and stream, files and records under their slice."""
    yield "behind it"
    heading = None
    for each in said["raw"][:SHOWN_SLICES]:
        if heading != (each["source_id"], each["stream_id"]):
            heading = (each["source_id"], each["stream_id"])
            yield f"  {each['source_id']}, {each['stream_id']}"
        days = ""
        if each["window_start"] is not None:
            days = f" ({each['window_start']} to {each['window_end'] - timedelta(days=1)})"
        yield f"    {each['slice']}{days}: {_rows(each)}"
    if len(said["raw"]) > SHOWN_SLICES:
        yield f"    {len(said['raw']) - SHOWN_SLICES:,} more; --format json lists all."


def _rows(each: Mapping[str, Any]) -> str:
    parts = [counted(each["rows"], "row")]
    if each["rows_in_period"] is not None:
        parts.append(f"{each['rows_in_period']:,} dated in the period")
    if each["first_record"] is not None:
        first, last = each["first_record"], each["last_record"]
        parts.append(f"record {first:,}" if first == last else f"records {first:,} to {last:,}")
    if each["original"]:
        parts.append(f"of {each['original']}")
    elif each["raw_file"]:
        parts.append("of an API's answer")
    if each["raw_file"]:
        parts.append(each["raw_file"])
    elif not each["is_current"]:
        parts.append("has landed again since this version was built")
    return ", ".join([*parts, f"load {each['load_id']}"])
