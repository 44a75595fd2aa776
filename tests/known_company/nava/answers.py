"""What the oracle makes of what happened at ``nava``, and which days its files are about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache

from tests.known_company.clock import AS_OF, END, RUNS
from tests.known_company.nava import (
    ads,
    billing,
    costs,
    crm,
    email,
    lines,
    orders,
    rates,
    social,
    surveys,
    visits,
    web,
)
from tests.known_company.nava.exports import Drop, Span, final_spans, tehran_day
from tests.known_company.oracle import ads as ads_oracle
from tests.known_company.oracle import clickstream, identity, loyalty, snapshots, touches, traffic
from tests.known_company.oracle import crm as crm_oracle
from tests.known_company.oracle import email as email_oracle
from tests.known_company.oracle import orders as orders_oracle
from tests.known_company.oracle import social as social_oracle
from tests.known_company.oracle import surveys as surveys_oracle
from tests.known_company.oracle.attribution import Touch
from tests.known_company.oracle.campaigns import Campaigns
from tests.known_company.oracle.cells import Cell, CellKey
from tests.known_company.oracle.feeding import feeds
from tests.known_company.oracle.feeds import Answers, Brand
from tests.known_company.oracle.periods import Calendar
from tests.known_company.oracle.spine import cells
from tests.known_company.records import Order

BRAND = Brand(
    brand_id="nava",
    timezone="Asia/Tehran",
    currency="IRR",
    calendar=Calendar(kind="jalali", week_start="saturday"),
    as_of=AS_OF,
    gross_margin=Decimal("0.35"),
)
RULE, WINDOW_DAYS = "linear", 30
NAMESPACES = {orders.SOURCE: "shop", lines.SOURCE: "shop"}
"""Sources that share their customer numbers."""
AD_DAYS = {ads.GOOGLE: 30, ads.META: 28}
"""Days until an ad platform's numbers are final."""


def spans(family: object, folder: str = "") -> list[Span]:
    """Days that the files of a family below ``folder`` are about."""
    of_runs: list[list[Drop]] = [
        [drop for drop in family.drops(run) if drop.name.startswith(folder)]  # type: ignore[attr-defined]
        for run in range(len(RUNS))
    ]
    return final_spans(of_runs)


def answers() -> Answers:
    """Amounts and feeds of every family."""
    names, people = campaigns(), everybody()
    found = Answers()
    families = (
        *(
            shop(people, names, orders.records(), spans(orders)),
            _marketing(),
            _email(),
            _social(),
            _surveys(),
            _crm(people),
            _box(),
            _web(),
        ),
        _visits(),
    )
    for family in families:
        found.merge(family)
    names.rename(found)
    return found


def sold() -> list[Order]:
    """Orders of the shop and invoices of the wholesale."""
    return [*orders.records(), *lines.records()]


def everybody() -> identity.Customers:
    """Customers of the shop and contacts of its CRM."""
    return identity.customers(sold(), crm.records(), namespaces=NAMESPACES)


def campaigns() -> Campaigns:
    """Names under which campaigns are shown."""
    names = Campaigns()
    for campaign, day in _campaigns_seen():
        names.see(campaign, day)
    return names


def touches_of(people: identity.Customers, names: Campaigns) -> Callable[[Order], list[Touch]]:
    """Touches of orders."""
    return touches.touches_by(
        people,
        events=visits.events(),
        window_days=WINDOW_DAYS,
        channel_of=lambda utm: orders.CHANNELS[utm],
        shown=names.shown,
    )


def _campaigns_seen() -> Iterator[tuple[str | None, date]]:
    """Every row that may name a campaign, those that don't count included, with its day."""
    yield from ((line.campaign, line.day) for line in web.records())
    yield from ((row.campaign, row.day) for row in ads.records())
    yield from ((send.campaign, send.day) for send in email.records())
    for cost in costs.records():
        if cost.campaign != "(all)":
            yield from ((cost.campaign, day) for day, _ in ads_oracle.spread(cost))
    yield from ((order.utm.campaign, tehran_day(order.ordered_at)) for order in orders.records())
    yield from ((line.utm.campaign, tehran_day(line.at)) for line in lines.lines())
    for entry in crm.entries():
        yield entry.contact.utm.campaign, tehran_day(entry.contact.lead_at or entry.created_at)
    for session in clickstream.sessions(clickstream.counted(visits.events())).values():
        yield session.campaign, session.day


