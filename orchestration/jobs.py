"""Jobs: one, the whole refresh from raw to published."""

from __future__ import annotations

import dagster as dg

REFRESH_JOB = "refresh"

refresh_job = dg.define_asset_job(
    REFRESH_JOB,
    selection=dg.AssetSelection.all(),
    description="Land every source, build and test the warehouse, publish, alert; what `sanjeh run` starts.",
    executor_def=dg.in_process_executor,
)
"""Options are the configuration of resource ``refresh``; steps run one after the other in one process."""
