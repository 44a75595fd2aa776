"""Which columns of a stream say whose a row is; erasing people and keeping them out follow from it.

A row is a person's when it names the person by address, person id or login. A row that names only a record
(an order, a deal, an answer) or a browser of the person is theirs as long as it names nobody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from connectors.core.sql import identifier, literal


class IdKind(StrEnum):
    """What an id identifies, and so where it is unique."""

    ADDRESS = "address"
    """Keyed hash of an e-mail address, within the brand."""
    LOGIN = "login"
    """Keyed hash of the id that a site gave a signed-in person, within the brand; may be an address."""
    PERSON = "person"
    """Customer, contact, subscriber or respondent, within the namespace of the source (``customer_ids``)."""
    BROWSER = "browser"
    """Browser or app, within the source."""
    ORDER = "order"
    """Order or transaction, within the brand."""
    DEAL = "deal"
    """Deal, within the source."""
    ANSWER = "answer"
    """Response to a survey, within the source."""
    SUBMISSION = "submission"
    """Submission of a form or of a feedback survey, within the source."""


RECORDS = (IdKind.ORDER, IdKind.DEAL, IdKind.ANSWER, IdKind.SUBMISSION)
"""What belongs to a person without being one."""
_NOT_SET = "(not set)"
"""What GA4 writes where there is no order."""
_WITHIN_BRAND = frozenset({IdKind.ADDRESS, IdKind.LOGIN, IdKind.ORDER})


@dataclass(frozen=True)
class Identity:
    """One landed column that holds ids.

    Attributes:
        column: landed name, such as ``email_hmac`` or ``contact_id``.
        kind: what it identifies.
        only: (column, value) of the rows where it does; None for all.
        stem: of an address, the declared name of its column (``is_role_<stem>``, ``<stem>_flags``).
    """

    column: str
    kind: IdKind
    only: tuple[str, str] | None = None
    stem: str | None = None

    @property
    def value(self) -> str:
        """SQL of the id; null where the row has none."""
        name = f"nullif(nullif(trim({identifier(self.column)}), ''), {literal(_NOT_SET)})"
        if self.only is None:
            return name
        return f"case when {identifier(self.only[0])} = {literal(self.only[1])} then {name} end"

    @property
    def is_weak(self) -> str:
        """SQL: whether the id says nothing about who it is: role addresses, those of tests and staff."""
        if self.stem is None:
            return "false"
        flags = f"';' || lower(coalesce({identifier(f'{self.stem}_flags')}, '')) || ';'"
        return (
            f"(coalesce({identifier(f'is_role_{self.stem}')}, false) or contains({flags}, ';test;') "
            f"or contains({flags}, ';staff;'))"
        )


@dataclass(frozen=True)
class IdScopes:
    """Where ids of one source are unique.

    Attributes:
        source: id of the source.
        namespace: of its customers, contacts, subscribers and respondents.
    """

    source: str
    namespace: str

    def of(self, kind: IdKind) -> str:
        """The scope that is stored beside an id of ``kind``; empty is the brand's."""
        if kind in _WITHIN_BRAND:
            return ""
        return self.namespace if kind is IdKind.PERSON else self.source


Matches = Callable[[Identity, tuple[IdKind, ...]], str]
"""SQL: whether the id of a column is one of those that are looked for, of any of the kinds; never null."""


def belongs_sql(identities: tuple[Identity, ...], matches: Matches) -> str | None:
    """SQL: whether a row is that of the people looked for; None where the stream names nobody."""
    by_kind: Mapping[IdKind, list[Identity]] = {kind: [] for kind in IdKind}
    for identity in identities:
        by_kind[identity.kind].append(identity)
    people = [*by_kind[IdKind.ADDRESS], *by_kind[IdKind.PERSON]]
    logins = by_kind[IdKind.LOGIN]

    def found(some: list[Identity]) -> list[str]:
        return [matches(each, _kinds_of(each)) for each in some]

    own = found(people) + found(logins)
    records = found([each for kind in RECORDS for each in by_kind[kind]])
    browsers = found(by_kind[IdKind.BROWSER])
    parts = list(own)
    parts += list(_unless(records, people, matches))
    parts += list(_unless(browsers, [*people, *logins], matches))
    return f"({' or '.join(parts)})" if parts else None


def _kinds_of(identity: Identity) -> tuple[IdKind, ...]:
    return (IdKind.LOGIN, IdKind.ADDRESS) if identity.kind is IdKind.LOGIN else (identity.kind,)


def _unless(found: list[str], people: list[Identity], matches: Matches) -> Iterator[str]:
    """The parts that hold where the row names nobody else."""
    foreign = " or ".join(
        f"({each.value} is not null and not {each.is_weak} and not {matches(each, _kinds_of(each))})"
        for each in people
    )
    if found:
        yield f"(({' or '.join(found)})" + (f" and not ({foreign})" if foreign else "") + ")"
