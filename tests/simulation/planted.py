"""Bugs planted on purpose: each is a variant of a part, and the simulation has to find it."""

import asyncio
from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime, timedelta

from services.petitions.domain.ladder import Surroundings
from services.petitions.domain.petition import decide, petition
from services.petitions.domain.state import Petition
from services.petitions.main import service as petitions
from shared.contracts.envelope import topic
from shared.contracts.event import Event
from shared.contracts.petitions import PetitionCommented, PetitionReachedLevel
from shared.runtime.aggregate import Command
from shared.runtime.bus import BusUnavailable, Handler, Outgoing
from shared.runtime.clock import Clock
from shared.runtime.journal import Change, Conflict, Unavailable
from shared.runtime.memory_bus import MemoryBus, MemorySubscription
from shared.runtime.memory_journal import Fault, MemoryDisk, MemoryJournal
from shared.runtime.publishing import envelopes
from tests.simulation.process import Parts
from tests.simulation.simulation import RIGHT

# --- acknowledge before effect ---------------------------------------------------------------


class HastySubscription(MemorySubscription):
    """Says that a batch is done before it is handled."""

    async def _handle(self, batch: list) -> bool:  # type: ignore[type-arg]
        self._commit(batch, self._generation)
        return await super()._handle(batch)


class HastyBus(MemoryBus):
    """A bus whose subscriptions are hasty."""

    async def subscribe(
        self, topics: Sequence[str], group: str, handler: Handler
    ) -> MemorySubscription:
        subscription = HastySubscription(self, topics, group, handler)
        self.subscriptions.append(subscription)
        return subscription


class HastyJournal(MemoryJournal):
    """Says that changes are durable and writes them afterwards."""

    async def write(self, changes: Sequence[Change]) -> None:
        writing = asyncio.create_task(super().write(changes))
        writing.add_done_callback(_not_told)


def _not_told(writing: "asyncio.Task[None]") -> None:
    if not writing.cancelled() and not isinstance(writing.exception(), (Conflict, Unavailable)):
        writing.result()


def hasty_journal(
    service: str, clock: Clock, disk: MemoryDisk, fault: Fault, bus: MemoryBus
) -> MemoryJournal:
    return HastyJournal(clock, disk, fault)


# --- publish before commit -------------------------------------------------------------------


class TalkativeJournal(MemoryJournal):
    """Tells the world of changes before they are written."""

    def __init__(
        self, service: str, clock: Clock, disk: MemoryDisk, fault: Fault, bus: MemoryBus
    ) -> None:
        super().__init__(clock, disk, fault)
        self._service = service
        self._bus = bus

    async def write(self, changes: Sequence[Change]) -> None:
        told = [
            Outgoing(topic(self._service), envelope.subject, envelope.to_bytes())
            for change in changes
            for envelope in envelopes(self._service, change.commit)
        ]
        try:
            await self._bus.publish(told)
        except BusUnavailable:
            pass  # the relay tells them later
        await super().write(changes)


# --- a comment that moves a deadline ---------------------------------------------------------


def lenient(command: Command, state: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    """As the rules have it, but who comments gets another day."""
    events = decide(command, state, now, facts)
    if any(isinstance(event, PetitionCommented) for event in events) and state.answer_by:
        day = timedelta(days=1)
        events.append(
            PetitionReachedLevel(
                petition=state.id,
                level=state.level,
                place=state.at,
                answer_by=state.answer_by + day,
                warn_at=(state.warn_at or state.answer_by) + day,
                because="filed",
                petitioner=state.petitioner,
                before=state.level,
            )
        )
    return events


lenient_petition = replace(petition, decide=lenient)

LENIENT_PETITIONS = copy(petitions)
LENIENT_PETITIONS.aggregates = tuple(
    lenient_petition if aggregate is petition else aggregate for aggregate in petitions.aggregates
)

PLANTED: dict[str, Parts] = {
    "offsets are committed before the handler has run": replace(RIGHT, bus=HastyBus),
    "the store answers before it has written": replace(RIGHT, journal=hasty_journal),
    "events are published before they are committed": replace(RIGHT, journal=TalkativeJournal),
    "a comment moves the deadline": replace(
        RIGHT,
        services=tuple(
            LENIENT_PETITIONS if service.name == "petitions" else service
            for service in RIGHT.services
        ),
    ),
}
