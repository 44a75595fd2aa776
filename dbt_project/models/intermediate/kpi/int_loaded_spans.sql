with

    slices as (select * from {{ source("control", "slices") }}),

    -- Each window once: several slices may be of the same days, and rows that tie have
    -- no order that two windows over them would share.
    listed as (
        select distinct brand_id, source_id, connector, stream, window_start, window_end
        from slices
        where window_start < window_end
    ),

    windows as (
        select
            brand_id,
            source_id,
            connector,
            stream,
            window_start,
            window_end,
            max(window_end) over (
                partition by brand_id, source_id, connector, stream
                order by window_start nulls first, window_end nulls first
                rows between unbounded preceding and 1 preceding
            ) as covered_until
        from listed
    ),

    numbered as (
        select
            brand_id,
            source_id,
            connector,
            stream,
            window_start,
            window_end,
            -- A history of subscription items has no holes: a state holds until the
            -- next row.
            sum(
                case
                    when covered_until >= window_start
                    then 0
                    when
                        covered_until is not null
                        and (
                            (connector = 'subscriptions' and stream = 'items')
                            or (connector = 'stripe' and stream = 'subscriptions')
                        )
                    then 0
                    else 1
                end
            ) over (
                partition by brand_id, source_id, connector, stream
                order by window_start nulls first, window_end nulls first
                rows between unbounded preceding and current row
            ) as span_number
        from windows
    ),

    spans as (
        select
            brand_id,
            source_id,
            connector,
            stream,
            span_number,
            min(window_start) as span_start,
            max(window_end) as span_end
        from numbered
        group by brand_id, source_id, connector, stream, span_number
    ),

    final as (
        select
            brand_id,
            source_id,
            connector,
            stream,
            span_start,
            span_end,
            lead(span_start) over (
                partition by brand_id, source_id, connector, stream
                order by span_start nulls first
            ) as next_span_start
        from spans
    )

select *
from final
