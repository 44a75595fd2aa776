"""What a build need not compute again: nodes of the dbt graph whose inputs are those of their last build.

A model, seed or test is a function of its SQL, of what it reads of schemas ``raw`` and ``control``, and of
its parents. So each gets a digest of all that, parents by their own digests; a node whose digest stands in
the build file's own record (:mod:`orchestration.build_record`) is built already, and its table or verdict
stays as it is. Whatever can't be told is built: a file made anew has no record, tests that warned are never
recorded, and a change of settings or SQL makes the build file anew (``control.build_fingerprint``).

The run's clock counts as far as it is read: models read days (``brands.as_of_date``), so that two runs of
one day differ in nothing. Words about the run itself, such as ``built_at``, make no row another one and are
left out. Times of attempts (``last_success_at``) are brought up to date whenever anything else is built.

Pure functions over ``manifest.json`` and digests of the sources; no file is read here.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

BUILT_TYPES = frozenset({"model", "seed", "snapshot", "test"})
OWN_PACKAGE = "sanjeh"
CONTROL = "control"

Digests = Mapping[str, str]
"""Digest by dbt's unique id."""


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """Digests of everything the graph reads, as one run finds it.

    Attributes:
        programs: versions of what computes, and the hash of the dbt project.
        sources: by unique id of the dbt source; of control tables without ``columns``.
        columns: by (control table, column): values that count only for nodes that name the column.
    """

    programs: str
    sources: Digests
    columns: Mapping[tuple[str, str], str]


@dataclass(frozen=True, kw_only=True)
class Built:
    """Digests of a node as it was last built.

    Attributes:
        digest: of what makes its rows.
        timed: the same with the times of attempts to land.
    """

    digest: str
    timed: str


@dataclass(frozen=True, kw_only=True)
class BuildSelection:
    """What a build has to do.

    Attributes:
        now: how every node would be recorded once it is built; parents before children.
        stale: unique ids of the nodes to build; with a node, everything below it.
    """

    now: Mapping[str, Built]
    stale: frozenset[str]

    @property
    def is_whole(self) -> bool:
        """Whether nothing may be left out."""
        return len(self.stale) == len(self.now)

    def kept(self, *resource_types: str) -> list[str]:
        """Unique ids of the nodes of some types that stay as they are, parents before children."""
        return [
            node for node in self.now if node not in self.stale and node.split(".", 1)[0] in resource_types
        ]

    def arguments(self, manifest: Mapping[str, Any]) -> list[str]:
        """Dbt's arguments that select exactly the stale nodes, and tests of stale nodes again.

        dbt adds the tests of every node it selects, so only tests without a stale parent are named.
        """
        if self.is_whole:
            return []
        nodes = manifest["nodes"]
        alone = [
            node
            for node in self.stale
            if not (node.startswith("test.") and self.stale.intersection(nodes[node]["depends_on"]["nodes"]))
        ]
        names = sorted(".".join(nodes[node]["fqn"]) for node in alone)
        return ["--select", " ".join(f"fqn:{name}" for name in names), "--indirect-selection", "eager"]


class Graph:
    """The dbt project as far as it decides what is built: parents, and words in each node's SQL."""

    def __init__(self, manifest: Mapping[str, Any]) -> None:
        self._macros: Mapping[str, Any] = manifest["macros"]
        self._nodes = {
            unique_id: node
            for unique_id, node in manifest["nodes"].items()
            if node["resource_type"] in BUILT_TYPES
        }
        self._sources: Mapping[str, Any] = manifest["sources"]
        self.parents = {
            unique_id: sorted(set(node.get("depends_on", {}).get("nodes", ())))
            for unique_id, node in self._nodes.items()
        }
        self._words: dict[str, frozenset[str]] = {}

    def source_ids(self) -> Mapping[str, tuple[str, str]]:
        """(schema, table) by unique id of every dbt source."""
        return {
            unique_id: (source["source_name"], source["name"]) for unique_id, source in self._sources.items()
        }

    def order(self) -> list[str]:
        """Unique ids, parents before children."""
        done: dict[str, None] = {}
        for root in sorted(self._nodes):
            pending = [root]
            while pending:
                node = pending[-1]
                missing = [p for p in self.parents[node] if p in self._nodes and p not in done]
                if missing:
                    pending += missing
                else:
                    done.setdefault(pending.pop())
        return list(done)

    def words(self, unique_id: str) -> frozenset[str]:
        """Words of a node's SQL and of the project's macros that it calls."""
        if unique_id not in self._words:
            self._words[unique_id] = frozenset(re.findall(r"\w+", "\n".join(self._texts(unique_id))))
        return self._words[unique_id]

    def _texts(self, unique_id: str) -> Iterable[str]:
        node = self._nodes[unique_id]
        yield node.get("raw_code") or ""
        # Pre- and post-hooks are SQL of the node too.
        config = node.get("config", {})
        for hook in (*config.get("pre-hook", ()), *config.get("post-hook", ())):
            yield hook["sql"] if isinstance(hook, Mapping) else str(hook)
        seen: set[str] = set()
        pending = list(node.get("depends_on", {}).get("macros", ()))
        while pending:
            macro_id = pending.pop()
            macro = self._macros.get(macro_id)
            if macro is None or macro_id in seen or macro["package_name"] != OWN_PACKAGE:
                continue
            seen.add(macro_id)
            yield macro["macro_sql"]
            pending += macro["depends_on"]["macros"]

    def digests(self, inputs: Inputs, *, without: Set[str] = frozenset()) -> dict[str, str]:
        """Digest of every node over ``inputs``; columns named in ``without`` don't count.

        Raises:
            KeyError: ``inputs`` lacks a source that a node reads.
        """
        sources = self.source_ids()
        found: dict[str, str] = {}
        for node in self.order():
            parts = [inputs.programs, node]
            for parent in self.parents[node]:
                if parent in found:
                    parts.append(f"{parent}={found[parent]}")
                    continue
                if parent not in sources:
                    raise KeyError(parent)
                schema, table = sources[parent]
                parts.append(f"{parent}={inputs.sources[parent]}")
                if schema == CONTROL:
                    parts += [
                        f"{table}.{column}={digest}"
                        for (of_table, column), digest in sorted(inputs.columns.items())
                        if of_table == table and column not in without and column in self.words(node)
                    ]
            found[node] = hashlib.sha256("\n".join(parts).encode()).hexdigest()
        return found


def select_nodes(
    graph: Graph, inputs: Inputs, built: Mapping[str, Built], *, times: Set[str]
) -> BuildSelection:
    """What to build of ``graph``.

    Args:
        graph: the project.
        inputs: as they are now.
        built: the record of the build file.
        times: columns that tell when something was tried; alone they are no reason to build, but what is
            published with something new is to tell them right.
    """
    plain, timed = graph.digests(inputs, without=times), graph.digests(inputs)
    now = {node: Built(digest=plain[node], timed=timed[node]) for node in plain}
    stale = {node for node in now if node not in built or built[node].digest != now[node].digest}
    if stale:
        stale |= {node for node in now if built.get(node) != now[node]}
        for node in now:
            if not stale.isdisjoint(graph.parents[node]):
                stale.add(node)
    return BuildSelection(now=now, stale=frozenset(stale))
