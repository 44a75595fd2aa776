"""LinkedIn Ads: performance and claimed conversions of campaigns per day, by UTC."""

from connectors.core.stream import Column, Kind, Stream, Type

_CAMPAIGN = (
    Column("date", Type.DATE, "Day, UTC", required=True),
    Column("account_id", Type.STRING, "Ad account"),
    Column("campaign_id", Type.STRING, "Campaign id", required=True),
    Column(
        "campaign_name", Type.STRING, "Campaign name of today; empty where the account no longer lists it"
    ),
)
_CURRENCY = Column("currency_code", Type.STRING, "Account currency")

CAMPAIGN_PERFORMANCE = Stream(
    connector="linkedin_ads",
    name="campaign_performance",
    kind=Kind.REPORT,
    description="Campaign performance per day",
    columns=(
        *_CAMPAIGN,
        Column("impressions", Type.INTEGER, "Impressions", required=True),
        Column("clicks", Type.INTEGER, "Chargeable clicks", required=True),
        Column("campaign_type", Type.STRING, "Campaign type, such as SPONSORED_UPDATES"),
        Column("cost", Type.MONEY, "Spend in the account currency", required=True),
        _CURRENCY,
        Column("conversions", Type.DECIMAL, "Conversions that the platform claims of conversion_goal"),
        Column("conversion_value", Type.MONEY, "Value that the platform claims, in the account currency"),
        Column("conversion_goal", Type.STRING, "Which metric the conversions are"),
    ),
    key=("date", "account_id", "campaign_id", "campaign_name", "conversion_goal"),
    cursor="date",
    reread_days=31,
    usable_after_days=1,
    final_after_days=30,
    day_zone="UTC",
)

CONVERSIONS = Stream(
    connector="linkedin_ads",
    name="conversions",
    kind=Kind.REPORT,
    description="Conversions that the platform claims, per day, campaign, goal and attribution window",
    columns=(
        *_CAMPAIGN,
        Column("conversion_goal", Type.STRING, "Which metric is counted", required=True),
        Column(
            "attribution_window",
            Type.STRING,
            "total, post_click or post_view; the parts are in the total, never beside it",
            required=True,
        ),
        Column("conversions", Type.DECIMAL, "Conversions that the platform claims", required=True),
        Column("conversion_value", Type.MONEY, "Value that the platform claims, in the account currency"),
        _CURRENCY,
    ),
    key=("date", "account_id", "campaign_id", "campaign_name", "conversion_goal", "attribution_window"),
    cursor="date",
    reread_days=31,
    usable_after_days=1,
    final_after_days=30,
    day_zone="UTC",
)

STREAMS = (CAMPAIGN_PERFORMANCE, CONVERSIONS)
