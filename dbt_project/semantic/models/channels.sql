select channel_id, name_en, name_fa, is_paid from {{ source("kpi", "dim_channel") }}
