"""Campaign reports and audiences, in Mailchimp's own words; moments are UTC.

Counts only: rates of the answers are left out, since samples of them can't be trusted (BEHAVIOR 1). What
names people (addresses of senders, members) is not asked for.
"""

from connectors.core.stream import Column, Kind, Stream, Type

REPORTS = Stream(
    connector="mailchimp",
    name="reports",
    kind=Kind.ENTITY,
    description="One row per sent campaign with its counts to date; they change for weeks after the sending",
    columns=(
        Column("campaign_id", Type.STRING, "Id of the campaign", required=True),
        Column("campaign_title", Type.STRING, "Internal name"),
        Column("type", Type.STRING, "regular, plaintext, absplit, variate, rss, automation …"),
        Column("list_id", Type.STRING, "Audience it went to"),
        Column("list_name", Type.STRING, "Name of the audience"),
        Column("subject_line", Type.STRING, "Subject line"),
        Column("preview_text", Type.STRING, "Preview text"),
        Column("send_time", Type.INSTANT, "When it was sent; of an automated e-mail its start"),
        Column("rss_last_send", Type.INSTANT, "Newest sending of an RSS campaign"),
        Column("emails_sent", Type.INTEGER, "Recipients sent to", required=True),
        Column("hard_bounces", Type.INTEGER, "Recipients that will never be reached"),
        Column("soft_bounces", Type.INTEGER, "Recipients that couldn't be reached this time"),
        Column("syntax_errors", Type.INTEGER, "Recipients whose address is none"),
        Column("abuse_reports", Type.INTEGER, "Recipients who called it spam"),
        Column("unsubscribed", Type.INTEGER, "Recipients who unsubscribed"),
        Column("forwards_count", Type.INTEGER, "How often it was forwarded"),
        Column("forwards_opens", Type.INTEGER, "Opens of forwarded ones"),
        Column("opens_total", Type.INTEGER, "Opens, repeated ones included"),
        Column("unique_opens", Type.INTEGER, "Recipients with an open, machine opens included"),
        Column("proxy_excluded_opens", Type.INTEGER, "Opens that Apple's privacy proxy didn't make"),
        Column(
            "proxy_excluded_unique_opens",
            Type.INTEGER,
            "Recipients with an open that Apple's privacy proxy didn't make; null where it isn't told",
        ),
        Column("last_open", Type.INSTANT, "Newest open"),
        Column("clicks_total", Type.INTEGER, "Clicks, repeated ones included"),
        Column("unique_clicks", Type.INTEGER, "Distinct recipients per link, summed over links; not people"),
        Column("unique_subscriber_clicks", Type.INTEGER, "Recipients with a click"),
        Column("last_click", Type.INSTANT, "Newest click"),
        Column("total_orders", Type.INTEGER, "Orders that Mailchimp credits to it"),
        Column("total_revenue", Type.MONEY, "Their revenue, as Mailchimp tells it"),
        Column("currency_code", Type.STRING, "Currency of total_revenue"),
    ),
    key=("campaign_id",),
    cursor="send_time",
    reread_days=30,
    final_after_days=30,
    day_zone="brand",
)

LISTS = Stream(
    connector="mailchimp",
    name="lists",
    kind=Kind.ENTITY,
    description="One row per audience with the counts of its members at the time of reading",
    columns=(
        Column("list_id", Type.STRING, "Id of the audience", required=True),
        Column("name", Type.STRING, "Name"),
        Column("date_created", Type.INSTANT, "When it was made"),
        Column("member_count", Type.INTEGER, "Subscribed members"),
        Column("unsubscribe_count", Type.INTEGER, "Members who unsubscribed"),
        Column("cleaned_count", Type.INTEGER, "Members that bounced away"),
        Column("campaign_count", Type.INTEGER, "Campaigns sent to it"),
        Column("campaign_last_sent", Type.INSTANT, "Newest sending to it"),
        Column("last_sub_date", Type.INSTANT, "Newest subscription"),
        Column("last_unsub_date", Type.INSTANT, "Newest unsubscription"),
    ),
    key=("list_id",),
    day_zone="UTC",
)

STREAMS = (REPORTS, LISTS)
