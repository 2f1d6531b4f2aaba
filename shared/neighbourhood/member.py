"""A person as another service knows them: the organisations they belong to."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.event import Event
from shared.runtime.aggregate import Aggregate, Command


@dataclass(frozen=True, slots=True)
class KnownMember:
    """`organisations` are those the person belongs to now."""

    organisations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LearnMembership(Command):
    """The person belongs to it."""

    organisation: str


@dataclass(frozen=True, slots=True)
class LearnLeaving(Command):
    """The person belongs to it no more."""

    organisation: str


@dataclass(frozen=True, slots=True)
class MembershipLearned(Event):
    """What the person belongs to from now on."""

    organisations: tuple[str, ...]


def decide(command: Command, known: KnownMember, now: datetime) -> list[Event]:
    """The new knowledge, unless it is the old."""
    match command:
        case LearnMembership(organisation) if organisation not in known.organisations:
            return [MembershipLearned((*known.organisations, organisation))]
        case LearnLeaving(organisation) if organisation in known.organisations:
            left = tuple(each for each in known.organisations if each != organisation)
            return [MembershipLearned(left)]
    return []


def evolve(known: KnownMember, event: Event) -> KnownMember:
    """The knowledge after the event."""
    match event:
        case MembershipLearned(organisations):
            return KnownMember(organisations)
    return known


member = Aggregate(
    kind="member",
    initial=KnownMember(),
    decide=decide,
    evolve=evolve,
    events=(MembershipLearned,),
)
