"""dbt kept in memory for one worker: unit tests and compiled SQL of a mutated project in seconds.

Started as ``python -m tests.mutations.dbt_server PROJECT TARGET``; a line on standard input is one request in JSON
(``tests``: models whose unit tests run; ``compiled``: models to compile, all when empty, none when null), a line on
standard output its answer (``ok``, ``said``).
"""

from __future__ import annotations

import json
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from tests.properties.compiling import Dbt, compiled_folder, stamp_of, write_models


class Server:
    """Answers one worker."""

    def __init__(self, project: Path, target: Path) -> None:
        self._project = project
        self._dbt = Dbt(project, target)
        self._dbt.parse()
        self._models = self._dbt.models()
        self._keep({})

    def answer(self, request: dict[str, Any]) -> tuple[bool, str]:
        """Whether the unit tests pass, or the models compile, and what dbt said."""
        try:
            self._dbt.parse()
            if request.get("tests"):
                select = [f"{model},resource_type:unit_test" for model in request["tests"]]
                done = self._dbt.run("test", "--select", *select)
                results = getattr(done.result, "results", None) or []
                failed = [f"{each.node.name}: {each.message}" for each in results if each.status != "pass"]
                return bool(done.success), "\n".join(failed) or str(done.exception or "")
            if request.get("compiled") is not None:
                self._keep(self._dbt.models(*request["compiled"]))
        except Exception as error:  # noqa: BLE001 - whatever dbt raises, the mutated project does not build
            return False, f"Error: {error}"
        return True, ""

    def _keep(self, changed: dict[str, Any]) -> None:
        folder = compiled_folder(self._project)
        write_models({**self._models, **changed}, folder)
        (folder / "stamp").write_text(stamp_of(self._project))


def main() -> None:
    """Serve until the input ends."""
    out = sys.stdout
    with redirect_stdout(StringIO()):
        server = Server(Path(sys.argv[1]), Path(sys.argv[2]))
        print(json.dumps({"ok": True, "said": "ready"}), file=out, flush=True)
        for line in sys.stdin:
            ok, said = server.answer(json.loads(line))
            print(json.dumps({"ok": ok, "said": said}), file=out, flush=True)


if __name__ == "__main__":
    main()
