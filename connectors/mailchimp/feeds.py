"""Which question to Mailchimp fills which stream.

Reports bear no change date. Those of campaigns sent in the 30 days before the newest one are read again each
run, and all of them weekly, since automated e-mails go on counting and deleted campaigns vanish without a
trace.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from connectors.core.api import Context
from connectors.core.api_config import fingerprint_of
from connectors.core.feed import Batch, EntityFeed, Feed
from connectors.mailchimp.config import Config
from connectors.mailchimp.streams import LISTS, REPORTS

if TYPE_CHECKING:
    from connectors.mailchimp.client import MailchimpClient, Record

_RESTATED = timedelta(days=30)
_WEEK = timedelta(days=7)
_ABSENT = object()
_REPORT_FIELDS: Mapping[str, str] = {
    "campaign_id": "id",
    "campaign_title": "campaign_title",
    "type": "type",
    "list_id": "list_id",
    "send_time": "send_time",
    "emails_sent": "emails_sent",
    "hard_bounces": "bounces.hard_bounces",
    "soft_bounces": "bounces.soft_bounces",
    "syntax_errors": "bounces.syntax_errors",
    "abuse_reports": "abuse_reports",
    "unsubscribed": "unsubscribed",
    "opens_total": "opens.opens_total",
    "unique_opens": "opens.unique_opens",
    "last_open": "opens.last_open",
    "clicks_total": "clicks.clicks_total",
    "unique_clicks": "clicks.unique_clicks",
    "unique_subscriber_clicks": "clicks.unique_subscriber_clicks",
    "last_click": "clicks.last_click",
}
"""Fields that every report has: one that is missing has vanished."""
_REPORT_EXTRAS: Mapping[str, str] = {
    "list_name": "list_name",
    "subject_line": "subject_line",
    "preview_text": "preview_text",
    "rss_last_send": "rss_last_send",
    "forwards_count": "forwards.forwards_count",
    "forwards_opens": "forwards.forwards_opens",
    "proxy_excluded_opens": "opens.proxy_excluded_opens",
    "proxy_excluded_unique_opens": "opens.proxy_excluded_unique_opens",
    "total_orders": "ecommerce.total_orders",
    "total_revenue": "ecommerce.total_revenue",
    "currency_code": "ecommerce.currency_code",
}
"""Fields that some kinds of campaign, or older ones, don't have."""
_LIST_FIELDS: Mapping[str, str] = {
    "list_id": "id",
    "name": "name",
    "date_created": "date_created",
    "member_count": "stats.member_count",
    "unsubscribe_count": "stats.unsubscribe_count",
    "cleaned_count": "stats.cleaned_count",
}
_LIST_EXTRAS: Mapping[str, str] = {
    "campaign_count": "stats.campaign_count",
    "campaign_last_sent": "stats.campaign_last_sent",
    "last_sub_date": "stats.last_sub_date",
    "last_unsub_date": "stats.last_unsub_date",
}


def _read_reports(client: MailchimpClient, since: datetime | None) -> Iterator[Batch]:
    """Reports of campaigns sent since ``since``."""
    for page in client.reports([*_REPORT_FIELDS.values(), *_REPORT_EXTRAS.values()], since):
        yield Batch.of_rows(REPORTS, [_row(each, _REPORT_FIELDS, _REPORT_EXTRAS) for each in page])


def _read_lists(client: MailchimpClient, since: datetime | None) -> Iterator[Batch]:
    """Every audience."""
    del since
    for page in client.lists([*_LIST_FIELDS.values(), *_LIST_EXTRAS.values()]):
        yield Batch.of_rows(LISTS, [_row(each, _LIST_FIELDS, _LIST_EXTRAS) for each in page])


def _row(record: Record, fields: Mapping[str, str], extras: Mapping[str, str]) -> dict[str, object]:
    """Columns of a record; one of ``fields`` that it hasn't is left out, so that its absence is noticed."""
    told = {name: _found(record, path) for name, path in {**fields, **extras}.items()}
    return {
        name: None if value is _ABSENT else value
        for name, value in told.items()
        if value is not _ABSENT or name in extras
    }


def _found(record: Record, path: str) -> Any:
    """The value at a path with dots."""
    value: Any = record
    for name in path.split("."):
        if not isinstance(value, dict) or name not in value:
            return _ABSENT
        value = value[name]
    return value


def _asked(config: Config, _: Context) -> str:
    """Only the key says whose account it is."""
    return f"key {fingerprint_of(config.key_env)}"


def feeds(config: Config) -> Sequence[Feed]:
    """What a Mailchimp source lands."""
    asked = partial(_asked, config)
    return (
        EntityFeed(stream=LISTS, read=_read_lists, asked=asked),
        EntityFeed(
            stream=REPORTS,
            read=_read_reports,
            version="send_time",
            overlap=_RESTATED,
            relist_after=_WEEK,
            asked=asked,
        ),
    )
