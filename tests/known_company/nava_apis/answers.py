"""What ``nava_apis`` must hold: the oracle's answers to what happened at ``nava``, under this brand's names.

Of sources that a server tells in place of a file, the vendor's module says what it can tell; all else is ``nava``'s own.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from tests.known_company.nava import answers as nava
from tests.known_company.nava_apis.names import BRAND_ID, own
from tests.known_company.nava_apis.vendors import VENDORS
from tests.known_company.oracle.cells import Cell, CellKey
from tests.known_company.oracle.feeds import Answers
from tests.known_company.oracle.spine import cells

BRAND = replace(nava.BRAND, brand_id=BRAND_ID)


def answers() -> Answers:
    """Amounts and feeds of every family, sources under this brand's names."""
    found = _without(nava.answers(), {source for vendor in VENDORS for source in vendor.TELLS})
    names = nava.campaigns()
    for vendor in VENDORS:
        told = vendor.answers()
        names.rename(told)
        found.merge(told)
    return _renamed(found)


@cache
def expected() -> dict[CellKey, Cell]:
    """Every row of the KPI facts."""
    return cells(BRAND, answers())


def _without(told: Answers, sources: set[str]) -> Answers:
    """What is left without some sources, and without amounts of several sources where none of these is left."""
    feeds = [feed for feed in told.feeds if feed.source_id not in sources]
    left = {feed.measure for feed in feeds}
    return Answers(
        feeds=feeds,
        daily={key: amount for key, amount in told.daily.items() if key[0] not in sources},
        periodic={
            key: amount
            for key, amount in told.periodic.items()
            if (key[1] in left if key[0] is None else key[0] not in sources)
        },
    )


def _renamed(told: Answers) -> Answers:
    return Answers(
        feeds=[replace(feed, source_id=own(feed.source_id)) for feed in told.feeds],
        daily={
            (own(source), measure, day, _segment(*segment)): amount
            for (source, measure, day, segment), amount in told.daily.items()
        },
        periodic={
            (own(source) if source else None, measure, grain, start, _segment(*segment)): amount
            for (source, measure, grain, start, segment), amount in told.periodic.items()
        },
    )


def _segment(kind: str, name: str) -> tuple[str, str]:
    return kind, own(name) if kind == "source" else name
