"""What a table was measured on: processor, memory, disk, versions, revision, and how busy the machine was."""

from __future__ import annotations

import os
import platform
import re
import resource
import shutil
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

_PACKAGES = ("duckdb", "pyarrow", "dagster", "dbt-core", "dbt-duckdb")
_GIGABYTE = 1 << 30
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


def describe(folder: Path) -> dict[str, str]:
    """Facts by name, in the order to show them; ``folder`` is where the benchmarks work."""
    disk = shutil.disk_usage(folder)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "measured": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "revision": _revision(),
        "machine": f"{_processor()}, {os.cpu_count()} cores, {memory / _GIGABYTE:.0f} GiB of memory, "
        f"{disk.free / _GIGABYTE:.0f} GiB of disk free",
        "busy": f"load average {os.getloadavg()[0]:.1f} at the start, of {os.cpu_count()} cores",
        "versions": ", ".join(
            [f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in _PACKAGES)]
        ),
    }


def peak_mebibytes() -> float:
    """Largest resident set of this process so far, in units of 2^20 bytes.

    From ``/proc`` where there is one: what ``getrusage`` says a process inherits from whoever started it, so
    that a small one would seem as large as the benchmark itself.
    """
    try:
        found = _PEAK.search(Path("/proc/self/status").read_text(encoding="utf-8"))
    except OSError:
        found = None
    return int(found[1]) / 1024 if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _revision() -> str:
    command = ["git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"
