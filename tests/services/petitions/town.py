"""A town to test in: Banyan Court in Xingang, with everybody's names."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from services.petitions.domain.commands import (
    Answer,
    File,
    HandUp,
    Rate,
)
from services.petitions.domain.ladder import Limits, Rung, Surroundings
from services.petitions.domain.petition import petition
from services.petitions.domain.state import Petition
from shared.contracts.types import Level, PetitionKind
from shared.runtime.aggregate import Command
from shared.worktime.hours import CHINA, WorkCalendar, WorkingHours
from tests.given import Given, given

ID = "p1"
RESIDENT = "resident-lin"
GRID_HEAD = "grid-head-chen"
COMMUNITY_SECRETARY = "secretary-lian"
STREET_OFFICER = "officer-zhao"
DISTRICT_OFFICER = "officer-wu"
DISTRICT_DEPUTY = "officer-deng"

PATH = ("mawei", "luoxing", "xingang", "xingang-east", "banyan")


def local(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of 2025, Shanghai time."""
    return datetime(2025, month, day, hour, minute, tzinfo=CHINA).astimezone(UTC)


MONDAY = local(3, 3, 8, 30)
"""The first minute of a working week."""
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (MONDAY + timedelta(days=n) for n in range(1, 5))
NEXT_MONDAY = MONDAY + timedelta(days=7)

HOUR = timedelta(hours=1)
WORKING_DAY = 7 * HOUR


def weekday(day: date) -> bool:
    return day.weekday() < 5


OFFICE_HOURS = WorkingHours(
    spans=((8.5 * HOUR, 12 * HOUR), (14.5 * HOUR, 18 * HOUR)),
)
CALENDAR = WorkCalendar(weekday, OFFICE_HOURS)

LIMITS = Limits(
    answer={
        Level.NEIGHBOURHOOD: 2 * WORKING_DAY,
        Level.AREA: 2 * WORKING_DAY,
        Level.COMMUNITY: 3 * WORKING_DAY,
        Level.STREET: 5 * WORKING_DAY,
        Level.DISTRICT: 10 * WORKING_DAY,
    }
)

TOWN = Surroundings(
    petition=ID,
    path=PATH,
    rungs=(
        Rung(Level.NEIGHBOURHOOD, "banyan", "sanitation", GRID_HEAD),
        Rung(Level.AREA, "xingang-east", "sanitation", None),
        Rung(Level.COMMUNITY, "xingang", "petitions", COMMUNITY_SECRETARY),
        Rung(Level.STREET, "luoxing", "sanitation", STREET_OFFICER),
        Rung(Level.DISTRICT, "mawei", "sanitation", DISTRICT_OFFICER),
    ),
    calendar=CALENDAR,
    limits=LIMITS,
)
NOWHERE = replace(TOWN, path=(), rungs=())


def unheld(*levels: Level) -> Surroundings:
    """The town while nobody holds the duty at these levels."""
    return replace(
        TOWN,
        rungs=tuple(replace(r, holder=None) if r.level in levels else r for r in TOWN.rungs),
    )


FILE = File(
    by=RESIDENT,
    kind=PetitionKind.COMPLAINT,
    title="下水道堵塞",
    text="25号楼下水管道堵塞、污水外溢。",
    place="banyan",
    category="sanitation",
)


def reply(by: str, done: str = "已疏通") -> Answer:
    """An answer after which nothing follows."""
    return Answer(by=by, done=done, done_by="办事人员", finished=True)


HAND_UP = HandUp(by=GRID_HEAD, reason="要动主管网")
LOW = Rate(by=RESIDENT, stars=1)


def told(*steps: tuple[Command, datetime], facts: Surroundings = TOWN) -> Given[Petition]:
    """A petition after these commands were carried out at these moments."""
    past = given(petition)
    for command, at in steps:
        happened = past.when(command, at=at, facts=facts)
        assert happened.rejected is None, f"{command}: {happened.rejected}"
        past = happened.then(*happened.events)
    return past


def filed(at: datetime = MONDAY, facts: Surroundings = TOWN) -> Given[Petition]:
    """A petition just filed."""
    return told((FILE, at), facts=facts)


def answered(at: datetime = TUESDAY) -> Given[Petition]:
    """A petition filed on Monday and answered by the neighbourhood."""
    return told((FILE, MONDAY), (reply(GRID_HEAD, "已疏通"), at))


def in_review(reviewer_answered: bool = False) -> Given[Petition]:
    """A petition rated low three times; on request the district's own officer answered last."""
    first = HAND_UP if reviewer_answered else reply(GRID_HEAD, "已疏通")
    steps: list[tuple[Command, datetime]] = [(FILE, MONDAY), (first, MONDAY)]
    if reviewer_answered:
        steps += [
            (HandUp(by="area-staff", reason="无权"), MONDAY),
            (HandUp(by=COMMUNITY_SECRETARY, reason="无权"), MONDAY),
            (HandUp(by=STREET_OFFICER, reason="无权"), MONDAY),
            (reply(DISTRICT_OFFICER, "将改造"), MONDAY),
            (LOW, MONDAY),
            (reply(DISTRICT_OFFICER, "将改造"), MONDAY),
            (LOW, MONDAY),
            (reply(DISTRICT_OFFICER, "将改造"), MONDAY),
            (LOW, MONDAY),
        ]
    else:
        steps += [
            (LOW, MONDAY),
            (reply("area-staff", "已疏通"), MONDAY),
            (LOW, MONDAY),
            (
                reply(COMMUNITY_SECRETARY, "已疏通"),
                MONDAY,
            ),
            (LOW, MONDAY),
        ]
    return told(*steps)
