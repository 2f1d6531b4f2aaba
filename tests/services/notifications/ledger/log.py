"""Who hears what of the log."""

from shared.contracts.event import Event

CASES: list[tuple[Event, dict[str, str]]] = []
