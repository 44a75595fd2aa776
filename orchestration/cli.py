"""``sanjeh``: the command line. Says which commands there are; each one's code is imported when it is called.

Exit codes: 0 success, 1 an error or a run that didn't publish everything, 2 wrong usage, 130 interrupted.
Errors are one paragraph on stderr; ``--debug`` adds the stack trace.
"""

from __future__ import annotations

import importlib
import os
import sys
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType, TracebackType

import click

INTERRUPTED = 130
COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "init": "orchestration.commands.setup",
        "check": "orchestration.commands.setup",
        "run": "orchestration.commands.run",
        "backfill": "orchestration.commands.run",
        "scorecard": "orchestration.commands.reading",
        "suggest": "orchestration.commands.planning",
        "status": "orchestration.commands.reading",
        "report": "orchestration.commands.reporting",
        "history": "orchestration.commands.explaining",
        "explain": "orchestration.commands.explaining",
        "diff": "orchestration.commands.explaining",
        "alerts": "orchestration.commands.alerting",
        "versions": "orchestration.commands.publishing",
        "publish": "orchestration.commands.publishing",
        "rollback": "orchestration.commands.publishing",
        "compact": "orchestration.commands.compacting",
        "erase": "orchestration.commands.erasing",
        "storage": "orchestration.commands.storage",
        "dev": "orchestration.commands.dev",
    }
)
"""Module by command; the command is the function of that name followed by ``_command``."""


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Names in the order of a first day's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported."""
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module = importlib.import_module(COMMANDS[cmd_name])
        command = getattr(module, f"{cmd_name}_command")
        return command if isinstance(command, click.Command) else None


class Session:
    """What every command is given: its global options, and when the program started (monotonic seconds)."""

    def __init__(self, *, home: Path | None, debug: bool) -> None:
        self.home = home
        self.debug = debug
        self.started = STARTED


STARTED = time.monotonic()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--workspace",
    "-w",
    "home",
    type=click.Path(file_okay=False, path_type=Path),
    help="Workspace folder; else SANJEH_HOME, else the current directory.",
)
@click.option("--debug", is_flag=True, help="Show stack traces.")
@click.version_option(package_name="sanjeh", prog_name="sanjeh")
@click.pass_context
def cli(context: click.Context, *, home: Path | None, debug: bool) -> None:
    """Sanjeh: marketing KPIs from raw exports to a published warehouse."""
    context.obj = Session(home=home, debug=debug)


def main() -> None:
    """Entry point of the program; turns errors into a paragraph and an exit code."""
    debug = "--debug" in sys.argv
    if not debug:
        sys.excepthook = _say_unexpected
    try:
        code = cli.main(standalone_mode=False)
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("Interrupted. Nothing half-done stays; run again to go on.", err=True)
        code = INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away (`| head`); Python would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except _expected_errors() as error:
        if debug:
            traceback.print_exc()
        click.echo(f"Error: {error}", err=True)
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


def _say_unexpected(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:  # noqa: ARG001 - the hook's signature
    """Last words about a fault nobody foresaw, in place of a stack trace."""
    what = " ".join(str(fault).split())[:400]
    click.echo(
        f"Error: something unforeseen happened ({kind.__name__}: {what}). What readers see was not changed, "
        "and what was stored is intact. Run again; if it stays, run with --debug and report what it prints.",
        err=True,
    )


def _expected_errors() -> tuple[type[Exception], ...]:
    from connectors.core.errors import ConnectorError  # noqa: PLC0415 - only an error needs them
    from orchestration.errors import SanjehError  # noqa: PLC0415

    return (SanjehError, ConnectorError)


if __name__ == "__main__":
    main()
