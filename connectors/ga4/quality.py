"""What GA4 says of its own answer, as rows of ``quality/report_days``: one per day and report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from connectors.core.feed import Batch
from connectors.core.stream import Stream
from connectors.core.window import DateWindow
from connectors.quality.streams import REPORT_DAYS


def quality_batch(
    stream: Stream, window: DateWindow, metadata: Any, *, total: int, rows: Mapping[date, int]
) -> Batch:
    """Rows for the days of ``window``.

    Args:
        stream: the report.
        window: days the answer is about.
        metadata: Google's ResponseMetaData message; its marks hold for the whole answer.
        total: rows of the whole answer as Google counts them.
        rows: rows that came, by day.
    """
    read = sum(each.samples_read_count for each in metadata.sampling_metadatas)
    space = sum(each.sampling_space_size for each in metadata.sampling_metadatas)
    marks = {
        "report": stream.id,
        "answer_rows": total,
        "is_sampled": bool(space) and read < space,
        "sampled_share": read / space if space else None,
        "is_thresholded": metadata.subject_to_thresholding,
        "has_other_row": metadata.data_loss_from_other_row,
        "truncation": _cuts(metadata) or None,
        "empty_reason": metadata.empty_reason or None,
    }
    return Batch.of_rows(
        REPORT_DAYS,
        [{"date": str(day), "landed_rows": rows.get(day, 0), **marks} for day in window.days()],
    )


def _cuts(metadata: Any) -> str:
    """Reasons for which rows or metrics are missing, semicolon separated."""
    cuts = [_reason(each) for each in metadata.data_truncation_reasons]
    restrictions = metadata.schema_restriction_response.active_metric_restrictions
    cuts += [f"no access to {each.metric_name}" for each in restrictions]
    return "; ".join(cuts)


def _reason(cut: Any) -> str:
    """Type and message of a cut; a type that the library doesn't know yet is its number."""
    known = cut.DESCRIPTOR.fields_by_name["data_truncation_type"].enum_type.values_by_number
    number = cut.data_truncation_type
    name = known[number].name.removeprefix("DATA_TRUNCATION_TYPE_") if number in known else str(number)
    return f"{name}: {cut.data_truncation_message}" if cut.data_truncation_message else name
