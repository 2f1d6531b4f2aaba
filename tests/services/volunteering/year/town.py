"""The town: places, offices, volunteers and teams."""

import asyncio
import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from services.volunteering.domain.teams.team import team
from services.volunteering.domain.teams.team_commands import (
    Accept,
    Apply,
    FoundTeam,
    InsureTogether,
    NameDeputies,
    TrainTogether,
)
from services.volunteering.domain.teams.volunteer import volunteer
from services.volunteering.domain.teams.volunteer_commands import (
    AgreeToBeNamed,
    ConfirmGuardian,
    Consent,
    FreeHours,
    RecordTraining,
    RegisterVolunteer,
)
from shared.contracts.types import PlaceKind
from shared.contracts.volunteering.hours import Work
from shared.contracts.volunteering.teams import TeamKind
from shared.neighbourhood.place import LearnPlace, place
from shared.neighbourhood.post import LearnHolder, post
from shared.runtime.aggregate import Command
from tests.services.community.served import until
from tests.services.volunteering.year.machine import DAY, Machine

YEAR = 2025
BEGIN = datetime(YEAR - 1, 12, 31, 16, tzinfo=UTC)
"""The city's new year."""
END = datetime(YEAR, 12, 31, 16, tzinfo=UTC)
DISTRICT, STREETS = "d", ("d-s1", "d-s2")
COMMUNITIES = tuple(f"{STREETS[n // 4]}-c{n + 1}" for n in range(8))
HOODS = 3
"""Neighbourhoods of each community."""
VACANT = COMMUNITIES[5]
"""Nobody has its office: what climbs goes on to the street."""
ACTIVE = 0.35
"""The share of people who take part in anything."""
MEMBERS = 40
"""Of a team, about."""
SKILLS = ("repair", "haircut", "tutoring", "law", "medicine")
KINDS = tuple(TeamKind)
AT_ONCE = 1_000


@dataclass(frozen=True)
class Size:
    """How much there is of what; the eight communities and their patrols are the same in any."""

    people: int
    teams: int
    activities: int
    series: int
    """Of one activity a week each, among the activities."""
    wishes: int
    orders: int
    plans: int


FULL = Size(
    people=20_000, teams=60, activities=3_000, series=8, wishes=2_000, orders=400, plans=100
)
SMALL = Size(people=4_000, teams=40, activities=400, series=3, wishes=150, orders=60, plans=12)


@dataclass
class Crew:
    """A team as the town knows it."""

    id: str
    community: str
    hood: str
    kind: TeamKind
    captain: str
    members: list[str] = field(default_factory=list)


@dataclass
class Town:
    """Who lives where, of those who serve, and who belongs to what. `adults` are the active ones of
    age by community; `skilled` by skill.
    """

    size: Size
    chance: random.Random
    paths: dict[str, tuple[str, ...]] = field(default_factory=dict)
    home: dict[str, str] = field(default_factory=dict)
    adults: dict[str, list[str]] = field(default_factory=dict)
    minors: dict[str, list[str]] = field(default_factory=dict)
    crews: list[Crew] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)

    def community_of(self, code: str) -> str:
        """The community of a neighbourhood."""
        return self.paths[code][2]

    def hoods_of(self, community: str) -> list[str]:
        """Its neighbourhoods."""
        return [f"{community}-n{n + 1}" for n in range(HOODS)]

    def staff(self, community: str, n: int = 0) -> str:
        """Somebody who works for the community, beside its office."""
        return f"staff-{n}-{community}"


def officer(code: str) -> str:
    """Who does the duty of volunteering there."""
    return f"officer-{code}"


async def settle(machine: Machine, size: Size) -> Town:
    """The town as it is when the year begins."""
    town = Town(size, random.Random("town"))
    await places(machine, town)
    await people(machine, town)
    await teams(machine, town)
    return town


async def places(machine: Machine, town: Town) -> None:
    """The tree of places, and who has which office."""
    tree: list[tuple[str, PlaceKind, tuple[str, ...]]] = [(DISTRICT, PlaceKind.DISTRICT, ())]
    tree += [(street, PlaceKind.STREET, (DISTRICT,)) for street in STREETS]
    for community in COMMUNITIES:
        above: tuple[str, ...] = (DISTRICT, community[:4])
        tree.append((community, PlaceKind.COMMUNITY, above))
        for n in range(HOODS):
            tree.append((f"{community}-n{n + 1}", PlaceKind.NEIGHBOURHOOD, (*above, community)))
    for code, kind, above in tree:
        town.paths[code] = (*above, code)
        await machine.do(place, code, LearnPlace(kind, code, (*above, code)))
    for code in (DISTRICT, *STREETS, *COMMUNITIES):
        if code != VACANT:
            learn = LearnHolder(code, "volunteering", officer(code))
            await machine.do(post, f"{code}:volunteering", learn)
    copies = machine.running.copies
    await until(lambda: len(copies["place"]) == len(tree) and len(copies["post"]) == 10)


