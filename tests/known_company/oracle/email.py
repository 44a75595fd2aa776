"""E-mail by send date on both sides; kpi-formulas.md, "Email".

Human opens leave both sides where the tool doesn't tell machine opens: unknown is not zero.
"""

from __future__ import annotations

from collections.abc import Iterable

from tests.known_company.oracle.cells import OVERALL
from tests.known_company.oracle.feeds import Answers
from tests.known_company.records import Send

MEASURES = ("email_delivered", "email_unique_opens", "email_human_opens", "email_human_base", "email_unique_clicks",
            "email_human_clicks", "email_unsubscribes")  # fmt: skip


def answers(sends: Iterable[Send]) -> Answers:
    """Daily measures of sends; feeds are the caller's."""
    found = Answers()
    for send in sends:
        if send.is_test:
            continue
        known = {
            "email_delivered": send.delivered,
            "email_unique_opens": send.unique_opens,
            "email_unique_clicks": send.unique_clicks,
            "email_unsubscribes": send.unsubscribes,
        }
        for segment in (OVERALL, ("campaign", send.campaign)):
            for measure, count in known.items():
                found.add(send.source, measure, send.day, count, segment)
            if send.human_opens is not None and send.machine_only is not None and send.delivered is not None:
                found.add(send.source, "email_human_opens", send.day, send.human_opens, segment)
                found.add(
                    send.source, "email_human_base", send.day, send.delivered - send.machine_only, segment
                )
                found.add(send.source, "email_human_clicks", send.day, send.unique_clicks, segment)
    return found
