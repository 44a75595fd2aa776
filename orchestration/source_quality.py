"""What the vendors say of the quality of their own reports, in words, per stream of one source.

Read from ``quality/report_days`` in the raw zone, the days of the last month; a vendor that has nothing to
say gives no words.
"""

from __future__ import annotations

from datetime import date, timedelta

import duckdb

from connectors.core.raw_zone import RawZone
from connectors.core.views import select_listed
from connectors.quality.streams import REPORT_DAYS

SHOWN_DAYS = 30
FLAGS = {
    "is_sampled": "sampled",
    "is_thresholded": "thresholded",
    "has_other_row": "with (other)",
    "truncation is not null": "cut",
    "is_incomplete": "incomplete",
}
"""Words by SQL condition."""


def quality_notes(zone: RawZone, source_id: str, *, today: date) -> dict[str, str]:
    """Words by stream id (``connector/stream``), e.g. ``sampled 3 d, thresholded 30 d``."""
    manifest = zone.manifest(REPORT_DAYS, source_id)
    if not manifest.files:
        return {}
    columns = dict(REPORT_DAYS.landed_columns)
    listed = select_listed([(zone.folder(REPORT_DAYS, source_id), manifest)], columns)
    counts = ", ".join(f"count(*) filter ({condition})" for condition in FLAGS)
    with duckdb.connect() as con:
        rows = con.execute(
            f"select report, {counts} from ({listed}) where date > ? group by report",
            [today - timedelta(days=SHOWN_DAYS)],
        ).fetchall()
    return {
        str(report): said
        for report, *days in rows
        if (said := ", ".join(f"{word} {n} d" for word, n in zip(FLAGS.values(), days, strict=True) if n))
    }
