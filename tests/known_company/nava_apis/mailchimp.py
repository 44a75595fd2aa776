"""E-mail of ``nava`` by Mailchimp, which bears what its sends are called in their titles; one report is deleted later.

What Mailchimp can't tell as the export told it: it knows of every send how many bounced, and has no place for a campaign
of links beside a title, so the title is that campaign where there is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.fakes.mailchimp import API_KEY, MailchimpApi
from tests.fakes.mailchimp_rows import audience, report
from tests.known_company.clock import AS_OF, RUNS, START
from tests.known_company.nava import email
from tests.known_company.nava.exports import Drop, tehran, tehran_day
from tests.known_company.nava_apis.reasons import Reason, after_exports, on, since
from tests.known_company.nava_apis.served import Opened, every_day
from tests.known_company.oracle import email as email_oracle
from tests.known_company.oracle.feeding import feeds
from tests.known_company.oracle.feeds import Answers
from tests.known_company.records import Send

INSTEAD_OF = TELLS = (email.SOURCE,)
DELETED, DELETED_IN = 10, 1
"""Which report is deleted, in which run; its e-mails were sent all the same."""
_SETTLES = timedelta(days=14)
_FINAL_DAYS = 30
_UNKNOWN_DELIVERIES = 40
"""The send of whose deliveries the export says nothing."""
REASONS = (
    Reason(
        text="Mailchimp knows the deliveries of every send",
        measures=frozenset(email_oracle.MEASURES),
        is_day=on(tehran_day(email.campaigns()[_UNKNOWN_DELIVERIES].sent_at)),
    ),
    Reason(
        text="days of sending are final after 30 days instead of 14",
        measures=frozenset(email_oracle.MEASURES),
        is_day=since(tehran_day(AS_OF) - timedelta(days=_FINAL_DAYS + 1)),
    ),
    after_exports(email_oracle.MEASURES),
)


def sources(run: int, addresses: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The same in every run."""
    del run
    return {
        email.SOURCE: {
            "connector": "mailchimp", "key_env": "KNOWN_NAVA_MAILCHIMP_KEY", "base_url": addresses["mailchimp"],
            "start": _first_day(), "test_patterns": {"subject_line": "%آزمایش%"},
        }
    }  # fmt: skip


def open_server(run: int, home: Path, servers: ExitStack) -> Opened:
    """Reports of what was sent before the run, the youngest with half of what they will have."""
    del home
    api = servers.enter_context(MailchimpApi())
    api.checks_contract = False
    api.audiences = [audience(at=tehran(START))]
    api.reports = reports(run)
    return Opened({"mailchimp": api.base_url}, {"KNOWN_NAVA_MAILCHIMP_KEY": API_KEY})


def reports(run: int) -> list[dict[str, Any]]:
    """As Mailchimp writes them at a run."""
    return [
        _report(number, each, run)
        for number, each in enumerate(email.campaigns())
        if each.sent_at < RUNS[run] and not (number == DELETED and run >= DELETED_IN)
    ]


def drops(run: int) -> tuple[Drop, ...]:
    """None."""
    del run
    return ()


def records() -> list[Send]:
    """What the API tells of ``nava``'s sends after the last run."""
    return [
        replace(send, delivered=each.sent) if send.delivered is None else send
        for send, each in zip(email.records(), email.campaigns(), strict=True)
    ]


def answers() -> Answers:
    """Reckoned as of the exports."""
    found = email_oracle.answers(records())
    found.feeds = feeds(
        email.SOURCE, email_oracle.MEASURES, every_day(_first_day()), final_after_days=_FINAL_DAYS
    )
    return found


def _first_day() -> date:
    """Day of the first send."""
    return min(tehran_day(each.sent_at) for each in email.campaigns())


def _report(number: int, each: email.Campaign, run: int) -> dict[str, Any]:
    opens, human, clicks = each.opens or 0, each.human, each.clicks
    if human is None and each.machine is not None:
        human = opens - each.machine
    if each.sent_at > RUNS[run] - _SETTLES and run < len(RUNS) - 1:
        opens, human, clicks = opens // 2, None if human is None else human // 2, clicks // 2
    return report(
        number,
        at=each.sent_at,
        sent=each.sent,
        opens=opens,
        clicks=clicks,
        human_opens=human,
        bounces=(each.hard or 0, each.soft or 0, 0),
        campaign_title=each.utm or each.name,
        subject_line=each.subject,
        unsubscribed=each.unsubscribes,
    )
