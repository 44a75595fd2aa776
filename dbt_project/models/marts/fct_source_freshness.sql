with

    source_streams as (select * from {{ source("control", "source_streams") }}),

    sources as (select * from {{ source("control", "sources") }}),

    slices as (select * from {{ source("control", "slices") }}),

    brands as (select * from {{ ref("dim_brand") }}),

    notes as (select * from {{ ref("int_report_quality_notes") }}),

    loaded as (
        select
            source_id,
            connector,
            stream,
            cast(count(*) as bigint) as slices,
            cast(sum(row_count) as bigint) as row_count,
            min(window_start) as loaded_from,
            {{ add_days("max(window_end)", -1) }} as loaded_through,
            max(loaded_at) as last_loaded_at
        from slices
        group by source_id, connector, stream
    ),

    due as (
        select
            source_streams.*,
            sources.expect,
            -- Quality comes beside reports and is awaited with them.
            case
                when source_streams.connector = 'quality'
                then null
                when sources.expect = 'daily'
                then
                    {{
                        add_days(
                            "brands.as_of_date",
                            "-source_streams.usable_after_days - 1",
                        )
                    }}
                when sources.expect = 'until'
                then
                    least(
                        sources.expect_until,
                        {{
                            add_days(
                                "brands.as_of_date",
                                "-source_streams.usable_after_days - 1",
                            )
                        }}
                    )
            end as due_through
        from source_streams
        inner join sources on source_streams.source_id = sources.source_id
        inner join brands on source_streams.brand_id = brands.brand_id
    ),

    measured as (
        select
            due.*,
            loaded.slices,
            loaded.row_count,
            loaded.loaded_from,
            loaded.loaded_through,
            loaded.last_loaded_at,
            case
                when loaded.loaded_through < due.due_through
                then {{ days_between("loaded.loaded_through", "due.due_through") }}
                when loaded.loaded_through is not null
                then 0
            end as days_behind,
            notes.quality_note
        from due
        left join
            loaded
            on due.source_id = loaded.source_id
            and due.connector = loaded.connector
            and due.stream = loaded.stream
        left join
            notes
            on due.source_id = notes.source_id
            and due.connector = notes.connector
            and due.stream = notes.stream
    ),

    final as (
        select
            brand_id,
            source_id,
            connector,
            stream,
            kind,
            expect,
            coalesce(slices, 0) as slices,
            coalesce(row_count, 0) as row_count,
            rejected_rows,
            loaded_from,
            loaded_through,
            due_through,
            cast(days_behind as bigint) as days_behind,
            case
                when last_error is not null
                then 'failed'
                when slices is null
                then 'never_loaded'
                when days_behind > 0
                then 'late'
                else 'fresh'
            end as status,
            last_error,
            last_loaded_at,
            last_success_at,
            quality_note
        from measured
    )

select *
from final
