"""What the vendors of brand ``by_api`` answer, in the shapes of the raw streams, in two runs.

Instants are UTC; 2026-09-30 20:45 is 1 October in Tehran. Between the runs contact 104 was merged into 101,
105 archived, 106 erased, deal 205 merged into 201 and e-mail 303 deleted.
"""

from __future__ import annotations

from collections.abc import Mapping

Rows = list[dict[str, object]]

API_REPORTS = frozenset(
    {
        "hubspot/email_statistics",
        "search_console/totals",
        "search_console/queries",
        "search_console/brand_split",
        "ga4/totals",
        "ga4/traffic",
    }
)
PERIODS = frozenset({"ga4/users"})


def _contact(id_: str, changed: str, **dates: str) -> dict[str, object]:
    stages = {
        f"hs_lifecyclestage_{stage}_date": moment for stage, moment in dates.items() if stage != "email"
    }
    return {
        "id": id_,
        "email": dates.get("email", f"{id_}@people.example"),
        "createdate": "2026-09-01T00:00:00Z",
        "lastmodifieddate": changed,
        "lifecyclestage": list(stages)[-1].split("_")[2] if stages else "subscriber",
        "archived": False,
        **stages,
    }


_CONTACTS = [
    _contact(
        "101",
        "2026-10-01T00:00:00Z",
        lead="2026-09-03T10:00:00Z",
        marketingqualifiedlead="2026-09-04T10:00:00Z",
        salesqualifiedlead="2026-09-05T10:00:00Z",
        customer="2026-09-20T10:00:00Z",
    ),
    _contact("102", "2026-09-10T10:00:00Z", lead="2026-09-10T10:00:00Z"),
    _contact("103", "2026-09-10T10:00:00Z", subscriber="2026-09-10T10:00:00Z"),
    _contact("108", "2026-09-15T10:00:00Z", opportunity="2026-09-15T10:00:00Z"),
    _contact("109", "2026-09-30T20:45:00Z", lead="2026-09-30T20:45:00Z"),
    _contact("107", "2026-09-14T10:00:00Z", lead="2026-09-14T10:00:00Z", email="qa@staff.example"),
]
_MERGED = _contact("104", "2026-09-01T08:00:00Z", lead="2026-09-01T08:00:00Z")
_ARCHIVED = _contact("105", "2026-09-12T10:00:00Z", lead="2026-09-12T10:00:00Z")
_ERASED = _contact("106", "2026-09-13T10:00:00Z", lead="2026-09-13T10:00:00Z")


def _deal(id_: str, stage: str, **more: object) -> dict[str, object]:
    return {
        "id": id_,
        "pipeline": "p",
        "dealstage": stage,
        "createdate": "2026-09-02T00:00:00Z",
        "hs_lastmodifieddate": "2026-10-03T00:00:00Z",
        "archived": False,
        **more,
    }


_DEALS = [
    _deal("201", "w", amount="100", deal_currency_code="EUR", closedate="2026-09-20T10:00:00Z"),
    _deal("202", "l", amount="70", closedate="2026-09-21T10:00:00Z", hs_is_closed_won="true"),
    _deal("203", "o", amount="80", closedate="2026-10-09T10:00:00Z"),
    _deal("204", "deleted", amount="50", closedate="2026-10-02T10:00:00Z", hs_is_closed_won="true"),
]
_MERGED_DEAL = _deal("205", "w", amount="100", deal_currency_code="EUR", closedate="2026-09-20T10:00:00Z")
_STAGES = [
    {"pipeline_id": "p", "stage_id": "w", "stage_label": "Lost", "probability": 1.0, "is_closed": True},
    {"pipeline_id": "p", "stage_id": "l", "stage_label": "Won", "probability": 0.0, "is_closed": True},
    {"pipeline_id": "p", "stage_id": "o", "stage_label": "Offer", "probability": 0.4, "is_closed": False},
]


def _pair(deal: str, contact: str) -> dict[str, object]:
    return {"from_type": "deals", "from_id": deal, "to_type": "contacts", "to_id": contact, "type_ids": "3"}


def _statistics(day: str, email: str, sent: int, opened: int, clicked: int) -> dict[str, object]:
    return {
        "date": day,
        "email_id": email,
        "sent": sent,
        "delivered": sent - 10,
        "open": opened,
        "click": clicked,
        "hardbounced": 6,
        "softbounced": 4,
        "unsubscribed": 2,
    }


