"""A post as another service knows it: who holds which duty at which place now, and who does it."""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.contracts.event import Event
from shared.runtime.aggregate import Aggregate, Command


@dataclass(frozen=True, slots=True)
class KnownPost:
    """`holder` is None while the post is vacant. While the holder is `away`, the `deputy`, if there
    is one, does the duty. `organisation` is the one that fills the post, if one does.
    """

    place: str = ""
    duty: str = ""
    holder: str | None = None
    organisation: str | None = None
    away: bool = False
    deputy: str | None = None

    @property
    def responsible(self) -> str | None:
        """Who does the duty now: the holder, or the deputy while the holder is away, or nobody."""
        return self.deputy if self.away else self.holder


@dataclass(frozen=True, slots=True)
class LearnHolder(Command):
    """Somebody was given the post."""

    place: str
    duty: str
    holder: str
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class LearnVacancy(Command):
    """The holder has left it."""

    holder: str


@dataclass(frozen=True, slots=True)
class LearnAbsence(Command):
    """The holder is on leave, and the deputy, or nobody, does the duty."""

    holder: str
    deputy: str | None


@dataclass(frozen=True, slots=True)
class LearnReturn(Command):
    """The holder does the duty again."""

    holder: str


@dataclass(frozen=True, slots=True)
class HolderLearned(Event):
    """Who holds the post from now on, and who does the duty."""

    place: str
    duty: str
    holder: str | None
    organisation: str | None = None
    away: bool = False
    deputy: str | None = None


def decide(command: Command, known: KnownPost, now: datetime) -> list[Event]:
    """The new knowledge, unless it is the old. Somebody else's vacancy or leave changes nothing."""
    match command:
        case LearnHolder(place, duty, holder, organisation) if holder == known.holder:
            # Another term of the same person: a leave goes on.
            learned = replace(known, place=place, duty=duty, organisation=organisation)
        case LearnHolder(place, duty, holder, organisation):
            learned = KnownPost(place, duty, holder, organisation)
        case LearnVacancy(holder) if holder == known.holder:
            learned = KnownPost(known.place, known.duty)
        case LearnAbsence(holder, deputy) if holder == known.holder:
            learned = replace(known, away=True, deputy=deputy)
        case LearnReturn(holder) if holder == known.holder:
            learned = replace(known, away=False, deputy=None)
        case _:
            return []
    if learned == known:
        return []
    return [
        HolderLearned(
            learned.place,
            learned.duty,
            learned.holder,
            learned.organisation,
            learned.away,
            learned.deputy,
        )
    ]


def evolve(known: KnownPost, event: Event) -> KnownPost:
    """The knowledge after the event."""
    match event:
        case HolderLearned(place, duty, holder, organisation, away, deputy):
            return KnownPost(place, duty, holder, organisation, away, deputy)
    return known


post = Aggregate(
    kind="post", initial=KnownPost(), decide=decide, evolve=evolve, events=(HolderLearned,)
)
