"""What consumers must never get: other schemas, views, hashes of addresses and phones, ids of people.

By names, and by values: the hashes and natural ids of people are taken from the raw zone and looked
for in every text of the published tables.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

FORBIDDEN_COLUMNS = re.compile(
    r"hmac|email_(?:domain|flags|hash)|is_role_|phone|(?:full|first|last)_name|"
    r"(?:^|_)(?:contact|customer|person|user|subscriber|respondent|visitor)_ids?$|user_pseudo_id"
)
PEOPLE = re.compile(
    r"_hmac$|^(?:contact_id|customer_id|person_id|subscriber_id|user_pseudo_id|hotjar_user_id|visitor_id|"
    r"respondent_id)$"
)
"""Columns of raw that hold who somebody is."""
PEOPLE_TABLES = {"hubspot__contacts": ("id",), "hubspot__merges": ("id",)}
THINGS = re.compile(
    r"^(?:order_id|line_id|sku|campaign_id|account_id|form_id|survey_id|response_id|deal_id|post_id)$"
)
THING_TABLES = frozenset(
    {"hubspot__deals", "hubspot__emails", "hubspot__feedback_submissions", "hubspot__forms"}
)
"""Their ids share small numbers with those of people; such a number in a published table is a thing's."""
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
HASH = re.compile(r"[0-9a-f]{64}")
WORD = re.compile(r"[^\s|/,;?&=#\"'\[\]{}()]+")
EVERYBODYS = (
    "dim_kpi",
    "dim_channel where is_mapped",
    "dim_period where calendar_key = (select calendar_key from marts.dim_brand where brand_id = ?)",
)
"""What is no secret between brands: the catalogue, the channel rules, the calendar of the brand itself."""
TELLING_LENGTH = 6
"""Ids at least so long are looked for inside of longer texts too; shorter ones as whole values only."""


@dataclass(frozen=True)
class Secrets:
    """Who somebody is."""

    hashes: frozenset[str]
    ids: frozenset[str]


def secrets_of(raw: Path) -> Secrets:
    """Everything in the raw zone that names a person, of every slice that ever landed."""
    hashes: set[str] = set()
    people: set[str] = set()
    things: set[str] = set()
    with duckdb.connect() as con:
        for folder in sorted(raw.glob("*/*/")):
            files = sorted(str(path) for path in folder.glob("source=*/*.parquet"))
            if not files:
                continue
            con.execute(f"create or replace view stream as from read_parquet({files}, union_by_name = true)")
            stream = f"{folder.parent.name}__{folder.name}"
            for column, type_, *_ in con.execute("describe stream").fetchall():
                into = None
                if PEOPLE.search(column) or column in PEOPLE_TABLES.get(stream, ()):
                    into = hashes if column.endswith("_hmac") else people
                elif THINGS.search(column) or (column == "id" and stream in THING_TABLES):
                    into = things
                if into is not None and type_ == "VARCHAR":
                    found = con.execute(f'select distinct "{column}" from stream').fetchall()
                    into.update(text for (text,) in found if text)
    return Secrets(hashes=frozenset(hashes), ids=frozenset(people - things))


