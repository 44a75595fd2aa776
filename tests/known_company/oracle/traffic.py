"""Web traffic of a statistics tool that writes lines per day and channel; the tool's own words are the totals."""

from __future__ import annotations

from collections.abc import Iterable

from tests.known_company.oracle.cells import OVERALL
from tests.known_company.oracle.feeds import Answers
from tests.known_company.records import TrafficDay

MEASURES = ("sessions", "engaged_sessions", "engagement_seconds", "page_views")


def answers(lines: Iterable[TrafficDay]) -> Answers:
    """Daily measures; feeds are the caller's. Lines without campaign are (not set) where others of the day have one."""
    lines = list(lines)
    with_campaign = {(line.source, line.day) for line in lines if line.campaign}
    found = Answers()
    for line in lines:
        segments = [OVERALL, ("channel", line.channel or "(not set)")]
        if (line.source, line.day) in with_campaign:
            segments.append(("campaign", line.campaign or "(not set)"))
        amounts = (line.sessions, line.engaged_sessions, line.engagement_seconds, line.page_views)
        for measure, amount in zip(MEASURES, amounts, strict=True):
            for segment in segments:
                found.add(line.source, measure, line.day, amount, segment)
    return found
