"""Make the zip that Superset imports: database, datasets, charts and the dashboard "Marketing KPIs".

Usage: ``python make_bundle.py PATH/TO/kpi.duckdb [bundle.zip]``. Any Python from 3.9 on; nothing to install.
A brand's own file (``published/brands/<brand>.duckdb``) does as well.
"""

import sys
import zipfile
from pathlib import Path

BUNDLE = Path(__file__).with_name("bundle")
PLACEHOLDER = "duckdb:////PUBLISHED_FILE"


def make(published: Path, target: Path) -> None:
    """Zip the bundle with the database's address filled in.

    Raises:
        SystemExit: there is no such file, or its path can't stand in an address.
    """
    path = published.expanduser().absolute()
    if not path.is_file():
        raise SystemExit(
            f"There is no file {path}. Give a published file: warehouse/published/kpi.duckdb of a workspace."
        )
    if any(character in str(path) for character in "?#%"):
        raise SystemExit(
            f"{path} holds one of ? # %, which mean something else in an address: move or link it."
        )
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        for part in sorted(BUNDLE.rglob("*.yaml")):
            text = part.read_text(encoding="utf-8").replace(PLACEHOLDER, f"duckdb:///{path.as_posix()}")
            bundle.writestr(f"sanjeh/{part.relative_to(BUNDLE).as_posix()}", text)


if __name__ == "__main__":
    if len(sys.argv) not in {2, 3}:
        raise SystemExit(__doc__)
    made = Path(sys.argv[2] if len(sys.argv) == 3 else "sanjeh-superset.zip")  # noqa: PLR2004 - two arguments
    make(Path(sys.argv[1]), made)
    sys.stdout.write(f"{made}: import it in Superset under Dashboards, Import dashboards.\n")
