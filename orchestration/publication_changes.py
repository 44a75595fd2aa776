"""What a publication or rollback changes, each with its reason: KPI values, targets, verdicts, slices."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import duckdb

from connectors.core.sql import literal
from orchestration import published_file as file
from orchestration.ledger import (
    BASELINE,
    ERASED,
    SLICES,
    TARGETS,
    VALUES,
    VERDICTS,
    WITHDRAWN,
    Event,
    Ledger,
    create_delta,
)
from orchestration.value_movers import note_movers

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
    erasing_loads: Collection[int] = (),
) -> None:
    """Temp tables ``delta_*``: how ``catalog`` differs from what the ledger says readers see.

    Args:
        con: has ``catalog`` attached, and what readers see as ``published`` where there is something.
        ledger: of the same workspace.
        event: the publication or rollback to come.
        catalog: ``build`` for a publication, ``target`` for a rollback.
        current: what readers see now.
        tables: tables of ``catalog``.
        erasing_loads: load ids of runs that erased people; what they changed says so.
    """
    ledger.create_views(con)
    reason = literal("rolled_back")
    if event.kind == "published":
        _note_erased_slices(con, erasing_loads)
        reason = _publish_reason(con, ledger, event, current)
    create_delta(con, VALUES, event=event, reason=reason, new_rows=file.kpi_values(catalog, VALUES))
    _create_slice_delta(con, ledger, event)
    if event.kind == "published":
        note_movers(con, inputs=_kpi_inputs(con, current))
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
        "o.days_loaded then 'new data' when n.brand_id in (select brand_id from erased_slices) then "
        f"{literal(ERASED)} else 'restated' end"
    )


def _note_erased_slices(con: duckdb.DuckDBPyConnection, erasing_loads: Collection[int]) -> None:
    """Temp table ``erased_slices``: slices that lost the rows of people since the last event."""
    loads = ", ".join(map(str, erasing_loads)) or "null"
    same = " and ".join(f"n.{key} = o.{key}" for key in SLICES.keys)
    con.execute(f"""
        create or replace temp table erased_slices as
        select {", ".join(f"n.{key}" for key in (*SLICES.keys, "brand_id"))}
        from build.control.slices as n
        left join open_slices as o on {same}
        where n.load_id in ({loads}) and n.content_hash is distinct from o.content_hash
    """)


def _create_slice_delta(con: duckdb.DuckDBPyConnection, ledger: Ledger, event: Event) -> None:
    """Temp table ``delta_slices``: how the slices behind this event differ from those behind the last one."""
    [(known,)] = con.execute("select count(*) from ledger_slices").fetchall()
    events = ledger.events()
    reason = "case when o.source_id is null then 'added' else 'replaced' end"
    if event.kind == "rolled_back":
        published_by = max(
            past.event_id for past in events if past.kind == "published" and past.version == event.version
        )
        [(before,)] = con.execute(
            "select count(*) from ledger_slices where event_id <= ?", [published_by]
        ).fetchall()
        rows = _slices_behind(published_by) if before else "select * from open_slices"
    else:
        columns = ", ".join((*SLICES.keys, *SLICES.values, *SLICES.notes))
        rows = f"select {columns} from build.control.slices"
        keys = ", ".join(SLICES.keys)
        erased = f"({', '.join(f'n.{key}' for key in SLICES.keys)}) in (select ({keys}) from erased_slices)"
        reason = f"case when {erased} then {literal(ERASED)} else {reason} end"
        if not known and events:
            reason = literal(BASELINE)
    create_delta(con, SLICES, event=event, reason=reason, new_rows=rows)
    # A removed slice keeps saying whose it was and which days it held.
    con.execute(f"""
        update delta_slices as d
        set brand_id = o.brand_id, window_start = o.window_start, window_end = o.window_end
        from open_slices as o
        where d.reason = {literal(WITHDRAWN)} and {" and ".join(f"d.{key} = o.{key}" for key in SLICES.keys)}
    """)


def _slices_behind(event_id: int) -> str:
    return f"""
        select * from (
            select * from ledger_slices where event_id <= {event_id}
            qualify row_number() over (partition by {", ".join(SLICES.keys)} order by event_id desc) = 1
        ) where reason <> {literal(WITHDRAWN)}
    """


def _kpi_inputs(con: duckdb.DuckDBPyConnection, current: Event | None) -> list[str]:
    """Tables that say which stream feeds which KPI: of the build and, for sources that left, of before."""
    catalogs = ["build", *([CURRENT] if current is not None else [])]
    return [
        f"{catalog}.marts.dim_kpi_inputs"
        for catalog in catalogs
        if "dim_kpi_inputs" in file.mart_tables(con, catalog)
    ]


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
