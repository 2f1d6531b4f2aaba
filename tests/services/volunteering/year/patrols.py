"""A year of patrols: a route and quarterly rotas in each community, walked by their teams."""

import random
from datetime import date, timedelta
from functools import partial
from typing import Any

from services.volunteering.check_in_codes import secret_in_use
from services.volunteering.domain.patrols.rota import patrol_rota
from services.volunteering.domain.patrols.rota_commands import (
    DrawUp,
    Line,
    PublishRota,
)
from services.volunteering.domain.patrols.route import LayOut, Stop, patrol_route
from services.volunteering.domain.patrols.shift import patrol_shift
from services.volunteering.domain.patrols.shift_commands import (
    BeginPatrol,
    CallingOff,
    CallOffShift,
    Check,
    CheckByHand,
    ConfirmHours,
    CorrectHours,
    HandOver,
    Join,
    Leave,
    Settle,
    TakeOver,
    WithoutProof,
)
from services.volunteering.domain.patrols.shift_state import PatrolShift, Status
from services.volunteering.sign_codes import code_of
from shared.contracts.volunteering import (
    PatrolAlarmClimbed,
    PatrolEnded,
    PatrolHandedOver,
    PatrolHoursWaiting,
    PatrolNotEnded,
    PatrolNotTakenOver,
    PatrolShiftPlanned,
)
from shared.contracts.volunteering.patrols import (
    PatrolAlarm,
    PatrolKind,
)
from shared.runtime.journal import Commit
from shared.worktime.hours import CHINA
from tests.services.volunteering.year.machine import DAY, HOUR, Machine, local, moment_of
from tests.services.volunteering.year.town import COMMUNITIES, YEAR, Town

QUARTERS = tuple(date(YEAR, month, 8) for month in (1, 4, 7, 10))
QUARTER = 80
"""Days of a rota."""
MINUTE = timedelta(minutes=1)
OVER = (
    "patrol-over",
    "not-in-the-crew",
    "not-on-patrol",
    "on-patrol",
    "patrol-not-begun",
    "unknown-patrol",
)
UNFIT = ("not-in-the-team", "volunteer-suspended", "suspended-in-the-team", "not-a-volunteer")


