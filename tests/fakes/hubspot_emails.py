"""HubSpot's marketing e-mails and their statistics."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from typing import Any

from werkzeug import Request, Response

from tests.fakes.hubspot_errors import invalid
from tests.fakes.hubspot_objects import instant_text
from tests.fakes.hubspot_paging import Pager, flag_of
from tests.fakes.hubspot_statistics import COUNTERS, INTERVALS, Send, intervals, statistics
from tests.fakes.server import json_response

MOST_LISTED = 100


class Emails:
    """E-mails as the API writes them, and what was sent of each.

    Attributes:
        rows: e-mails in the order of the list.
        sends: every sending.
        histogram_zone: whose calendar the intervals of histograms follow.
        calls_it_aggregate_statistic: histograms name their sums as the vendor's sample does, not its reference.
    """

    def __init__(self, pager: Pager) -> None:
        self.rows: list[dict[str, Any]] = []
        self.sends: list[Send] = []
        self.histogram_zone: tzinfo = UTC
        self.calls_it_aggregate_statistic = False
        self._pager = pager

    def add(self, email_id: int, name: str, *, at: datetime, **fields: object) -> None:
        """Have an e-mail, made at the moment ``at``; ``fields`` go over the defaults, in the API's names."""
        moment = instant_text(at)
        row = {
            "id": str(email_id),
            "name": name,
            "subject": name,
            "state": "PUBLISHED",
            "type": "BATCH_EMAIL",
            "campaign": None,
            "campaignName": None,
            "publishDate": moment,
            "isPublished": True,
            "archived": False,
            "createdAt": moment,
            "updatedAt": moment,
        }
        self.rows.append(row | fields)

    def send(self, email_id: int, *, at: datetime, **counters: int) -> Send:
        """Send an e-mail at the moment ``at``; a test may let the counters of the result grow."""
        unknown = set(counters) - set(COUNTERS)
        if unknown:
            raise ValueError(f"HubSpot has no counters {sorted(unknown)}")
        send = Send(email_id, at, counters)
        self.sends.append(send)
        return send

    def list_emails(self, request: Request) -> Response:
        """A page of e-mails, archived ones apart, with their statistics where ``includeStats`` asks for them."""
        archived = flag_of(request, "archived")
        rows = [row for row in self.rows if row["archived"] == archived]
        chosen, body = self._pager.offset_page(rows, request, default=10, most=MOST_LISTED)
        if flag_of(request, "includeStats"):
            chosen = [row | {"stats": statistics(self._of(int(row["id"])))} for row in chosen]
        return json_response({"total": len(rows), **body, "results": list(chosen)})

    def list_statistics(self, request: Request) -> Response:
        """Sums over the e-mails that were sent between the two moments."""
        sends = self._asked(request)
        body = {
            "emails": sorted({send.email_id for send in sends}),
            "aggregate": statistics(sends),
            "campaignAggregations": {},
        }
        return json_response(body)

    def histogram(self, request: Request) -> Response:
        """The same sums, per interval of sending; intervals without a sending are there with zeros."""
        sends = self._asked(request)
        start, end = _moment(request, "startTimestamp"), _moment(request, "endTimestamp")
        interval = request.args.get("interval", "")
        if interval not in INTERVALS:
            raise invalid(f"interval {interval} must be one of {', '.join(INTERVALS)}", at="interval")
        key = "aggregateStatistic" if self.calls_it_aggregate_statistic else "aggregations"
        results = [
            {
                "interval": {"start": instant_text(first), "end": instant_text(until)},
                key: statistics([send for send in sends if first <= send.at < until]),
            }
            for first, until in intervals(start, end, interval=interval, zone=self.histogram_zone)
        ]
        return json_response({"total": len(results), "results": results})

    def _of(self, email_id: int) -> list[Send]:
        return [send for send in self.sends if send.email_id == email_id]

    def _asked(self, request: Request) -> list[Send]:
        start, end = _moment(request, "startTimestamp"), _moment(request, "endTimestamp")
        asked = request.args.getlist("emailIds")
        if not all(text.isascii() and text.isdigit() for text in asked):
            raise invalid("emailIds must be numbers, the parameter repeated for each", at="emailIds")
        ids = {int(text) for text in asked}
        return [send for send in self.sends if start <= send.at <= end and (not ids or send.email_id in ids)]


def _moment(request: Request, name: str) -> datetime:
    text = request.args.get(name)
    if text is None:
        raise invalid(f"{name} is required", at=name)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise invalid(f"{name} {text} is not an ISO 8601 instant", at=name) from error
    if moment.tzinfo is None:
        raise invalid(f"{name} {text} has no offset", at=name)
    return moment
