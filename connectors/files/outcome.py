"""What a file source reports: of a landing, per stream; of a check, per source."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.core.stream import Stream


@dataclass(frozen=True, kw_only=True)
class StreamLanding:
    """One stream after a landing of a file source.

    Attributes:
        stream: the stream.
        files_read: files that were read because they are new, corrected or asked for.
        files_unchanged: files that were landed before as they are. files_left_alone: files still being
            written.
        rows: rows landed. rejected: rows refused and kept as rejects.
        changed_slices: slices whose content changed. new_columns: source columns seen for the first time.
        notes: sentences for a person.
    """

    stream: Stream
    files_read: int
    files_unchanged: int
    files_left_alone: int
    rows: int = 0
    rejected: int = 0
    changed_slices: int = 0
    new_columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SourceCheck:
    """Whether a source could be read now.

    Attributes:
        source_id: the source.
        files: complete files found. problems: what stops the source. notes: what is worth knowing.
        personal_columns: columns of personal data that are in the files and would be hashed.
    """

    source_id: str
    files: int
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    personal_columns: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether every file that is there can be read."""
        return not self.problems
