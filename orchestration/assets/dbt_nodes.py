"""dbt's nodes as Dagster's assets and checks.

What ``dagster_dbt.dbt_assets`` would make of the manifest, without the engine of dbt's node selection: every
process that loads the definitions would import and run it to select everything. A test holds the two equal.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, DbtProject

from orchestration.assets.conventions import CONTROL_INPUTS, OWNERS

ASSET_TYPES = frozenset({"model", "seed", "snapshot"})
DBT_OP_TAGS = {"dagster_dbt/select": "fqn:*"}
"""What dagster-dbt reads to select the nodes of chosen assets."""


class WarehouseTranslator(DagsterDbtTranslator):
    """Asset keys, groups and owners of the dbt nodes; raw sources name theirs in their meta."""

    def __init__(self) -> None:
        # Every control table is the same asset, and what a raw table is like says its own asset.
        super().__init__(
            DagsterDbtTranslatorSettings(
                enable_duplicate_source_asset_keys=True, enable_source_metadata=False
            )
        )

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        """The asset of a node; of a source its key alone, which is all that those who read it name."""
        if unique_id.startswith("source."):
            return dg.AssetSpec(self.get_asset_key(manifest["sources"][unique_id]))
        return super().get_asset_spec(manifest, unique_id, project)

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """What the node is for, and its SQL."""
        description, code = str(dbt_resource_props["description"]), dbt_resource_props.get("raw_code")
        return f"{description}\n\n#### SQL\n```sql\n{code}\n```" if code else description

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """``<layer>/<name>``; the tables of schema control are one asset."""
        if dbt_resource_props["resource_type"] == "source":
            if dbt_resource_props["source_name"] == "control":
                return CONTROL_INPUTS
            return super().get_asset_key(dbt_resource_props)
        return dg.AssetKey([_layer(dbt_resource_props), dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The layer."""
        return _layer(dbt_resource_props)

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> Sequence[str]:  # noqa: ARG002 - one owner for all
        """The data team."""
        return OWNERS


def _layer(props: Mapping[str, Any]) -> str:
    return str(props["schema"])


def dbt_specs(
    manifest: Mapping[str, Any], translator: DagsterDbtTranslator
) -> tuple[list[dg.AssetSpec], list[dg.AssetCheckSpec]]:
    """Every model and seed as an asset, every test as a check of one."""
    specs: list[dg.AssetSpec] = []
    checks: dict[str, dg.AssetCheckSpec] = {}
    for unique_id, node in manifest["nodes"].items():
        if node["resource_type"] not in ASSET_TYPES:
            continue
        spec = translator.get_asset_spec(manifest, unique_id, None)
        specs.append(spec)
        for child in manifest["child_map"].get(unique_id, ()):
            if not child.startswith("test."):
                continue
            check = translator.get_asset_check_spec(spec, manifest, child, None)
            if check is not None:
                checks[check.get_python_identifier()] = check
    return specs, list(checks.values())
