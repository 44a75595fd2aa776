"""What GA4 says of its own answer, and its rows in ``quality/report_days``: one per day and report.

In comes Google's ResponseMetaData message; marks that are false are absent there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from connectors.core.window import DateWindow


@dataclass(frozen=True)
class Cut:
    """A reason for which Google cut the answer.

    Attributes:
        reason: in Google's words.
        before: days before it are cut; None where it isn't a matter of age.
        ranges: days that are cut; all where neither is told.
    """

    reason: str
    before: date | None
    ranges: tuple[DateWindow, ...]

    def is_of(self, day: date) -> bool:
        """Whether ``day`` is cut."""
        if self.before is None and not self.ranges:
            return True
        is_old = self.before is not None and day < self.before
        return is_old or any(day in days for days in self.ranges)


@dataclass(frozen=True, kw_only=True)
class Quality:
    """Marks of an answer.

    Attributes:
        samples: events read and events there are, one pair per range; empty if unsampled.
        withheld: metrics that the credentials may not see; Google shows zeros.
    """

    samples: tuple[tuple[int, int], ...]
    is_thresholded: bool
    has_other_row: bool
    cuts: tuple[Cut, ...]
    withheld: tuple[str, ...]
    empty_reason: str | None

    @classmethod
    def of(cls, metadata: Any, metrics: Collection[str]) -> Self:
        """The marks in a ``ResponseMetaData`` message; ``metrics`` are those that were asked for."""
        restrictions = metadata.schema_restriction_response.active_metric_restrictions
        return cls(
            samples=tuple(
                (each.samples_read_count, each.sampling_space_size) for each in metadata.sampling_metadatas
            ),
            is_thresholded=metadata.subject_to_thresholding,
            has_other_row=metadata.data_loss_from_other_row,
            cuts=tuple(_cut(each) for each in metadata.data_truncation_reasons),
            withheld=tuple(each.metric_name for each in restrictions if each.metric_name in metrics),
            empty_reason=metadata.empty_reason or None,
        )

    def sampled_share(self, place: int = 0) -> float | None:
        """Share of the events that were read for the range at ``place``; None if all were."""
        if not self.samples:
            return None
        read, there = self.samples[min(place, len(self.samples) - 1)]
        return read / there if there else None


def marks_of_day(day: date, answers: list[tuple[Quality, int]]) -> dict[str, object]:
    """Columns of ``quality/report_days`` for a day that stands in one or several answers; the worst counts.

    Args:
        day: the day.
        answers: of each its quality, and the place of the day's range in it.
    """
    shares = [quality.sampled_share(place) for quality, place in answers]
    known = [share for share in shares if share is not None]
    reasons = dict.fromkeys(reason for quality, _ in answers for reason in _reasons(quality, day))
    empty = dict.fromkeys(quality.empty_reason for quality, _ in answers if quality.empty_reason)
    return {
        "is_sampled": any(quality.samples for quality, _ in answers),
        "sampled_share": min(known, default=None),
        "is_thresholded": any(quality.is_thresholded for quality, _ in answers),
        "has_other_row": any(quality.has_other_row for quality, _ in answers),
        "truncation": "; ".join(reasons) or None,
        "empty_reason": "; ".join(empty) or None,
    }


def _reasons(quality: Quality, day: date) -> Iterator[str]:
    yield from (cut.reason for cut in quality.cuts if cut.is_of(day))
    yield from (f"no access to {metric}" for metric in quality.withheld)


def _cut(message: Any) -> Cut:
    """A ``DataTruncationReason``; a type that the library doesn't know yet is its number."""
    known = message.DESCRIPTOR.fields_by_name["data_truncation_type"].enum_type.values_by_number
    number = message.data_truncation_type
    name = known[number].name.removeprefix("DATA_TRUNCATION_TYPE_") if number in known else str(number)
    said = message.data_truncation_message
    return Cut(
        reason=f"{name}: {said}" if said else name,
        before=date.fromisoformat(message.data_truncation_date) if message.data_truncation_date else None,
        ranges=tuple(
            DateWindow.inclusive(date.fromisoformat(each.start_date), date.fromisoformat(each.end_date))
            for each in message.data_truncation_date_ranges
        ),
    )
