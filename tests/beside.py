"""Facts of a service for commands that look at nothing beside themselves."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.deciding import Facts, Looking


def by_itself(facts: Facts) -> Callable[[str, Command, Any, datetime], Any]:
    """The facts as a function; a command that looks at other things fails."""
    if not isinstance(facts, Looking):
        return facts

    def alone(id: str, command: Command, state: Any, now: datetime) -> Any:
        return facts.facts(id, command, state, now, _nothing)

    return alone


def _nothing(aggregate: Aggregate[Any], id: str) -> None:
    raise AssertionError(f"looks at {aggregate.kind} {id}")
