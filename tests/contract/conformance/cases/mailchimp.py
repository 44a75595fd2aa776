"""Mailchimp: items are campaigns; the label is their kind, the amount the recipients with a human open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from werkzeug import Request

from connectors.mailchimp.streams import LISTS, REPORTS
from tests.contract.conformance.case import PAGE, Item, Row
from tests.contract.conformance.moments import noon
from tests.contract.conformance.newest_first import NewestFirstCase
from tests.contract.conformance.reshape import without
from tests.fakes.mailchimp import API_KEY, MailchimpApi
from tests.fakes.mailchimp_rows import audience, report


class MailchimpCase(NewestFirstCase):
    """Reports of one account; a deleted campaign shows when all are listed again, weekly."""

    name = "mailchimp"
    connector = "mailchimp"
    stream = REPORTS
    another_account = ("key_env", "SUITE_OTHER_MAILCHIMP_KEY")
    renaming = ("emails_sent", "messages_sent")
    retyping = ("emails_sent", "many")
    repeating = "repeats_pages"
    label = "regular"
    beside = frozenset({LISTS.id})
    renews_credentials = False
    absence_seen_after: ClassVar[timedelta] = timedelta(days=8)

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.api: MailchimpApi = self._open.enter_context(MailchimpApi())
        self.api.audiences = [audience(at=noon(self.first_day))]

    def hold(self, items: Sequence[Item], *, at: datetime) -> None:
        """Reports have no moment of change."""
        del at
        self._items = list(items)
        self.api.reports = [self.shaped(_report(item)) for item in items]

    def expected(self, items: Sequence[Item]) -> Mapping[str, Sequence[Row]]:
        """A row of counts per campaign, no rate; and the audience."""
        return {
            REPORTS.id: [
                {
                    "campaign_id": f"{item.number:010x}",
                    "send_time": _moment(item).replace(tzinfo=None),
                    "campaign_title": item.text,
                    "type": item.label,
                    "emails_sent": 20_000,
                    "proxy_excluded_unique_opens": item.amount,
                    "last_open": None,
                    "unique_subscriber_clicks": 40,
                }
                for item in items
            ],
            LISTS.id: [{"list_id": "a1", "name": "خبرنامه", "member_count": 5000, "last_sub_date": None}],
        }

    def keys(self) -> dict[str, Any]:
        """One key."""
        return {"key_env": "SUITE_MAILCHIMP_KEY", "base_url": self.api.base_url, "page_size": PAGE}

    def environment(self) -> dict[str, str]:
        """The key."""
        return {"SUITE_MAILCHIMP_KEY": API_KEY, "SUITE_OTHER_MAILCHIMP_KEY": f"other{API_KEY}"}

    @property
    def secrets(self) -> Sequence[str]:
        """The key."""
        return (API_KEY,)

    def asks_for_stream(self, request: Request) -> bool:
        """A page of reports."""
        return request.path.endswith("/reports")

    def lacking(self, row: dict[str, Any]) -> dict[str, Any]:
        """A nested count."""
        return row | {"opens": without(row["opens"], "unique_opens")}


def _report(item: Item) -> dict[str, Any]:
    return report(
        item.number,
        at=_moment(item),
        sent=20_000,
        opens=10_000,
        human_opens=item.amount,
        campaign_title=item.text,
        type=item.label,
    )


def _moment(item: Item) -> datetime:
    return noon(item.day) + timedelta(seconds=item.number)


CASES = (MailchimpCase,)
