{# A rule names a column of HubSpot's forms or submissions. #}
{% set rule_columns = {
    "form_id": "submissions.form_id",
    "name": "forms.form_name",
    "page_url": "submissions.page_url",
    "email_domain": "submissions.email_domain",
} %}

{% set node = "'email:' || submissions.email_hmac" %}

with

    submissions as (select * from {{ ref("stg_hubspot__form_submissions") }}),

    forms as (select * from {{ ref("stg_hubspot__forms") }}),

    contacts as (select * from {{ ref("stg_hubspot__contacts") }}),

    counted_contacts as (select * from {{ ref("int_contacts_counted") }}),

    customers as (select * from {{ ref("int_customers") }}),

    brands as (select * from {{ source("control", "brands") }}),

    row_rules as (select * from {{ source("control", "row_rules") }}),

    -- One contact an address: a live one before an archived one, then the oldest.
    address_contacts as (
        select
            contacts.source_id,
            contacts.email_hmac,
            counted_contacts.customer_key,
            counted_contacts.is_test
        from contacts
        inner join
            counted_contacts
            on contacts.source_id = counted_contacts.source_id
            and contacts.contact_id = counted_contacts.contact_id
        where contacts.email_hmac is not null
        qualify
            row_number() over (
                partition by contacts.source_id, contacts.email_hmac
                order by
                    counted_contacts.is_archived asc nulls last,
                    length(contacts.contact_id) asc nulls last,
                    contacts.contact_id asc nulls last
            )
            = 1
    ),

    test_submissions as (
        select distinct submissions.source_id, submissions.submission_id
        from submissions
        inner join row_rules as rules on submissions.source_id = rules.source_id
        left join
            forms
            on submissions.source_id = forms.source_id
            and submissions.form_id = forms.form_id
        where {{ matches_row_rule(rule_columns) }}
    ),

    placed as (
        select
            submissions.brand_id,
            submissions.source_id,
            {{
                customer_key(
                    "brands.customer_salt",
                    "submissions.source_id || ':' || submissions.submission_id",
                )
            }} as submission_key,
            submissions.form_id,
            forms.form_name,
            coalesce(
                address_contacts.customer_key,
                {{ surviving_customer_key("brands.customer_salt", node) }}
            ) as customer_key,
            submissions.submitted_at,
            {{ local_date("submissions.submitted_at", "brands.timezone") }}
            as submitted_date,
            submissions.page_url,
            coalesce(address_contacts.is_test, false)
            or test_submissions.submission_id is not null
            or {{ is_test_address("submissions.email_flags") }} as is_test
        from submissions
        inner join brands on submissions.brand_id = brands.brand_id
        left join
            forms
            on submissions.source_id = forms.source_id
            and submissions.form_id = forms.form_id
        left join
            address_contacts
            on submissions.source_id = address_contacts.source_id
            and submissions.email_hmac = address_contacts.email_hmac
            {{ join_customers("submissions", node) }}
        left join
            test_submissions
            on submissions.source_id = test_submissions.source_id
            and submissions.submission_id = test_submissions.submission_id
    ),

    -- The first submission of a person, form and day; without an address each is a
    -- person's own.
    final as (
        select
            *,
            not is_test
            and row_number() over (
                partition by
                    source_id,
                    form_id,
                    submitted_date,
                    is_test,
                    coalesce(customer_key, submission_key)
                order by submitted_at asc nulls last, submission_key asc nulls last
            )
            = 1 as counts_as_submission
        from placed
    )

select *
from final