_EMAILS = [
    {"id": "301", "name": "September news", "subject": "News", "publish_date": "2026-09-08T06:00:00Z"},
    {"id": "302", "name": "Welcome", "subject": "Hello", "publish_date": "2026-09-09T06:00:00Z"},
    {"id": "303", "name": "QA check", "subject": "News", "publish_date": "2026-09-08T05:00:00Z"},
]
_STATISTICS = [
    _statistics("2026-09-08", "301", 1000, 300, 50),
    _statistics("2026-09-08", "303", 20, 20, 20),
    _statistics("2026-09-09", "302", 200, 90, 30),
    _statistics("2026-10-01", "302", 150, 80, 20),
]
_FEEDBACK = [
    {"id": "401", "hs_value": "10", "contact_id": "101", "hs_submission_timestamp": "2026-09-10T09:00:00Z"},
    {"id": "402", "hs_value": "2", "contact_id": "104", "hs_submission_timestamp": "2026-09-11T09:00:00Z"},
    {"id": "403", "hs_value": "9", "contact_id": "107", "hs_submission_timestamp": "2026-09-11T09:00:00Z"},
]
_SUBMISSIONS = [
    {"submission_id": "a", "email": "102@people.example", "submitted_at": "2026-09-10T09:00:00Z"},
    {"submission_id": "b", "email": "102@people.example", "submitted_at": "2026-09-10T10:00:00Z"},
    {"submission_id": "c", "email": "new@people.example", "submitted_at": "2026-09-10T09:00:00Z"},
    {"submission_id": "d", "email": "qa@staff.example", "submitted_at": "2026-09-10T09:00:00Z"},
]
_HUBSPOT_FIRST: Mapping[str, Rows] = {
    "hubspot/contacts": [*_CONTACTS, _MERGED, _ARCHIVED, _ERASED],
    "hubspot/merges": [],
    "hubspot/deals": [*_DEALS, _MERGED_DEAL],
    "hubspot/pipelines": _STAGES,
    "hubspot/associations": [_pair("201", "104"), _pair("201", "101"), _pair("205", "101")],
    "hubspot/emails": _EMAILS,
    "hubspot/email_statistics": _STATISTICS,
    "hubspot/forms": [{"id": "f", "name": "Contact us"}],
    "hubspot/form_submissions": [{"form_id": "f", **row} for row in _SUBMISSIONS],
    "hubspot/feedback_submissions": [
        {"hs_survey_type": "NPS", "archived": False, **row} for row in _FEEDBACK
    ],
}
_HUBSPOT_LATER: Mapping[str, Rows] = {
    **_HUBSPOT_FIRST,
    "hubspot/contacts": [*_CONTACTS, {**_ARCHIVED, "archived": True}],
    "hubspot/merges": [
        {"object_type": "contacts", "merged_id": "104", "id": "101"},
        {"object_type": "deals", "merged_id": "205", "id": "201"},
    ],
    "hubspot/deals": _DEALS,
    "hubspot/associations": [_pair("201", "101")],
    "hubspot/emails": _EMAILS[:2],
}

SCORES = [("10", 10), ("۹", 9), ("٧", 7), ("3", 3)] * 9


def hour(number: int) -> str:
    """Half a day after the one before, from 1 September on."""
    return f"2026-09-{1 + number // 2:02d}T{12 * (number % 2):02d}:00:00Z"


_HOTJAR: Mapping[str, Rows] = {
    "hotjar/surveys": [{"survey_id": "s", "name": "Checkout"}],
    "hotjar/questions": [
        {"survey_id": "s", "question_id": "n", "type": "nps"},
        {"survey_id": "s", "question_id": "t", "type": "single-option"},
    ],
    "hotjar/responses": [
        {
            "response_id": f"r{number}",
            "survey_id": "s",
            "created_time": hour(number),
            "is_complete": number % 3 == 0,
            "hotjar_user_id": f"u{number // 2}" if number < 4 else None,
        }
        for number in range(len(SCORES))
    ],
    "hotjar/answers": [
        {
            "response_id": f"r{number}",
            "survey_id": "s",
            "question_id": question,
            "position": 1,
            "created_time": hour(number),
            "answer": text if question == "n" else "9",
            "is_answered": True,
        }
        for number, (text, _) in enumerate(SCORES)
        for question in ("n", "t")
    ],
}

_DAYS = ("2026-09-01", "2026-09-02", "2026-10-01")
TOTALS: Rows = [{"date": day, "site": "x", "clicks": 9, "impressions": 100} for day in _DAYS]


def queries(brand: int, other: int) -> Rows:
    """A query that names the brand and one that doesn't, with these impressions, on each day."""
    return [
        {
            "period_start": day,
            "period_end": f"{day[:-1]}{int(day[-1]) + 1}",
            "site": "x",
            "query": query,
            "clicks": 2,
            "impressions": impressions,
        }
        for day in _DAYS
        for query, impressions in (("buy acme", brand), ("shoes", other))
    ]


def _report_day(report: str, day: str, **told: object) -> dict[str, object]:
    return {"date": day, "report": report, "landed_rows": 1, **told}


_SEARCH: Mapping[str, Rows] = {
    "search_console/totals": TOTALS,
    "search_console/queries": queries(25, 15),
    "search_console/brand_split": [
        {"date": day, "site": "x", "part": part, "clicks": 2, "impressions": impressions}
        for day in _DAYS
        for part, impressions in (("brand", 30), ("non_brand", 20))
    ],
}
_WEB: Mapping[str, Rows] = {
    "ga4/totals": [{"date": day, "property_id": "1", "sessions": 10} for day in _DAYS],
    "ga4/traffic": [
        {"date": day, "property_id": "1", "channel_group": "Direct", "sessions": 9} for day in _DAYS
    ],
    "ga4/users": [
        {
            "grain": "month",
            "period_start": "2026-09-01",
            "period_end": "2026-10-01",
            "property_id": "1",
            "active_users": 70,
        }
    ],
    "quality/report_days": [
        _report_day("ga4/totals", "2026-09-01", is_sampled=False, is_thresholded=False),
        _report_day("ga4/traffic", "2026-09-01", is_sampled=True, is_thresholded=True),
        _report_day("ga4/traffic", "2026-09-02", is_sampled=True, is_thresholded=False),
        _report_day("ga4/traffic", "2026-10-01", is_sampled=False, is_thresholded=False),
    ],
}
API_RUNS: Mapping[str, tuple[Mapping[str, Rows], Mapping[str, Rows]]] = {
    "api_crm": (_HUBSPOT_FIRST, _HUBSPOT_LATER),
    "api_surveys": (_HOTJAR, _HOTJAR),
    "api_search": (_SEARCH, _SEARCH),
    "api_web": (_WEB, _WEB),
}
"""What each source's API answers in the first and in the second run."""
PATTERNS = (("api_crm", "test", "name", "qa %"),)
"""Row rules: e-mails that are tests."""
