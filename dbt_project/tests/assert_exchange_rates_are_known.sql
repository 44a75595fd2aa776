-- Each row is a pair of currencies and the days between which money of a source could
-- not be converted; its KPIs are null until a rate is loaded. No rate is ever 1 for
-- want of a better one.
{{ config(severity="warn") }}

select
    brand_id,
    source_id,
    from_currency,
    to_currency,
    min(rate_date) as first_day,
    max(rate_date) as last_day,
    count(*) as days,
    sum(row_count) as row_count
from {{ ref("int_missing_exchange_rates") }}
group by brand_id, source_id, from_currency, to_currency
