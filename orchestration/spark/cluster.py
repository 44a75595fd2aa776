"""A standalone Spark cluster on this machine: one master, two workers of one core each, on loopback.

Usage: ``python -m orchestration.spark.cluster [--port 7077] [--memory 1g]``. Prints the variables that send
``sanjeh run --target spark`` to it once both workers are registered, and runs until it is interrupted; its
processes end with it. The wheel of PySpark has the classes of master and worker but not the scripts that
start them. A cluster that doesn't come up is a :class:`WorkspaceError`.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.request import urlopen

import click

from orchestration.errors import WorkspaceError
from orchestration.spark.installation import MASTER, require_spark, spark_python

HOST = "127.0.0.1"
WORKERS = 2
START_SECONDS = 180


@contextmanager
def cluster(*, port: int = 0, memory: str = "1g") -> Iterator[str]:
    """A running cluster; gives its master's address.

    Args:
        port: of the master; 0 takes a free one.
        memory: of each worker, in Spark's words.

    Raises:
        WorkspaceError: Spark isn't installed, or a worker doesn't register in time.
    """
    port, web_port = port or _free_port(), _free_port()
    master = f"spark://{HOST}:{port}"
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="spark-cluster-")))
        log = folder / "cluster.log"
        _begin(
            stack, log, "master.Master", "--host", HOST, "--port", str(port), "--webui-port", str(web_port)
        )
        _wait(web_port, workers=0, log=log)
        for number in range(WORKERS):
            work = str(folder / f"worker-{number}")
            _begin(
                stack, log, "worker.Worker", "--host", HOST, "-c", "1", "-m", memory, "-d", work,
                "--webui-port", str(_free_port()), master,
            )  # fmt: skip
        _wait(web_port, workers=WORKERS, log=log)
        yield master


def _begin(stack: ExitStack, log: Path, kind: str, *arguments: str) -> None:
    home = next(spark_python().parents[1].glob("lib/python*/site-packages/pyspark"))
    words = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{kind}", *arguments]
    environment = {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": HOST}
    with log.open("ab") as file:
        process = subprocess.Popen(words, env=environment, stdout=file, stderr=file, start_new_session=True)  # noqa: S603 - our own words
    stack.callback(_end, process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Stop a daemon and the executors it began."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(web_port: int, *, workers: int, log: Path) -> None:
    """Until the master knows so many living workers."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            with urlopen(f"http://{HOST}:{web_port}/json/", timeout=5) as answer:
                known = json.load(answer)["workers"]
        except (OSError, ValueError):
            known = None
        if known is not None and sum(each["state"] == "ALIVE" for each in known) >= workers:
            return
        time.sleep(0.5)
    said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:] or ["nothing"]
    raise WorkspaceError(
        f"The Spark cluster on {HOST} did not come up within {START_SECONDS} s. Its log ends with: "
        f"{said[0]}. Free some memory or choose another --port, and start it again."
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@click.command()
@click.option("--port", default=7077, show_default=True, help="Of the master; 0 takes a free one.")
@click.option("--memory", default="1g", show_default=True, help="Of each worker.")
def main(port: int, memory: str) -> None:
    """Start the cluster and keep it until Ctrl-C."""
    try:
        require_spark(master="")
        with cluster(port=port, memory=memory) as master:
            click.echo(
                f"one master and {WORKERS} workers are up; in another terminal:\n"
                f"  export {MASTER}={master} SPARK_LOCAL_IP={HOST}\n"
                "  sanjeh run --target spark\nCtrl-C ends them."
            )
            signal.pause()
    except WorkspaceError as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        click.echo("stopped")


if __name__ == "__main__":
    main()
