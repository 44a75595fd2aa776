"""Every format gives what it holds, compressed or not."""

from __future__ import annotations

import gzip
import io
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from orchestration.erase import contents

WORD = "a-rather-long-word-to-find-again"


def _duckdb(path: Path) -> None:
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts")
        con.execute(
            f"create table marts.t as select i, '{WORD}' || (i % 3) as w, ['x', '{WORD}'] as l from range(5000) r(i)"
        )


def _parquet(path: Path) -> None:
    pq.write_table(pa.table({"w": [WORD + str(n % 3) for n in range(5000)]}), path, compression="zstd")


def _sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as con:
        con.execute('create table "odd name" (a text, b blob)')
        con.execute('insert into "odd name" values (?, ?)', ("x" * 9000 + WORD, b"y" * 9000 + WORD.encode()))
        con.commit()


def _gz(path: Path) -> None:
    path.write_bytes(gzip.compress(f"x,{WORD}\n".encode() * 1000))


def _zip(path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sheet1.xml", f"<c>{WORD}</c>" * 1000)
    path.write_bytes(packed.getvalue())


def _wide(path: Path) -> None:
    path.write_bytes(f"x,{WORD}\n".encode("utf-16-le"))


def _packed_wide(path: Path) -> None:
    path.write_bytes(gzip.compress(f"x,{WORD}\n".encode("utf-16")))


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("a.duckdb", _duckdb),
        ("a.parquet", _parquet),
        ("a.db", _sqlite),
        ("a.csv.gz", _gz),
        ("a.xlsx", _zip),
        ("a.csv", _wide),
        ("b.csv.gz", _packed_wide),
    ],
)
def test_what_a_format_compresses_is_given_decoded(name: str, write: object, tmp_path: Path) -> None:
    path = tmp_path / name
    write(path)  # type: ignore[operator]
    found = [
        chunk
        for chunk in contents.chunks_of(path, temp=tmp_path, overlap=64)
        if WORD.encode() in chunk.content
    ]
    assert any(chunk.place != "bytes" for chunk in found)


def test_words_across_blocks_are_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "CHUNK", 10)
    path = tmp_path / "a.txt"
    path.write_text("....." + WORD + ".....", encoding="utf-8")
    chunks = list(contents.chunks_of(path, temp=tmp_path, overlap=len(WORD)))
    assert any(WORD.encode() in chunk.content for chunk in chunks)


@pytest.mark.parametrize("name", ["a.duckdb", "a.parquet", "a.csv.gz"])
def test_a_file_that_is_not_what_its_name_says_is_searched_as_it_lies_and_told(
    name: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text(f"no such format, {WORD}", encoding="utf-8")
    first, last = contents.chunks_of(path, temp=tmp_path, overlap=0)
    assert (first.place, WORD.encode() in first.content) == ("bytes", True)
    assert last.is_unreadable
    assert last.place


def test_reading_leaves_no_file_behind(tmp_path: Path) -> None:
    path = tmp_path / "runs #1.db"
    with closing(sqlite3.connect(path)) as con:
        con.execute("pragma journal_mode = wal")
        con.execute("create table t (a text)")
        con.execute("insert into t values (?)", (WORD,))
        con.commit()
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    chunks = list(contents.chunks_of(path, temp=tmp_path, overlap=0))
    assert any(chunk.place == "table t" and WORD.encode() in chunk.content for chunk in chunks)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
