"""The published file, the reports on it, and the outcome of the run that made them."""

import dagster as dg

from orchestration.assets.conventions import (
    ALERTS,
    OPERATIONS_GROUP,
    OWNERS,
    PUBLISHED_GROUP,
    PUBLISHED_KPI,
    REPORT,
    RUN_OUTCOME,
)
from orchestration.resources import RefreshResource, step_after_publishing, step_of


def build_published_asset(warehouse: dg.AssetsDefinition) -> dg.AssetsDefinition:
    """The published file over the marts of ``warehouse``."""

    @dg.asset(
        key=PUBLISHED_KPI,
        deps=sorted(key for key in warehouse.keys if key.path[0] == "marts"),
        group_name=PUBLISHED_GROUP,
        owners=OWNERS,
        kinds={"duckdb"},
        description="warehouse/published/kpi.duckdb: the marts as readers see them, swapped in whole.",
    )
    def published_kpi(refresh: RefreshResource) -> dg.MaterializeResult[None]:
        run = refresh.run
        with step_of(run):
            result = run.publish()
            return dg.MaterializeResult(
                metadata={
                    "published": result.published,
                    "version": result.version or 0,
                    "message": result.message,
                    "bytes": result.bytes,
                    "dagster/row_count": sum(result.tables.values()),
                    "tables": dg.MetadataValue.json(dict(result.tables)),
                }
            )

    return published_kpi


@dg.asset(
    key=REPORT,
    deps=[PUBLISHED_KPI],
    group_name=PUBLISHED_GROUP,
    owners=OWNERS,
    kinds={"python"},
    description="reports/: one HTML file per brand, cadence and language, and the index over them.",
)
def report(refresh: RefreshResource) -> dg.MaterializeResult[None]:
    """Write the reports that are not up to date."""
    run = refresh.run
    with step_after_publishing(run, what="the reports are not up to date"):
        done = run.write_reports()
    return dg.MaterializeResult(
        metadata={"written": len(done.written), "kept": len(done.kept), "index": str(done.index)}
    )


@dg.asset(
    key=ALERTS,
    deps=[PUBLISHED_KPI],
    group_name=PUBLISHED_GROUP,
    owners=OWNERS,
    kinds={"python"},
    description="Tells the notifiers of `alerts:` what a new version gives rise to, and what is unsaid.",
)
def alerts(refresh: RefreshResource) -> dg.MaterializeResult[None]:
    """Decide, deliver and keep both in the ledger.

    Raises:
        dagster.Failure: a notifier did not take its messages; they are kept and go out with the next run.
    """
    run = refresh.run
    with step_after_publishing(run, what="not everybody was told"):
        sent = run.send_alerts()
        sent.require_delivered()
        return dg.MaterializeResult(
            metadata={
                "decided": sent.said,
                "messages": len(sent.deliveries),
                "notifiers": ", ".join(sorted({each.channel for each in sent.deliveries})) or "none",
            }
        )


@dg.asset(
    key=RUN_OUTCOME,
    deps=[PUBLISHED_KPI, REPORT, ALERTS],
    group_name=OPERATIONS_GROUP,
    owners=OWNERS,
    kinds={"python"},
    description="Fails when a source failed, after everything else was published: its KPIs are stale.",
)
def run_outcome(refresh: RefreshResource) -> dg.MaterializeResult[None]:
    """Say whether the run did everything it was asked to.

    Raises:
        dagster.Failure: a source failed; names each.
    """
    failed = refresh.run.failed_sources
    if failed:
        said = "; ".join(f"{source_id}: {error}" for source_id, error in failed.items())
        raise dg.Failure(
            description=f"Published without new data of {len(failed)} source(s), whose KPIs go stale. {said}",
            allow_retries=False,
        )
    return dg.MaterializeResult(metadata={"sources": len(refresh.run.results)})
