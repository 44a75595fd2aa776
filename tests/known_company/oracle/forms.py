"""Forms: person-form-days on both sides, so that forms and days add up; kpi-formulas.md, "Form conversion rate"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tests.known_company.oracle.cells import OVERALL
from tests.known_company.oracle.feeds import Answers

MEASURES = ("form_submitter_days", "form_viewer_days")
FINAL_AFTER = 2


@dataclass(frozen=True, slots=True)
class FormPeople:
    """Distinct people of a form and day; None where the tool doesn't tell."""

    day: date
    form: str
    viewers: int | None
    submitters: int | None


def answers(source: str, told: Iterable[FormPeople]) -> Answers:
    """Daily measures of a form tool; feeds are the caller's."""
    found = Answers()
    for each in told:
        for segment in (OVERALL, ("form", each.form)):
            found.add(source, "form_submitter_days", each.day, each.submitters, segment)
            found.add(source, "form_viewer_days", each.day, each.viewers, segment)
    return found
