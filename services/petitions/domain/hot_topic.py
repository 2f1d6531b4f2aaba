"""Hotlist (热点): which topics many petitions are about, watched over the whole city.

A topic is a category at a place. It is told once when it becomes hot, again when it has doubled,
and when it has cooled: counting again and again tells nobody anything new. How large topics are is
looked up at each look; only what was told is remembered here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from shared.contracts.event import Event
from shared.contracts.petitions import HotTopicCooled, HotTopicGrown, HotTopicRaised
from shared.runtime.aggregate import Aggregate, Command, Tick

ID = "city"
"""There is one list."""
MOST_MEMBERS = 200
"""Petitions that are named of one topic, the latest."""
MOST_KNOWN = 20
"""Petitions of one topic that the list itself remembers, the latest."""
MOST_TOLD = 20
"""Topics raised or told to have grown in one look; the others follow in the next one."""
MOST_TOPICS = 500
"""Topics that are hot at the same time: beyond that the numbers in the rules are too low."""
SOON = timedelta(minutes=1)
"""When it looks again that could not see, or tell, everything."""
GROWN = 2
"""How many times as hot as last told a topic is told again."""
COOLED = 0.5
"""Below this share of what makes it hot a topic is over."""


@dataclass(frozen=True, slots=True)
class Heat:
    """What makes a topic hot: more than so many petitions, or more than so many supporters of one
    of them.
    """

    petitions: int
    supporters: int

    def of(self, petitions: int, supporters: int) -> float:
        """How hot a topic of this size is: hot from 1."""
        return max(petitions / (self.petitions + 1), supporters / (self.supporters + 1))


@dataclass(frozen=True, slots=True)
class Crowd:
    """The petitions about one category at one place within a time: `count` were filed in it, the
    one that found most `supporters` in it found so many. `petitions` are the latest of all of them,
    the first was filed at `since`.
    """

    place: str
    category: str
    petitions: tuple[str, ...]
    count: int
    supporters: int
    since: datetime

    @property
    def topic(self) -> str:
        """What it is known by."""
        return f"{self.place}:{self.category}"


@dataclass(frozen=True, slots=True)
class View:
    """What is seen at a look: every crowd that is at least half as hot as a hot one, unless the
    view is not `complete` yet; and when to look again.
    """

    crowds: tuple[Crowd, ...]
    complete: bool
    heat: Heat
    every: timedelta


@dataclass(frozen=True, slots=True)
class Begin(Command):
    """Look at the city's petitions from now on."""


@dataclass(frozen=True, slots=True)
class HotlistLooked(Event):
    """The next look is at `again_at`."""

    again_at: datetime


@dataclass(frozen=True, slots=True)
class Topic:
    """A hot topic as it was last told."""

    topic: str
    place: str
    category: str
    petitions: tuple[str, ...]
    count: int
    supporters: int
    since: datetime
    raised_at: datetime


@dataclass(frozen=True)
class Hotlist:
    """The topics that are hot now."""

    look_at: datetime | None = None
    topics: tuple[Topic, ...] = ()


def decide(command: Begin | Tick, hotlist: Hotlist, now: datetime, view: View) -> list[Event]:
    """What follows from the command."""
    match command:
        case Begin():
            return [] if hotlist.look_at is not None else [HotlistLooked(again_at=now)]
        case Tick():
            return _look(hotlist, now, view)


def _look(hotlist: Hotlist, now: datetime, view: View) -> list[Event]:
    if not view.complete:
        return [HotlistLooked(again_at=now + SOON)]
    cooled = list(_cooled(hotlist, view))
    room = MOST_TOPICS - len(hotlist.topics) + len(cooled)
    told = list(_told(hotlist, now, view, room))
    again = SOON if len(told) > MOST_TOLD else view.every
    return [*cooled, *told[:MOST_TOLD], HotlistLooked(again_at=now + again)]


def _cooled(hotlist: Hotlist, view: View) -> Iterator[Event]:
    heats = {each.topic: view.heat.of(each.count, each.supporters) for each in view.crowds}
    for topic in hotlist.topics:
        if heats.get(topic.topic, 0) < COOLED:
            yield HotTopicCooled(ID, topic.topic, topic.place, topic.category, topic.raised_at)


def _told(
    hotlist: Hotlist, now: datetime, view: View, room: int
) -> Iterator[HotTopicRaised | HotTopicGrown]:
    """What is to be told, the hottest first; new topics while there is `room` for them."""
    known = {topic.topic: topic for topic in hotlist.topics}
    hot = [(view.heat.of(each.count, each.supporters), each) for each in view.crowds]
    for heat, crowd in sorted(hot, key=lambda each: (-each[0], each[1].topic)):
        before = known.get(crowd.topic)
        if before is None:
            if heat >= 1 and room > 0:
                room -= 1
                yield _tell(HotTopicRaised, crowd, now)
        elif heat >= GROWN * view.heat.of(before.count, before.supporters):
            yield _tell(HotTopicGrown, crowd, before.raised_at)


Told = TypeVar("Told", HotTopicRaised, HotTopicGrown)


def _tell(event: type[Told], crowd: Crowd, raised_at: datetime) -> Told:
    return event(
        hotlist=ID,
        topic=crowd.topic,
        place=crowd.place,
        category=crowd.category,
        petitions=crowd.petitions,
        count=crowd.count,
        supporters=crowd.supporters,
        since=crowd.since,
        raised_at=raised_at,
    )


def evolve(hotlist: Hotlist, event: Event) -> Hotlist:
    """The list after the event."""
    match event:
        case HotlistLooked(again_at):
            return replace(hotlist, look_at=again_at)
        case HotTopicRaised() | HotTopicGrown():
            told = Topic(
                topic=event.topic,
                place=event.place,
                category=event.category,
                petitions=event.petitions[:MOST_KNOWN],
                count=event.count,
                supporters=event.supporters,
                since=event.since,
                raised_at=event.raised_at,
            )
            return replace(hotlist, topics=(*_without(hotlist, event.topic), told))
        case HotTopicCooled():
            return replace(hotlist, topics=_without(hotlist, event.topic))
    return hotlist


def _without(hotlist: Hotlist, name: str) -> tuple[Topic, ...]:
    return tuple(topic for topic in hotlist.topics if topic.topic != name)


def due(hotlist: Hotlist) -> datetime | None:
    """When it looks next."""
    return hotlist.look_at


hotlist: Aggregate[Hotlist] = Aggregate(
    kind="hotlist",
    initial=Hotlist(),
    decide=decide,
    evolve=evolve,
    events=(HotlistLooked, HotTopicRaised, HotTopicGrown, HotTopicCooled),
    due=due,
)
