"""Who buys at ``nava``: shop accounts and guests, their addresses, and the same person under several names.

Traps: a guest who has an account (same address in other letters), one person with two accounts, accounts
without an address, companies that share a role address, people without any trace.
"""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Buyer:
    """How a buyer appears on an order: account number and address as typed, either of them perhaps missing."""

    account: str | None
    email: str | None


def new_buyer(rng: random.Random, number: int, known: list[Buyer]) -> Buyer:
    """The next buyer; may be an earlier one in disguise."""
    email = f"buyer{number}@customer.example"
    with_both = [each for each in known if each.account and each.email and not each.email.startswith("info@")]
    ways = {
        "guest with account": Buyer(None, f" {str(rng.choice(with_both).email).upper()} ")
        if with_both
        else None,
        "second account": Buyer(f"A{number}", rng.choice(with_both).email) if with_both else None,
        "no address": Buyer(f"A{number}", None),
        "guest": Buyer(None, email),
        "nobody": Buyer(None, None),
        "company": Buyer(f"A{number}", f"info@company{number % 3}.example"),
        "company guest": Buyer(None, "sales@company9.example"),
        "account": Buyer(f"A{number}", email),
    }
    way = rng.choices(list(ways), weights=(6, 4, 8, 16, 2, 4, 1, 59))[0]
    return ways[way] or Buyer(f"A{number}", email)
