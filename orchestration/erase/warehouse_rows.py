"""Which rows of a warehouse table are those of the erased people; for looking and for taking them out.

By customer key, hash or long id in any text column; by shorter ids in the columns that hold ids of their
kind, within brand and source.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from connectors.core.identity import IdKind
from connectors.core.sql import identifier, literal
from orchestration.erase.contents import holds_text
from orchestration.erase.needles import nodes_of
from orchestration.erase.subject import Subject
from orchestration.erase.tokens import Token, fill_tokens

_CONTACT = (IdKind.PERSON,)
ID_COLUMNS: Mapping[str, tuple[IdKind, ...]] = {
    "contact_id": _CONTACT,
    "surviving_id": _CONTACT,
    "merged_id": _CONTACT,
    "merged_into": _CONTACT,
    "customer_id": _CONTACT,
    "subscriber_id": _CONTACT,
    "person_id": _CONTACT,
    "respondent_id": (IdKind.PERSON, IdKind.BROWSER),
    "to_id": _CONTACT,
    "user_pseudo_id": (IdKind.BROWSER,),
    "order_id": (IdKind.ORDER,),
    "transaction_id": (IdKind.ORDER,),
    "conversion_id": (IdKind.ORDER, IdKind.DEAL),
    "deal_id": (IdKind.DEAL,),
    "from_id": (IdKind.DEAL,),
    "response_id": (IdKind.ANSWER, IdKind.SUBMISSION),
    "submission_id": (IdKind.SUBMISSION,),
}
"""What the columns of the warehouse identify."""
_NODE_COLUMNS = frozenset({"node", "other_node", "linked_node", "surviving_node", "label"})
_WITHIN_BRAND = frozenset({IdKind.ORDER})


def prepare(con: duckdb.DuckDBPyConnection, subject: Subject) -> None:
    """Temp tables that :func:`theirs_sql` refers to."""
    tokens = set(subject.plan.tokens)
    # A person id is looked up by source: a table knows no namespaces.
    for token in subject.plan.tokens:
        if token.kind is IdKind.PERSON:
            tokens |= {
                Token(token.kind, source, token.value) for source in subject.names.sources_of(token.scope)
            }
    fill_tokens(con, tokens)
    con.execute(
        "create or replace temp table needles as select unnest($1::varchar[]) as value",
        [sorted(subject.needles.exact)],
    )
    con.execute(
        "create or replace temp table nodes as select unnest($1::varchar[]) as value",
        [nodes_of(subject.plan.tokens, subject.names)],
    )


def theirs_sql(brand: str, columns: Mapping[str, str]) -> str | None:
    """SQL: whether a row is theirs, over the columns (name: type) of a table; None where none can be."""
    parts = [
        f"coalesce(cast({identifier(name)} as varchar) in (select value from needles), false)"
        for name, type_ in columns.items()
        if holds_text(type_)
    ]
    of_brand = f"and brand_id = {literal(brand)}" if "brand_id" in columns else ""
    if of_brand:
        parts += [
            f"coalesce({form} in (select value from nodes) {of_brand}, false)"
            for name in columns
            if name in _NODE_COLUMNS
            for form in (identifier(name), f"substr({identifier(name)}, 3)")
        ]
    for name, kinds in ID_COLUMNS.items():
        if name in columns and holds_text(columns[name]) and of_brand:
            parts += [_looked_up(name, kind, columns, of_brand) for kind in kinds]
    return f"({' or '.join(parts)})" if parts else None


def _looked_up(name: str, kind: IdKind, columns: Mapping[str, str], of_brand: str) -> str:
    tokens = f"from tokens where kind = {literal(kind.value)}"
    column = identifier(name)
    is_theirs = f"{column} in (select value {tokens})"
    if kind not in _WITHIN_BRAND and "source_id" in columns:
        is_theirs = f"({column}, source_id) in (select (value, scope) {tokens})"
    is_contact = "and object_type = 'contacts'" if kind is IdKind.PERSON and "object_type" in columns else ""
    if kind is IdKind.ANSWER and "source_id" in columns:
        # Of Hotjar a response is shown per question: response/question.
        is_theirs += f" or (split_part({column}, '/', 1), source_id) in (select (value, scope) {tokens})"
    return f"coalesce(({is_theirs}) {of_brand} {is_contact}, false)"
