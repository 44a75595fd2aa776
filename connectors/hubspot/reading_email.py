"""Reading of marketing e-mail: the e-mails, and the counters of each by day of sending.

HubSpot gives counters for any span of time, of all e-mails together or of one; which were sent it tells by
id. So a day costs one call and one per e-mail sent. That the parts add up to the whole is proven twice: the
e-mails of a day to the day, the days to the window.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from connectors.core.feed import Batch
from connectors.core.window import DateWindow
from connectors.hubspot.proof import moved
from connectors.hubspot.streams import EMAIL_STATISTICS, EMAILS

if TYPE_CHECKING:
    from connectors.hubspot.client import HubSpotClient, Record

_DAY = timedelta(days=1)
_ALWAYS = {"id": "id", "name": "name", "state": "state", "type": "type", "archived": "archived"}
_MOMENTS = {"created_at": "createdAt", "updated_at": "updatedAt"}
_SOMETIMES = {
    "subject": "subject",
    "campaign": "campaign",
    "campaign_name": "campaignName",
    "publish_date": "publishDate",
}
"""What drafts and e-mails outside of campaigns don't have."""
_COUNTERS = tuple(
    column.name for column in EMAIL_STATISTICS.columns if column.name not in {"date", "email_id"}
)


def read_emails(client: HubSpotClient, since: datetime | None) -> Iterator[Batch]:
    """Every e-mail, archived ones too.

    Raises:
        PageDriftError: fewer came than HubSpot counts, since e-mails were made or deleted meanwhile.
    """
    del since
    for archived in (False, True):
        what = f"{EMAILS.id}, {'archived' if archived else 'not archived'}"
        ids: set[str] = set()
        total = 0
        for page in client.emails(archived=archived, what=what):
            total = page["total"]
            ids.update(email["id"] for email in page["results"])
            yield Batch.of_rows(EMAILS, [_email(email) for email in page["results"]])
        if len(ids) < total:
            raise moved(client, what, f"{len(ids):,} e-mails came, HubSpot counts {total:,}")


def _email(email: Record) -> dict[str, object]:
    row = {column: email[name] for column, name in (_ALWAYS | _MOMENTS).items() if name in email}
    return row | {column: email.get(name) for column, name in _SOMETIMES.items()}


def read_statistics(client: HubSpotClient, window: DateWindow) -> Iterator[Batch]:
    """Counters of each e-mail on each day of ``window`` on which it was sent.

    Raises:
        PageDriftError: the parts don't add up to the whole, since counters grew meanwhile.
    """
    zone = ZoneInfo(client.context.brand.timezone)
    start, end = _midnight(window.start, zone), _midnight(window.end, zone)
    what = f"{EMAIL_STATISTICS.id} of {window}"
    whole = client.statistics(start, end, what=what)
    if not whole["emails"] and not _sent(whole):
        return
    sent = 0
    active = _active_days(client.histogram(start, end, what=f"{what} by day"), zone)
    for day in window.days():
        if day in active:
            rows = _day(client, day, zone)
            sent += sum(int(str(row["sent"])) for row in rows)
            yield Batch.of_rows(EMAIL_STATISTICS, rows)
    if sent != _sent(whole):
        raise moved(client, what, f"{sent:,} were sent by day, {_sent(whole):,} in all")


def _day(client: HubSpotClient, day: date, zone: ZoneInfo) -> list[dict[str, object]]:
    """Counters of each e-mail that was sent on ``day``."""
    start, end = _midnight(day, zone), _midnight(day + _DAY, zone)
    what = f"{EMAIL_STATISTICS.id} of {day}"
    whole = client.statistics(start, end, what=what)
    ids = sorted(set(map(int, whole["emails"])))
    parts = [
        # One that was sent alone has the day's own counters.
        whole
        if len(ids) == 1
        else client.statistics(start, end, email_id=each, what=f"{what}, e-mail {each}")
        for each in ids
    ]
    if sum(map(_sent, parts)) != _sent(whole):
        raise moved(client, what, f"{sum(map(_sent, parts)):,} were sent by e-mail, {_sent(whole):,} in all")
    return [
        {"date": day.isoformat(), "email_id": str(each), **_counters(part)}
        for each, part in zip(ids, parts, strict=True)
    ]


def _counters(statistics: Record) -> dict[str, object]:
    counters = statistics["aggregate"]["counters"]
    return {name: counters[name] for name in _COUNTERS if name in counters}


def _sent(statistics: Record) -> int:
    return int(statistics["aggregate"]["counters"].get("sent", 0))


def _active_days(histogram: list[Record], zone: ZoneInfo) -> set[date]:
    """Days of ``zone`` that touch an interval in which anything was counted, whatever calendar it follows."""
    days: set[date] = set()
    for each in histogram:
        # The vendor's reference and its sample disagree about the name.
        counted = each.get("aggregations") or each.get("aggregateStatistic") or {}
        if any((counted.get("counters") or {}).values()):
            first = datetime.fromisoformat(each["interval"]["start"]).astimezone(zone).date()
            until = datetime.fromisoformat(each["interval"]["end"]).astimezone(zone)
            last = (until - timedelta(milliseconds=1)).date()
            days.update(first + offset * _DAY for offset in range((last - first).days + 1))
    return days


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
