"""What a source reports: of a landing, per stream; of a check, per source."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.core.stream import Stream


@dataclass(frozen=True, kw_only=True)
class StreamLanding:
    """One stream after a landing.

    Attributes:
        stream: the stream.
        files_read: files that were read because they are new, corrected or asked for; 0 for an API.
        files_unchanged: files that were landed before as they are.
        files_left_alone: files still being written.
        requests: calls to an API, repeated ones included; 0 for files.
        waited_seconds: of those spent waiting for rate limits and before retries.
        windows: windows or batches that were committed.
        rows: rows landed. rejected: rows refused and kept as rejects.
        changed_slices: slices whose content changed. new_columns: source columns seen for the first time.
        notes: sentences for a person.
        error: why the stream could not be landed to its end; what was committed before stays.
    """

    stream: Stream
    files_read: int = 0
    files_unchanged: int = 0
    files_left_alone: int = 0
    requests: int = 0
    waited_seconds: float = 0.0
    windows: int = 0
    rows: int = 0
    rejected: int = 0
    changed_slices: int = 0
    new_columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    error: str | None = None


@dataclass(frozen=True, kw_only=True)
class SourceCheck:
    """Whether a source could be read now.

    Attributes:
        source_id: the source.
        summary: what was found: how many files, or which account with which rights.
        problems: what stops the source. notes: what is worth knowing.
        personal_columns: columns of personal data that would be hashed.
    """

    source_id: str
    summary: str
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    personal_columns: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything that is there can be read."""
        return not self.problems