@cache
def expected() -> dict[CellKey, Cell]:
    """Every row of the KPI facts."""
    return cells(BRAND, answers())


def shop(
    people: identity.Customers,
    names: Campaigns,
    of_shop: list[Order],
    spans_of_shop: list[Span],
    *,
    usable_after_days: int = 0,
    final_after_days: int = 0,
) -> Answers:
    """Orders of the shop as its source tells them, and invoices of the wholesale."""
    known = [*of_shop, *lines.records()]
    measures = (*orders_oracle.ADDITIVE, *loyalty.MEASURES)
    credits_of = touches.credits_by(RULE, known, touches_of(people, names))
    found = orders_oracle.answers(BRAND, known, rates.rates(), credits_of=credits_of, returns=lines.returns())
    found.feeds = [
        *feeds(
            orders.SOURCE, measures, spans_of_shop, usable_after_days=usable_after_days, final_after_days=final_after_days
        ),
        *feeds(lines.SOURCE, measures, spans(lines), expect="none"),
    ]  # fmt: skip
    loaded = [*spans_of_shop, *spans(lines)]
    found.merge(
        loyalty.answers(
            BRAND,
            known,
            people.of_order,
            first_day=min(start for start, _ in loaded),
            end_day=max(end for _, end in loaded),
            credits_of=credits_of,
        )
    )
    return found


def _marketing() -> Answers:
    found = ads_oracle.answers(BRAND, ads.records(), costs.records(), rates.rates())
    for source, folder in ((ads.GOOGLE, "ads/google"), (ads.META, "ads/meta")):
        found.feeds += feeds(
            source, ads_oracle.MEASURES, spans(ads, folder), expect="daily" if source == ads.GOOGLE else "none",
            usable_after_days=1, final_after_days=AD_DAYS[source],
        )  # fmt: skip
    found.feeds += feeds(costs.SOURCE, ("marketing_cost",), spans(costs), expect="until", expect_until=END)
    return found


def _email() -> Answers:
    found = email_oracle.answers(email.records())
    found.feeds = feeds(email.SOURCE, email_oracle.MEASURES, spans(email), final_after_days=14)
    return found


def _social() -> Answers:
    found = social_oracle.followers(BRAND, social.followers())
    for source, folder in ((social.NOVIN, "followers/novin"), (social.LINKEDIN, "followers/linkedin")):
        found.feeds += feeds(source, social_oracle.FOLLOWER_MEASURES, spans(social, folder))
    found.merge(social_oracle.posts(BRAND, social.captures()))
    found.feeds += feeds(social.POSTS, social_oracle.POST_MEASURES, spans(social, "posts/"))
    return found


def _surveys() -> Answers:
    loaded = spans(surveys)
    found = surveys_oracle.answers(BRAND, surveys.records(), loaded, source=surveys.SOURCE)
    found.feeds = feeds(surveys.SOURCE, surveys_oracle.MEASURES, loaded, expect="none")
    return found


def _crm(people: identity.Customers) -> Answers:
    found = crm_oracle.answers(
        BRAND, crm.records(), people.of_contact, channel_of=lambda utm: orders.CHANNELS[utm]
    )
    found.feeds = feeds(crm.CONTACTS, crm_oracle.MEASURES, spans(crm, "crm/contacts"))
    return found


def _box() -> Answers:
    found = snapshots.answers(BRAND, billing.records(), rates.rates())
    found.feeds = feeds(billing.SOURCE, snapshots.MEASURES, spans(billing), expect="none")
    return found


def _web() -> Answers:
    found = traffic.answers(web.records())
    found.feeds = feeds(web.SOURCE, traffic.MEASURES, spans(web))
    return found


def _visits() -> Answers:
    """Raw events tell people and sign-ups; views and sessions are the statistics tool's."""
    everything = clickstream.traffic(BRAND, visits.SOURCE, visits.events(), visits.days())
    wanted = {"active_users", "ga4_sign_ups"}
    return Answers(
        feeds=[feed for feed in everything.feeds if feed.measure in wanted],
        daily={key: amount for key, amount in everything.daily.items() if key[1] in wanted},
        periodic={key: amount for key, amount in everything.periodic.items() if key[1] in wanted},
    )
