"""Refuses SQL that DuckDB and Spark answer differently without an error.

Comes in: the ``models``, ``tests`` and ``macros`` of a dbt project, as text with its Jinja. Goes out: one
line per finding with file, line, what differs and what to write instead; exit code 1 if there is any.
Engine-specific bodies of dispatched macros (``default__…``, ``duckdb__…``, ``spark__…``) are exempt: they
are where differences belong. The check reads text, not types, so it also refuses harmless uses of ``round``
or ``/``; the house macros say them portably.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

FOLDERS = ("models", "tests", "macros")
_DATE_WORD = r"\b(?:\w*_date|\w*_on|(?:period|window|span|previous)_(?:start|end))\b"


@dataclass(frozen=True)
class Rule:
    """One refused spelling: ``pattern`` is searched in SQL without comments, literals and Jinja."""

    name: str
    pattern: re.Pattern[str]
    advice: str


@dataclass(frozen=True)
class Finding:
    """Where a rule was broken; ``line`` counts from 1."""

    path: Path
    line: int
    rule: str
    advice: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.advice}"


def _rule(name: str, pattern: str, advice: str) -> Rule:
    return Rule(name, re.compile(pattern, re.IGNORECASE), advice)


SQL_RULES: tuple[Rule, ...] = (
    _rule("any_value", r"\bany_value\s*\(", "Spark may pick a null; use min() or max()"),
    _rule(
        "concat",
        r"\bconcat\s*\(",
        "nulls vanish on DuckDB only; use || with coalesce",
    ),
    _rule(
        "double quotes",
        r'"[^"]*"',
        "an identifier on DuckDB, a text on Spark; drop them",
    ),
    _rule("division", r"(?<![*/])/(?![*/])", "decimal division has other types; use the macro ratio"),
    _rule("avg", r"\bavg\s*\(\s*(?!j)", "averages of decimals have other types; average f64(x) or use ratio"),
    _rule("round", r"\bround\s*\(", "halves go different ways; leave it or cast to decimal"),
    _rule(
        "fraction to integer",
        r"\bcast\s*\(\s*\w*(?:amount|rate|ratio|value|price|share|mrr|seconds)\w*\s+as\s+(?:int|integer|bigint|smallint)\b",
        "DuckDB rounds and Spark cuts; wrap it in floor() or ceil()",
    ),
    _rule(
        "interval",
        r"\binterval\s+(?:'|\d|j)",
        "a timestamp on DuckDB; use the macro add_days",
    ),
    _rule("date - date", rf"{_DATE_WORD}\s+-\s+{_DATE_WORD}", "an interval on Spark; use days_between"),
    _rule(
        "generate_series",
        r"\b(?:generate_series|unnest|range|sequence|explode)\s*\(",
        "not on both engines; join int_days or dim_period",
    ),
    _rule("list or struct", r"\[|\b(?:struct_pack|list_value|array)\s*\(", "not the same on both; use rows"),
    _rule("* exclude", r"\*\s*(?:exclude|except|replace)\b", "not on both engines; name the columns"),
    _rule(
        "trim of characters",
        r"\b[lr]?trim\s*\([^()]*,",
        "the arguments are the other way round on Spark; write trim(leading 'x' from y)",
    ),
    _rule("hash", r"\bhash\s*\(", "64 bits on DuckDB, 32 on Spark; use the macro hash_key"),
    _rule("dayofweek", r"\bdayofweek\s*\(", "Sunday is 0 or 1; use iso_weekday of int_days"),
    _rule(
        "run clock",
        r"\b(?:current_date|current_timestamp|now\s*\(|today\s*\()",
        "a value must not depend on the day of the run; use as_of of control.run",
    ),
)
JINJA_RULES: tuple[Rule, ...] = (
    _rule("dbt.type_float", r"\bdbt\.type_float\b", "32 bits on both engines; use the macro f64"),
    _rule("dbt.safe_cast", r"\bdbt\.safe_cast\b", "a plain cast on both engines; write try_cast"),
)

_COMMENT = re.compile(r"\{#.*?#\}|--[^\n]*|/\*.*?\*/", re.DOTALL)
_LITERAL = re.compile(r"'(?:[^']|'')*'")
_JINJA = re.compile(r"""\{\{(?:"[^"]*"|'[^']*'|[^"'])*?\}\}|\{%.*?%\}""", re.DOTALL)
"""What is quoted inside is passed over whole: a hook is a text with marks of its own."""
_ENGINE_MACRO = re.compile(r"\{%-?\s*macro\s+(?:default|duckdb|spark)__.*?endmacro\s*-?%\}", re.DOTALL)
_ORDER_BY = re.compile(r"\border\s+by\b", re.IGNORECASE)
_ORDER_END = re.compile(r"\b(?:rows|range|limit|union|qualify)\b", re.IGNORECASE)
_NULLS = re.compile(r"\bnulls\s+(?:first|last)\b", re.IGNORECASE)


def lint_text(text: str, path: Path) -> list[Finding]:
    """Findings of one file, in order of lines."""
    commentless = _blank(_COMMENT, _blank(_ENGINE_MACRO, text, " "), " ")
    sql = _blank(_LITERAL, _blank(_JINJA, commentless, "j"), "'")
    findings = [
        Finding(path, _line(source, match.start()), rule.name, rule.advice)
        for rules, source in ((SQL_RULES, sql), (JINJA_RULES, commentless))
        for rule in rules
        for match in rule.pattern.finditer(source)
    ]
    findings += [
        Finding(path, _line(sql, position), "order by", "nulls come last on DuckDB only; say where")
        for position in _unplaced_nulls(sql)
    ]
    return sorted(findings, key=lambda finding: finding.line)


def lint_project(project: Path) -> list[Finding]:
    """Findings of every SQL file of the dbt project."""
    return [
        finding
        for folder in FOLDERS
        for path in sorted((project / folder).rglob("*.sql"))
        for finding in lint_text(path.read_text(encoding="utf-8"), path)
    ]


def _blank(pattern: re.Pattern[str], text: str, filler: str) -> str:
    """``text`` with every match overwritten, so that positions and lines stay."""
    return pattern.sub(lambda match: re.sub(r"[^\n]", filler, match.group()), text)


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _unplaced_nulls(sql: str) -> Iterator[int]:
    """Positions of ``order by`` clauses with a term that doesn't say where nulls go."""
    for match in _ORDER_BY.finditer(sql):
        terms = _terms(sql[match.end() :])
        if not all(_NULLS.search(term) for term in terms):
            yield match.start()


def _terms(rest: str) -> list[str]:
    """The terms of an ``order by`` clause: to its bracket, frame, limit or end, split at outer commas."""
    depth, terms, term = 0, [], ""
    stop = _ORDER_END.search(rest)
    for character in rest[: stop.start() if stop else len(rest)]:
        depth += (character == "(") - (character == ")")
        if depth < 0:
            break
        if character == "," and depth == 0:
            terms.append(term)
            term = ""
        else:
            term += character
    return [*terms, term]


@click.command()
@click.argument("project", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(project: Path) -> None:
    """Check the SQL of a dbt PROJECT for silent differences between DuckDB and Spark."""
    findings = lint_project(project)
    for finding in findings:
        click.echo(str(finding))
    if findings:
        raise click.ClickException(f"{len(findings)} spellings differ silently between DuckDB and Spark.")


if __name__ == "__main__":
    main()
