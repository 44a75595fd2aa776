"""YAML with positions: configuration read so that every finding can name file, line and key path.

In goes a file, out come plain values and the line of every key. Syntax errors, tabs, bytes that aren't UTF-8,
duplicate keys and ``${...}`` (never expanded here, so surely a mistake) are :class:`SettingsError`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from orchestration.errors import SettingsError

KeyPath = tuple[str | int, ...]
LONG_LIST = 20
"""More allowed words than this are only listed when none is like the one that was written."""


@dataclass(frozen=True)
class YamlSource:
    """Values of one YAML file with the line of each key.

    Attributes:
        path: the file, as shown in messages.
        data: mappings, lists and scalars.
        lines: line (from 1) by key path.
    """

    path: Path
    data: object
    lines: Mapping[KeyPath, int]

    def where(self, key_path: KeyPath, *, exact: bool = False) -> str:
        """``file:line (a.b[0].c)`` of a key, or of the nearest parent that exists in the file.

        Args:
            key_path: keys and list positions from the top.
            exact: show the whole path even where the file has only a part of it (a missing key).
        """
        known = key_path
        while known and known not in self.lines:
            known = known[:-1]
        line = self.lines.get(known, 1)
        shown = render_path(key_path if exact else known)
        return f"{self.path.name}:{line}" + (f" ({shown})" if shown else "")

    def value_at(self, key_path: KeyPath) -> object:
        """What stands at a key; None where there is no such key."""
        value = self.data
        for part in key_path:
            try:
                value = value[part]  # type: ignore[index]  # whatever can't be indexed holds no such key
            except (LookupError, TypeError):
                return None
        return value

    def finding(self, key_path: KeyPath, message: str) -> str:
        """One line of a list of findings."""
        return f"{self.where(key_path)}: {message}"


def render_path(key_path: KeyPath) -> str:
    """``sources.shop.columns[2]`` for a key path."""
    text = ""
    for part in key_path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text


class _Loader(yaml.SafeLoader):
    """Keeps 1405-02-31 as text: no Gregorian day, but one of the Jalali calendar."""


def _day_or_time(loader: _Loader, node: yaml.ScalarNode) -> object:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        if _OLD_YEAR.match(node.value):
            return node.value
        raise


_OLD_YEAR = re.compile(r"1[0-6]\d\d-")
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _day_or_time)


def read_yaml(path: Path) -> YamlSource:
    """Read ``path``; an empty file is an empty mapping.

    Raises:
        SettingsError: unreadable, not UTF-8, not YAML, duplicate or non-text keys, ``${...}`` in a value.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"{path.name} is not UTF-8 text: byte {error.start} can't be decoded. Save it as UTF-8 "
            "and run again."
        ) from error
    except OSError as error:
        raise SettingsError(f"{path} can't be read: {error.strerror or error}.") from error
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return YamlSource(path=path, data={}, lines={(): 1})
        lines: dict[KeyPath, int] = {}
        problems = list(_index(node, (), lines, path))
        if problems:
            raise SettingsError("\n".join(problems))
        _require_constructible(node, path)
        return YamlSource(path=path, data=loader.construct_document(node), lines=lines)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise SettingsError(_syntax_message(path, error)) from error
    finally:
        loader.dispose()


def _require_constructible(node: yaml.Node, path: Path) -> None:
    """Name the line of a scalar that looks like a day or a time but is none, such as 2026-13-01."""
    loader = _Loader("")
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, yaml.ScalarNode):
            try:
                loader.construct_object(current)
            except ValueError as error:
                where = f"{path.name}:{current.start_mark.line + 1}"
                raise SettingsError(f"{where}: {current.value!r} is no day or time: {error}.") from error
        elif isinstance(current, yaml.MappingNode):
            waiting += [part for pair in current.value for part in pair]
        elif isinstance(current, yaml.SequenceNode):
            waiting += current.value


