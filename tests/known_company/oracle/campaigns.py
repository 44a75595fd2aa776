"""One campaign for all its spellings, shown in the spelling of its earliest day.

contracts.md, amendment of 13:36: case, accents, Arabic and Persian letters and blanks make no difference; of spellings
that were first seen on the same day the one with more rows goes first, then the smallest text.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from tests.known_company.oracle.cells import Segment
from tests.known_company.oracle.feeds import Answers
from tests.known_company.oracle.text import folded, squeezed

NAMELESS = frozenset(
    {"", "(all)", "(not set)", "(none)", "(direct)", "(organic)", "(referral)", "(unreconciled)"}
)
"""Words for no campaign."""


class Campaigns:
    """Spellings with their first day and number of rows."""

    def __init__(self) -> None:
        self._seen: dict[str, dict[str, tuple[date, int]]] = {}

    def see(self, name: str | None, day: date, rows: int = 1) -> None:
        """A row of any family names a campaign."""
        if name is None or folded(name) in NAMELESS:
            return
        spellings = self._seen.setdefault(folded(name), {})
        first, count = spellings.get(squeezed(name), (day, 0))
        spellings[squeezed(name)] = (min(first, day), count + rows)

    def shown(self, name: str) -> str:
        """The spelling under which a campaign is shown."""
        spellings = self._seen.get(folded(name))
        if not spellings:
            return squeezed(name)
        return min(spellings, key=lambda each: (spellings[each][0], -spellings[each][1], each))

    def rename(self, answers: Answers) -> None:
        """Put the campaign segments of all amounts together under the names that are shown."""
        daily: Mapping[tuple[str, str, date, Segment], Decimal | None] = answers.daily
        answers.daily = {}
        for (source, measure, day, (kind, segment)), amount in daily.items():
            name = self.shown(segment) if kind == "campaign" else segment
            answers.add(source, measure, day, amount, (kind, name))
