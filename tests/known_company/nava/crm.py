"""CRM of ``nava`` by file: contacts and wholesale deals.

Traps: merges in chains, people imported again under a new id, archived contacts (they stay counted), an erased one (it
does not), tests, staff, subscribers who are no leads, conversions 89, 90 and 91 days after the lead and before it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise

from tests.known_company.clock import END, RUNS, START
from tests.known_company.nava.exports import (
    Drop,
    days_from,
    jalali_moment,
    persian,
    span_of,
    table,
    tehran,
    tehran_day,
)
from tests.known_company.records import NO_UTM, Contact, Deal, Utm

CONTACTS, DEALS = "nava_contacts", "nava_deals"
CONTACTS_HEADER = (
    *("شناسه", "ایمیل", "تلفن همراه", "نام و نام خانوادگی", "تاریخ ایجاد", "آخرین تغییر", "تاریخ سرنخ"),
    *("تاریخ سرنخ واجد شرایط", "تاریخ مشتری شدن", "منبع سرنخ", "utm_source", "utm_medium", "utm_campaign"),
    *("ادغام در", "حذف‌شده", "آزمایشی"),
)
DEALS_HEADER = ("شناسه", "شناسه مخاطب", "نام معامله", "مرحله", "مبلغ (تومان)", "ارز", "تاریخ ایجاد", "تاریخ بسته‌شدن",
                "موفق", "بسته‌شده")  # fmt: skip
UTMS = (
    NO_UTM,
    NO_UTM,
    Utm(source="google", medium="cpc", campaign="Nowruz-1403"),
    Utm(source="newsletter", medium="email", campaign="yalda_1403"),
)


@dataclass(frozen=True)
class Entry:
    """A contact and when things about it became known.

    Attributes:
        contact: as it is in the end.
        merged_at: when it was merged away. archived_at: when it was archived.
    """

    contact: Contact
    created_at: datetime
    merged_at: datetime | None = None
    archived_at: datetime | None = None

    @property
    def changes(self) -> list[datetime]:
        """Every moment at which the record changed."""
        lead = self.contact
        moments = (
            self.created_at,
            lead.lead_at,
            lead.qualified_at,
            lead.converted_at,
            self.merged_at,
            self.archived_at,
        )
        return [moment for moment in moments if moment is not None]


@cache
def entries() -> tuple[Entry, ...]:
    """Every contact but the erased one."""
    rng = random.Random("nava crm")
    found: list[Entry] = []
    for day in days_from(START, END):
        for _ in range(rng.choice((0, 1, 1, 2, 3))):
            found.append(_entry(rng, f"{5000 + len(found)}", tehran(day, rng.choice((0, 8, 13, 23)), 59, 30)))
    found += [_imported_again(rng, entry, number) for number, entry in enumerate(found[::60])]
    return tuple(_chained(rng, found))


def _entry(rng: random.Random, contact_id: str, created_at: datetime) -> Entry:
    email = rng.choice(
        (
            f"buyer{rng.randint(1, 600)}@customer.example",
            f"lead{contact_id}@lead.example",
            f"lead{contact_id}@lead.example",
            None,
        )
    )
    is_test, is_staff = rng.random() < 0.02, rng.random() < 0.02
    lead_at = created_at + timedelta(days=rng.choice((0, 0, 0, 1, 12))) if rng.random() < 0.85 else None
    qualified_at = converted_at = None
    if lead_at and rng.random() < 0.4:
        qualified_at = lead_at + timedelta(days=rng.randint(0, 40), hours=3)
    if lead_at and rng.random() < 0.3:
        converted_at = lead_at + timedelta(days=rng.choice((-1, 0, 5, 20, 60, 89, 90, 91, 120)))
    end = tehran(END, 23)
    known = [moment if moment and moment <= end else None for moment in (lead_at, qualified_at, converted_at)]
    contact = Contact(
        source=CONTACTS,
        contact_id=contact_id,
        email=f"clerk{contact_id}@nava.example" if is_staff else email,
        lead_at=known[0],
        qualified_at=known[1],
        converted_at=known[2],
        lead_source=rng.choice(("نمایشگاه", "اینستاگرام", "سایت", None)),
        utm=rng.choice(UTMS),
        is_test=is_test or is_staff,
    )
    archived_at = created_at + timedelta(days=30) if rng.random() < 0.04 else None
    return Entry(contact, created_at, archived_at=archived_at if archived_at and archived_at <= end else None)


def _imported_again(rng: random.Random, entry: Entry, number: int) -> Entry:
    """The same person a while later under another id, merged into the first record."""
    created_at = min(entry.created_at + timedelta(days=rng.randint(20, 200)), tehran(END, 9))
    again = Contact(
        source=CONTACTS,
        contact_id=f"I{number}",
        email=entry.contact.email,
        merged_into=entry.contact.contact_id,
        lead_at=created_at,
        lead_source="import",
        is_test=entry.contact.is_test,
    )
    return Entry(again, created_at, merged_at=created_at + timedelta(hours=1))


def _chained(rng: random.Random, found: list[Entry]) -> list[Entry]:
    """Merges of two to five records in a row, the survivor now the oldest, now the newest."""
    at = 7
    while at + 30 < len(found):
        length = rng.randint(2, 5)
        chain = [each for each in range(at, at + length) if found[each].contact.merged_into is None]
        if rng.random() < 0.5:
            chain.reverse()
        newest = max(found[each].created_at for each in chain)
        for position, (loser, winner) in enumerate(pairwise(chain)):
            merged_at = newest + timedelta(days=3 + 20 * position)
            if merged_at <= tehran(END, 23) and not found[loser].contact.is_test:
                contact = replace(found[loser].contact, merged_into=found[winner].contact.contact_id)
                found[loser] = replace(found[loser], contact=contact, merged_at=merged_at)
        at += rng.randint(18, 30)
    return found


def records() -> list[Contact]:
    """What is true after the last run."""
    return [entry.contact for entry in entries()]


@cache
def deals() -> tuple[tuple[Deal, datetime], ...]:
    """Wholesale deals, in rials, with the moment they were opened."""
    rng = random.Random("nava deals")
    people = [entry for entry in entries() if entry.contact.email]
    found = []
    for number, entry in enumerate(people[10::14]):
        closed_at = entry.created_at + timedelta(days=rng.randint(1, 70), hours=2)
        is_closed = closed_at <= tehran(END, 22)
        found.append(
            (
                Deal(
                    source=DEALS,
                    deal_id=f"d{number}",
                    contact_id=entry.contact.contact_id,
                    closed_at=closed_at if is_closed else None,
                    amount=Decimal(rng.randint(10, 900)) * 1_000_000,
                    currency="IRR",
                    is_won=is_closed and rng.random() < 0.5,
                ),
                entry.created_at,
            )
        )
    return tuple(found)


def _contact_row(entry: Entry, run: int) -> tuple[object, ...]:
    def by_now(moment: datetime | None) -> datetime | None:
        return moment if moment is not None and moment < RUNS[run] else None

    contact = entry.contact
    known = [moment for moment in entry.changes if moment < RUNS[run]]
    number = contact.contact_id
    return (
        number, contact.email, f"0912{number:0>7}" if number.isdigit() else None, f"نام {number}",
        jalali_moment(entry.created_at), jalali_moment(max(known)), jalali_moment(by_now(contact.lead_at)),
        jalali_moment(by_now(contact.qualified_at)), jalali_moment(by_now(contact.converted_at)), contact.lead_source,
        contact.utm.source, contact.utm.medium, contact.utm.campaign,
        contact.merged_into if by_now(entry.merged_at) else None, "بله" if by_now(entry.archived_at) else "خیر",
        "بله" if contact.is_test and not (contact.email or "").endswith("@nava.example") else "خیر",
    )  # fmt: skip


@cache
def drops(run: int) -> tuple[Drop, ...]:
    """What was created or changed since the last run; in the second run the first file again without one person."""
    return (*_contact_drops(run), *_deal_drops(run))


def _contact_drops(run: int) -> list[Drop]:
    since = tehran(START) - timedelta(days=2) if run == 0 else RUNS[run - 1]
    changed = [
        entry
        for entry in entries()
        if entry.created_at < RUNS[run] and any(since <= moment < RUNS[run] for moment in entry.changes)
    ]
    rows = [_contact_row(entry, run) for entry in changed]
    if run == 0:
        rows.append(("ERASED", "erased@lead.example", *rows[0][2:]))
    files = [_contacts_file(f"contacts-{run}", rows, changed)]
    if run == 1:
        before = [entry for entry in entries() if entry.created_at < RUNS[0]]
        files.insert(0, _contacts_file("contacts-0", [_contact_row(entry, 1) for entry in before], before))
    return files


def _contacts_file(name: str, rows: list[tuple[object, ...]], of_file: list[Entry]) -> Drop:
    days = [tehran_day(entry.created_at) for entry in of_file]
    return Drop(f"crm/{name}.csv", table(CONTACTS_HEADER, rows), span_of(days))


def _deal_drops(run: int) -> list[Drop]:
    since = tehran(START) - timedelta(days=2) if run == 0 else RUNS[run - 1]
    rows, days = [], []
    for deal, created_at in deals():
        moments = [created_at] + ([deal.closed_at] if deal.closed_at else [])
        if not any(since <= moment < RUNS[run] for moment in moments):
            continue
        is_closed = deal.closed_at is not None and deal.closed_at < RUNS[run]
        rows.append(
            (deal.deal_id, deal.contact_id, f"عمده {deal.deal_id}", "بسته" if is_closed else "باز",
             persian(deal.amount / 10) if deal.amount else None, deal.currency, jalali_moment(created_at),
             jalali_moment(deal.closed_at) if is_closed else None,
             "بله" if deal.is_won and is_closed else "خیر", "بله" if is_closed else "خیر")
        )  # fmt: skip
        days.append(tehran_day(created_at))
    return [Drop(f"crm/deals-{run}.csv", table(DEALS_HEADER, rows), span_of(days))]