class Patrols:
    """Who draws up, walks, hands over and confirms; by chance."""

    def __init__(self, machine: Machine, town: Town) -> None:
        self.machine = machine
        self.town = town
        self.chance = random.Random("patrols")
        machine.on(PatrolShiftPlanned, self.planned)
        machine.on(PatrolEnded, self.ended)
        machine.on(PatrolHandedOver, self.handed_over)
        machine.on(PatrolNotTakenOver, self.not_taken_over)
        machine.on(PatrolNotEnded, self.not_ended)
        machine.on(PatrolHoursWaiting, self.waiting)
        machine.on(PatrolAlarmClimbed, self.climbed)

    async def plan(self) -> None:
        """A route each, and a rota each quarter."""
        for n, community in enumerate(COMMUNITIES):
            begin = local(date(YEAR, 1, 2), "09:00")
            self.machine.at(begin, partial(self.lay_out, f"route-{n}", community))
            for quarter, first in enumerate(QUARTERS):
                asked = partial(self.draw_up, n, community, quarter, first)
                self.machine.at(local(first - 3 * DAY, "09:00"), asked)

    async def do(self, id: str, command: Any, *foreseen: str) -> PatrolShift | None:
        """Somebody does something on a shift."""
        return await self.machine.do(patrol_shift, id, command, *OVER, *foreseen)

    def then(self, moment: Any, id: str, command: Any, *foreseen: str) -> None:
        """Somebody is going to do something then."""
        self.machine.at(moment, partial(self.do, id, command, *foreseen))

    async def lay_out(self, id: str, community: str) -> None:
        """Three checkpoints, one in each neighbourhood."""
        stops = tuple(
            Stop("门岗", hood, 20 + 30 * n) for n, hood in enumerate(self.town.hoods_of(community))
        )
        asked = LayOut(self.town.staff(community), community, "夜巡", stops)
        await self.machine.do(patrol_route, id, asked)

    async def draw_up(self, n: int, community: str, quarter: int, first: date) -> None:
        """Two lines on two evenings a week, one after the other."""
        teams = self.machine.running.copies["team"]
        crews = [one for one in self.town.crews if one.community == community]
        lines: list[Line] = []
        named: set[str] = set()
        for kind, crew, span in (
            (PatrolKind.SAFETY, crews[quarter % 2], "19:00-21:00"),
            (PatrolKind.PARTY, crews[2 + quarter % 2], "21:00-23:00"),
        ):
            members = tuple(
                one.person for one in teams[crew.id].members if one.person not in named
            )[:15]
            named.update(members)
            lines.append(Line(kind, crew.id, members, (span,), 2, (n % 5, 5)))
        id, staff = f"rota-{n}-{quarter}", self.town.staff(community)
        last = first + (QUARTER - 1) * DAY
        asked = DrawUp(staff, community, f"route-{n}", "值班表", first, last, tuple(lines))
        refused = ("team-not-active", *UNFIT)
        if await self.machine.do(patrol_rota, id, asked, *refused) is not None:
            await self.machine.do(patrol_rota, id, PublishRota(staff))

    def planned(self, event: dict[str, Any], _: Commit) -> None:
        """Most are walked; a few called off, a few not begun."""
        id, begin, what = event["shift"], moment_of(event["begin"]), self.chance.random()
        if what < 0.03:
            off = CallOffShift(event["organisers"][-1], CallingOff.WEATHER)
            self.then(begin - 5 * HOUR, id, off, "patrol-begun")
        elif what < 0.93:
            late = 20 if what < 0.08 else 0
            self.machine.at(begin + late * MINUTE, partial(self.begin, id))

    async def begin(self, id: str) -> None:
        """The first of the crew begins, the other joins, and they walk."""
        state = await self.machine.state(patrol_shift, id)
        if not state.crew:
            return
        first, *others = state.crew
        if await self.do(id, BeginPatrol(first), *UNFIT) is None:
            return
        for other in others:
            if self.chance.random() < 0.9:
                await self.do(id, Join(other), *UNFIT)
                if self.chance.random() < 0.05:
                    self.then(self.machine.now + 70 * MINUTE, id, Leave(other), "last-on-patrol")
        route = await self.machine.state(patrol_route, state.route)
        for number, stop in enumerate(route.checkpoints):
            if self.chance.random() < 0.95:
                moment = self.machine.now + (stop.minutes - self.chance.choice((-5, 5, 5))) * MINUTE
                check: Any = Check(first, number, code_of(route, stop, secret_in_use()))
                if self.chance.random() < 0.1:
                    check = CheckByHand(first, number, WithoutProof.SIGN_GONE, "牌子不见了")
                self.then(moment, id, check, "checked-already")
        if self.chance.random() < 0.95:
            matters = ("三号楼路灯不亮",) if self.chance.random() < 0.2 else ()
            self.then(state.end + 5 * MINUTE, id, HandOver(first, matters))

    def handed_over(self, event: dict[str, Any], _: Commit) -> None:
        """The next crew takes over; else an organiser does."""
        if self.chance.random() < 0.85:
            self.machine.at(
                moment_of(event["until"]) - 10 * MINUTE, partial(self.take_over, event["shift"])
            )

    async def take_over(self, id: str) -> None:
        """By the crew that follows, where it has begun."""
        state = await self.machine.state(patrol_shift, id)
        after = await self.machine.state(patrol_shift, state.successor or "")
        took = None
        if after.status is Status.RUNNING and after.crew:
            took = TakeOver(after.crew[0], state.successor)
        elif state.organisers:
            took = TakeOver(state.organisers[0])
        if took is not None:
            await self.do(id, took, "nothing-to-take-over", "not-its-successor")

    def not_taken_over(self, event: dict[str, Any], _: Commit) -> None:
        """An organiser does it then."""
        for by in event["organisers"][:1]:
            take = TakeOver(by)
            self.then(self.machine.now + HOUR, event["shift"], take, "nothing-to-take-over")

    def not_ended(self, event: dict[str, Any], _: Commit) -> None:
        """Half of them hand over then; the others time ends."""
        if self.chance.random() < 0.5 and event["organisers"]:
            over = HandOver(event["organisers"][0])
            self.then(self.machine.now + HOUR, event["shift"], over)

    # --- afterwards ---

    def ended(self, event: dict[str, Any], commit: Commit) -> None:
        """Confirmed the next day by most; now and then corrected."""
        if self.chance.random() < 0.9:
            when = self.machine.now.astimezone(CHINA).date() + DAY
            self.machine.at(local(when, "20:00"), partial(self.confirm, event["shift"]))

    async def confirm(self, id: str) -> None:
        """Whoever made the rota confirms the hours of all, and settles what was amiss."""
        state = await self.machine.state(patrol_shift, id)
        by = state.keeper or next(iter(state.organisers), "staff-street")
        await self.do(id, ConfirmHours(by), "no-hours-waiting", "patrol-not-over")
        for alarm in state.alarms:
            if alarm.kind is PatrolAlarm.CHECKPOINT_MISSED:
                settle = Settle(by, alarm.kind, "已核实", alarm.number)
                await self.do(id, settle, "no-such-alarm")
        if self.chance.random() < 0.03 and state.crew:
            right = CorrectHours(by, state.crew[0], self.chance.choice((0, 45)))
            await self.do(id, right, "hours-not-confirmed", "more-than-patrolled", "own-hours")

    def waiting(self, event: dict[str, Any], _: Commit) -> None:
        """Told of it, they confirm."""
        self.machine.at(self.machine.now + 5 * HOUR, partial(self.confirm, event["shift"]))

    def climbed(self, event: dict[str, Any], _: Commit) -> None:
        """An office that is called settles what can be settled."""
        by = event["called"] or "staff-street"
        settle = Settle(by, PatrolAlarm(event["kind"]), "已核实", event["number"])
        refused = ("no-such-alarm", "still-waiting")
        self.then(self.machine.now + DAY, event["shift"], settle, *refused)
