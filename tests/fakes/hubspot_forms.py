"""HubSpot's forms and what visitors sent with them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from werkzeug import Request, Response

from tests.fakes.hubspot_errors import not_found
from tests.fakes.hubspot_objects import instant_text
from tests.fakes.hubspot_paging import Pager, flag_of
from tests.fakes.server import json_response

MOST_FORMS = 100
MOST_SUBMISSIONS = 50


class Forms:
    """Forms and submissions as the API writes them.

    Attributes:
        rows: forms in the order of the list.
        submissions: by form, in any order.
    """

    def __init__(self, pager: Pager) -> None:
        self.rows: list[dict[str, Any]] = []
        self.submissions: dict[str, list[dict[str, Any]]] = {}
        self._pager = pager

    def add(
        self, form_id: str, name: str, *, at: datetime, form_type: str = "hubspot", archived: bool = False
    ) -> None:
        """Have a form, made at the moment ``at``."""
        moment = instant_text(at)
        self.rows.append(
            {
                "id": form_id,
                "name": name,
                "formType": form_type,
                "createdAt": moment,
                "updatedAt": moment,
                "archived": archived,
            }
        )
        self.submissions[form_id] = []

    def submit(
        self,
        form_id: str,
        *,
        at: datetime,
        values: dict[str, str],
        conversion: int | None = None,
        page_url: str = "https://www.example.com/contact",
    ) -> None:
        """Send a form at the moment ``at``; without a number ``conversion`` it has no ``conversionId``."""
        row: dict[str, Any] = {
            "submittedAt": round(at.timestamp() * 1000),
            "values": [
                {"name": name, "value": value, "objectTypeId": "0-1"} for name, value in values.items()
            ],
            "pageUrl": page_url,
        }
        if conversion is not None:
            row["conversionId"] = str(UUID(int=conversion))
        self.submissions[form_id].append(row)

    def list_forms(self, request: Request) -> Response:
        """A page of forms; those of other kinds than HubSpot's own only where ``formTypes`` asks for them."""
        kinds = request.args.getlist("formTypes") or ["hubspot"]
        archived = flag_of(request, "archived")
        rows = [
            row
            for row in self.rows
            if row["archived"] == archived and ("all" in kinds or row["formType"] in kinds)
        ]
        chosen, body = self._pager.offset_page(rows, request, default=20, most=MOST_FORMS)
        return json_response(body | {"results": list(chosen)})

    def list_submissions(self, request: Request, form_id: str) -> Response:
        """A page of a form's submissions, newest first."""
        if form_id not in self.submissions:
            raise not_found(f"No form with guid {form_id} was found.")
        rows = sorted(self.submissions[form_id], key=lambda row: row["submittedAt"], reverse=True)
        chosen, body = self._pager.offset_page(rows, request, default=20, most=MOST_SUBMISSIONS)
        return json_response(body | {"results": list(chosen)})
