"""How visits are spread in the real exports of ``examples/real``: days, devices, origins, pages of NASA.

A generator draws from these, so that its data has the skew of a real site and not that of a random function.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

NASA = Path(__file__).parents[2] / "examples/real/exports/nasa"
TENTHS = 1_000
"""Slots of a :func:`slots` list: shares are rounded to thousandths."""


@dataclass(frozen=True)
class Origin:
    """Where visits come from: source and GA4's channel group, as the export names them."""

    source: str
    channel_group: str


@dataclass(frozen=True)
class RealShares:
    """Visits by what distinguishes them; every mapping keeps the order of its file."""

    days: tuple[int, ...]
    devices: dict[str, int]
    origins: dict[Origin, int]
    pages: dict[tuple[str, str], int]


def read_shares(folder: Path = NASA) -> RealShares:
    """The shares that the exports in ``folder`` show; its days from the first to the last."""
    devices: dict[str, int] = defaultdict(int)
    for row in _rows(folder / "devices.csv"):
        devices[row["device"]] += int(row["visits"])
    days = sorted((row["date"], int(row["visits"])) for row in _rows(folder / "users.csv"))
    return RealShares(
        days=tuple(visits for _, visits in days),
        devices=dict(devices),
        origins={
            Origin(row["source"], row["session_default_channel_group"]): int(row["visits"])
            for row in _rows(folder / "top-traffic-sources-30-days.csv")
        },
        pages={
            (row["domain"], row["landing_page"]): int(row["visits"])
            for row in _rows(folder / "top-landing-pages-30-days.csv")
        },
    )


def slots(weights: list[int]) -> list[int]:
    """``TENTHS`` positions (from 1) of ``weights``, each as often as its share; every one at least once."""
    total = sum(weights)
    counts = [max(1, round(weight * TENTHS / total)) for weight in weights]
    counts[counts.index(max(counts))] += TENTHS - sum(counts)
    return [position for position, count in enumerate(counts, start=1) for _ in range(count)]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
