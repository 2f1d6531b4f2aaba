"""A home as another service knows it: which household a resident belongs to."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.event import Event
from shared.runtime.aggregate import Aggregate, Command


@dataclass(frozen=True)
class Home:
    """`household` is the code of a unit; None while the resident belongs to none."""

    household: str | None = None


@dataclass(frozen=True, slots=True)
class LearnHome(Command):
    """They belong to it now, or to none."""

    household: str | None


@dataclass(frozen=True, slots=True)
class LearnMovingOut(Command):
    """They belong to this one no more; to another they may."""

    household: str


@dataclass(frozen=True, slots=True)
class HomeLearned(Event):
    """Where they belong from now on."""

    household: str | None


def decide(command: Command, home: Home, now: datetime) -> list[Event]:
    """The new knowledge, unless it is the old."""
    match command:
        case LearnHome(household=household) if household != home.household:
            return [HomeLearned(household)]
        case LearnMovingOut(household=household) if household == home.household:
            return [HomeLearned(None)]
    return []


def evolve(home: Home, event: Event) -> Home:
    """The knowledge after the event."""
    match event:
        case HomeLearned(household=household):
            return Home(household)
    return home


home = Aggregate(kind="home", initial=Home(), decide=decide, evolve=evolve, events=(HomeLearned,))
