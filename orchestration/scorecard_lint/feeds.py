"""Which measures the configured sources of a brand can feed, and so which KPIs it could have.

An upper bound: an export may lack a column, and a property may lack an event. What a brand really measures is
in the published file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from orchestration.scorecards.catalogue import Catalogue, CatalogueKpi, read_seed
from orchestration.source_settings import Source


@dataclass(frozen=True, kw_only=True)
class Feeds:
    """What feeds what.

    Attributes:
        parts: the measures that a measure is made of; itself unless it is derived.
        streams: ids of the streams that feed a measure, by measure that isn't derived.
        by_brand: measures that the configured sources of a brand can feed.
    """

    parts: Mapping[str, frozenset[str]]
    streams: Mapping[str, tuple[str, ...]]
    by_brand: Mapping[str, frozenset[str]]

    def parts_of(self, kpi: CatalogueKpi) -> frozenset[str]:
        """Every measure that a value of ``kpi`` is computed from."""
        return frozenset().union(*(self.parts.get(name, frozenset({name})) for name in kpi.measures))

    def lacking(self, brand: str, kpi: CatalogueKpi) -> tuple[str, ...]:
        """Measures of ``kpi`` that no configured source of the brand can feed, sorted."""
        return tuple(sorted(self.parts_of(kpi) - self.by_brand.get(brand, frozenset())))

    def kpis(self, brand: str, catalogue: Catalogue) -> frozenset[str]:
        """KPI ids that the configured sources could feed."""
        return frozenset(kpi.kpi_id for kpi in catalogue.kpis.values() if not self.lacking(brand, kpi))


def read_feeds(sources: Mapping[str, Source]) -> Feeds:
    """What the sources of ``sanjeh.yml`` can feed, by the seeds ``measures`` and ``derived_measures``."""
    streams: dict[str, dict[str, None]] = {}
    for row in read_seed("measures"):
        fed_by = streams.setdefault(row["measure"], {})
        if row["connector"]:
            fed_by[f"{row['connector']}/{row['stream']}"] = None
    parts: dict[str, set[str]] = {}
    for row in read_seed("derived_measures"):
        parts.setdefault(row["derived_measure"], set()).add(row["measure"])
    by_brand: dict[str, set[str]] = {}
    for source in sources.values():
        configured = {stream.id for stream in source.streams}
        fed = {measure for measure, fed_by in streams.items() if configured & fed_by.keys()}
        by_brand.setdefault(source.brand_id, set()).update(fed)
    return Feeds(
        parts={measure: frozenset(names) for measure, names in parts.items()},
        streams={measure: tuple(fed_by) for measure, fed_by in streams.items()},
        by_brand={brand: frozenset(measures) for brand, measures in by_brand.items()},
    )
