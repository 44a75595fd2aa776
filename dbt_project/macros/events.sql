{#- Common table expressions of an incremental model over raw GA4 events: the events that count, of the slices on the work
list only. Own traffic (debug_mode, traffic_type internal or developer) is out; events that are equal in every data column
count once. `only` is a condition on the event. Out: counted_events. The events are read three times, each time with few
columns or into little: kept aside once, they would take more than that. -#}
{% macro counted_events(only="true") %}

    -- Few events share moment, name, browser and place in the request: only those are
    -- worth the comparison of all columns. Strangers with one hash are compared too.
    suspects as (
        select {{ event_hash() }} as event_hash
        from {{ ref("stg_ga4_events__events") }}
        where {{ counts(only) }}
        group by {{ event_hash() }}
        having count(*) > 1
    ),

    repeats as (
        select
            changed_events.source_id,
            changed_events.slice,
            changed_events.file_lineage,
            changed_events.line_number,
            row_number() over (
                partition by
                    changed_events.source_id,
                    changed_events.slice,
                    changed_events.event_at,
                    changed_events.event_name,
                    {% for column in event_columns() %}
                        changed_events.{{ column }}{{ "," if not loop.last }}
                    {% endfor %}
                order by
                    changed_events.file_lineage asc nulls last,
                    changed_events.line_number asc nulls last
            ) as repeat_number
        from {{ ref("stg_ga4_events__events") }} as changed_events
        inner join suspects on {{ event_hash("changed_events.") }} = suspects.event_hash
        where {{ counts(only, "changed_events.") }}
    ),

    counted_events as (
        select changed_events.*
        from {{ ref("stg_ga4_events__events") }} as changed_events
        left join
            repeats
            on changed_events.line_number = repeats.line_number
            and changed_events.file_lineage = repeats.file_lineage
            and changed_events.slice = repeats.slice
            and changed_events.source_id = repeats.source_id
            and repeats.repeat_number > 1
        where repeats.line_number is null and {{ counts(only, "changed_events.") }}
    )

{% endmacro %}

{#- Condition of counted_events on an event, but for repeats. -#}
{% macro counts(only, prefix="") -%}
    coalesce(lower({{ prefix }}debug_mode), '') not in ('1', 'true')
    and coalesce(lower({{ prefix }}traffic_type), '') not in ('internal', 'developer')
    and {{ only }}
    and {{ chosen_slices("ga4_events", "events", prefix) }}
{%- endmacro %}

{#- Hash of what two equal events share and others rarely do. -#}
{% macro event_hash(prefix="") -%}
    {%- set columns = [
        "source_id",
        "slice",
        "event_at",
        "event_name",
        "user_pseudo_id",
        "batch_page_id",
        "batch_ordering_id",
        "batch_event_index",
    ] -%}
    {%- set named = [] -%}
    {%- for column in columns -%}
        {%- do named.append(prefix ~ column) -%}
    {%- endfor -%}
    {{ row_hash(named) }}
{%- endmacro %}

{#- Data columns of stg_ga4_events__events beside source, slice, moment and name: what two equal events share. -#}
{% macro event_columns() -%}
    {{
        return(
            [
                "user_pseudo_id",
                "user_id_hmac",
                "ga_session_id",
                "ga_session_number",
                "transaction_id",
                "property_id",
                "table_kind",
                "stream_id",
                "platform",
                "hostname",
                "page_location",
                "page_referrer",
                "source",
                "medium",
                "campaign",
                "manual_source",
                "manual_medium",
                "manual_campaign_name",
                "manual_campaign_id",
                "gclid",
                "session_source",
                "session_medium",
                "session_campaign_name",
                "session_default_channel_group",
                "device_category",
                "country",
                "traffic_type",
                "debug_mode",
                "analytics_storage",
                "ads_storage",
                "unreadable_values",
                "is_active_user",
                "is_session_engaged",
                "engagement_time_msec",
                "event_value",
                "event_value_in_usd",
                "purchase_revenue",
                "refund_value",
                "currency_code",
                "event_date",
                "event_bundle_sequence_id",
                "batch_page_id",
                "batch_ordering_id",
                "batch_event_index",
            ]
        )
    }}
{%- endmacro %}

{#- A value that sorts events as they happened, lowest first. Events of one moment go by the batch columns, which order those
of one request, then by their place in the files. -#}
{% macro event_order() -%}
    {{ return(adapter.dispatch("event_order", "sanjeh")()) }}
{%- endmacro %}

{%- macro default__event_order() -%}
    struct(
        event_at,
        {% for column in event_order_columns() %}
            coalesce({{ column }}, 9223372036854775807),
        {% endfor %}
        file_lineage,
        line_number
    )
{%- endmacro %}

{#- One value in the order of its bytes: a row of values is compared many times slower. -#}
{%- macro duckdb__event_order() -%}
    create_sort_key(
        event_at,
        'asc nulls last',
        {% for column in event_order_columns() %}
            {{ column }}, 'asc nulls last',
        {% endfor %}
        file_lineage,
        'asc nulls last',
        line_number,
        'asc nulls last'
    )
{%- endmacro %}

{#- Columns that order events of one moment, nulls last. -#}
{% macro event_order_columns() -%}
    {{
        return(
            [
                "batch_page_id",
                "batch_ordering_id",
                "batch_event_index",
                "event_bundle_sequence_id",
            ]
        )
    }}
{%- endmacro %}

{#- Place of an event among those of the same columns, from 1. Events of one request share their moment: the batch columns
order them. -#}
{% macro event_position(columns) -%}
    row_number() over (
        partition by {{ columns | join(", ") }}
        order by
            event_at asc nulls last,
            batch_page_id asc nulls last,
            batch_ordering_id asc nulls last,
            batch_event_index asc nulls last,
            event_bundle_sequence_id asc nulls last,
            file_lineage asc nulls last,
            line_number asc nulls last
    )
{%- endmacro %}

{#- Value of a text column in the row with the lowest position of those that meet the condition; null where none does, or
where that row has no value. -#}
{% macro first_text(column, position, condition="true") -%}
    nullif(
        min_by(coalesce({{ column }}, ''), {{ position }}) filter (
            where {{ condition }}
        ),
        ''
    )
{%- endmacro %}

{#- A text that says something; GA4's words for nothing are null. -#}
{% macro named_text(x) -%}
    case
        when lower(trim({{ x }})) not in ('', '(direct)', '(none)', '(not set)')
        then trim({{ x }})
    end
{%- endmacro %}

{#- Path of a web address, without host, query and fragment; a text that is no address stays as it is. -#}
{% macro page_path(address) -%}
    case
        when {{ address }} like '%://%'
        then
            coalesce(
                nullif(regexp_extract({{ address }}, '://[^/?#]*([^?#]*)', 1), ''), '/'
            )
        else nullif(trim({{ address }}), '')
    end
{%- endmacro %}

{#- Name of the first click id in the query of an address, e.g. gclid; null without one. -#}
{% macro click_id_name(address) -%}
    case
        when instr({{ address }}, '=') > 0
        then
            nullif(
                regexp_extract(
                    {{ address }}, '[?&]({{ click_id_names() | join("|") }})=[^&#]', 1
                ),
                ''
            )
    end
{%- endmacro %}
