"""CRM contacts and deals, by file."""

from connectors.core.identity import Identity, IdKind
from connectors.core.stream import Column, Kind, Personal, Stream, Type

CONTACTS = Stream(
    connector="crm",
    name="contacts",
    kind=Kind.ENTITY,
    description="Contacts with their lifecycle dates",
    columns=(
        Column("contact_id", Type.STRING, "Id in the CRM", required=True),
        Column("email", Type.STRING, "Address", personal=Personal.EMAIL),
        Column("phone", Type.STRING, "Phone number", personal=Personal.PHONE),
        Column("full_name", Type.STRING, "Name", personal=Personal.NAME),
        Column("created_at", Type.INSTANT, "When the contact was created", required=True),
        Column("updated_at", Type.INSTANT, "Last change"),
        Column("lifecycle_stage", Type.STRING, "Stage word of the CRM"),
        Column(
            "became_lead_at", Type.INSTANT, "First time lead or beyond; creation where the export has none"
        ),
        Column("became_qualified_at", Type.INSTANT, "First time at or beyond the qualified stage"),
        Column("became_customer_at", Type.INSTANT, "First time at the converted stage"),
        Column("lead_source", Type.STRING, "Original source or channel"),
        Column("utm_source", Type.STRING, "UTM source of the first touch"),
        Column("utm_medium", Type.STRING, "UTM medium"),
        Column("utm_campaign", Type.STRING, "UTM campaign"),
        Column("owner", Type.STRING, "Owner or team"),
        Column("merged_into", Type.STRING, "Id of the surviving contact after a merge"),
        Column("is_deleted", Type.BOOLEAN, "Archived in the CRM; it stays counted for its day"),
        Column("is_test", Type.BOOLEAN, "Marked as a test or staff record"),
    ),
    key=("contact_id",),
    cursor="created_at",
    day_zone="brand",
    ids=(
        Identity("contact_id", IdKind.PERSON),
        Identity("merged_into", IdKind.PERSON),
    ),
)

DEALS = Stream(
    connector="crm",
    name="deals",
    kind=Kind.ENTITY,
    description="Deals with their stage and amount",
    columns=(
        Column("deal_id", Type.STRING, "Id in the CRM", required=True),
        Column("contact_id", Type.STRING, "Main contact"),
        Column("deal_name", Type.STRING, "Name"),
        Column("pipeline", Type.STRING, "Pipeline"),
        Column("stage", Type.STRING, "Stage word of the CRM"),
        Column("amount", Type.MONEY, "Amount"),
        Column("currency_code", Type.STRING, "Currency of amount"),
        Column("created_at", Type.INSTANT, "When the deal was created", required=True),
        Column("closed_at", Type.INSTANT, "When it was won or lost"),
        Column("updated_at", Type.INSTANT, "Last change"),
        Column("is_won", Type.BOOLEAN, "Won"),
        Column("is_closed", Type.BOOLEAN, "Won or lost"),
        Column("is_deleted", Type.BOOLEAN, "Archived in the CRM; it stays counted for its day"),
    ),
    key=("deal_id",),
    cursor="created_at",
    day_zone="brand",
    ids=(
        Identity("deal_id", IdKind.DEAL),
        Identity("contact_id", IdKind.PERSON),
    ),
)

STREAMS = (CONTACTS, DEALS)
