"""CRM records, marketing e-mail, forms and feedback, in HubSpot's own property names; instants are UTC.

Property values are text in the API; they are typed here and nothing else. Names of people, the other fields
of forms and message texts are not asked for.
"""

from connectors.core.identity import Identity, IdKind
from connectors.core.stream import Column, Kind, Personal, Stream, Type

CONTACTS = Stream(
    connector="hubspot",
    name="contacts",
    kind=Kind.ENTITY,
    description="Contacts, archived ones included; one row per version that a run saw",
    columns=(
        Column("id", Type.STRING, "Record id", required=True),
        Column("email", Type.STRING, "Address", personal=Personal.EMAIL),
        Column("phone", Type.STRING, "Phone number", personal=Personal.PHONE),
        Column("createdate", Type.INSTANT, "When the contact was created"),
        Column("lastmodifieddate", Type.INSTANT, "Last change; archiving doesn't touch it"),
        Column("lifecyclestage", Type.STRING, "Lifecycle stage now"),
        Column("hs_lifecyclestage_subscriber_date", Type.INSTANT, "When it became a subscriber"),
        Column("hs_lifecyclestage_lead_date", Type.INSTANT, "When it became a lead"),
        Column("hs_lifecyclestage_marketingqualifiedlead_date", Type.INSTANT, "When marketing qualified it"),
        Column("hs_lifecyclestage_salesqualifiedlead_date", Type.INSTANT, "When sales qualified it"),
        Column("hs_lifecyclestage_opportunity_date", Type.INSTANT, "When it became an opportunity"),
        Column("hs_lifecyclestage_customer_date", Type.INSTANT, "When it became a customer"),
        Column("hs_analytics_source", Type.STRING, "Original traffic source, HubSpot's enumeration"),
        Column("hs_analytics_source_data_1", Type.STRING, "First detail of the original source"),
        Column("hs_analytics_source_data_2", Type.STRING, "Second detail, the campaign for paid sources"),
        Column("hs_lead_status", Type.STRING, "Lead status"),
        Column("hs_email_optout", Type.STRING, "true where the contact opted out of all e-mail"),
        Column("hubspot_owner_id", Type.STRING, "Owner"),
        Column("archived", Type.BOOLEAN, "In the recycle bin"),
    ),
    key=("id",),
    cursor="createdate",
    day_zone="brand",
    ids=(Identity("id", IdKind.PERSON),),
)

COMPANIES = Stream(
    connector="hubspot",
    name="companies",
    kind=Kind.ENTITY,
    description="Companies, archived ones included",
    columns=(
        Column("id", Type.STRING, "Record id", required=True),
        Column("name", Type.STRING, "Name of the company"),
        Column("domain", Type.STRING, "Domain of its site"),
        Column("industry", Type.STRING, "Industry"),
        Column("country", Type.STRING, "Country as written in the CRM"),
        Column("createdate", Type.INSTANT, "When the record was created"),
        Column("hs_lastmodifieddate", Type.INSTANT, "Last change"),
        Column("lifecyclestage", Type.STRING, "Lifecycle stage now"),
        Column("archived", Type.BOOLEAN, "In the recycle bin"),
    ),
    key=("id",),
    cursor="createdate",
    day_zone="brand",
)

DEALS = Stream(
    connector="hubspot",
    name="deals",
    kind=Kind.ENTITY,
    description="Deals, archived ones included",
    columns=(
        Column("id", Type.STRING, "Record id", required=True),
        Column("dealname", Type.STRING, "Name"),
        Column("amount", Type.MONEY, "Amount in deal_currency_code"),
        Column("deal_currency_code", Type.STRING, "Currency of amount; null is the account's home currency"),
        Column("amount_in_home_currency", Type.MONEY, "Amount in the account's home currency"),
        Column("pipeline", Type.STRING, "Id of the pipeline"),
        Column("dealstage", Type.STRING, "Id of the stage; the pipelines tell what it means"),
        Column("createdate", Type.INSTANT, "When the deal was created"),
        Column("closedate", Type.INSTANT, "When it was or is to be closed"),
        Column("hs_lastmodifieddate", Type.INSTANT, "Last change"),
        Column("hs_is_closed_won", Type.STRING, "HubSpot's own word on whether it is won"),
        Column("hubspot_owner_id", Type.STRING, "Owner"),
        Column("archived", Type.BOOLEAN, "In the recycle bin"),
    ),
    key=("id",),
    cursor="createdate",
    day_zone="brand",
    ids=(Identity("id", IdKind.DEAL),),
)

