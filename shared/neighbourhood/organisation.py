"""An organisation as another service knows it: its kind, and whether it has ended."""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.contracts.event import Event
from shared.contracts.types import OrganisationKind
from shared.runtime.aggregate import Aggregate, Command


@dataclass(frozen=True, slots=True)
class KnownOrganisation:
    """`kind` is None while nothing is known of it but that it is `closed`."""

    kind: OrganisationKind | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class LearnOrganisation(Command):
    """An organisation was registered."""

    kind: OrganisationKind


@dataclass(frozen=True, slots=True)
class LearnEnd(Command):
    """It exists no more."""


@dataclass(frozen=True, slots=True)
class OrganisationLearned(Event):
    """What is known of it from now on."""

    kind: OrganisationKind | None
    closed: bool = False


def decide(command: Command, known: KnownOrganisation, now: datetime) -> list[Event]:
    """The new knowledge, unless it is the old."""
    match command:
        case LearnOrganisation(kind):
            learned = replace(known, kind=kind)
        case LearnEnd():
            learned = replace(known, closed=True)
        case _:
            return []
    return [] if learned == known else [OrganisationLearned(learned.kind, learned.closed)]


def evolve(known: KnownOrganisation, event: Event) -> KnownOrganisation:
    """The knowledge after the event."""
    match event:
        case OrganisationLearned(kind, closed):
            return KnownOrganisation(kind, closed)
    return known


organisation = Aggregate(
    kind="organisation",
    initial=KnownOrganisation(),
    decide=decide,
    evolve=evolve,
    events=(OrganisationLearned,),
)
