"""Which events of others lead to which commands here.

reactions = Reactions()

@reactions.on(petitions.PetitionAssigned)
async def tell_the_person_in_charge(event, about, do):
    await do(message, message_id(about, event.person), Send(...))
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from shared.contracts.envelope import topic, type_of
from shared.contracts.event import Event, emitting_service
from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.journal import DossierEntry, Query

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class About:
    """What the envelope says of an event: its id, its origin, its time, what it belongs to.
    `message` is the whole of it as it came, for who passes it on.
    """

    id: str
    service: str
    type: str
    stream: str
    sequence: int
    time: datetime
    correlation: str
    trace: str | None = None
    message: bytes = b""

    @property
    def subject(self) -> str:
        """The id of the aggregate that emitted it: the stream without its kind."""
        return self.stream.partition("-")[2]


class Do(Protocol):
    """What a reaction has in hand: it sends commands, and looks for whom to send them to."""

    async def __call__(self, aggregate: Aggregate[Any], id: str, command: Command) -> None:
        """Sends a command to the aggregate of that id, with the event as its cause: a second time
        it has no effect.

        A command that a rule rejects counts as done. A reaction may send one command per stream
        and event. Raises `Unavailable`.
        """
        ...

    async def many(self, commands: Iterable[tuple[Aggregate[Any], str, Command]]) -> None:
        """Sends commands side by side, to as many streams. Returns when all are done; raises what
        the first that failed raised.
        """
        ...

    def find(self, aggregate: Aggregate[S], query: Query) -> AsyncIterator[tuple[str, S]]:
        """Id and state of everything of the service's own that matches now, page by page (the
        query's `limit` is the length of a page).

        What its own commands change while it walks may drop out of the rest: with the order
        ``_id`` all others are met once. Raises `Unavailable`.
        """
        ...

    async def get(self, aggregate: Aggregate[S], id: str) -> S | None:
        """The present state of one thing of the service's own, None where nothing has happened yet.
        Raises `Unavailable`.
        """
        ...

    async def latest(
        self, aggregate: Aggregate[Any], id: str, name: str
    ) -> Mapping[str, Any] | None:
        """The latest personal entry of that class name in its dossier, None where there is none
        (any more). What is read so goes into the dossier of another thing, never anywhere else.
        Raises `Unavailable`.
        """
        ...

    async def dossier(self, aggregate: Aggregate[Any], id: str) -> Sequence[DossierEntry]:
        """All personal entries of its dossier in order. What is read so stays in that dossier, or
        goes into another one. Raises `Unavailable`.
        """
        ...


Reaction = Callable[[Any, About, Do], Awaitable[None]]
"""Turns an event into commands. It may be run again for the same event: it has no effects but
through `do`.
"""

R = TypeVar("R", bound=Reaction)


class Reactions:
    """The table of a service: event class to what is done about it, in the order of their
    declaration.
    """

    def __init__(self) -> None:
        self._by_type: dict[str, list[Reaction]] = {}
        self._topics: set[str] = set()

    def on(self, *events: type[Event]) -> Callable[[R], R]:
        """Declares a reaction to these event classes. Raises ValueError for an event that is not
        published.
        """

        types = {}
        for event in events:
            service = emitting_service(event)
            if service is None:
                raise ValueError(
                    f"{event.__module__}.{event.__name__} is private: nobody receives it"
                )
            types[type_of(event)] = topic(service)

        def declare(reaction: R) -> R:
            for type, its_topic in types.items():
                self._by_type.setdefault(type, []).append(reaction)
                self._topics.add(its_topic)
            return reaction

        return declare

    def topics(self) -> list[str]:
        """The topics to subscribe to, sorted."""
        return sorted(self._topics)

    def for_type(self, type: str) -> list[Reaction]:
        """What is done about an event of this CloudEvents type; empty for one nobody here waits
        for.
        """
        return self._by_type.get(type, [])


def joined(*tables: Reactions) -> Reactions:
    """One table of several: a service's, from those of its chapters."""
    whole = Reactions()
    for table in tables:
        for type, its in table._by_type.items():
            whole._by_type.setdefault(type, []).extend(its)
        whole._topics |= table._topics
    return whole
