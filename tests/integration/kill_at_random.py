"""Kill ``sanjeh run`` with SIGKILL at random moments, run it again plainly, compare with an undisturbed run.

``python -m tests.integration.kill_at_random WORKSPACE --times 20`` takes a folder with ``sanjeh.yml`` and
``exports`` that was never run, works on copies in a temporary folder and exits 1 at the first difference.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.integration.warehouse import AS_OF, Workspace, differing_tables


def kill_after(workspace: Workspace, seconds: float) -> bool:
    """Start a run, kill its whole process group after ``seconds``; False when it had ended before."""
    with subprocess.Popen(
        workspace.command("run", "--as-of", AS_OF),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
            return False
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True


def main(arguments: list[str]) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=2026)
    options = parser.parse_args(arguments)
    moments = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        undisturbed = Workspace(Path(folder) / "undisturbed")
        shutil.copytree(options.workspace, undisturbed.home)
        started = time.monotonic()
        undisturbed.run()
        length = time.monotonic() - started
        for number in range(1, options.times + 1):
            disturbed = Workspace(Path(folder) / "disturbed")
            shutil.copytree(options.workspace, disturbed.home)
            moment = moments.uniform(0.02, 0.98) * length
            killed = kill_after(disturbed, moment)
            disturbed.run()
            difference = differing_tables(undisturbed.published, disturbed.published)
            sys.stdout.write(
                f"{number}: killed={killed} at {moment:.1f} of {length:.1f} s, "
                f"differing: {difference or 'none'}\n"
            )
            sys.stdout.flush()
            if difference:
                return 1
            shutil.rmtree(disturbed.home)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
