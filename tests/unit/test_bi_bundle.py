"""The Superset bundle of ``docs/bi/superset`` fits the marts, and the exposures say what it reads."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
KIT = ROOT / "docs" / "bi" / "superset"
BUNDLE = KIT / "bundle"
MARTS = ROOT / "dbt_project" / "models" / "marts"


def documents(folder: str) -> dict[str, dict[str, Any]]:
    """Documents of one kind by uuid."""
    paths = sorted((BUNDLE / folder).rglob("*.yaml"))
    assert paths
    found = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths]
    return {document["uuid"]: document for document in found}


def marts() -> dict[str, set[str]]:
    """Columns by table, as the contracts declare them."""
    paths = [*MARTS.glob("*.yml"), ROOT / "orchestration" / "published_tables.yml"]
    models = [
        model
        for path in paths
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", [])
    ]
    return {model["name"]: {column["name"] for column in model.get("columns", [])} for model in models}


def tables_of(dataset: dict[str, Any]) -> set[str]:
    """Marts that a dataset reads."""
    return set(re.findall(r"marts\.(\w+)", dataset["sql"])) if dataset["sql"] else {dataset["table_name"]}


def test_datasets_have_the_columns_of_their_marts() -> None:
    declared = marts()
    for dataset in documents("datasets").values():
        columns = {column["column_name"] for column in dataset["columns"]}
        assert tables_of(dataset) <= declared.keys()
        if not dataset["sql"]:
            assert columns <= declared[dataset["table_name"]], dataset["table_name"]


def test_charts_ask_for_columns_and_metrics_that_their_dataset_has() -> None:
    datasets = documents("datasets")
    for chart in documents("charts").values():
        dataset = datasets[chart["dataset_uuid"]]
        known = {column["column_name"] for column in dataset["columns"]}
        [query] = json.loads(chart["query_context"])["queries"]
        asked = {each["sqlExpression"] if isinstance(each, dict) else each for each in query["columns"]}
        assert asked | {each["col"] for each in query["filters"]} <= known
        assert set(query.get("metrics", [])) <= {metric["metric_name"] for metric in dataset["metrics"]}


def test_no_chart_adds_up_or_averages_kpi_values() -> None:
    """A line of values splits by whatever tells two values apart, so that the maximum is over one row."""
    for chart in documents("charts").values():
        [query] = json.loads(chart["query_context"])["queries"]
        if "value" in query.get("metrics", []):
            assert {"brand", "kpi", "grain"} <= {each for each in query["columns"] if isinstance(each, str)}
            [segment_type] = [each["val"] for each in query["filters"] if each["col"] == "segment_type"]
            assert segment_type == "overall" or "segment" in query["columns"]


def test_dashboard_shows_every_chart_and_filters_columns_that_exist() -> None:
    charts, datasets = documents("charts"), documents("datasets")
    [dashboard] = documents("dashboards").values()
    shown = {
        part["meta"]["uuid"]
        for part in dashboard["position"].values()
        if isinstance(part, dict) and part["type"] == "CHART"
    }
    assert shown == charts.keys()
    for native in dashboard["metadata"]["native_filter_configuration"]:
        [target] = native["targets"]
        columns = {column["column_name"] for column in datasets[target["datasetUuid"]]["columns"]}
        assert target["column"]["name"] in columns


def test_exposure_names_exactly_the_models_that_the_bundle_reads() -> None:
    exposures = yaml.safe_load((MARTS / "_exposures.yml").read_text(encoding="utf-8"))["exposures"]
    [superset] = [each for each in exposures if each["name"] == "superset_marketing_kpis"]
    said = {re.fullmatch(r"ref\('(\w+)'\)", each)[1] for each in superset["depends_on"]}  # type: ignore[index]
    read = set().union(*(tables_of(dataset) for dataset in documents("datasets").values()))
    assert said == read - {"publication"}  # which publishing writes, not dbt


@pytest.mark.parametrize("name", ["kpi.duckdb", "با فاصله kpi.duckdb"])
def test_zip_holds_the_address_of_the_published_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    subprocess.run([sys.executable, KIT / "make_bundle.py", name, "made.zip"], cwd=tmp_path, check=True)
    with zipfile.ZipFile(tmp_path / "made.zip") as made:
        names = made.namelist()
        database = yaml.safe_load(made.read("sanjeh/databases/Sanjeh.yaml"))
    assert database["sqlalchemy_uri"] == f"duckdb:///{tmp_path / name}?access_mode=READ_ONLY"
    assert len(names) == len(list(BUNDLE.rglob("*.yaml")))


def test_zip_of_a_file_that_is_not_there_is_refused_in_words(tmp_path: Path) -> None:
    command = [sys.executable, KIT / "make_bundle.py", "nowhere.duckdb"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "There is no file" in done.stderr
    assert list(tmp_path.iterdir()) == []
