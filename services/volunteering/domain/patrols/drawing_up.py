"""Drawing a patrol rota up: the shifts of each line, and who of its members patrols in which."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from services.volunteering.domain.patrols.duty import together
from services.volunteering.domain.patrols.rota_commands import (
    LONGEST_RANGE,
    MOST_PLACES,
    MOST_SHIFTS,
    DrawAgain,
    DrawnLine,
    DrawUp,
    Line,
    Muster,
    PatrolRotaDrawnUp,
    RotaShift,
)
from services.volunteering.domain.patrols.route import LONGEST_SHIFT, RouteStatus, led_there
from services.volunteering.domain.teams.fitness import refuse_unfit
from services.volunteering.domain.teams.team_state import TeamStatus
from services.volunteering.domain.teams.volunteer_state import Conditions, Volunteer, lacking
from shared.contracts.volunteering.hours import Work
from shared.neighbourhood.drawing import carried_over, crews_drawn
from shared.runtime.aggregate import Rejected
from shared.worktime.hours import CHINA

Times = tuple[datetime, datetime]


def drawn_up(
    asked: DrawUp | DrawAgain,
    led: str | None,
    name: str,
    by: str,
    muster: Muster,
    now: datetime,
) -> PatrolRotaDrawnUp:
    """The shifts of all lines in order of time, each with its crew; those of the team `led` only,
    where its leaders draw it up. Raises `Rejected`.
    """
    must_fit_together(asked, led, muster)
    shifts: list[RotaShift] = []
    lines: list[DrawnLine] = []
    for number, line in enumerate(asked.lines):
        shared = shared_out(number, line, asked, muster, now)
        did = Counter(one for shift in shared for one in shift.crew) + Counter(done(line, muster))
        members = tuple(dict.fromkeys(line.members))
        lines.append(
            DrawnLine(
                line.kind, line.team, members, tuple(sorted((one, did[one]) for one in members))
            )
        )
        shifts += shared
    if len(shifts) > MOST_SHIFTS:
        raise too_many(len(shifts), MOST_SHIFTS)
    leaders = (one for line in asked.lines for one in muster.teams[line.team].leaders)
    route = muster.route
    assert route is not None, "what must fit was looked at"
    return PatrolRotaDrawnUp(
        muster.rota,
        route.place,
        route.route,
        name,
        led,
        by,
        together(*leaders, by),
        tuple(lines),
        tuple(sorted(shifts, key=lambda shift: (shift.begin, shift.line, shift.end))),
    )


def must_lead(asked: DrawUp, muster: Muster) -> None:
    """Raises `Rejected` unless the caller leads the team as whose leader they draw the rota up."""
    if asked.team is not None:
        led_there(muster.teams.get(asked.team), asked.by, muster.path)


def must_fit_together(asked: DrawUp | DrawAgain, led: str | None, muster: Muster) -> None:
    """Raises `Rejected` for a route, days, lines or teams that cannot be."""
    route = muster.route
    if route is None or route.status is not RouteStatus.OPEN:
        raise Rejected("unknown-route", "no such route was laid out")
    if isinstance(asked, DrawUp) and asked.place != route.place:
        raise Rejected("not-its-place", "the route lies elsewhere", place=asked.place)
    if not timedelta(0) <= asked.last - asked.first < timedelta(days=LONGEST_RANGE):
        raise Rejected(
            "wrong-range",
            f"name a first and a last day, {LONGEST_RANGE} at most",
            most=LONGEST_RANGE,
        )
    if not asked.lines:
        raise Rejected("rota-empty", "name at least one line with its members and times")
    named: set[str] = set()
    for line in asked.lines:
        must_be_a_line(line, led, muster)
        if named & set(line.members):
            raise Rejected("in-two-lines", "nobody patrols in two lines of one rota")
        named |= set(line.members)


def must_be_a_line(line: Line, led: str | None, muster: Muster) -> None:
    """Raises `Rejected` for a line that cannot be."""
    if not line.members or not line.shifts:
        raise Rejected("rota-empty", "name at least one line with its members and times")
    team = muster.teams.get(line.team)
    if team is None or team.status is not TeamStatus.ACTIVE:
        raise Rejected("team-not-active", "there is no such team at work")
    if team.place not in muster.path:
        raise Rejected("not-its-place", "the team serves elsewhere", place=muster.path[-1])
    if led not in (None, line.team):
        raise Rejected("another-team", "who leads a team draws up its own lines only")
    for span in line.shifts:
        begin, end = times_of(date(2000, 1, 1), span)
        if end - begin > timedelta(minutes=LONGEST_SHIFT):
            raise Rejected("shift-too-long", "a patrol takes 12 hours at most", most=12)


def too_many(count: int, most: int) -> Rejected:
    """The refusal of a rota that is none, or too large."""
    return Rejected(
        "wrong-number-of-shifts",
        f"these days have {count} shifts or places; a rota has 1 to {most}",
        count=count,
        most=most,
    )


def shared_out(
    number: int, line: Line, asked: DrawUp | DrawAgain, muster: Muster, now: datetime
) -> list[RotaShift]:
    """Which crews patrol at which times of the days asked for."""
    times = sorted({times_of(day, span) for day in days_of(asked, line) for span in line.shifts})
    places = len(times) * line.crew
    if not times or places > MOST_PLACES:
        raise too_many(places, MOST_PLACES)
    if times[0][0] <= now:
        raise Rejected("rota-begun", "the first shift must begin later than now")
    if any(later < end for (_, end), (later, _) in pairwise(times)):
        raise Rejected("shifts-overlap", "shifts of a line do not overlap: take a larger crew")
    members = tuple(dict.fromkeys(line.members))
    away = {(one.person, one.day) for one in asked.away}
    days = [begin.astimezone(CHINA).date() for begin, _ in times]
    free = [
        frozenset(
            n
            for n, member in enumerate(members)
            if (member, day) not in away
            and lacking(muster.volunteers.get(member), conditions(line.team, when[1]), when[0])
            is None
        )
        for day, when in zip(days, times, strict=True)
    ]
    for n, member in enumerate(members):
        if all(n not in can for can in free) and (member, days[0]) not in away:
            # Whoever cannot patrol at all does not stand on the rota: say why.
            begin, end = times[0]
            refuse_unfit(muster.volunteers.get(member), conditions(line.team, end), begin)
    for day, can in zip(days, free, strict=True):
        if len(can) < line.crew:
            raise Rejected(
                "too-few-free",
                f"on {day} only {len(can)} of {line.crew} are free: name more members",
                day=day.isoformat(),
                free=len(can),
                crew=line.crew,
            )
    carried = carried_over(members, done(line, muster))
    crews = crews_drawn(days, free, carried, line.crew)
    return [
        RotaShift(begin, end, number, line.crew, tuple(members[one] for one in crew))
        for (begin, end), crew in zip(times, crews, strict=True)
    ]


def done(line: Line, muster: Muster) -> dict[str, int]:
    """What members of the line did in the rotas before, if this one follows one."""
    if muster.follows is None:
        return {}
    before = [one for one in muster.follows.lines if one.team == line.team]
    return {who: count for one in before for who, count in one.done if who in line.members}


def conditions(team: str, end: datetime) -> Conditions:
    """What is asked of who patrols: to belong to the team, and to be of age."""
    return Conditions(team=team, work=Work.PATROL, end=end)


def fit_for(team: str, shift: RotaShift, volunteer: Volunteer | None) -> None:
    """Raises `Rejected` where somebody cannot patrol in a shift of that team."""
    refuse_unfit(volunteer, conditions(team, shift.end), shift.begin)


# --- days and times ------------------------------------------------------------------------------


def days_of(asked: DrawUp | DrawAgain, line: Line) -> list[date]:
    """The days on which the line patrols."""
    count = (asked.last - asked.first).days + 1
    days = [asked.first + timedelta(days=n) for n in range(count)]
    return [day for day in days if not line.weekdays or day.weekday() in line.weekdays]


def times_of(day: date, span: str) -> Times:
    """From when to when a shift of this day lasts."""
    begin, _, end = span.partition("-")
    start, stop = moment(day, begin), moment(day, end)
    return start, stop if stop > start else stop + timedelta(days=1)


def moment(day: date, clock: str) -> datetime:
    """A local time of a day, in UTC."""
    hour, _, minute = clock.partition(":")
    passed = timedelta(hours=int(hour), minutes=int(minute))
    return (datetime.combine(day, time(), CHINA) + passed).astimezone(UTC)
