"""Changes: what of a batch of records is new beside what is stored, and which stored records are gone.

Works on the staged rows of a landing before they are committed. Records are compared by their key and a hash
over all data columns, so that reading with overlap, or reading a whole list again, stores nothing twice.
"""

from __future__ import annotations

from datetime import datetime

from connectors.core.landing import Landing
from connectors.core.sql import identifier, identifiers, literal


class Changes:
    """Staged records beside the stored ones of the same stream and source.

    Args:
        landing: everything is staged; not committed yet.
        version: column whose higher value is the newer version of a record; None where there is none.
    """

    def __init__(self, landing: Landing, *, version: str | None) -> None:
        self._landing = landing
        self._keys = identifiers(landing.stream.key)
        self._content = f"hash({identifiers([*landing.data_columns, '_is_deleted'])})"
        newest = f"{identifier(version)} desc nulls last, " if version else ""
        cursor = landing.stream.cursor
        placed = f"cast({identifier(cursor)} as timestamp)" if cursor else "cast(null as timestamp)"
        known = self._first_of_each(
            f"({landing.listed_sql()})",
            f"select {self._keys}, _is_deleted, {placed} as _placed, {self._content} as _content from rows",
            by=self._keys,
            order=f"_load_id desc, {newest}_slice desc",
        )
        landing.con.execute(f"create table known as {known}")

    def bury_absent(self, slice_key: str, *, since: datetime | None = None) -> None:
        """Stage a tombstone for each stored record that isn't staged: the staged list is complete.

        Args:
            slice_key: slice of the tombstones.
            since: where the list begins, UTC; of records before it nothing is known.
        """
        told = f"and _placed >= {literal(f'{since:%Y-%m-%d %H:%M:%S}')}::timestamp " if since else ""
        supplied = dict(self._landing.supplied)
        self._landing.stage(
            f"select {self._keys}, {literal(slice_key)} as _slice, true as _is_deleted from "
            f"known as k where not _is_deleted {told}and not exists (select 1 from staged as s where "
            f"{self._same('s', 'k')})"
        )
        self._landing.supplied = supplied

    def keep_new(self) -> None:
        """Leave staged only versions that aren't the newest stored one, each once."""
        hashed = f"(select *, {self._content} as _content from rows)"
        new = (
            f"select {identifiers(self._landing.layout)} from {hashed} as s where not exists "
            f"(select 1 from known as k where {self._same('s', 'k')} and s._content = k._content)"
        )
        self._landing.keep(self._first_of_each("staged", new, by=f"{self._keys}, _content", order="_content"))

    def _same(self, left: str, right: str) -> str:
        return " and ".join(
            f"{left}.{identifier(key)} = {right}.{identifier(key)}" for key in self._landing.stream.key
        )

    def _first_of_each(self, relation: str, select: str, *, by: str, order: str) -> str:
        """SQL: a SELECT from ``rows``, those of a relation; of what agrees in ``by`` only the first.

        Few records are there twice, and only those are sorted: a million would fill the memory. A hash of the
        key, eight bytes a record, tells which they may be.
        """
        key = f"hash({self._keys})"
        several = f"select {key} from {relation} group by {key} having count(*) > 1"
        once = f"with rows as (select * from {relation} where {key} not in (from several)) {select}"
        more = f"with rows as (select * from {relation} where {key} in (from several)) {select}"
        first = f"qualify row_number() over (partition by {by} order by {order}) = 1"
        return f"with several as materialized ({several}) from ({once}) union all from ({more} {first})"
