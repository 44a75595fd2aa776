"""Reports and audiences in the form in which Mailchimp writes them, for tests and demo data."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

_NEVER = ""


def moment_text(at: datetime | None) -> str:
    """``at`` as Mailchimp writes it: UTC in whole seconds with an offset; empty for never."""
    if at is None:
        return _NEVER
    if at.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return at.astimezone(UTC).isoformat(timespec="seconds")


def report(
    number: int,
    *,
    at: datetime,
    sent: int = 200,
    opens: int = 100,
    clicks: int = 40,
    human_opens: int | None = None,
    bounces: tuple[int, int, int] = (0, 0, 0),
    last_open: datetime | None = None,
    audience: str = "a1",
    **fields: Any,
) -> dict[str, Any]:
    """The report of a campaign sent at ``at``; ``number`` becomes its id.

    Rates are wrong on purpose, as in Mailchimp's own samples. A null field is left out.

    Args:
        number: of the campaign.
        at: moment of sending.
        sent: recipients.
        opens: recipients with an open.
        clicks: recipients with a click.
        human_opens: recipients with an open that no proxy made; left out where None.
        bounces: hard, soft, and addresses that are none.
        last_open: newest open; an empty text where never.
        audience: id of the list.
        fields: go over the defaults, in Mailchimp's names.
    """
    hard, soft, syntax = bounces
    row: dict[str, Any] = {
        "id": f"{number:010x}",
        "campaign_title": f"Campaign {number}",
        "type": "regular",
        "list_id": audience,
        "list_is_active": True,
        "list_name": "خبرنامه",
        "subject_line": "سلام",
        "preview_text": "",
        "emails_sent": sent,
        "abuse_reports": 0,
        "unsubscribed": 2,
        "send_time": moment_text(at),
        "bounces": {"hard_bounces": hard, "soft_bounces": soft, "syntax_errors": syntax},
        "forwards": {"forwards_count": 0, "forwards_opens": 0},
        "opens": {
            "opens_total": 2 * opens,
            "unique_opens": opens,
            "open_rate": 42,
            "last_open": moment_text(last_open),
        },
        "clicks": {
            "clicks_total": 2 * clicks,
            "unique_clicks": clicks + clicks // 2,
            "unique_subscriber_clicks": clicks,
            "click_rate": 42,
            "last_click": _NEVER,
        },
        "list_stats": {"sub_rate": 10, "unsub_rate": 20, "open_rate": 42, "click_rate": 42},
        "timeseries": [
            {"timestamp": moment_text(at), "emails_sent": sent, "unique_opens": 0, "recipients_clicks": 0}
        ],
        "ecommerce": {"total_orders": 0, "total_spent": 0, "total_revenue": 0, "currency_code": "EUR"},
    }
    if human_opens is not None:
        row["opens"] |= {
            "proxy_excluded_opens": human_opens,
            "proxy_excluded_unique_opens": human_opens,
            "proxy_excluded_open_rate": 42,
        }
    return {name: value for name, value in (row | fields).items() if value is not None}


def audience(list_id: str = "a1", *, at: datetime, members: int = 5000, **fields: Any) -> dict[str, Any]:
    """An audience made at ``at``; what it says of its owner is nobody's."""
    return {
        "id": list_id,
        "name": "خبرنامه",
        "contact": {"company": "Acme", "address1": "Somewhere 1", "city": "Berlin", "country": "DE"},
        "campaign_defaults": {"from_name": "Mina Ahmadi", "from_email": "mina@acme.example"},
        "date_created": moment_text(at),
        "stats": {
            "member_count": members,
            "unsubscribe_count": 12,
            "cleaned_count": 3,
            "campaign_count": 7,
            "campaign_last_sent": _NEVER,
            "last_sub_date": _NEVER,
            "last_unsub_date": _NEVER,
            "open_rate": 42,
            "click_rate": 42,
        },
    } | fields
