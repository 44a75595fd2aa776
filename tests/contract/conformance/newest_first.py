"""Cases of servers that list the vendor's own rows, newest first; how such rows drift and heal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from tests.contract.conformance.case import Drift, Item, NetworkedCase, Row
from tests.contract.conformance.moments import noon
from tests.contract.conformance.reshape import renamed, without


class NewestFirstCase(NetworkedCase):
    """A case whose server holds rows as the vendor writes them: ``hold`` keeps the items and shapes each row.

    Attributes:
        renaming: a field that vanishes or is renamed, and its other name.
        retyping: a field with a value of another type.
        repeating: the server's switch that lets pages repeat.
    """

    renaming: ClassVar[tuple[str, str]]
    retyping: ClassVar[tuple[str, str]]
    repeating: ClassVar[str] = "repeats_cursor"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._items: list[Item] = []
        self._kind: Drift | None = None

    def in_front(self, items: Sequence[Item]) -> Item:
        """Newest first."""
        newest = max(item.number for item in items)
        return Item(number=newest + 1, day=items[0].day, text="newest", label=self.label, amount=3)

    def repeat_pages(self) -> None:
        """Every page leads to itself."""
        setattr(self.api, self.repeating, True)
        self.api.lies = True

    def drift(self, kind: Drift) -> None:
        """Of the rows that the server holds."""
        self._kind = kind
        self.api.lies = True
        self._hold_again()

    def heal(self) -> None:
        """Also of drift and repeated pages."""
        super().heal()
        setattr(self.api, self.repeating, False)
        self._kind = None
        self._hold_again()

    def shaped(self, row: dict[str, Any]) -> Row:
        """``row`` as the vendor writes it now."""
        match self._kind:
            case Drift.VANISHED:
                return self.lacking(row)
            case Drift.RENAMED:
                return renamed(row, *self.renaming)
            case Drift.RETYPED:
                return row | dict([self.retyping])
            case Drift.NEW:
                return row | {"mood": "شاد"}
            case None:
                return row

    def lacking(self, row: dict[str, Any]) -> dict[str, Any]:
        """``row`` without a field."""
        return without(row, self.renaming[0])

    def _hold_again(self) -> None:
        self.hold(self._items, at=noon(self.first_day))
