"""Every case, found by its module: ``cases/<word>.py`` has the tuple ``CASES``."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from tests.contract.conformance import cases
from tests.contract.conformance.case import Case, NetworkedCase


def _found() -> tuple[type[Case], ...]:
    modules = sorted(module.name for module in iter_modules(cases.__path__))
    return tuple(case for name in modules for case in import_module(f"{cases.__name__}.{name}").CASES)


CASES: tuple[type[Case], ...] = _found()
NETWORKED: tuple[type[NetworkedCase], ...] = tuple(case for case in CASES if issubclass(case, NetworkedCase))
