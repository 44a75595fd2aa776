"""Raw assets: one per stream, keyed ``<connector>/<stream>``, landed by every source that feeds it.

Streams of one connector share a step, since one export often feeds several; the run lands each source once.
A source that fails leaves its streams as they were: the failed check says so, the run goes on and ends as
not successful.
"""

from collections.abc import Iterator
from itertools import groupby

import dagster as dg

from connectors.core.stream import Stream
from connectors.registry import STREAMS
from orchestration.assets.conventions import OWNERS, RAW_GROUP
from orchestration.checks.landing import CHECK_DESCRIPTIONS, StreamFacts, check_stream, days_covered
from orchestration.pipeline import RefreshRun, SourceResult
from orchestration.progress import Phase
from orchestration.resources import RefreshResource, step_of
from orchestration.source_settings import Source

CALENDAR = "calendar"


def _spec(stream: Stream) -> dg.AssetSpec:
    return dg.AssetSpec(
        [stream.connector, stream.name],
        description=f"{stream.description}.",
        group_name=RAW_GROUP,
        owners=OWNERS,
        kinds={"parquet", stream.kind.value},
        metadata={"key": ", ".join(stream.key) or "file and line", "reread_days": stream.reread_days},
    )


def _check_specs(streams: list[Stream]) -> list[dg.AssetCheckSpec]:
    return [
        dg.AssetCheckSpec(name, asset=[stream.connector, stream.name], description=description)
        for stream in streams
        for name, description in CHECK_DESCRIPTIONS.items()
    ]


def build_raw_assets(connector: str, streams: list[Stream]) -> dg.AssetsDefinition:
    """The assets of one connector's streams."""

    @dg.multi_asset(
        name=f"{connector}__raw",
        specs=[_spec(stream) for stream in streams],
        check_specs=_check_specs(streams),
        can_subset=True,
    )
    def land(
        context: dg.AssetExecutionContext, refresh: RefreshResource
    ) -> Iterator[dg.MaterializeResult[None]]:
        run = refresh.run
        with step_of(run):
            results = run.land(run.sources_of(connector), begin=_selected_sources(run, context))
            for stream in streams:
                key = dg.AssetKey([stream.connector, stream.name])
                if key in context.selected_asset_keys:
                    yield _materialised(run, stream, results)

    return land


def _selected_sources(run: RefreshRun, context: dg.AssetExecutionContext) -> list[Source]:
    """Sources that feed any asset of the whole Dagster run, in whichever step."""
    selected = context.run.asset_selection
    return [
        source
        for source in run.settings.sources.values()
        if not selected  # a job as a whole selects nothing
        or any(dg.AssetKey([stream.connector, stream.name]) in selected for stream in source.streams)
    ]


def _materialised(
    run: RefreshRun, stream: Stream, results: dict[str, SourceResult]
) -> dg.MaterializeResult[None]:
    feeding = [source for source in run.sources_of(stream.connector) if stream in source.streams]
    landings = [
        landing
        for source in feeding
        for landing in results[source.source_id].landings
        if landing.stream.id == stream.id
    ]
    facts = [
        StreamFacts.gather(run, stream, source, results[source.source_id])
        for source in feeding
        if not results[source.source_id].is_skipped
    ]
    return dg.MaterializeResult(
        asset_key=[stream.connector, stream.name],
        metadata={
            "sources": ", ".join(source.source_id for source in feeding) or "none configured",
            "failed_sources": ", ".join(s.source_id for s in feeding if results[s.source_id].error_of(stream))
            or "none",
            "dagster/row_count": sum(fact.listed_rows for fact in facts),
            "days": days_covered(facts) or "none",
            "stored_bytes": sum(fact.stored_bytes for fact in facts),
            "stored_files": sum(fact.stored_files for fact in facts),
            "rows_read": sum(landing.rows for landing in landings),
            "rows_rejected": sum(landing.rejected for landing in landings),
            "files_read": sum(landing.files_read for landing in landings),
            "requests": sum(landing.requests for landing in landings),
            "waited_seconds": round(sum(landing.waited_seconds for landing in landings), 1),
            "windows": sum(landing.windows for landing in landings),
            "changed_slices": sum(landing.changed_slices for landing in landings),
        },
        check_results=check_stream(stream, facts),
    )


@dg.multi_asset(
    name="calendar__raw",
    specs=[_spec(stream) for stream in STREAMS.values() if stream.connector == CALENDAR],
    can_subset=True,
)
def calendar_assets(
    context: dg.AssetExecutionContext, refresh: RefreshResource
) -> Iterator[dg.MaterializeResult[None]]:
    """Days and periods of every calendar in use."""
    from connectors.calendar.make import CalendarKey, land_calendar  # noqa: PLC0415 - imports Arrow and DuckDB

    run = refresh.run
    with step_of(run):
        run.progress.enter(Phase.LANDING)
        keys = [CalendarKey.parse(key) for key in run.settings.calendar_keys()]
        land_calendar(run.zone, keys, load_id=run.record.load_id, loaded_at=run.now)
        for key in sorted(context.selected_asset_keys):
            yield dg.MaterializeResult(asset_key=key)


RAW_ASSETS: list[dg.AssetsDefinition] = [
    calendar_assets,
    *(
        build_raw_assets(connector, list(streams))
        for connector, streams in groupby(
            sorted(STREAMS.values(), key=lambda stream: stream.id), key=lambda stream: stream.connector
        )
        if connector != CALENDAR
    ),
]
"""Assets of every stream, configured or not; a stream without a source has nothing to do."""
