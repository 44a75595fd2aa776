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
    kind = rng.random()
    with_both = [each for each in known if each.account and each.email and not each.email.startswith("info@")]
    if with_both and kind < 0.06:
        twin = rng.choice(with_both)
        return Buyer(None, f" {str(twin.email).strip().upper()} ")
    if with_both and kind < 0.10:
        return Buyer(f"A{number}", rng.choice(with_both).email)
    if kind < 0.18:
        return Buyer(f"A{number}", None)
    if kind < 0.34:
        return Buyer(None, email)
    if kind < 0.36:
        return Buyer(None, None)
    if kind < 0.40:
        return Buyer(f"A{number}", f"info@company{number % 3}.example")
    if kind < 0.41:
        return Buyer(None, "sales@company9.example")
    return Buyer(f"A{number}", email)
