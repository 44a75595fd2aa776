"""``python -m tests.chaos FOLDER --runs 50``: every connector at once against slow and failing servers.

One line per run, one at the end; exit status 1 where a run did what none may do. Called again it goes on behind the
last run.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.chaos.story import Story


def main(arguments: list[str]) -> int:
    """Entry point; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--seed", default="2026")
    options = parser.parse_args(arguments)
    story = Story(options.folder, seed=options.seed)
    _say(f"seed {options.seed}, {options.runs} runs in {options.folder}; {len(story.told)} are done")
    for told in story.run(options.runs):
        _say(str(told))
    differing = story.rebuilt_differs()
    disturbed = story.told[1 : options.runs + 1]
    faults = sum(len(each.troubles) for each in disturbed)
    wrong = [each.number for each in story.told if each.wrong]
    _say(
        f"{len(disturbed)} disturbed runs, {faults} faults, {sum(bool(each.failed) for each in disturbed)} runs with failing "
        f"sources, {sum(bool(each.overdue) for each in disturbed)} with stale ones; wrong: {wrong or 'none'}; tables that "
        f"differ from a warehouse built anew: {differing or 'none'}"
    )
    return 1 if wrong or differing else 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
