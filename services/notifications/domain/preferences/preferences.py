"""Preferences put together from their chapters: opened, asked for a digest, forgotten."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from services.notifications.domain.planning import next_digest
from services.notifications.domain.preferences import address_commands, addresses, choices
from services.notifications.domain.preferences.address_commands import (
    ImportAddress,
    MarkBad,
    Unsubscribe,
)
from services.notifications.domain.preferences.state import Preferences, Surroundings
from shared.contracts.event import Event
from shared.contracts.notifications import DigestDue
from shared.contracts.types import Id
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick

CHAPTERS = (choices, addresses)


@dataclass(frozen=True, slots=True)
class OpenPreferences(Command):
    """The person wants to say how they are told."""

    by: Id


@dataclass(frozen=True, slots=True)
class ForgetPreferences(Command):
    """The person was erased."""


@dataclass(frozen=True, slots=True)
class PreferencesOpened(Event):
    """There are preferences of this person from now on."""

    person: str


@dataclass(frozen=True, slots=True)
class PreferencesForgotten(Event):
    """The person was erased: nothing is kept of what they had said."""

    forgets: ClassVar[bool] = True


def decide(
    command: Command, known: Preferences, now: datetime, around: Surroundings = Surroundings()
) -> list[Event]:
    """What follows from a command; `around` says whether the person was erased, and of a code
    whether it fits.
    """
    match command:
        case ForgetPreferences():
            return [PreferencesForgotten()] if known.person else []
        case OpenPreferences() if around.closed:
            raise Rejected("inbox-closed", "nobody is written to who was erased: register first")
        case OpenPreferences(by=person):
            return [] if known.person else [PreferencesOpened(person)]
        case Unsubscribe() | ImportAddress() if around.closed:
            return []
        case Unsubscribe(person=person) | ImportAddress(person=person):
            # Who has said nothing yet has chosen something by it.
            opened = [] if known.person else [PreferencesOpened(person)]
            follows = addresses.decide(command, known, now, around)
            return [*opened, *follows] if follows else []
        case MarkBad():
            return [*addresses.decide(command, known, now, around)]
        case Tick():
            return _collected(known, now)
    if not known.person:
        raise Rejected("no-preferences", "open your preferences first")
    if isinstance(command, address_commands.COMMANDS):
        return [*addresses.decide(command, known, now, around)]
    if isinstance(command, choices.COMMANDS):
        return choices.decide(command, known, now)
    raise Rejected("wrong-moment", f"cannot {command.verb} preferences", verb=command.verb)


def _collected(known: Preferences, now: datetime) -> list[Event]:
    """The digest that is due: one, also where several were while the service was away."""
    when, since = due(known), known.digest.since
    if when is None or since is None or when > now:
        return []
    return [DigestDue(known.person, since, now)]


def due(known: Preferences) -> datetime | None:
    """When the next digest is made."""
    since = known.digest.since
    return None if since is None else next_digest(known.digest, since)


def evolve(known: Preferences, event: Event) -> Preferences:
    """The preferences after an event."""
    match event:
        case PreferencesOpened(person):
            return Preferences(person)
        case PreferencesForgotten():
            return Preferences()
    for chapter in CHAPTERS:
        known = chapter.evolve(known, event)
    return known


preferences = Aggregate(
    kind="preferences",
    initial=Preferences(),
    decide=decide,
    evolve=evolve,
    events=(PreferencesOpened, PreferencesForgotten, *choices.EVENTS, *addresses.EVENTS),
    due=due,
)
