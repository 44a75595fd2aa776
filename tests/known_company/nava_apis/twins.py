"""Published cells of ``nava_apis`` beside those of ``nava``: the same, but for what a vendor's reason explains."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tests.known_company.compare import Outcome, read
from tests.known_company.nava_apis.names import BRAND_ID, own
from tests.known_company.nava_apis.vendors import VENDORS
from tests.known_company.oracle.cells import Cell, CellKey

TWIN, OURS = "nava", BRAND_ID


def differences(published: Path) -> Outcome:
    """Compare every row of both brands; one that differs without a reason is told."""
    return compared(read(published, {TWIN}), read(published, {OURS}))


def compared(by_file: Mapping[CellKey, Cell], by_api: Mapping[CellKey, Cell]) -> Outcome:
    """Compare rows of ``nava`` with those of ``nava_apis``."""
    wanted = {_of_brand(key): cell for key, cell in by_file.items()}
    reasons = [reason for vendor in VENDORS for reason in vendor.REASONS]
    why: Counter[str] = Counter()
    differing = []
    keys = wanted.keys() | by_api.keys()
    for key in sorted(keys):
        if wanted.get(key) == by_api.get(key):
            continue
        reason = next((each for each in reasons if each.explains(key)), None)
        if reason is None:
            name = f"{key.kpi_id} {key.grain} {key.period_start} {key.segment_type}={key.segment}"
            differing.append(f"{BRAND_ID} {name}: {wanted.get(key)} by file, {by_api.get(key)} by API")
        else:
            why[reason.text] += 1
    same = len(keys) - sum(why.values()) - len(differing)
    notes = [f"{BRAND_ID}: {same:,} of {len(keys):,} rows are as {TWIN}'s by file; the others:"]
    notes += [f"  {count:,} {text}" for text, count in why.most_common()]
    return Outcome(len(keys), differing, notes)


def _of_brand(key: CellKey) -> CellKey:
    segment = own(key.segment) if key.segment_type == "source" else key.segment
    return replace(key, brand_id=BRAND_ID, segment=segment)