@contextmanager
def parquet_as_marts(root: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection whose schema ``marts`` is what the pointer of the Parquet copies points to."""
    said = json.loads((root / "current.json").read_text(encoding="utf-8"))
    with duckdb.connect() as con:
        con.execute("create schema marts")
        for table in said["tables"]:
            con.execute(f"create table marts.{table} as from '{root / said['folder'] / table}.parquet'")
        yield con


def leaks(con: duckdb.DuckDBPyConnection, secrets: Secrets) -> list[str]:
    """What stands in the file open on ``con`` and must not: a line each."""
    found = [
        f"schema {schema}"
        for (schema,) in con.execute(
            "select schema_name from duckdb_schemas() where not internal and database_name = current_database()"
        ).fetchall()
        if schema not in {"main", "marts"}
    ]
    found += [
        f"table {schema}.{table}"
        for schema, table in con.execute(
            "select schema_name, table_name from duckdb_tables() where schema_name <> 'marts'"
        ).fetchall()
    ]
    views = con.execute("select view_name from duckdb_views() where not internal").fetchall()
    found += [f"view {view}" for (view,) in views]
    for table, columns in _texts(con).items():
        for column, texts in columns.items():
            if FORBIDDEN_COLUMNS.search(column):
                found.append(f"{table}.{column}: name of a column that tells who somebody is")
            found += [f"{table}.{column}: {what}" for what in _told(texts, secrets)]
    return found


def hashes_in_bytes(path: Path, secrets: Secrets) -> list[str]:
    """Hashes that stand in the bytes of a file, wherever that may be: an index, a dictionary, free space."""
    runs = re.findall(rb"[0-9a-f]{64,}", path.read_bytes())
    windows = {run[at : at + 64].decode() for run in runs for at in range(len(run) - 63)}
    return [f"{path.name}: bytes of the hash {told}" for told in sorted(windows & secrets.hashes)]


def leaks_of(home: Path) -> list[str]:
    """What stands in any file that a workspace publishes and must not: a line each, after the file's name."""
    published = home / "warehouse" / "published"
    secrets = secrets_of(home / "raw")
    brands = sorted((published / "brands").glob("*.duckdb"))
    found = []
    for path in (published / "kpi.duckdb", *brands):
        with duckdb.connect(str(path), read_only=True) as con:
            found += [f"{path.name} {what}" for what in leaks(con, secrets)]
        found += hashes_in_bytes(path, secrets)
    if (published / "parquet").is_dir():
        with parquet_as_marts(published / "parquet") as con:
            found += [f"parquet {what}" for what in leaks(con, secrets)]
    return [*found, *(told for path in brands for told in words_of_others(published / "kpi.duckdb", path))]


def words_of_others(whole: Path, brand_file: Path) -> list[str]:
    """Texts in a brand's file that stand in rows of other brands only, and bytes of their sources' ids."""
    brand = brand_file.stem
    with duckdb.connect(str(whole), read_only=True) as con:
        own, others = _texts_by_brand(con, brand)
        for shared in EVERYBODYS:
            rows = con.execute(f"from marts.{shared}", [brand] if "?" in shared else []).fetchall()
            own.update(value for row in rows for value in row if isinstance(value, str))
        sources = con.execute(
            "select distinct source_id from marts.fct_source_freshness where brand_id <> ?", [brand]
        ).fetchall()
    with duckdb.connect(str(brand_file), read_only=True) as con:
        texts = {
            (table, text)
            for table, columns in _texts(con).items()
            for found in columns.values()
            for text in found
        }
    foreign = others - own
    strange = [(table, text) for table, text in texts if text in foreign]
    content = brand_file.read_bytes()
    in_bytes = [name for (name,) in sources if len(name) >= TELLING_LENGTH and name.encode() in content]
    return [
        *(f"{brand_file.name} {table}: {text!r} of another brand" for table, text in sorted(strange)),
        *(f"{brand_file.name}: bytes of {name!r}, a source of another brand" for name in in_bytes),
    ]


def _texts_by_brand(con: duckdb.DuckDBPyConnection, brand: str) -> tuple[set[str], set[str]]:
    """Texts in rows of ``brand``, and in rows of other brands."""
    own: set[str] = set()
    others: set[str] = set()
    rows = con.execute(
        "select table_name, list(column_name) from duckdb_columns() where schema_name = 'marts' "
        "and data_type = 'VARCHAR' group by table_name having bool_or(column_name = 'brand_id')"
    ).fetchall()
    for table, columns in rows:
        for column in columns:
            for text, is_own in con.execute(
                f'select distinct "{column}", brand_id = ? from marts."{table}" where "{column}" is not null',
                [brand],
            ).fetchall():
                (own if is_own else others).add(text)
    return own, others


def _told(texts: set[str], secrets: Secrets) -> list[str]:
    words = {word for text in texts for word in WORD.findall(text)}
    ids = (texts & secrets.ids) | {word for word in words & secrets.ids if len(word) >= TELLING_LENGTH}
    hashes = {each for text in texts for each in HASH.findall(text)} & secrets.hashes
    addresses = {each for text in texts for each in ADDRESS.findall(text)}
    kinds: Mapping[str, set[str]] = {
        "hashes of addresses, phones or names": hashes,
        "natural ids of people": ids,
        "addresses": addresses,
    }
    return [f"{len(told)} {kind}, such as {min(told)}" for kind, told in kinds.items() if told]


def _texts(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, set[str]]]:
    """Distinct values of every column as text, by table and column; numbers and times never name a person."""
    columns = con.execute(
        "select table_name, column_name, data_type from duckdb_columns() where schema_name = 'marts'"
    ).fetchall()
    found: dict[str, dict[str, set[str]]] = {}
    for table, column, type_ in columns:
        texts: set[str] = set()
        if type_ not in {"DATE", "TIMESTAMP", "BOOLEAN", "DOUBLE"} and not type_.startswith("DECIMAL"):
            rows = con.execute(
                f'select distinct "{column}"::varchar from marts."{table}" where "{column}" is not null'
            ).fetchall()
            texts = {text for (text,) in rows} if type_ == "VARCHAR" else set()
        found.setdefault(table, {})[column] = texts
    return found
