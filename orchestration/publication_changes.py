"""What a publication or rollback changes: KPI values, target versions and verdicts, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from connectors.core.sql import literal
from orchestration import published_file as file
from orchestration.ledger import TARGETS, VALUES, VERDICTS, Event, Ledger, create_delta

CURRENT = "published"
"""Catalog name under which the file that readers see is attached."""


def create_deltas(
    con: duckdb.DuckDBPyConnection,
    ledger: Ledger,
    event: Event,
    *,
    catalog: str,
    current: Event | None,
    tables: Mapping[str, Mapping[str, str]],
) -> None:
    """Temp tables ``delta_*``: how ``catalog`` differs from what the ledger says readers see.

    Args:
        con: has ``catalog`` attached, and what readers see as ``published`` where there is something.
        ledger: of the same workspace.
        event: the publication or rollback to come.
        catalog: ``build`` for a publication, ``target`` for a rollback.
        current: what readers see now.
        tables: tables of ``catalog``.
    """
    ledger.create_views(con)
    reason = literal("rolled_back")
    if event.kind == "published":
        reason = _publish_reason(con, ledger, event, current)
    create_delta(con, VALUES, event=event, reason=reason, new_rows=file.kpi_values(catalog, VALUES))
    plain_reason = literal(event.kind)
    targets = "select * from open_targets" if catalog == "target" else _targets_of("build")
    create_delta(con, TARGETS, event=event, reason=plain_reason, new_rows=targets)
    verdicts = _verdicts_of(catalog) if "fct_scorecard" in tables else "select * from open_verdicts"
    create_delta(con, VERDICTS, event=event, reason=plain_reason, new_rows=verdicts)


def _publish_reason(
    con: duckdb.DuckDBPyConnection, ledger: Ledger, event: Event, current: Event | None
) -> str:
    """SQL for why a value is new or changed, from its new row ``n`` and its open row ``o``."""
    before = [past for past in ledger.events() if past.kind == "published"]
    if before and before[-1].fingerprint != event.fingerprint and before[-1].inputs_hash == event.inputs_hash:
        return literal("definition_changed")
    if current is not None:
        # The ledger keeps how far a value reached when it last changed; days may have come since without
        # moving it.
        con.execute(f"""
            update open_values as o set days_loaded = p.days_loaded, loaded_through = p.loaded_through
            from ({file.kpi_values(CURRENT, VALUES)}) as p
            where {" and ".join(f"o.{key} = p.{key}" for key in VALUES.keys)}
        """)
    return (
        "case when o.brand_id is null or n.loaded_through > o.loaded_through or n.days_loaded > "
        "o.days_loaded then 'new data' else 'restated' end"
    )


def _targets_of(catalog: str) -> str:
    return f"""
        select scorecard_id, kpi_id, valid_from as target_from, target, target_upper, direction, baseline,
        tolerance,
            brand_id
        from {catalog}.control.targets
    """


def _verdicts_of(catalog: str) -> str:
    return f"""
        select scorecard_id, kpi_id, period_start, cast(actual as double) as actual, cast(target as double)
        as target,
            verdict, brand_id, grain, status
        from {catalog}.marts.fct_scorecard
    """
