"""Raw events of a GA4 property, one row per exported event; instants are UTC, days are the property's own.

An event has no key of its own and exact duplicates stay. Names are those of the export; BEHAVIOR.md says what
surprises.
"""

from connectors.core.identity import Identity, IdKind
from connectors.core.stream import Column, Kind, Personal, Stream, Type

EVENTS = Stream(
    connector="ga4_events",
    name="events",
    kind=Kind.REPORT,
    description="One row per event of the BigQuery export, duplicates included",
    columns=(
        Column("event_date", Type.DATE, "Day of the event in the property's time zone", required=True),
        Column("event_timestamp", Type.INSTANT, "Moment of the event, to the microsecond", required=True),
        Column("event_name", Type.STRING, "Name, e.g. page_view, purchase", required=True),
        Column("property_id", Type.STRING, "Property the event belongs to"),
        Column("stream_id", Type.STRING, "Data stream (site or app) of the property"),
        Column("platform", Type.STRING, "WEB, IOS or ANDROID"),
        Column("hostname", Type.STRING, "Host of the page"),
        Column(
            "table_kind",
            Type.STRING,
            "daily, fresh or intraday: export table it came from; intraday has no attribution",
        ),
        Column("user_pseudo_id", Type.STRING, "Random id of browser or app; null without consent"),
        Column("user_id", Type.STRING, "Id that the site gave a signed-in person", personal=Personal.NAME),
        Column("is_active_user", Type.BOOLEAN, "The user was active that day; null before July 2023"),
        Column("analytics_storage", Type.STRING, "Consent to analytics storage: Yes, No or Unset"),
        Column("ads_storage", Type.STRING, "Consent to advertising storage: Yes, No or Unset"),
        Column("ga_session_id", Type.INTEGER, "Session; unique only together with user_pseudo_id"),
        Column("ga_session_number", Type.INTEGER, "How many sessions the user has had, this one included"),
        Column("session_engaged", Type.STRING, "1 when the session is engaged by now, else 0 or null"),
        Column("engagement_time_msec", Type.INTEGER, "Milliseconds in the foreground since the last event"),
        Column("page_location", Type.STRING, "Address of the page; of its query only campaign parameters"),
        Column("page_referrer", Type.STRING, "Address of the page before; query as of page_location"),
        Column("source", Type.STRING, "Parameter source: what this event itself was tagged with"),
        Column("medium", Type.STRING, "Parameter medium"),
        Column("campaign", Type.STRING, "Parameter campaign"),
        Column("manual_source", Type.STRING, "utm_source collected with the event"),
        Column("manual_medium", Type.STRING, "utm_medium collected with the event"),
        Column("manual_campaign_name", Type.STRING, "utm_campaign collected with the event"),
        Column("manual_campaign_id", Type.STRING, "utm_id collected with the event"),
        Column("gclid", Type.STRING, "Google click id collected with the event"),
        Column("session_source", Type.STRING, "Source of the session, cross-channel last click"),
        Column("session_medium", Type.STRING, "Medium of the session, cross-channel last click"),
        Column("session_campaign_name", Type.STRING, "Campaign of the session, cross-channel last click"),
        Column("session_default_channel_group", Type.STRING, "Default channel group of the session"),
        Column("event_value", Type.MONEY, "Parameter value, in currency_code"),
        Column("event_value_in_usd", Type.DECIMAL, "The same in US dollars, as Google converts it"),
        Column("purchase_revenue", Type.MONEY, "Revenue of a purchase event, in currency_code"),
        Column("refund_value", Type.MONEY, "Amount of a refund event, in currency_code"),
        Column("currency_code", Type.STRING, "Currency of the amounts: the event's own, else the source's"),
        Column("transaction_id", Type.STRING, "Order of a purchase or refund; (not set) where none was sent"),
        Column("device_category", Type.STRING, "mobile, desktop, tablet …"),
        Column("country", Type.STRING, "Country by IP address, in English"),
        Column("traffic_type", Type.STRING, "internal and the like, where the property marks own traffic"),
        Column("debug_mode", Type.STRING, "1 for events of a developer's device"),
        Column("event_bundle_sequence_id", Type.INTEGER, "Upload that the event came in"),
        Column("batch_page_id", Type.INTEGER, "Page within the batch; first key of the order of web events"),
        Column("batch_ordering_id", Type.INTEGER, "Request of the page; second key of the order"),
        Column("batch_event_index", Type.INTEGER, "Place within the request; third key of the order"),
        Column(
            "unreadable_values",
            Type.STRING,
            "Columns that are null because the value is no number or too large, semicolon separated",
        ),
    ),
    cursor="event_date",
    reread_days=4,
    usable_after_days=2,
    final_after_days=3,
    ids=(
        Identity("user_id_hmac", IdKind.LOGIN),
        Identity("user_pseudo_id", IdKind.BROWSER),
        Identity("transaction_id", IdKind.ORDER),
    ),
)

STREAMS = (EVENTS,)
