"""Reading of forms and of what visitors sent with them.

Submissions come newest first and without a filter, so a reading of changes ends at the first page that is
older than what it is about. Of the fields only the address is taken.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from connectors.core.errors import PermanentError
from connectors.core.feed import Batch
from connectors.hubspot.proof import moved, unproven
from connectors.hubspot.streams import FORM_SUBMISSIONS, FORMS

if TYPE_CHECKING:
    from connectors.hubspot.client import HubSpotClient, Record

_FIELDS = {
    "id": "id",
    "name": "name",
    "form_type": "formType",
    "created_at": "createdAt",
    "updated_at": "updatedAt",
    "archived": "archived",
}
_ADDRESS_FIELD = "email"


def read_forms(client: HubSpotClient, since: datetime | None) -> Iterator[Batch]:
    """Every form, archived ones too."""
    del since
    for page in _forms(client, FORMS.id):
        yield Batch.of_rows(
            FORMS,
            [{column: form[name] for column, name in _FIELDS.items() if name in form} for form in page],
        )


def read_submissions(forms: Sequence[str], client: HubSpotClient, since: datetime | None) -> Iterator[Batch]:
    """Submissions of ``forms``, or of every form; those older than ``since`` only as far as their page goes.

    Raises:
        PermanentError: a form that ``forms`` names, or that isn't archived, has no submissions to ask for.
        IncompleteError: submissions don't come newest first.
    """
    what = f"forms of {FORM_SUBMISSIONS.id}"
    asked = dict.fromkeys(forms, False) or {
        form["id"]: form["archived"] for page in _forms(client, what) for form in page
    }
    for form_id, is_archived in asked.items():
        yield from _submissions_of(client, form_id, since, may_be_gone=is_archived)


def _submissions_of(
    client: HubSpotClient, form_id: str, since: datetime | None, *, may_be_gone: bool
) -> Iterator[Batch]:
    what = f"{FORM_SUBMISSIONS.id} of form {form_id}"
    previous: list[int] = []
    for page in client.submissions(form_id, what=what):
        if page is None:
            if may_be_gone:
                return
            raise PermanentError(
                f"Source {client.context.source_id}, {what}: HubSpot doesn't know this form. If `forms` in "
                "sanjeh.yml names it, correct its id; else run again. What landed so far stays."
            )
        moments = [int(row["submittedAt"]) for row in page]
        if any(following > before for before, following in pairwise([*previous, *moments])):
            raise unproven(client, what, "The submissions don't come newest first.")
        yield Batch.of_rows(FORM_SUBMISSIONS, [_submission(form_id, row) for row in page])
        previous = moments[-1:]
        if since is not None and moments and moments[0] < since.timestamp() * 1000:
            return


def _submission(form_id: str, row: Record) -> dict[str, object]:
    values = [(str(each.get("name")), str(each.get("value"))) for each in row.get("values") or []]
    return {
        "submission_id": row.get("conversionId") or _digest(form_id, row["submittedAt"], values),
        "form_id": form_id,
        "submitted_at": row["submittedAt"],
        "page_url": _without_query(row.get("pageUrl")),
        "email": next((value for name, value in values if name == _ADDRESS_FIELD), None),
    }


def _digest(form_id: str, submitted_at: object, values: Sequence[tuple[str, str]]) -> str:
    """An id made of all there is; the values, which may be personal, can't be read back from it."""
    content = json.dumps([form_id, submitted_at, sorted(values)], ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def _without_query(address: str | None) -> str | None:
    """An address without query and fragment, which may hold e-mail addresses."""
    return None if address is None else urlsplit(address)._replace(query="", fragment="").geturl()


def _forms(client: HubSpotClient, what: str) -> Iterator[list[Record]]:
    """Pages of every form.

    Raises:
        PageDriftError: a form came twice.
    """
    seen: set[str] = set()
    for archived in (False, True):
        for page in client.forms(archived=archived, what=what):
            for form in page:
                if form["id"] in seen:
                    raise moved(client, what, f"form {form['id']} came twice")
                seen.add(form["id"])
            yield page
