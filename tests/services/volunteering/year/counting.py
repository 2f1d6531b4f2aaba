"""The year's figures counted a second time, from the events, by plain code."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.worktime.hours import CHINA
from tests.services.volunteering.year.reckoning import Hours, Reckoning


@dataclass
class Sums:
    """Of a group: how many of each thing, who served, in how many pieces of work, how long."""

    done: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    people: set[str] = field(default_factory=set)
    services: int = 0
    minutes: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def told(self) -> dict[str, Any]:
        """As the service tells it."""
        names = ("activities", "called_off", "wishes", "orders", "patrols")
        return {
            **{name: self.done[name] for name in names},
            "people": len(self.people),
            "services": self.services,
            "minutes": sum(self.minutes.values()),
            "minutes_by_work": {work: spent for work, spent in self.minutes.items() if spent},
        }


@dataclass(frozen=True)
class Thing:
    """Something that was done, or called off."""

    name: str
    place: str
    team: str | None
    begin: datetime


Key = tuple[str | None, ...]


class Count:
    """What is counted, and by what."""

    def __init__(self, reckoning: Reckoning, paths: Mapping[str, tuple[str, ...]]) -> None:
        self.reckoning = reckoning
        self.paths = paths
        self.things = list(things(reckoning))

    def counted(
        self, months: tuple[str, str], place: str | None, team: str | None, by: tuple[str, ...]
    ) -> dict[Key, Sums]:
        """The groups."""
        groups: defaultdict[Key, Sums] = defaultdict(Sums)

        def inside(where: str, whose: str | None, month: str) -> bool:
            return (
                months[0] <= month <= months[1]
                and (place is None or place in self.paths[where])
                and (team is None or whose == team)
            )

        def key(where: str, whose: str | None, month: str) -> Key:
            said = {"place": self.below(place, where), "team": whose, "month": month}
            return tuple(said[one] for one in by)

        for thing in self.things:
            at = thing.place, thing.team, month_of(thing.begin)
            if thing.name == "orders" and team is not None:
                continue
            if inside(*at):
                groups[key(*at)].done[thing.name] += 1
        for (work, person), hours in self.served():
            at = hours.place, hours.team, month_of(hours.begun)
            if inside(*at):
                sums = groups[key(*at)]
                sums.services += 1
                sums.minutes[hours.kind] += hours.minutes
                if (work, person) not in self.reckoning.erased:
                    sums.people.add(person)
        return groups

    def served(self) -> Iterator[tuple[tuple[str, str], Hours]]:
        """All hours that were not taken back."""
        return ((key, one) for key, one in self.reckoning.hours.items() if one.minutes)

    def below(self, asked: str | None, place: str) -> str:
        """The place next below the one asked about."""
        path = self.paths[place]
        first = 0 if asked is None else path.index(asked) + 1
        return path[first] if len(path) > first else place

    def honours(self, year: int, place: str | None, team: str | None) -> list[tuple[str, int, int]]:
        """Who served how many minutes in how many pieces of work, who served most first."""
        minutes: defaultdict[str, int] = defaultdict(int)
        services: defaultdict[str, int] = defaultdict(int)
        for (work, person), hours in self.served():
            if hours.begun.astimezone(CHINA).year != year:
                continue
            if place is not None and place not in self.paths[hours.place]:
                continue
            if team is not None and hours.team != team:
                continue
            if (work, person) not in self.reckoning.erased:
                minutes[person] += hours.minutes
                services[person] += 1
        people = sorted(minutes, key=lambda one: (-minutes[one], one))
        return [(one, minutes[one], services[one]) for one in people]


def things(reckoning: Reckoning) -> Iterator[Thing]:
    """All that was done, or called off."""
    known = reckoning.activities
    for id, (how, data) in known.over.items():
        name = "activities" if how == "ActivityDone" else "called_off"
        yield Thing(name, data["place"], known.teams[id], known.times[id][0])
    for (kind, id), (how, _, data) in reckoning.over.items():
        match kind, how:
            case "wish", "fulfilled":
                yield Thing("wishes", data["place"], data["team"], reckoning.begun[kind, id])
            case "order", "done":
                yield Thing("orders", data["place"], None, reckoning.begun[kind, id])
            case "patrol", "ended":
                yield Thing("patrols", data["place"], data["team"], reckoning.begun[kind, id])


def month_of(moment: datetime) -> str:
    """The city's month."""
    return f"{moment.astimezone(CHINA):%Y-%m}"
