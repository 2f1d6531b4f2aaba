"""Care plans through the year: visits made, late, in vain, missed; leave, pauses and alarms."""

import random
from datetime import date, timedelta
from functools import partial
from typing import Any

from services.volunteering.domain.care.form import Check, Reading
from services.volunteering.domain.care.plan import care_plan
from services.volunteering.domain.care.plan_commands import (
    Acknowledge,
    CameOfIt,
    Consent,
    CorrectMinutes,
    EndPlan,
    EndReason,
    MakeCarePlan,
    PausePlan,
    PauseReason,
    RecordUnmet,
    RecordVisit,
    ResumePlan,
    SettleAlarm,
    SetVisitors,
    TakeLeave,
    WithdrawConsent,
)
from services.volunteering.domain.care.plan_state import CarePlan, PlanStatus
from services.volunteering.domain.care.rhythm import Every, Rhythm
from shared.contracts.volunteering import (
    CareAlarmClimbed,
    CareAlarmRaised,
    CareVisitDue,
    CareVisitMade,
    CareVisitMissed,
)
from shared.contracts.volunteering.care import CareUnmet
from shared.runtime.journal import Commit
from tests.services.volunteering.year.machine import DAY, HOUR, Machine, local, moment_of
from tests.services.volunteering.year.town import COMMUNITIES, YEAR, Town

MINUTE = timedelta(minutes=1)
OVER = ("care-plan-over", "plan-paused", "consent-missing")
RHYTHMS = (
    *(Rhythm(Every.DAY, window="09:00-11:00") for _ in range(8)),
    *(Rhythm(Every.WEEK, (n % 7,), window="14:00-17:00") for n in range(50)),
    *(Rhythm(Every.WEEK, (0, 3), window="10:00-12:00") for _ in range(12)),
    *(Rhythm(Every.MONTH, month_day=n + 2, days=5, window="09:00-18:00") for n in range(30)),
)
READINGS = {
    "lone-elder": ((), (Check("food", "enough"), Check("mood", "good"), Check("gas", "safe"))),
    "hypertension": (
        (Reading("systolic", 150.0), Reading("diastolic", 92.0)),
        (Check("medicine", "taken"), Check("discomfort", "none")),
    ),
}


