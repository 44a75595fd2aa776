with

    submissions as (
        select *
        from {{ ref("stg_hubspot__feedback_submissions") }}
        where upper(trim(survey_type)) = 'NPS' and not is_archived
    ),

    contacts as (select * from {{ ref("int_contacts_counted") }}),

    -- The surviving contact, so that a person has one key here and among the leads.
    final as (
        select
            submissions.brand_id,
            submissions.source_id,
            submissions.slice,
            submissions.response_id,
            submissions.survey_id,
            submissions.survey_name,
            coalesce(contacts.surviving_id, submissions.contact_id) as respondent_id,
            {{ nps_score("submissions.answer") }} as score,
            submissions.submitted_at,
            coalesce(contacts.is_test, false) as is_test
        from submissions
        left join
            contacts
            on submissions.source_id = contacts.source_id
            and submissions.contact_id = contacts.contact_id
        where submissions.submitted_at is not null
    )

select *
from final
