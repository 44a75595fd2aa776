"""Orion's forms by day: people who saw them and people who sent them; the worked example's conversion of 15 %.

Planted: October above and November below the target, December exactly on it; a day on which the tool lost the viewers of
one form; days without viewers; a day that is missing; a test form; a form that is sent twice by the same people.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from tests.known_company.clock import END, START
from tests.known_company.oracle.periods import days
from tests.known_company.orion.dice import dice

LOST = date(2024, 9, 17)
"""Viewers of the demo form are not known."""
MISSING = date(2025, 2, 11)
_JUDGED = {(2025, 10): 3.3, (2025, 11): 2.8, (2025, 12): 3.0}
"""People who send the contact form, of twenty who see it."""


@dataclass(frozen=True, slots=True)
class FormDay:
    """One form on one day."""

    day: date
    form: str
    viewers: int | None
    submitters: int
    submissions: int
    is_test: bool = False


def form_days() -> Iterator[FormDay]:
    """Every form and day."""
    for day in days(START, END + timedelta(days=1)):
        if day == MISSING:
            continue
        thrown = dice("form", day)
        judged = _JUDGED.get((day.year, day.month))
        if judged is not None:
            # Ten days of thirty send one more or one less, so that months hit their shares.
            submitters = round(judged * day.day) - round(judged * (day.day - 1))
            yield FormDay(day, "Contact", 20, submitters, submitters + 1)
            continue
        viewers = 0 if day.weekday() == 6 else thrown.randrange(8, 30)
        sent = sum(thrown.random() < 0.14 for _ in range(viewers))
        yield FormDay(day, "Contact", viewers, sent, sent + (1 if sent and thrown.random() < 0.3 else 0))
        seen = thrown.randrange(1, 12)
        asked = thrown.randrange(seen)
        yield FormDay(day, "Demo", None if day == LOST else seen, asked, asked)
        if day.day == 20:
            yield FormDay(day, "Test form", 9, 9, 9, is_test=True)


def write_forms(folder: Path, through: date) -> None:
    """The tool's report up to a day."""
    text = "Date,Form ID,Form name,Unique views,Unique submissions,Total submissions\n" + "".join(
        f"{each.day},{each.form.lower().replace(' ', '-')},{each.form},{'' if each.viewers is None else each.viewers},"
        f"{each.submitters},{each.submissions}\n"
        for each in form_days()
        if each.day <= through
    )
    (folder / "forms.csv").write_text(text, encoding="utf-8")
