-- Each row is a day on which money of a source could not be converted; its KPIs are
-- null until a rate is loaded.
{{ config(severity="warn") }}

select brand_id, source_id, rate_date, from_currency, to_currency, row_count, amount
from {{ ref("int_missing_exchange_rates") }}
