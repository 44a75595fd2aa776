"""Where Spark is: its environment, Java, the cluster, and the program that stands in for ``dbt``.

In go the workspace and variables of the environment; out comes a launcher that dagster-dbt can call like
``dbt``. What isn't there is a :class:`WorkspaceError` that says how to get it, before anything is landed.

Variables: ``SANJEH_SPARK_PYTHON`` (Python of the Spark environment; default ``.venv-spark`` beside the dbt
project), ``SANJEH_SPARK_MASTER`` (default a local session), ``SANJEH_SPARK_CONF`` (more settings of Spark, as
JSON) and ``SANJEH_SPARK_DIR`` (folder of inputs and tables, on storage that all machines of a cluster see;
default ``warehouse/spark``).
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import socket
from pathlib import Path
from urllib.parse import urlsplit

from orchestration.errors import WorkspaceError
from orchestration.workspace import Workspace, dbt_project_dir

PYTHON, MASTER, CONF, FOLDER = (f"SANJEH_SPARK_{name}" for name in ("PYTHON", "MASTER", "CONF", "DIR"))
CONNECT_SECONDS = 5


def spark_folder(workspace: Workspace) -> Path:
    """Folder of what Spark is told and what it makes."""
    given = os.environ.get(FOLDER, "").strip()
    return Path(given).absolute() if given else workspace.warehouse / "spark"


def inputs_folder(workspace: Workspace) -> Path:
    """Folder that :mod:`orchestration.spark.inputs` writes."""
    return spark_folder(workspace) / "inputs"


def tables_folder(workspace: Workspace) -> Path:
    """Spark's own warehouse folder; each run makes it anew."""
    return spark_folder(workspace) / "tables"


def remove_spark_files(workspace: Workspace) -> None:
    """Delete what the run wrote for Spark and Spark for the run: both hold rows about people."""
    for folder in (inputs_folder(workspace), tables_folder(workspace)):
        shutil.rmtree(folder, ignore_errors=True)


def spark_log(workspace: Workspace) -> Path:
    """What Spark and its Java wrote to stderr in the newest run."""
    return workspace.dbt_logs / "spark.log"


def spark_python() -> Path:
    """Python of the Spark environment, there or not."""
    given = os.environ.get(PYTHON, "").strip()
    return Path(given) if given else dbt_project_dir().parent / ".venv-spark" / "bin" / "python"


def require_spark(*, master: str | None = None) -> None:
    """See that a run on Spark can begin.

    Args:
        master: whom it shall run on; None asks the environment, an empty text is a local session.

    Raises:
        WorkspaceError: the environment, Java or the cluster isn't there, or a setting can't be read.
    """
    python = spark_python()
    if not os.access(python, os.X_OK) or not python.with_name("dbt").exists():
        raise WorkspaceError(
            f"`--target spark` needs an environment with dbt-spark and PySpark, and {python} isn't one. Call "
            "`make spark-env` in the checkout of Sanjeh, or make one from dbt_project/spark/requirements.txt "
            f"and name its Python in {PYTHON}. Nothing was landed or built."
        )
    java = os.environ.get("JAVA_HOME")
    if not (Path(java) / "bin" / "java" if java else shutil.which("java")):
        raise WorkspaceError(
            "`--target spark` needs Java 17 or newer, and there is no `java` on PATH. Install a JRE (Debian: "
            "openjdk-17-jre-headless) or name one in JAVA_HOME. Nothing was landed or built."
        )
    _require_settings()
    _require_master(os.environ.get(MASTER, "").strip() if master is None else master)


def _require_settings() -> None:
    given = os.environ.get(CONF, "").strip() or "{}"
    try:
        settings = json.loads(given)
    except ValueError as error:
        settings = error
    if not isinstance(settings, dict):
        raise WorkspaceError(
            f"{CONF} is {given!r}, which is no JSON object of Spark settings; write it as "
            '{"spark.executor.memory": "4g"}. Nothing was landed or built.'
        )


def _require_master(master: str) -> None:
    """A standalone master answers at its address; what other masters are, Spark itself says."""
    if not master.startswith("spark://"):
        return
    said = ""
    for address in master.removeprefix("spark://").split(
        ","
    ):  # several: masters that stand in for each other
        try:
            place = urlsplit(f"spark://{address}")
            with socket.create_connection(
                (place.hostname or "", place.port or 7077), timeout=CONNECT_SECONDS
            ):
                return
        except (OSError, ValueError) as error:
            said = str(error)
    raise WorkspaceError(
        f"The Spark master {master} doesn't answer: {said}. Start the cluster (`make spark-cluster` starts "
        f"one on this machine), mend {MASTER}, or unset it for a local session. Nothing was landed or built."
    )


def write_launcher(workspace: Workspace) -> Path:
    """(Re)write the program that is called in place of ``dbt``; returns its path."""
    log = spark_log(workspace)
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    driver = Path(__file__).with_name("driver.py")
    launcher = spark_folder(workspace) / "dbt"
    launcher.parent.mkdir(parents=True, exist_ok=True)
    program = f"{shlex.quote(str(spark_python()))} {shlex.quote(str(driver))}"
    launcher.write_text(
        "#!/bin/sh\n# Written by each run on Spark; dbt's events go to stdout, Spark's words to the log.\n"
        f'exec {program} "$@" 2>>{shlex.quote(str(log))}\n',
        encoding="utf-8",
    )
    launcher.chmod(0o755)
    return launcher


def spark_environment(workspace: Workspace) -> dict[str, str]:
    """Variables that the driver reads."""
    return {
        "SANJEH_SPARK_INPUTS": str(inputs_folder(workspace)),
        "SANJEH_SPARK_TABLES": str(tables_folder(workspace)),
        "SANJEH_SPARK_MASTER": os.environ.get(MASTER, "").strip(),
        "SANJEH_SPARK_CONF": os.environ.get(CONF, "").strip(),
    }
