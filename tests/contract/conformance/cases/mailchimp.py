"""Mailchimp: items are campaigns; the label is their kind, the amount the recipients with a human open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from werkzeug import Request

from connectors.mailchimp.streams import LISTS, REPORTS
from tests.contract.conformance.case import PAGE, Drift, Item, NetworkedCase, Row
from tests.contract.conformance.moments import noon
from tests.contract.conformance.reshape import renamed, without
from tests.fakes.mailchimp import API_KEY, MailchimpApi
from tests.fakes.mailchimp_rows import audience, report


class MailchimpCase(NetworkedCase):
    """Reports of one account; a deleted campaign shows when all are listed again, weekly."""

    name = "mailchimp"
    connector = "mailchimp"
    stream = REPORTS
    label = "regular"
    beside = frozenset({LISTS.id})
    renews_credentials = False
    absence_seen_after: ClassVar[timedelta] = timedelta(days=8)

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.api: MailchimpApi = self._open.enter_context(MailchimpApi())
        self.api.audiences = [audience(at=noon(self.first_day))]
        self._items: list[Item] = []
        self._kind: Drift | None = None

    def hold(self, items: Sequence[Item], *, at: datetime) -> None:
        """Reports have no moment of change."""
        del at
        self._items = list(items)
        self.api.reports = [self._shaped(_report(item)) for item in items]

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
        return {"SUITE_MAILCHIMP_KEY": API_KEY}

    @property
    def secrets(self) -> Sequence[str]:
        """The key."""
        return (API_KEY,)

    def asks_for_stream(self, request: Request) -> bool:
        """A page of reports."""
        return request.path.endswith("/reports")

    def in_front(self, items: Sequence[Item]) -> Item:
        """Newest sending first."""
        newest = max(item.number for item in items)
        return Item(number=newest + 1, day=items[0].day, text="newest", label=self.label, amount=3)

    def repeat_pages(self) -> None:
        """Whatever the offset, the first page comes."""
        self.api.repeats_pages = True
        self.api.lies = True

    def drift(self, kind: Drift) -> None:
        """Of a nested count, and of a plain one."""
        self._kind = kind
        self.api.lies = True
        self.hold(self._items, at=noon(self.first_day))

    def heal(self) -> None:
        """Also of repeated pages."""
        super().heal()
        self.api.repeats_pages = False
        self._kind = None
        self.hold(self._items, at=noon(self.first_day))

    def _shaped(self, row: dict[str, Any]) -> dict[str, Any]:
        match self._kind:
            case Drift.VANISHED:
                return row | {"opens": without(row["opens"], "unique_opens")}
            case Drift.RENAMED:
                return renamed(row, "emails_sent", "messages_sent")
            case Drift.RETYPED:
                return row | {"emails_sent": "many"}
            case Drift.NEW:
                return row | {"mood": "شاد"}
            case None:
                return row


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
