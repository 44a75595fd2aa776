"""Wide tables made long: one column per currency becomes one row per currency.

In: a table whose header holds codes such as ``USD``, as rate lists of central banks do. Out: the same table
with two columns instead, the code and the value. Cells that say nothing give no row.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from connectors.core.sql import literal, literals
from connectors.files.headers import find
from connectors.files.table import Table

_MOST_COLUMNS = 1000
"""Records of the long table are numbered ``record * 1000 + column``."""


@dataclass(frozen=True, kw_only=True)
class Wide:
    """How a table of a preset may be wide.

    Attributes:
        codes: expression that a header which is a code matches in full.
        names: columns that the codes may be; the first that nothing else feeds.
        value: column of the cells below the codes.
    """

    codes: str
    names: tuple[str, ...]
    value: str


def made_long(
    table: Table, wide: Wide, *, spellings: Mapping[str, Collection[str]], na_values: Collection[str]
) -> Table:
    """``table`` with one row per code and filled cell; the table itself where it isn't wide.

    Args:
        table: as read.
        wide: what its wide form looks like.
        spellings: headers by stream column, for those that a header may feed; a column that has a constant is
            mapped to none.
        na_values: cells that say nothing.
    """
    if find(tuple(spellings.get(wide.value, ())), table.header):
        return table
    at = [n for n, name in enumerate(table.header) if re.fullmatch(wide.codes, name.strip())]
    free = [
        name for name in wide.names if name in spellings and not find(tuple(spellings[name]), table.header)
    ]
    if not at or not free or len(table.header) > _MOST_COLUMNS:
        return table
    kept = [n for n in range(len(table.header)) if n not in at]
    words = literals([word.strip().lower() for word in ("", *na_values)])
    cells = ", ".join(
        f"{{'code': {literal(table.header[column].strip())}, 'value': c{column}, 'place': {column}}}"
        for column in at
    )
    # One pass over the table, however many codes it has.
    rows_sql = (
        f"select {''.join(f'c{old} as c{new}, ' for new, old in enumerate(kept))}"
        f"cell.code as c{len(kept)}, cell.value as c{len(kept) + 1}, "
        f"_line * {_MOST_COLUMNS} + cell.place as _line "
        f"from (select *, unnest([{cells}]) as cell from ({table.rows_sql})) "
        f"where not list_contains({words}, lower(trim(coalesce(cell.value, ''))))"
    )

    def lines_of(records: Collection[int]) -> Mapping[int, int]:
        lines = table.lines_of({record // _MOST_COLUMNS for record in records})
        return {
            record: lines[record // _MOST_COLUMNS] for record in records if record // _MOST_COLUMNS in lines
        }

    header = (*(table.header[n] for n in kept), free[0], wide.value)
    return Table(header, rows_sql, lines_of, held=table.held)