def _syntax_message(path: Path, error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f"{path.name}:{mark.line + 1}, column {mark.column + 1}" if mark else path.name
    problem = getattr(error, "problem", None) or str(error)
    hint = " Indent with spaces, never with tabs." if "\\t" in repr(problem) else ""
    line = mark.buffer.splitlines()[mark.line : mark.line + 1] if mark and mark.buffer else []
    if line and "${" in line[0]:
        hint = " '${...}' is not expanded: name the variable in the field that ends in _env."
    return f"{where}: this is not valid YAML: {problem}.{hint}"


def _index(node: yaml.Node, at: KeyPath, lines: dict[KeyPath, int], path: Path) -> Iterable[str]:
    lines.setdefault(at, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        for position, item in enumerate(node.value):
            yield from _index(item, (*at, position), lines, path)
    elif isinstance(node, yaml.MappingNode):
        first_lines: dict[str, int] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                yield f"{path.name}:{line}: a key must be a plain word."
                continue
            key = str(key_node.value)
            if key == "<<":
                yield f"{path.name}:{line}: merge keys (<<) are not supported; write the keys out."
                continue
            if key in first_lines:
                shown = render_path((*at, key))
                is_list = isinstance(value_node, yaml.SequenceNode)
                remedy = "Put the entries of both below one of them" if is_list else "Remove one of them"
                yield (
                    f"{path.name}:{line} ({shown}): the key {key!r} stands twice; it was first on line "
                    f"{first_lines[key]}. {remedy}."
                )
            first_lines.setdefault(key, line)
            lines[(*at, key)] = line
            key_node.tag = "tag:yaml.org,2002:str"
            yield from _index(value_node, (*at, key), lines, path)
    elif isinstance(node, yaml.ScalarNode) and "${" in node.value:
        yield (
            f"{path.name}:{node.start_mark.line + 1} ({render_path(at)}): '${{...}}' is not expanded. Name "
            "the variable in the field that ends in _env, for example token_env: SHOP_TOKEN."
        )


def closest(word: str, allowed: Iterable[str]) -> str:
    """``Did you mean 'x'?`` with the nearest allowed word, else the list of allowed words."""
    words = sorted(allowed)
    near = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    if near and len(words) > LONG_LIST:
        return f"Did you mean {near[0]!r}?"
    if near:
        return f"Did you mean {near[0]!r}? Allowed: {', '.join(words)}."
    return f"Allowed: {', '.join(words)}."


PATTERNS: Mapping[str, str] = MappingProxyType(
    {
        r"^[A-Z]{3}$": "no currency code; write the three capital letters of ISO 4217, such as USD or IRR",
        r"^[a-z][a-z0-9_]{0,62}$": (
            "no id; an id is lower-case letters, digits and underscores, begins with a letter, and has at "
            "most 63 characters"
        ),
    }
)
"""What a value that doesn't match a pattern lacks, in words."""


SHAPES: Mapping[str, str] = MappingProxyType(
    {
        "brands": "my_brand: {name: My brand}",
        "project": "{name: My company, currency: EUR}",
        "sources": "my_orders: {connector: orders_file, brand: my_brand, path: exports/orders/*.csv}",
        "notifiers": "team: {url_env: TEAM_URL}",
        "attribution": "{rule: last_non_direct, window_days: 30}",
        "languages": "[en, fa]",
        "business_days": "[monday, tuesday]",
        "kinds": "[final, data]",
        "scorecards": "- {id: my_leads, brand: my_brand, name: Leads, goal: leads, kpis: [...]}",
        "objectives": "- {id: grow, brand: my_brand, name: Grow, key_results: [...]}",
        "budgets": "- {brand: my_brand, channel: email, month: 2026-01, amount: 1200}",
        "kpis": "- {kpi: leads, target: 200, unit: count, valid_from: 2026-01-01}",
        "key_results": "- {kpi: leads, baseline: 150, target: 200, unit: count, weight: 1}",
    }
)
"""What may stand below a key, for those that want a list or keys of their own."""
_NAMED = frozenset({"brands", "sources", "notifiers"})
"""Those whose own keys are names that the person chooses."""


def without_empty(data: Mapping[str, object]) -> dict[str, object]:
    """The sections of a file that aren't empty: a key with nothing below it says as much as no key."""
    return {key: value for key, value in data.items() if value is not None}


def _shape(loc: Sequence[str | int], otherwise: str) -> str:
    """What to write at a place: the example of its key, or of the list or keys that it is an entry of."""
    names = [part for part in loc if isinstance(part, str)]
    if names and names[-1] in SHAPES:
        return f"such as {SHAPES[names[-1]]}"
    if len(names) > 1 and names[-2] in _NAMED:
        return f"such as {SHAPES[names[-2]].split(': ', 1)[1]}"
    return f"such as {otherwise}"


def _misshapen(error: ErrorDetails) -> str | None:
    """What is said of an empty value, and of one that is no list or no keys; None of others."""
    kind, loc = error["type"], error["loc"]
    if kind == "tuple_type":
        return f"a list is needed here, {_shape(loc, '[a, b]')}{_instead(error['input'])}."
    if kind in {"dict_type", "model_type"} and loc:
        return f"keys with values are needed here, {_shape(loc, 'key: value')}{_instead(error['input'])}."
    if kind == "too_short":
        return f"{loc[-1]!r} is empty; write at least one entry, {_shape(loc, '[a]')}."
    if kind == "string_too_short":
        return f"{loc[-1]!r} is empty; write a text."
    return None


def _instead(given: object) -> str:
    """What stands there instead; an address of a channel is never repeated."""
    if given is None:
        return "; nothing stands there"
    if isinstance(given, dict | list):
        return f", and not {'keys with values' if isinstance(given, dict) else 'a list'}"
    return ", and not an address" if "://" in str(given) else f", and not {given!r}"


def describe(error: ErrorDetails, allowed: Iterable[str]) -> str:
    """One pydantic finding in plain words; ``allowed`` are the keys known at that place."""
    kind, context = error["type"], error.get("ctx", {})
    key = str(error["loc"][-1]) if error["loc"] else ""
    if kind == "extra_forbidden":
        return f"unknown key {key!r}. {closest(key, allowed)}"
    if kind == "missing":
        return f"the key {key!r} is required and missing."
    if kind in {"enum", "literal_error"}:
        return f"{error['input']!r} is not allowed here; use {context.get('expected')}."
    if kind == "string_pattern_mismatch" and context.get("pattern") in PATTERNS:
        return f"{error['input']!r} is {PATTERNS[str(context['pattern'])]}."
    misshapen = _misshapen(error)
    if misshapen is not None:
        return misshapen
    message = error["msg"].removeprefix("Value error, ").removeprefix("Input ")
    given = error["input"]
    shown = f" (got {given!r})" if isinstance(given, str | int | float | bool) or given is None else ""
    return f"{message[:1].lower()}{message[1:]}{shown}."


def known_keys(model: type[BaseModel], key_path: KeyPath) -> tuple[str, ...]:
    """Keys that the (nested) model at ``key_path`` knows; the last part, an unknown key, is left out."""
    current = model
    for part in key_path[:-1]:
        field = current.model_fields.get(str(part))
        if field is not None:  # otherwise the part is a mapping's key or a position in a list
            nested = _model_in(field.annotation)
            if nested is None:
                return ()
            current = nested
    return tuple(field.alias or name for name, field in current.model_fields.items())


def _model_in(annotation: object) -> type[BaseModel] | None:
    """The first pydantic model inside an annotation such as ``dict[str, Model] | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for found in map(_model_in, get_args(annotation)) if found is not None), None)


def findings_of(
    error: ValidationError,
    source: YamlSource,
    model: type[BaseModel],
    *,
    at: KeyPath = (),
    more: Iterable[str] = (),
) -> list[str]:
    """The findings of a failed validation as ``file:line (key): message``.

    Args:
        error: what pydantic raised.
        source: the file the value came from.
        model: the model that was validated.
        at: where in the file the validated value stands.
        more: keys allowed at the top of the value besides the model's own.
    """
    findings: list[str] = []
    details = error.errors(include_url=False)
    for detail in details:
        loc: KeyPath = tuple(detail["loc"])
        # pydantic leaves invalid items out and then finds their list too short.
        if detail["type"] == "too_short" and any(
            other["loc"][: len(loc)] == loc != other["loc"] for other in details
        ):
            continue
        allowed = [*known_keys(model, loc), *(more if len(loc) == 1 else ())]
        where = source.where((*at, *loc), exact=detail["type"] == "missing")
        findings.append(f"{where}: {describe(detail, allowed)}")
    return list(dict.fromkeys(findings))
