"""On-call list (值守表): who is called first, second, third when an alarm is raised at a place.

A list belongs to a place and a duty (``danger``, ``patrol``), or to the platform itself. Each rung
is a person, or whoever does the duty of a post at that place now. The ladder of an alarm is the
list of its place and then those of the places above, from the nearest up.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from shared.contracts.event import Event
from shared.contracts.types import Code, Id, PlaceCode, at_most, between
from shared.runtime.aggregate import Aggregate, Command, Rejected

MOST_RUNGS = 10
PLATFORM = "platform"
"""Stands for the place in the id of a list that belongs to none."""

Minutes = Annotated[int, between(1, 240)]


@dataclass(frozen=True, slots=True)
class Rung:
    """A `person`, or (`post`) whoever has that duty at the list's place; they have so many
    `minutes` to acknowledge an alarm.
    """

    person: Id | None = None
    post: Code | None = None
    minutes: Minutes = 15


@dataclass(frozen=True, slots=True)
class OnCall:
    """The list of a place and a duty; without rungs there is none. `place` is None for the
    platform.
    """

    place: str | None = None
    duty: str = ""
    rungs: tuple[Rung, ...] = ()
    set_by: str = ""
    set_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SetOnCall(Command):
    """Write the list of a place and a duty, or write it anew. Alarms under way go on by the new
    one.
    """

    by: Id
    duty: Code
    rungs: Annotated[tuple[Rung, ...], at_most(MOST_RUNGS)]
    place: PlaceCode | None = None


@dataclass(frozen=True, slots=True)
class ClearOnCall(Command):
    """There is no list any more: alarms go to the places above."""

    by: Id


@dataclass(frozen=True, slots=True)
class LearnGone(Command):
    """A person was erased: nobody is called at their rungs."""

    person: str


@dataclass(frozen=True, slots=True)
class OnCallSet(Event):
    """Who is on call from now on. Told to nobody outside."""

    place: str | None
    duty: str
    rungs: tuple[Rung, ...]
    by: str
    at: datetime


def list_id(place: str | None, duty: str) -> str:
    """The id of the list of a place, or of the platform."""
    return f"{place or PLATFORM}:{duty}"


def decide(command: Command, known: OnCall, now: datetime) -> list[Event]:
    """What follows from a command."""
    match command:
        case SetOnCall(rungs=()):
            raise Rejected("rungs-missing", "name who is called first; to end a list, clear it")
        case SetOnCall() as c:
            if any((one.person is None) == (one.post is None) for one in c.rungs):
                raise Rejected("rung-unclear", "each rung is a person or a post, not both")
            persons = [one.person or one.post for one in c.rungs]
            if len(set(persons)) < len(persons):
                raise Rejected("rung-twice", "nobody stands on the list twice")
            return [OnCallSet(c.place, c.duty, c.rungs, c.by, now)]
        case ClearOnCall(by=by) if known.rungs:
            return [OnCallSet(known.place, known.duty, (), by, now)]
        case ClearOnCall():
            return []
        case LearnGone(person):
            left = tuple(one for one in known.rungs if one.person != person)
            if len(left) == len(known.rungs):
                return []
            return [OnCallSet(known.place, known.duty, left, known.set_by, now)]
    raise Rejected("wrong-moment", f"cannot {command.verb} an on-call list", verb=command.verb)


def evolve(known: OnCall, event: Event) -> OnCall:
    """The list after an event."""
    match event:
        case OnCallSet(place, duty, rungs, by, at):
            return OnCall(place, duty, rungs, by, at)
    return known


on_call = Aggregate(
    kind="on-call", initial=OnCall(), decide=decide, evolve=evolve, events=(OnCallSet,)
)

# --- the ladder of an alarm ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """A rung as it is now: who is called there, None where nobody is; `name` is
    ``<place>:<number>``, counted from 1.
    """

    name: str
    person: str | None
    minutes: int


Doer = Callable[[str, str], str | None]
"""Who does a duty at a place now."""


def ladder(
    lists: Mapping[str, OnCall], doer: Doer, path: Sequence[str], duty: str
) -> tuple[Step, ...]:
    """The steps for an alarm of this duty: of the lists from the end of the `path` up, or of the
    platform's where the path is empty. A person is called once, where they stand first.
    """
    return tuple(_once(_steps(lists, doer, path, duty)))


def _steps(
    lists: Mapping[str, OnCall], doer: Doer, path: Sequence[str], duty: str
) -> Iterator[Step]:
    for place in reversed(path) if path else (None,):
        found = lists.get(list_id(place, duty))
        for number, rung in enumerate(found.rungs if found is not None else (), 1):
            person = rung.person
            if rung.post is not None:
                person = doer(place, rung.post) if place is not None else None
            yield Step(f"{place or PLATFORM}:{number}", person, rung.minutes)


def _once(steps: Iterator[Step]) -> Iterator[Step]:
    seen: set[str] = set()
    for step in steps:
        if step.person is None:
            yield step
        elif step.person not in seen:
            seen.add(step.person)
            yield step