MERGES = Stream(
    connector="hubspot",
    name="merges",
    kind=Kind.ENTITY,
    description="Records that were merged into others, as the surviving record tells",
    columns=(
        Column("object_type", Type.STRING, "contacts, companies or deals", required=True),
        Column("merged_id", Type.STRING, "Record that is gone", required=True),
        Column("id", Type.STRING, "Record that it was merged into", required=True),
    ),
    key=("object_type", "merged_id"),
    day_zone="brand",
    ids=(
        Identity("id", IdKind.PERSON, only=("object_type", "contacts")),
        Identity("merged_id", IdKind.PERSON, only=("object_type", "contacts")),
        Identity("id", IdKind.DEAL, only=("object_type", "deals")),
        Identity("merged_id", IdKind.DEAL, only=("object_type", "deals")),
    ),
)

PIPELINES = Stream(
    connector="hubspot",
    name="pipelines",
    kind=Kind.ENTITY,
    description="Stages of the deal pipelines; which stage means won or lost",
    columns=(
        Column("pipeline_id", Type.STRING, "Pipeline", required=True),
        Column("pipeline_label", Type.STRING, "Its name"),
        Column("stage_id", Type.STRING, "Stage", required=True),
        Column("stage_label", Type.STRING, "Its name, in the language of the account"),
        Column("display_order", Type.INTEGER, "Place in the pipeline"),
        Column("probability", Type.NUMBER, "Chance of winning, 0 to 1; 1 means won where it is closed"),
        Column("is_closed", Type.BOOLEAN, "Deals in it are decided"),
        Column("archived", Type.BOOLEAN, "No longer in use"),
    ),
    key=("pipeline_id", "stage_id"),
    day_zone="brand",
)

ASSOCIATIONS = Stream(
    connector="hubspot",
    name="associations",
    kind=Kind.ENTITY,
    description="Which contacts belong to which deals",
    columns=(
        Column("from_type", Type.STRING, "Kind of the first record: deals", required=True),
        Column("from_id", Type.STRING, "First record", required=True),
        Column("to_type", Type.STRING, "Kind of the second record: contacts", required=True),
        Column("to_id", Type.STRING, "Second record", required=True),
        Column("type_ids", Type.STRING, "Association types, ascending, semicolon separated"),
        Column("labels", Type.STRING, "Labels that users gave, semicolon separated"),
    ),
    key=("from_type", "from_id", "to_type", "to_id"),
    day_zone="brand",
    ids=(
        Identity("from_id", IdKind.DEAL, only=("from_type", "deals")),
        Identity("to_id", IdKind.PERSON, only=("to_type", "contacts")),
    ),
)

EMAILS = Stream(
    connector="hubspot",
    name="emails",
    kind=Kind.ENTITY,
    description="Marketing e-mails: what they are called and whether they went out",
    columns=(
        Column("id", Type.STRING, "E-mail id", required=True),
        Column("name", Type.STRING, "Internal name"),
        Column("subject", Type.STRING, "Subject line"),
        Column("state", Type.STRING, "DRAFT, PUBLISHED, AUTOMATED …"),
        Column("type", Type.STRING, "BATCH_EMAIL, AUTOMATED_EMAIL …"),
        Column("campaign", Type.STRING, "Id of the campaign it belongs to"),
        Column("campaign_name", Type.STRING, "Name of the campaign, used as utm_campaign"),
        Column("publish_date", Type.INSTANT, "When it was published"),
        Column("created_at", Type.INSTANT, "When it was made"),
        Column("updated_at", Type.INSTANT, "Last change"),
        Column("archived", Type.BOOLEAN, "Archived"),
    ),
    key=("id",),
    day_zone="brand",
)

