"""The data of a Search Console site: what a test states, by day, query, page, country, device and type.

Facts are immutable; replacing them changes the site's version, by which answers are cached.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import count

_VERSIONS = count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchFact:
    """Impressions and clicks that share all dimensions.

    Attributes:
        day: in Pacific time.
        country: ISO 3166 alpha-3, in lower case.
        device: ``DESKTOP``, ``MOBILE`` or ``TABLET``.
        type: of search, in camelCase.
        appearance: search feature; empty if plain.
        position: mean over the impressions, from 1.
        is_anonymised: the query is too rare to be told: gone where queries are grouped or filtered.
        is_second_result: shown below another page of the site in the same search: by property it is no
            impression of its own.
    """

    day: date
    query: str = ""
    page: str = ""
    country: str = "irn"
    device: str = "MOBILE"
    type: str = "web"
    appearance: str = ""
    clicks: int = 0
    impressions: int = 1
    position: float = 1.0
    is_anonymised: bool = False
    is_second_result: bool = False


@dataclass
class Site:
    """One property of Search Console.

    Attributes:
        permission_level: of the account; ``siteUnverifiedUser`` sees no data.
        version: changes with the facts; no two sites share one.
    """

    permission_level: str = "siteOwner"
    version: int = field(default_factory=partial(next, _VERSIONS), init=False)
    _facts: tuple[SearchFact, ...] = field(default=(), init=False)

    @property
    def facts(self) -> tuple[SearchFact, ...]:
        """All facts, in the order they were stated."""
        return self._facts

    def state(self, facts: Iterable[SearchFact]) -> None:
        """Add facts."""
        self._facts = (*self._facts, *facts)
        self.version = next(_VERSIONS)

    def restate(self, day: date, facts: Iterable[SearchFact]) -> None:
        """Replace all facts of ``day``; facts of other days may be among the new ones."""
        self._facts = tuple(fact for fact in self._facts if fact.day != day)
        self.state(facts)
