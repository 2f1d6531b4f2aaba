"""Who is told what of mediators and panels: an event, and each who is told with the kind."""

from shared.contracts.event import Event

CASES: list[tuple[Event, dict[str, str]]] = []
