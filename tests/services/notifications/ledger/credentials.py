"""Who hears what of credentials."""

from shared.contracts.event import Event

CASES: list[tuple[Event, dict[str, str]]] = []
