"""A neighbourhood that is patrolled: its route, teams, people, and shifts in every state."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from services.volunteering.domain.activities.outline import Meeting
from services.volunteering.domain.patrols.climbing import Office
from services.volunteering.domain.patrols.rota import patrol_rota
from services.volunteering.domain.patrols.rota_commands import (
    DrawUp,
    Line,
    Muster,
    PatrolRota,
    PublishRota,
)
from services.volunteering.domain.patrols.route import (
    Checkpoint,
    PatrolRoute,
    RouteStatus,
    Stop,
    Terrain,
)
from services.volunteering.domain.patrols.shift import patrol_shift
from services.volunteering.domain.patrols.shift_commands import BeginPatrol, PlanShift
from services.volunteering.domain.patrols.shift_state import Round
from services.volunteering.domain.teams.team_state import Team, TeamStatus
from services.volunteering.domain.teams.volunteer_state import Membership, Volunteer
from shared.contracts.types import Level
from shared.contracts.volunteering.patrols import (
    PatrolKind,
)
from tests.given import Given, given

PATH = ("d1", "s1", "c1", "n1")
GATE, GARAGE, ROOF = "n1", "n1-b3", "n1-b4"
PATHS = {"n1": PATH, GARAGE: (*PATH, GARAGE), ROOF: (*PATH, ROOF), "n2": ("d1", "s1", "c1", "n2")}
SPOT = Meeting(24.48, 118.11, 60)

STOPS = (
    Stop("正门", GATE, 15),
    Stop("地下车库", GARAGE, 40, SPOT),
    Stop("4号楼顶层", ROOF, 75),
)
CHECKPOINTS = (
    Checkpoint(0, "正门", GATE, 15),
    Checkpoint(1, "地下车库", GARAGE, 40, SPOT),
    Checkpoint(2, "4号楼顶层", ROOF, 75),
)
TERRAIN = Terrain("r1", PATHS)
ROUTE = PatrolRoute(
    RouteStatus.OPEN, "r1", "n1", PATH, "夜巡一线", None, "wu", ("wu",), 1, CHECKPOINTS, 3
)

AN, BO, CHEN, DENG = "an", "bo", "chen", "deng"
CAPTAIN, DEPUTY = AN, BO
SAFETY = Team(TeamStatus.ACTIVE, place="n1", path=PATH, captain=CAPTAIN, deputies=(DEPUTY,))
PARTY = Team(TeamStatus.ACTIVE, place="c1", path=PATH[:3], captain="hu")
PEOPLE = {
    "safety": (AN, BO, CHEN, DENG),
    "party": ("hu", "jiang", "kong"),
}


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """A local time in May 2026, a day after the first ones."""
    return datetime(2026, 5, 1, tzinfo=UTC) + timedelta(
        days=day - 1, hours=hour - 8, minutes=minute
    )


def volunteer(team: str, **changes: Any) -> Volunteer:
    known = Volunteer(
        True,
        "n1",
        PATH,
        1980,
        memberships=(Membership(team, local(1, 0)),),
        person="somebody",
    )
    return replace(known, **changes)


VOLUNTEERS = {person: volunteer(team) for team, members in PEOPLE.items() for person in members}
MUSTER = Muster("w1", ROUTE, PATH, {"safety": SAFETY, "party": PARTY}, VOLUNTEERS)

# --- rotas ---------------------------------------------------------------------------------------

NOW = local(1, 12)
EVENINGS = Line(PatrolKind.SAFETY, "safety", PEOPLE["safety"], ("20:00-22:00",))
NIGHTS = Line(PatrolKind.PARTY, "party", PEOPLE["party"], ("22:00-00:00",), crew=1)


def draw_up(**changes: Any) -> DrawUp:
    asked: dict[str, Any] = {
        "by": "wu",
        "place": "n1",
        "route": "r1",
        "name": "五月",
        "first": date(2026, 5, 3),
        "last": date(2026, 5, 6),
        "lines": (EVENINGS, NIGHTS),
    }
    return DrawUp(**{**asked, **changes})


def drawn(**changes: Any) -> Given[PatrolRota]:
    """A rota that was drawn up."""
    when = given(patrol_rota).when(draw_up(**changes), at=NOW, facts=MUSTER)
    return when.then(*when.events)


def published(**changes: Any) -> Given[PatrolRota]:
    """A rota that holds."""
    when = drawn(**changes).when(PublishRota("wu"), at=NOW, facts=MUSTER)
    return when.then(*when.events)


# --- shifts --------------------------------------------------------------------------------------

BEGIN, END = local(3, 20), local(3, 22)
PLAN = PlanShift(
    "w1",
    0,
    "r1",
    "n1",
    PatrolKind.SAFETY,
    "safety",
    BEGIN,
    END,
    2,
    (CHEN, DENG),
    "wu",
    "w1.1",
    END,
)
OFFICES = (Office(Level.COMMUNITY, "c1", "officer-c1"), Office(Level.STREET, "s1", None))
ROUND = Round(
    "w1.0",
    ROUTE,
    PATH,
    (CAPTAIN, DEPUTY),
    volunteer("safety"),
    codes={0: "AAAA2222", 1: "BBBB3333", 2: "CCCC4444"},
    offices=OFFICES,
)


def planned(plan: PlanShift = PLAN) -> Given[Any]:
    """A shift to come."""
    when = given(patrol_shift).when(plan, at=NOW, facts=ROUND)
    return when.then(*when.events)


def running(at: datetime = BEGIN, plan: PlanShift = PLAN) -> Given[Any]:
    """A shift that one of the crew has begun."""
    return after(planned(plan), BeginPatrol(CHEN), at)


def after(before: Given[Any], command: Any, at: datetime, facts: Any = ROUND) -> Given[Any]:
    """What a command that is not refused leads to."""
    when = before.when(command, at=at, facts=facts)
    return when.then(*when.events)


def names(before: Given[Any], command: Any, at: datetime, facts: Any = ROUND) -> list[str]:
    """The names of the events that follow."""
    when = before.when(command, at=at, facts=facts)
    assert when.rejected is None, when.rejected
    return [type(event).__name__ for event in when.events]
