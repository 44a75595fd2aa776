"""One person for one person: orders, CRM and billing joined by address and by id.

contracts.md, section 4: a record with an id and a personal address links the two; role addresses (info@…) link
nothing; contacts that were merged are one; connected records are one customer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tests.known_company.oracle.crm import survivors
from tests.known_company.records import Contact, Order

ROLES = frozenset({"info", "sales", "support", "admin", "office", "contact", "hello", "billing"})


def address(email: str | None) -> str | None:
    """An address in the one spelling that is compared; None for nobody."""
    folded = (email or "").replace(" ", "").lower()
    return folded or None


def is_role(email: str) -> bool:
    """The address belongs to an office, not to a person."""
    return email.split("@", maxsplit=1)[0] in ROLES


@dataclass
class Customers:
    """Connected names of people: ``email:<address>`` and ``<namespace>:<id>``.

    Attributes:
        namespaces: source -> name under which its ids are shared; its own id where none is given.
        surviving: (source, contact) -> the contact that is left after all merges.
    """

    namespaces: Mapping[str, str] = field(default_factory=dict)
    surviving: dict[tuple[str, str], str] = field(default_factory=dict)
    _parent: dict[str, str] = field(default_factory=dict)

    def name(self, source: str, record_id: str | None, email: str | None) -> str | None:
        """A record's own name before it is connected."""
        if record_id is not None:
            return f"{self.namespaces.get(source, source)}:{record_id}"
        known = address(email)
        return f"email:{known}" if known else None

    def see(self, source: str, record_id: str | None, email: str | None) -> None:
        """Connect the id and the address of a record."""
        known, name = address(email), self.name(source, record_id, email)
        if name is not None and record_id is not None and known and not is_role(known):
            self._connect(name, f"email:{known}")

    def one(self, source: str, record_id: str | None, email: str | None) -> str | None:
        """The customer of a record."""
        name = self.name(source, record_id, email)
        return None if name is None else self._root(name)

    def of_order(self, order: Order) -> str | None:
        """The customer of an order."""
        return self.one(order.source, order.customer_id, order.email)

    def of_contact(self, contact: Contact) -> str | None:
        """The customer of a contact; None for a record without id."""
        survivor = self.surviving.get((contact.source, contact.contact_id), contact.contact_id)
        return self.one(contact.source, survivor, contact.email)

    def _root(self, name: str) -> str:
        while (parent := self._parent.get(name, name)) != name:
            name = parent
        return name

    def _connect(self, one: str, other: str) -> None:
        roots = sorted((self._root(one), self._root(other)))
        self._parent[roots[1]] = roots[0]


def customers(
    orders: Iterable[Order], contacts: Iterable[Contact], *, namespaces: Mapping[str, str] | None = None
) -> Customers:
    """Everybody that orders and contacts know."""
    contacts = list(contacts)
    found = Customers(namespaces or {}, survivors(contacts))
    for order in orders:
        found.see(order.source, order.customer_id, order.email)
    for each in contacts:
        found.see(each.source, found.surviving[each.source, each.contact_id], each.email)
    return found
