with

    costs as (select * from {{ ref("stg_costs__costs") }}),

    days as (select * from {{ ref("int_days") }}),

    -- Millionths are whole numbers, so the parts of a cost sum to it exactly. The wider
    -- decimal has room for them: rials have many digits.
    measured as (
        select
            *,
            cast(cast(amount as decimal(24, 6)) * 1000000 as bigint) as millionths,
            {{ days_between("first_date", "last_date") }} + 1 as day_count
        from costs
    ),

    spread as (
        select
            measured.brand_id,
            measured.source_id,
            days.calendar_date as cost_date,
            measured.category,
            measured.channel,
            measured.campaign,
            measured.vendor,
            measured.currency_code,
            {{ whole_division("measured.millionths", "measured.day_count") }} + case
                when
                    {{ days_between("measured.first_date", "days.calendar_date") }}
                    < abs(mod(measured.millionths, measured.day_count))
                then case when measured.millionths < 0 then -1 else 1 end
                else 0
            end as millionths
        from measured
        inner join
            days
            on days.calendar_date >= measured.first_date
            and days.calendar_date <= measured.last_date
    ),

    final as (
        select
            brand_id,
            source_id,
            cost_date,
            category,
            channel,
            campaign,
            vendor,
            currency_code,
            cast(
                cast(millionths as decimal(19, 0))
                * cast(0.000001 as decimal(7, 6)) as decimal(18, 6)
            ) as amount
        from spread
    )

select *
from final
