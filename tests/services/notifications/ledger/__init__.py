"""What is told of the ledger's events, a module with `CASES` per chapter."""

from importlib import import_module
from pkgutil import iter_modules

from shared.contracts.event import Event

CASES: list[tuple[Event, dict[str, str]]] = [
    case
    for chapter in sorted(one.name for one in iter_modules(__path__))
    for case in import_module(f"{__name__}.{chapter}").CASES
]
