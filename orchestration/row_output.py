"""Rows as JSON and CSV: values unrounded, decimals and dates as text, UTC times in ISO form."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any


def as_json(content: object) -> str:
    """``content`` as indented JSON; a DECIMAL keeps its digits as text."""
    return json.dumps(content, ensure_ascii=False, indent=2, default=_plain)


def as_csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """CSV with a header; lists are joined by ``|``."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for row in rows:
        writer.writerow(
            {
                name: "|".join(map(str, row[name])) if isinstance(row[name], list) else _flat(row[name])
                for name in columns
            }
        )
    return text.getvalue()


def number(value: Decimal | float | None) -> str:
    """An amount with thousands marks and no trailing zeros; a dash for none."""
    if value is None:
        return "–"
    text = f"{value:,.6f}" if isinstance(value, Decimal) else f"{value:,.4f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def moment(value: datetime | None) -> str:
    """A UTC time to the minute; a dash for none."""
    return f"{value:%Y-%m-%d %H:%M}" if value is not None else "–"


def _flat(value: object) -> object:
    return _plain(value) if isinstance(value, datetime | Decimal) else value


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds") + "Z"
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)
