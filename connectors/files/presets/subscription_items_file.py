"""Subscription items as a history: every row says what an item is from a moment on."""

from connectors.core.sql import literals
from connectors.core.text import fold_sql
from connectors.files.config import Covers
from connectors.files.preset import FilePreset, RowCheck
from connectors.subscriptions.streams import ITEMS
from connectors.subscriptions.words import WORDS

_TIER = '[{"up_to":"VARCHAR","unit_amount":"VARCHAR","flat_amount":"VARCHAR"}]'
_AMOUNT = "decimal(18,6)"


def _known_word(column: str) -> RowCheck:
    meanings = WORDS[column]
    words = [word for each in meanings.values() for word in each]
    usual = ", ".join(each[0] for each in meanings.values())
    return RowCheck(
        column=column,
        holds=f"list_contains({literals(words)}, lower({fold_sql(column)}))",
        reason=f"unknown {column.replace('_', ' ')}; known are {usual}",
    )


def _well_formed_tiers() -> str:
    """SQL: a JSON list of tiers, ascending, each with a price, the last without an upper bound."""
    bounds = f"[try_cast(tier.up_to as {_AMOUNT}) for tier in json_transform(pricing_tiers, '{_TIER}')]"
    amounts = (
        f"[(try_cast(coalesce(tier.unit_amount, '0') as {_AMOUNT}) >= 0 and "
        f"try_cast(coalesce(tier.flat_amount, '0') as {_AMOUNT}) >= 0 and "
        "coalesce(tier.unit_amount, tier.flat_amount) is not null) is true "
        f"for tier in json_transform(pricing_tiers, '{_TIER}')]"
    )
    finite = f"({bounds})[1:-2]"
    return (
        "case when pricing_tiers is null then true "
        "when not json_valid(pricing_tiers) then false "
        "when json_type(pricing_tiers) <> 'ARRAY' or json_array_length(pricing_tiers) = 0 then false "
        f"else list_bool_and({amounts}) "
        "and json_extract_string(pricing_tiers, '$[#-1].up_to') is null "
        f"and not list_contains([bound is null for bound in {finite}], true) "
        f"and coalesce(list_min({finite}) > 0, true) "
        f"and list_sort(list_distinct({finite})) = {finite} end"
    )


PRESET = FilePreset(
    connector="subscription_items_file",
    streams=(ITEMS,),
    covers=Covers.KEYS,
    constants={
        "status": "active",
        "quantity": "1",
        "interval": "month",
        "interval_count": "1",
        "tier_unit": "1",
    },
    row_checks=(
        *map(_known_word, WORDS),
        RowCheck(column="interval_count", holds="interval_count >= 1", reason="less than one interval"),
        RowCheck(column="quantity", holds="quantity >= 0", reason="a negative quantity"),
        RowCheck(
            column="discount_percent",
            holds="discount_percent between 0 and 100",
            reason="a discount is 0 to 100 percent",
        ),
        RowCheck(column="discount_amount", holds="discount_amount >= 0", reason="a negative discount"),
        RowCheck(
            column="pricing_tiers",
            holds=_well_formed_tiers(),
            reason="not a JSON list of tiers with ascending up_to (null in the last one), unit_amount and "
            "flat_amount",
        ),
    ),
    headers={
        ITEMS.id: {
            "item_id": ("Item ID", "Subscription item ID", "Item", "شناسه قلم", "شناسه آیتم", "کد قلم"),
            "subscription_id": ("Subscription ID", "Subscription", "شناسه اشتراک", "کد اشتراک"),
            "subscriber_id": (
                "Customer ID",
                "Customer",
                "Subscriber ID",
                "Subscriber",
                "شناسه مشتری",
                "شناسه مشترک",
                "کد مشتری",
                "مشترک",
            ),
            "subscriber_email": (
                "Customer email",
                "Email",
                "E-mail",
                "ایمیل",
                "ایمیل مشتری",
                "پست الکترونیک",
            ),
            "plan": ("Plan", "Price", "Product", "Tier", "طرح", "پلن", "محصول"),
            "effective_at": (
                "Effective from",
                "Effective date",
                "Changed at",
                "Event date",
                "از تاریخ",
                "تاریخ اثر",
                "تاریخ تغییر",
            ),
            "status": ("Subscription status", "وضعیت", "وضعیت اشتراک"),
            "is_paused": ("Paused", "Collection paused", "متوقف"),
            "quantity": ("Qty", "Seats", "تعداد"),
            "unit_amount": (
                "Unit amount",
                "Unit amount (*)",
                "Unit price",
                "Unit price (*)",
                "Amount",
                "Amount (*)",
                "قیمت واحد",
                "قیمت واحد (*)",
                "مبلغ",
                "مبلغ (*)",
            ),
            "currency_code": ("Currency", "ارز", "واحد پول"),
            "interval": ("Billing interval", "دوره", "دوره پرداخت"),
            "interval_count": ("Interval count", "Billing interval count", "تعداد دوره"),
            "usage_type": ("Usage type", "نوع مصرف"),
            "pricing_tiers": ("Tiers", "Pricing tiers", "پله‌ها", "پله‌های قیمت"),
            "tiers_mode": ("Tiers mode", "نوع پله"),
            "discount_percent": ("Percent off", "Discount percent", "درصد تخفیف"),
            "discount_amount": (
                "Amount off",
                "Amount off (*)",
                "Discount amount",
                "مبلغ تخفیف",
                "مبلغ تخفیف (*)",
            ),
            "discount_duration": ("Discount duration", "Coupon duration", "مدت تخفیف", "نوع تخفیف"),
            "discount_ends_at": ("Discount end", "Discount ends at", "پایان تخفیف"),
            "cancel_at_period_end": ("Cancel at period end", "لغو در پایان دوره"),
            "current_period_end": ("Current period end", "Period end", "پایان دوره", "پایان دوره جاری"),
            "is_deleted": ("Deleted", "حذف‌شده"),
        }
    },
)
