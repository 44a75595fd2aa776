"""What an analyst of brand ``by_file`` would have exported of the same facts, and the costs of both brands."""

from __future__ import annotations

from collections.abc import Mapping

from tests.integration.api_twins_answers import SCORES, TOTALS, Rows, hour, queries

_COSTS: Rows = [{"date": "2026-09-05", "category": "tools", "amount": "10", "currency_code": "EUR"}]


def _exported(id_: str, lead: str | None = None, **more: object) -> dict[str, object]:
    return {
        "contact_id": id_,
        "email": f"{id_}@people.example",
        "created_at": "2026-09-01 00:00:00",
        "became_lead_at": lead,
        **more,
    }


def _sent(id_: str, moment: str, name: str, counts: tuple[int, int, int]) -> dict[str, object]:
    sent, opened, clicked = counts
    return {
        "campaign_id": id_,
        "campaign_name": name,
        "sent_at": moment,
        "sent": sent,
        "hard_bounces": 6,
        "soft_bounces": 4,
        "unique_opens": opened,
        "unique_clicks": clicked,
        "unsubscribes": 2,
    }


_BY_FILE: Mapping[str, Mapping[str, Rows]] = {
    "file_crm": {
        "crm/contacts": [
            _exported(
                "101",
                "2026-09-03 10:00:00",
                became_qualified_at="2026-09-05 10:00:00",
                became_customer_at="2026-09-20 10:00:00",
            ),
            _exported("102", "2026-09-10 10:00:00"),
            _exported("103"),
            _exported("104", "2026-09-01 08:00:00", merged_into="101"),
            _exported("105", "2026-09-12 10:00:00", is_deleted=True),
            _exported("107", "2026-09-14 10:00:00", email="qa@staff.example"),
            _exported("108", "2026-09-15 10:00:00", became_qualified_at="2026-09-15 10:00:00"),
            _exported("109", "2026-09-30 20:45:00"),
        ],
        "crm/deals": [
            {
                "deal_id": id_,
                "contact_id": "101" if id_ == "201" else None,
                "amount": amount,
                "created_at": "2026-09-02 00:00:00",
                "closed_at": closed,
                "is_won": id_ in {"201", "204"},
                "is_closed": closed is not None,
            }
            for id_, amount, closed in (
                ("201", "100", "2026-09-20 10:00:00"),
                ("202", "70", "2026-09-21 10:00:00"),
                ("203", "80", None),
                ("204", "50", "2026-10-02 10:00:00"),
            )
        ],
    },
    "file_mail": {
        "email/campaigns": [
            _sent("1", "2026-09-08 06:00:00", "September news", (1000, 300, 50)),
            _sent("2", "2026-09-08 05:00:00", "QA check", (20, 20, 20)),
            _sent("3", "2026-09-09 06:00:00", "Welcome", (200, 90, 30)),
            _sent("4", "2026-10-01 06:00:00", "Welcome", (150, 80, 20)),
        ]
    },
    "file_surveys": {
        "surveys/responses": [
            {
                "survey_id": "s",
                "submitted_at": hour(number).rstrip("Z"),
                "person_id": f"u{number // 2}" if number < 4 else None,
                "score": score,
            }
            for number, (_, score) in enumerate(SCORES)
        ]
        + [
            {
                "survey_id": "f",
                "submitted_at": f"2026-09-{day} 09:00:00",
                "person_id": "101",
                "score": score,
            }
            for day, score in ((10, 10), (11, 2))
        ]
    },
    "file_search": {"search_console/totals": TOTALS, "search_console/queries": queries(30, 20)},
    "file_costs": {"costs/costs": _COSTS},
}
EXPORTS: Mapping[str, Mapping[str, Mapping[str, Rows]]] = {
    "by_file": _BY_FILE,
    "by_api": {"api_costs": {"costs/costs": _COSTS}},
}
"""Rows by brand, source and stream."""
PATTERNS = (("file_mail", "test", "campaign_name", "qa %"),)
"""Row rules: e-mails that are tests."""
