"""given / when / then over an aggregate: what happened, what is done, what follows.

    given(wish, WishPosted(...), WishClaimed(volunteer="v1", until=MONDAY))
        .when(Tick(), at=MONDAY)
        .then(WishReleased(reason="claim lapsed"))

A `then` may be followed by the next `when`. On the way it is checked that the aggregate knows every
event, and that events and states come back unchanged from what is stored.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

import msgspec

from shared.contracts.event import Event, Personal
from shared.runtime.aggregate import Aggregate, Command, Rejected

S = TypeVar("S")

NOTHING_SPECIAL = datetime(2025, 3, 3, 1, 0, tzinfo=UTC)
"""A moment for commands to which time does not matter: a Monday, 09:00 in Shanghai."""


@dataclass(frozen=True)
class Given(Generic[S]):
    """An aggregate with a past."""

    aggregate: Aggregate[S]
    state: S

    def when(
        self, command: Command, *, at: datetime = NOTHING_SPECIAL, facts: Any = None
    ) -> "When[S]":
        """The command is given, with `facts` where the aggregate takes any."""
        known = () if facts is None else (facts,)
        try:
            events = self.aggregate.decide(command, self.state, at, *known)
        except Rejected as rejected:
            return When(self, [], rejected)
        return When(self, events, None)


@dataclass(frozen=True)
class When(Generic[S]):
    """What followed from a command."""

    before: Given[S]
    events: list[Event]
    rejected: Rejected | None

    def then(self, *events: Event) -> Given[S]:
        """Exactly these events followed: none where none are given."""
        assert self.rejected is None, f"was rejected: {self.rejected}"
        assert self.events == list(events), self._told(events)
        return self._past()

    def then_among(self, *events: Event) -> Given[S]:
        """These events followed, in this order, perhaps with others."""
        assert self.rejected is None, f"was rejected: {self.rejected}"
        left = iter(self.events)
        for event in events:
            assert event in left, self._told(events)
        return self._past()

    def then_rejected(self, code: str) -> Given[S]:
        """A rule forbade it: nothing followed."""
        assert self.rejected is not None, f"was not rejected: {self.events}"
        assert self.rejected.code == code
        return self.before

    def _told(self, expected: tuple[Event, ...]) -> str:
        lines = ["", "expected", *map(repr, expected), "what followed", *map(repr, self.events)]
        return "\n  ".join(lines)

    def _past(self) -> Given[S]:
        return Given(
            self.before.aggregate,
            after(self.before.aggregate, self.before.state, self.events),
        )


def given(aggregate: Aggregate[S], *events: Event) -> Given[S]:
    """An aggregate to which this has happened."""
    return Given(aggregate, after(aggregate, aggregate.initial, list(events)))


def after(aggregate: Aggregate[S], state: S, events: list[Event]) -> S:
    """The state after the events; fails when one of them would not survive being stored."""
    for event in events:
        assert type(event) in aggregate.events, f"{type(event).__name__} is not in `events`"
        stored = msgspec.json.decode(msgspec.json.encode(msgspec.to_builtins(event)))
        assert msgspec.convert(stored, type(event)) == event
        if not isinstance(event, Personal):
            state = aggregate.evolve(state, event)
    stored = msgspec.to_builtins(state, builtin_types=(datetime,))
    assert msgspec.convert(stored, type(aggregate.initial)) == state
    for moment in moments_in(stored):
        assert moment.utcoffset() == timedelta(0), f"{moment} is not in UTC"
        assert moment.microsecond % 1000 == 0, f"{moment} is finer than milliseconds"
    return state


def moments_in(stored: Any) -> list[datetime]:
    """All times in a stored state."""
    match stored:
        case datetime():
            return [stored]
        case dict():
            return [moment for value in stored.values() for moment in moments_in(value)]
        case list() | tuple():
            return [moment for value in stored for moment in moments_in(value)]
    return []