EMAIL_STATISTICS = Stream(
    connector="hubspot",
    name="email_statistics",
    kind=Kind.REPORT,
    description="Counters per send day and e-mail; they belong to the day of sending and keep growing",
    columns=(
        Column("date", Type.DATE, "Day of sending, in the brand's zone", required=True),
        Column("email_id", Type.STRING, "E-mail", required=True),
        Column("sent", Type.INTEGER, "Recipients sent to", required=True),
        Column("delivered", Type.INTEGER, "Recipients delivered to"),
        Column("open", Type.INTEGER, "Recipients with an open, opens by Apple's proxy included"),
        Column("click", Type.INTEGER, "Recipients with a click"),
        Column("bounce", Type.INTEGER, "Bounced recipients"),
        Column("hardbounced", Type.INTEGER, "Of those, hard bounces"),
        Column("softbounced", Type.INTEGER, "Of those, soft bounces"),
        Column("unsubscribed", Type.INTEGER, "Recipients who unsubscribed"),
        Column("spamreport", Type.INTEGER, "Spam complaints"),
        Column("dropped", Type.INTEGER, "Recipients that HubSpot didn't send to"),
    ),
    key=("date", "email_id"),
    cursor="date",
    reread_days=31,
    usable_after_days=1,
    final_after_days=30,
    day_zone="brand",
)

FORMS = Stream(
    connector="hubspot",
    name="forms",
    kind=Kind.ENTITY,
    description="Forms",
    columns=(
        Column("id", Type.STRING, "GUID of the form", required=True),
        Column("name", Type.STRING, "Name"),
        Column("form_type", Type.STRING, "hubspot, captured, flow …"),
        Column("created_at", Type.INSTANT, "When it was made"),
        Column("updated_at", Type.INSTANT, "Last change"),
        Column("archived", Type.BOOLEAN, "Archived"),
    ),
    key=("id",),
    day_zone="brand",
)

FORM_SUBMISSIONS = Stream(
    connector="hubspot",
    name="form_submissions",
    kind=Kind.ENTITY,
    description="Submissions of forms; of the fields only the e-mail address lands, hashed",
    columns=(
        Column("submission_id", Type.STRING, "conversionId, else a hash of moment and values", required=True),
        Column("form_id", Type.STRING, "GUID of the form", required=True),
        Column("submitted_at", Type.INSTANT, "When it was sent", required=True),
        Column("page_url", Type.STRING, "Page it was sent from, without query and fragment"),
        Column("email", Type.STRING, "Address field of the form", personal=Personal.EMAIL),
    ),
    key=("submission_id",),
    cursor="submitted_at",
    day_zone="brand",
    ids=(Identity("submission_id", IdKind.SUBMISSION),),
)

FEEDBACK_SUBMISSIONS = Stream(
    connector="hubspot",
    name="feedback_submissions",
    kind=Kind.ENTITY,
    description="Answers to feedback surveys (NPS, CSAT, CES)",
    columns=(
        Column("id", Type.STRING, "Record id", required=True),
        Column("hs_survey_id", Type.STRING, "Survey"),
        Column("hs_survey_name", Type.STRING, "Its name"),
        Column("hs_survey_type", Type.STRING, "NPS, CSAT, CES or KNOWLEDGE"),
        Column("hs_survey_channel", Type.STRING, "EMAIL or WEB"),
        Column("hs_value", Type.STRING, "Score as given"),
        Column("hs_sentiment", Type.STRING, "HubSpot's reading of the answer"),
        Column("hs_submission_timestamp", Type.INSTANT, "When it was given"),
        Column("hs_createdate", Type.INSTANT, "When the record was created"),
        Column("hs_lastmodifieddate", Type.INSTANT, "Last change"),
        Column("contact_id", Type.STRING, "Contact who answered, where known"),
        Column("archived", Type.BOOLEAN, "In the recycle bin"),
    ),
    key=("id",),
    cursor="hs_submission_timestamp",
    day_zone="brand",
    ids=(
        Identity("id", IdKind.SUBMISSION),
        Identity("contact_id", IdKind.PERSON),
    ),
)

STREAMS = (
    CONTACTS,
    COMPANIES,
    DEALS,
    MERGES,
    PIPELINES,
    ASSOCIATIONS,
    EMAILS,
    EMAIL_STATISTICS,
    FORMS,
    FORM_SUBMISSIONS,
    FEEDBACK_SUBMISSIONS,
)