async def people(machine: Machine, town: Town) -> None:
    """All register; of those who are going to take part, some can do something special, and some
    agree to be named.
    """
    chance = town.chance
    asked: list[tuple[str, RegisterVolunteer]] = []
    for n in range(town.size.people):
        person = f"p{n:05}"
        community = COMMUNITIES[n % len(COMMUNITIES)]
        hood = chance.choice(town.hoods_of(community))
        is_minor = n % 25 == 24
        active = chance.random() < ACTIVE
        town.home[person] = hood
        if active:
            group = town.minors if is_minor else town.adults
            group.setdefault(community, []).append(person)
        born = chance.randint(2009, 2014) if is_minor else chance.randint(1950, 2004)
        skills = (chance.choice(SKILLS),) if active and chance.random() < 0.3 else ()
        free = (FreeHours(chance.randint(0, 6), "08:00-20:00"),) if chance.random() < 0.3 else ()
        guardian = f"p{n - 8:05}" if is_minor and active else None
        asked.append(
            (
                person,
                RegisterVolunteer(
                    person, person, hood, born, "某人", skills=skills, free=free, guardian=guardian
                ),
            )
        )
    for start in range(0, len(asked), AT_ONCE):
        some = asked[start : start + AT_ONCE]
        await asyncio.gather(*(says(machine, person, one) for person, one in some))
        await machine.deliver()
    for community in COMMUNITIES:
        await asyncio.gather(
            *(says(machine, one, AgreeToBeNamed(one)) for one in town.adults[community][::3])
        )
        await asyncio.gather(*(trained(machine, one) for one in town.adults[community][1::20]))
        await asyncio.gather(*(consented(machine, town, one) for one in town.minors[community]))
        await machine.deliver()


async def says(machine: Machine, person: str, command: Command) -> None:
    """Something is done to the record of a volunteer."""
    await machine.do(volunteer, person, command)


async def trained(machine: Machine, person: str) -> None:
    """Somebody has learned what escorts and doctors must know."""
    for training in ("first-aid", "medical-licence"):
        await says(machine, person, RecordTraining("staff", training))


async def consented(machine: Machine, town: Town, person: str) -> None:
    """A guardian lets somebody under age serve, for a part of the year."""
    guardian = f"p{int(person[1:]) - 8:05}"
    await machine.do(volunteer, person, ConfirmGuardian(town.staff(COMMUNITIES[0])))
    until = machine.now + timedelta(days=town.chance.randint(100, 360))
    works = (Work.ACTIVITY, Work.WISH)
    await machine.do(volunteer, person, Consent(guardian, works, "20:00", until))


async def teams(machine: Machine, town: Town) -> None:
    """Teams with their members, deputies, insurance and trainings."""
    for n in range(town.size.teams):
        community = COMMUNITIES[n % len(COMMUNITIES)]
        captain, *members = town.chance.sample(town.adults[community], MEMBERS)
        kind = KINDS[n // len(COMMUNITIES) % len(KINDS)]
        crew = Crew(f"team-{n:02}", community, town.home[captain], kind, captain, members)
        town.crews.append(crew)
        found = FoundTeam(town.staff(community), community, kind, "志愿服务队", "互助", captain)
        await machine.do(team, crew.id, found)
    await machine.deliver()
    await asyncio.gather(*(joined(machine, crew) for crew in town.crews))
    await machine.deliver()
    await asyncio.gather(*(prepared(machine, town, crew) for crew in town.crews))
    await machine.deliver()


async def joined(machine: Machine, crew: Crew) -> None:
    """Members apply and are taken in."""
    for person in crew.members:
        await machine.do(team, crew.id, Apply(person), "too-many-teams")
        await machine.do(team, crew.id, Accept(crew.captain, person))


async def prepared(machine: Machine, town: Town, crew: Crew) -> None:
    """Deputies are named; some teams are insured for half the year, and trained."""
    deputies = tuple(crew.members[:2])
    await machine.do(team, crew.id, NameDeputies(crew.captain, deputies))
    everybody = tuple(crew.members)
    if town.chance.random() < 0.3:
        until = machine.now + town.chance.randint(60, 300) * DAY
        await machine.do(team, crew.id, InsureTogether(crew.captain, everybody, until))
    if town.chance.random() < 0.3:
        await machine.do(team, crew.id, TrainTogether(crew.captain, "fire-safety", everybody))


def some_day(chance: random.Random, first: date, last: date, weekends: float = 0.5) -> date:
    """A day between two; a weekend's with that likelihood."""
    day = first + chance.randrange((last - first).days + 1) * DAY
    if chance.random() < weekends:
        day += (5 + chance.randint(0, 1) - day.weekday()) % 7 * DAY
    return min(day, last)
