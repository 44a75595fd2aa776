"""Writes the story of ``tests/report`` with its reports into a folder, to be looked at."""

from __future__ import annotations

import sys
from pathlib import Path

from orchestration.report.files import write_reports
from tests.report.published_story import publish_story

if __name__ == "__main__":
    home = Path(sys.argv[1])
    write_reports(publish_story(home), languages=("en", "fa"))
