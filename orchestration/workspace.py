"""Workspace: the folder that holds everything a run reads or writes.

In goes a folder (argument, ``SANJEH_HOME`` or the current directory), out come its paths. A folder without
``sanjeh.yml``, one that can't be written to, or a full disk is a :class:`WorkspaceError` that says what to
do.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile

from dotenv import load_dotenv

from orchestration.errors import WorkspaceError

HOME_VARIABLE = "SANJEH_HOME"
RESERVE_BYTES = 64 * 1024 * 1024
"""Space that must stay free beyond the copies a run makes: spills, logs, manifests."""


@dataclass(frozen=True)
class Workspace:
    """Paths of one workspace; nothing is created until :meth:`prepare`."""

    root: Path

    @classmethod
    def find(cls, home: Path | None = None) -> Workspace:
        """The workspace at ``home``, else at ``SANJEH_HOME``, else the current directory.

        Raises:
            WorkspaceError: that folder holds no ``sanjeh.yml``.
        """
        if home is not None:
            root, origin = home, "given with --workspace"
        elif os.environ.get(HOME_VARIABLE):
            root, origin = Path(os.environ[HOME_VARIABLE]), f"named by {HOME_VARIABLE}"
        else:
            root, origin = Path.cwd(), "the current directory"
        workspace = cls(root.expanduser().absolute())
        if not workspace.settings_file.is_file():
            raise WorkspaceError(
                f"No sanjeh.yml in {workspace.root} ({origin}), so this is not a workspace. "
                "Make one with `sanjeh init DIR`, or name an existing one with --workspace or "
                f"{HOME_VARIABLE}."
            )
        return workspace

    @property
    def settings_file(self) -> Path:
        """Project, brands and sources."""
        return self.root / "sanjeh.yml"

    @property
    def scorecards_file(self) -> Path:
        """Targets and scorecards; may be missing."""
        return self.root / "scorecards.yml"

    @property
    def env_file(self) -> Path:
        """Secrets as variables; may be missing."""
        return self.root / ".env"

    @property
    def exports(self) -> Path:
        """Drop folder for files."""
        return self.root / "exports"

    @property
    def raw(self) -> Path:
        """The raw zone."""
        return self.root / "raw"

    @property
    def warehouse(self) -> Path:
        """Build file, published files, state and ledger."""
        return self.root / "warehouse"

    @property
    def temp(self) -> Path:
        """Scratch of landings and builds, on the workspace's own disk so that renames are atomic."""
        return self.warehouse / "tmp"

    @property
    def build_db(self) -> Path:
        """The file dbt builds; read by the pipeline only."""
        return self.warehouse / "build.duckdb"

    @property
    def lock_file(self) -> Path:
        """Locked by the one run in progress."""
        return self.warehouse / ".lock"

    @property
    def state_file(self) -> Path:
        """Load ids, what the build covers, recent runs."""
        return self.warehouse / "state.json"

    @property
    def suppressed_file(self) -> Path:
        """Hashes of the ids of people who were erased; they don't land again."""
        return self.warehouse / "suppressed.json"

    @property
    def erasing_file(self) -> Path:
        """Whom an erasure under way, or broken off, is about."""
        return self.warehouse / "erasing.json"

    @property
    def ledger(self) -> Path:
        """Append-only record of everything published."""
        return self.warehouse / "ledger"

    @property
    def published(self) -> Path:
        """Folder that readers see."""
        return self.warehouse / "published"

    @property
    def published_file(self) -> Path:
        """What analysts and BI tools open."""
        return self.published / "kpi.duckdb"

    @property
    def versions(self) -> Path:
        """Retained published versions."""
        return self.published / "versions"

    @property
    def brand_files(self) -> Path:
        """A published file per brand, with ``publish: {per_brand: true}``."""
        return self.published / "brands"

    @property
    def parquet(self) -> Path:
        """Published tables as Parquet, with ``publish: {parquet: true}``."""
        return self.published / "parquet"

    @property
    def reports(self) -> Path:
        """HTML reports."""
        return self.root / "reports"

    @property
    def dagster_home(self) -> Path:
        """Dagster's own storage."""
        return self.root / "dagster"

    @property
    def dbt_target(self) -> Path:
        """Compiled SQL and results of dbt."""
        return self.dagster_home / "dbt" / "target"

    @property
    def dbt_logs(self) -> Path:
        """Logs of dbt."""
        return self.dagster_home / "dbt" / "logs"

    def load_environment(self) -> None:
        """Read ``.env`` into the environment; variables that are already set win."""
        if self.env_file.is_file():
            load_dotenv(self.env_file, override=False, interpolate=False)

    def prepare(self) -> None:
        """Make every folder a run writes to.

        Raises:
            WorkspaceError: a folder can't be made or written to, or the disk is full.
        """
        folders = (
            self.exports,
            self.raw,
            self.temp,
            self.ledger,
            self.versions,
            self.reports,
            self.dbt_target,
            self.dbt_logs,
        )
        for folder in folders:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                with NamedTemporaryFile(dir=folder, prefix=".writable-"):
                    pass
            except OSError as error:
                raise WorkspaceError(
                    f"The workspace can't be written to: {folder}: {error.strerror or error}. "
                    "Nothing was changed. Check owner, permissions and free space of that folder, "
                    "then run again."
                ) from error

    def require_space(self, needed: int | None = None, *, copies: int = 0) -> None:
        """Refuse to start when the disk can't hold the copies a run makes.

        Args:
            needed: bytes; default is one more build file, two more published files and ``copies`` more.
            copies: kinds of copies of the published file that are asked for, each about as large as it.

        Raises:
            WorkspaceError: there is less free than ``needed`` plus a reserve.
        """
        wanted = self._copies(copies) if needed is None else needed
        wanted += RESERVE_BYTES
        free = shutil.disk_usage(self.root).free
        if free < wanted:
            raise WorkspaceError(
                f"The disk of {self.root} has {free / 1e6:,.0f} MB free; a run needs "
                f"{wanted / 1e6:,.0f} MB for its "
                "copies of the warehouse. Nothing was changed. Free some space, or lower "
                "publish.keep in sanjeh.yml "
                "so that fewer versions are retained."
            )

    def _copies(self, further: int) -> int:
        def size(path: Path) -> int:
            return path.stat().st_size if path.exists() else 0

        return size(self.build_db) + (2 + further) * size(self.published_file)


def dbt_project_dir() -> Path:
    """Folder of the dbt project: beside the packages in a checkout, inside the package in a wheel."""
    package = Path(__file__).resolve().parent
    for candidate in (package.parent / "dbt_project", package / "_dbt_project"):
        if candidate.is_dir():
            return candidate
    raise WorkspaceError(
        f"The dbt project is neither beside nor inside {package}; the installation is broken. Install "
        "Sanjeh again."
    )


def git_revision() -> str:
    """Commit of the running checkout (``+dirty`` when files differ), else the installed version."""
    root = Path(__file__).resolve().parent.parent
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():
        return f"v{version('sanjeh')}"

    def ask(*words: str) -> str | None:
        command = [git, "--no-optional-locks", "-C", str(root), *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words
        return done.stdout.strip() if done.returncode == 0 else None

    commit = ask("rev-parse", "HEAD")
    if commit is None:
        return f"v{version('sanjeh')}"
    changed = ask("status", "--porcelain", "--untracked-files=no")
    return f"{commit}+dirty" if changed else commit
