-- Per conversion and rule credits sum to exactly 1; per entry and rule revenue sums to
-- exactly what the order, deal or refund is worth, unknown where that is unknown.
{{ config(meta={"dagster": {"ref": {"name": "fct_attributed_revenue"}}}) }}

with

    attributed as (select * from {{ ref("fct_attributed_revenue") }}),

    entries as (select * from {{ ref("int_conversion_entries") }}),

    sums as (
        select
            brand_id,
            conversion_type,
            source_id,
            conversion_id,
            entry_type,
            entry_date,
            attribution_rule,
            cast(sum(credit) as decimal(38, 12)) as credit,
            {{ exact_sum("revenue") }} as revenue
        from attributed
        group by
            brand_id,
            conversion_type,
            source_id,
            conversion_id,
            entry_type,
            entry_date,
            attribution_rule
    ),

    expected as (
        {% for rule in attribution_rules() %}
            select *, '{{ rule }}' as attribution_rule
            from entries {{ "union all" if not loop.last }}
        {% endfor %}
    )

select
    expected.brand_id,
    expected.conversion_type,
    expected.source_id,
    expected.conversion_id,
    expected.entry_type,
    expected.entry_date,
    expected.attribution_rule,
    sums.credit,
    sums.revenue,
    expected.revenue as expected_revenue
from expected
left join
    sums
    on expected.brand_id = sums.brand_id
    and expected.conversion_type = sums.conversion_type
    and expected.source_id = sums.source_id
    and expected.conversion_id = sums.conversion_id
    and expected.entry_type = sums.entry_type
    and expected.entry_date = sums.entry_date
    and expected.attribution_rule = sums.attribution_rule
where
    sums.brand_id is null
    or sums.credit <> case when expected.entry_type = 'refund' then 0 else 1 end
    or sums.revenue <> expected.revenue
    or (sums.revenue is null) <> (expected.revenue is null)