class Care:
    """Who is visited, by whom, and what comes in between; by chance."""

    def __init__(self, machine: Machine, town: Town) -> None:
        self.machine = machine
        self.town = town
        self.chance = random.Random("care")
        machine.on(CareVisitDue, self.due)
        machine.on(CareVisitMade, self.made)
        machine.on(CareVisitMissed, self.missed)
        machine.on(CareAlarmRaised, self.raised)
        machine.on(CareAlarmClimbed, self.climbed)

    async def plan(self) -> None:
        """The plans begin within the first two months, and what befalls them is drawn."""
        for n in range(self.town.size.plans):
            day = date(YEAR, 1, 2) + self.chance.randrange(55) * DAY
            self.machine.at(local(day, "08:30"), partial(self.begin, f"care-{n:03}", n))

    async def do(self, id: str, command: Any, *foreseen: str) -> CarePlan | None:
        """Somebody does something with a plan."""
        return await self.machine.do(care_plan, id, command, *OVER, *foreseen)

    def later(self, pause: timedelta, id: str, command: Any, *foreseen: str) -> None:
        """Somebody is going to do something."""
        self.machine.at(self.machine.now + pause, partial(self.do, id, command, *foreseen))

    async def begin(self, id: str, n: int) -> None:
        """Two of three for a team; a few are never agreed to."""
        chance, town = self.chance, self.town
        crew = town.crews[n % len(town.crews)]
        of_team = n % 3 > 0
        people = crew.members[2:] if of_team else town.adults[crew.community]
        visitor, deputy = chance.sample(people, 2)
        purpose = ("lone-elder", "hypertension")[n % 2]
        person = f"elder-{n:03}"
        rhythm = RHYTHMS[n * len(RHYTHMS) // town.size.plans]
        asked = MakeCarePlan(
            town.staff(crew.community), person, crew.hood, purpose, rhythm, visitor, 45,
            "住三楼", deputy if n % 5 else None, crew.id if of_team else None,
        )  # fmt: skip
        if await self.do(id, asked, "not-in-the-team", "volunteer-suspended") is None:
            return
        if n % 33 == 32:
            return
        self.later(DAY, id, Consent(person), "consented-already")
        self.befalls(id, person, visitor)

    def befalls(self, id: str, person: str, visitor: str) -> None:
        """A pause, a leave, an end: each to some, each at its time."""
        chance, now = self.chance, self.machine.now
        for share, act in ((0.3, self.pause), (0.3, self.pause), (0.4, self.leave)):
            if chance.random() < share:
                days = chance.randint(30, 280)
                self.machine.at(now + days * DAY + chance.randint(0, 23) * HOUR, partial(act, id))
        if chance.random() < 0.08:
            end = EndPlan(self.town.staff(COMMUNITIES[0]), EndReason.MOVED_AWAY)
            self.later(chance.randint(60, 300) * DAY, id, end, "alarm-open")
        elif chance.random() < 0.03:
            self.later(chance.randint(60, 300) * DAY, id, WithdrawConsent(person))

    async def pause(self, id: str) -> None:
        """In hospital, for some days; one in four is back earlier."""
        until = self.machine.now + self.chance.randint(2, 25) * DAY
        person = (await self.machine.state(care_plan, id)).person or "nobody"
        await self.do(id, PausePlan(person, PauseReason.HOSPITAL, until), "pause-taken")
        if self.chance.random() < 0.25:
            self.later(self.chance.randint(1, 6) * DAY, id, ResumePlan(person), "not-paused")

    async def leave(self, id: str) -> None:
        """The visitor is away, and the deputy steps in."""
        state = await self.machine.state(care_plan, id)
        if state.visitor is not None:
            until = self.machine.now + self.chance.randint(5, 20) * DAY
            await self.do(id, TakeLeave(state.visitor, until), "care-leave-taken", "no-visitor")

    # --- visits ---

    def due(self, event: dict[str, Any], _: Commit) -> None:
        """Made in its time by most, in vain by some, late by a few, not at all by some."""
        begin, until = moment_of(event["begin"]), moment_of(event["until"])
        last, what = until - HOUR, self.chance.random()
        if what < 0.88:
            moment = max(begin + HOUR, last - DAY * self.chance.randint(0, 3))
        elif what < 0.92:
            moment = until + self.chance.choice((0.5, 2, 20)) * HOUR
        else:
            return
        unmet = what < 0.03
        self.machine.at(moment, partial(self.visit, event["plan"], begin, unmet=unmet))

    async def visit(self, id: str, begin: Any, *, unmet: bool) -> None:
        """By whoever sees to it now, unless it was made meanwhile."""
        state = await self.machine.state(care_plan, id)
        visit = state.visit
        if state.status is not PlanStatus.ACTIVE or visit is None or visit.begin != begin:
            return
        by = state.on_duty or next(iter(state.organisers), None)
        if by is None:
            return
        if unmet:
            await self.do(id, RecordUnmet(by, CareUnmet.NOT_HOME), "no-visit-due")
            return
        readings, checks = READINGS[state.purpose]
        if self.chance.random() < 0.01 and readings:
            readings = (Reading("systolic", 190.0), readings[1])
        begun = self.machine.now - self.chance.randint(20, 70) * MINUTE
        seen = RecordVisit(by, begun, readings=readings, checks=checks)
        await self.do(id, seen, "visits-overlap")

    def made(self, event: dict[str, Any], _: Commit) -> None:
        """Now and then an organiser corrects the minutes."""
        if event["minutes"] and self.chance.random() < 0.01:
            by = self.town.staff(COMMUNITIES[3], 1)
            correct = CorrectMinutes(by, event["visit"], event["minutes"] // 2)
            self.later(HOUR, event["plan"], correct, "unknown-visit", "no-hours-of-it")

    def missed(self, event: dict[str, Any], _: Commit) -> None:
        """Half of them are made up for within a day or two."""
        if self.chance.random() < 0.5:
            again = self.machine.now + self.chance.choice((2, 20, 30)) * HOUR
            begin = moment_of(event["begin"])
            self.machine.at(again, partial(self.visit, event["plan"], begin, unmet=False))

    # --- alarms ---

    def raised(self, event: dict[str, Any], _: Commit) -> None:
        """Most are seen to at once."""
        if self.chance.random() < 0.7:
            self.answer(event)

    def climbed(self, event: dict[str, Any], _: Commit) -> None:
        """Those who are called after that see to all of them."""
        self.answer(event)

    def answer(self, event: dict[str, Any]) -> None:
        """Whoever is called acknowledges and settles it; where nobody visits, others are named."""
        id, number = event["plan"], event["alarm"]
        by = next(iter(event["called"]), "staff-street")
        if event["because"] == "care-nobody":
            self.machine.at(self.machine.now + HOUR, partial(self.name_visitors, id, by))
        elif event["because"] != "care-missed":
            self.later(HOUR / 4, id, Acknowledge(by, number), "unknown-alarm")
            settle = SettleAlarm(by, number, CameOfIt.MEASURED_AGAIN)
            self.later(2 * HOUR, id, settle, "unknown-alarm")

    async def name_visitors(self, id: str, by: str) -> None:
        """Somebody else of the community, or of the team."""
        state = await self.machine.state(care_plan, id)
        team = self.machine.running.copies["team"].get(state.team or "")
        people = self.town.adults[state.path[2]]
        if team is not None:
            people = [one.person for one in team.members]
        for person in self.chance.sample(people, min(3, len(people))):
            unfit = (
                "not-in-the-team",
                "volunteer-suspended",
                "not-a-volunteer",
                "suspended-in-the-team",
            )
            if await self.do(id, SetVisitors(by, person), *unfit) is not None:
                return
