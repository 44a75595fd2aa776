"""Broken rules of the incremental build: what changed is rebuilt, and nothing else stays behind."""

from tests.mutations.mutation import Mutation

MUTATIONS = (
    Mutation(
        id="changed-slices-stay",
        rule="Rows of a changed slice are removed before they are selected afresh",
        file="dbt_project/macros/incremental.sql",
        before="where (connector || '/' || stream) in ('{{ streams | join(\"', '\") }}')",
        after="where false",
        models=(),
        properties=("incremental", "events"),
    ),
    Mutation(
        id="removed-slices-stay",
        rule="A slice that was dropped is on the work list",
        file="orchestration/control_rows.py",
        before="if load_id > built_through and key not in manifest.slices",
        after="if load_id > built_through and key in manifest.slices",
        pytest=("tests/unit/orchestration/test_control.py",),
        properties=("events", "incremental"),
    ),
    Mutation(
        id="same-load-not-rebuilt",
        rule="Every slice of a load above built_through is on the work list",
        file="orchestration/control_rows.py",
        before="            if entry.load_id > built_through:",
        after="            if entry.load_id > built_through + 1:",
        pytest=("tests/unit/orchestration/test_control.py",),
        properties=("incremental", "events"),
    ),
    Mutation(
        id="rules-dont-shape",
        rule="A change of a source's rules rebuilds the warehouse",
        file="orchestration/source_settings.py",
        before="for rules in (self.order_rules, self.subscription_rules)",
        after="for rules in (self.subscription_rules,)",
        pytest=("tests/unit/orchestration/test_settings.py",),
        properties=("incremental",),
    ),
    Mutation(
        id="patterns-dont-shape",
        rule="A change of test patterns rebuilds the warehouse",
        file="orchestration/source_settings.py",
        before='            "patterns": [dict(self.test_patterns), dict(self.staff_patterns)],\n',
        after="",
        pytest=("tests/unit/orchestration/test_settings.py",),
        properties=("incremental",),
    ),
)
