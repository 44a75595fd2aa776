"""Reading of marketing e-mails, their statistics, forms and submissions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from connectors.core.feed import Batch
from connectors.core.retry import incomplete
from connectors.core.window import DateWindow
from connectors.hubspot.streams import EMAIL_STATISTICS, EMAILS, FORM_SUBMISSIONS, FORMS

if TYPE_CHECKING:
    from connectors.hubspot.client import HubSpotClient, Record

_EMAIL_FIELDS = {
    "id": "id",
    "name": "name",
    "subject": "subject",
    "state": "state",
    "type": "type",
    "campaign": "campaign",
    "campaignName": "campaign_name",
    "publishDate": "publish_date",
    "createdAt": "created_at",
    "updatedAt": "updated_at",
    "archived": "archived",
}
_FORM_FIELDS = {
    "id": "id",
    "name": "name",
    "formType": "form_type",
    "createdAt": "created_at",
    "updatedAt": "updated_at",
    "archived": "archived",
}
_COUNTERS = tuple(
    column.name for column in EMAIL_STATISTICS.columns if column.name not in {"date", "email_id"}
)


def _told(record: Record, fields: dict[str, str]) -> dict[str, object]:
    """The fields that the API gives, under our names; one that it doesn't give is left out."""
    return {name: record[field] for field, name in fields.items() if field in record}


def read_emails(client: HubSpotClient, since: datetime | None) -> Iterator[Batch]:
    """Every marketing e-mail, archived ones too."""
    del since
    for archived in (False, True):
        for page in client.emails(archived=archived):
            yield Batch.of_rows(EMAILS, [_told(email, _EMAIL_FIELDS) for email in page])


def read_email_statistics(client: HubSpotClient, window: DateWindow) -> Iterator[Batch]:
    """Counters per send day and e-mail; the e-mails of a day together are what the API says of the day."""
    for day in client.days_with_sendings(window):
        whole = client.statistics(day)
        ids = [int(each) for each in whole.get("emails", [])]
        rows = []
        for email_id in ids:
            told = whole if len(ids) == 1 else client.statistics(day, email_id)
            counters = told["aggregate"]["counters"]
            rows.append(
                {
                    "date": str(day),
                    "email_id": str(email_id),
                    **{name: counters[name] for name in _COUNTERS if name in counters},
                }
            )
        sent, expected = (
            sum(row["sent"] for row in rows),
            whole["aggregate"]["counters"]["sent"] if ids else 0,
        )
        if sent != expected:
            what = f"Source {client.context.source_id}, stream {EMAIL_STATISTICS.id}, {day}"
            raise incomplete(what, f"The e-mails of the day were sent to {sent}, the day says {expected}.")
        yield Batch.of_rows(EMAIL_STATISTICS, rows)


def read_forms(client: HubSpotClient, since: datetime | None) -> Iterator[Batch]:
    """Every form, archived ones too."""
    del since
    for page in client.forms():
        yield Batch.of_rows(FORMS, [_told(form, _FORM_FIELDS) for form in page])


def read_form_submissions(client: HubSpotClient, since: datetime | None) -> Iterator[Batch]:
    """Submissions of the configured forms, else of all; no page behind the first older than ``since``."""
    ids = client.config.forms or [str(form["id"]) for page in client.forms() for form in page]
    for form_id in ids:
        for page in client.submissions(form_id):
            yield Batch.of_rows(FORM_SUBMISSIONS, [_submission(form_id, each) for each in page])
            if since is not None and all(_moment(each) < since for each in page):
                break


def _moment(submission: Record) -> datetime:
    return datetime.fromtimestamp(submission["submittedAt"] / 1000, tz=UTC)


def _submission(form_id: str, submission: Record) -> dict[str, object]:
    values = {str(each["name"]): str(each["value"]) for each in submission["values"]}
    identity = (
        submission.get("conversionId")
        or hashlib.sha256(
            repr((form_id, submission["submittedAt"], sorted(values.items()))).encode()
        ).hexdigest()
    )
    row: dict[str, object] = {
        "submission_id": identity,
        "form_id": form_id,
        "submitted_at": submission["submittedAt"],
        "email": values.get("email"),
    }
    if "pageUrl" in submission:
        row["page_url"] = urlsplit(submission["pageUrl"])._replace(query="", fragment="").geturl()
    return row
