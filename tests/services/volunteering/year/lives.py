"""What befalls people and teams in the year: they are suspended, stop, are erased; who leads
changes; guardians change their minds.
"""

import random
from datetime import date
from functools import partial
from typing import Any

from services.volunteering.domain.teams.team import team
from services.volunteering.domain.teams.team_commands import (
    AgreeToLead,
    DeclineToLead,
    DissolveTeam,
    LeaveTeam,
    NameCaptain,
    NameDeputies,
    StepDown,
    SuspendMember,
    SuspendTeam,
)
from services.volunteering.domain.teams.volunteer import volunteer
from services.volunteering.domain.teams.volunteer_commands import (
    Cause,
    Consent,
    StopVolunteering,
    SuspendVolunteer,
    WithdrawConsent,
    WithdrawNaming,
)
from shared.contracts import community
from shared.contracts.volunteering import CaptainChanged, CaptainSought, TeamLeaderless
from shared.contracts.volunteering.hours import Work
from shared.runtime.journal import Commit
from tests.services.volunteering.year.machine import DAY, HOUR, Machine, local
from tests.services.volunteering.year.town import YEAR, Crew, Town, some_day

STOPPED, SUSPENDED, ERASED, CHANGES, NARROWED = 60, 40, 25, 40, 60
GONE = (
    "not-a-volunteer",
    "not-a-member",
    "not-a-leader",
    "cannot-lead",
    "team-dissolved",
    "unknown-team",
)


class Lives:
    """Who stops and who changes; by chance."""

    def __init__(self, machine: Machine, town: Town) -> None:
        self.machine = machine
        self.town = town
        self.chance = random.Random("lives")
        machine.on(CaptainChanged, self.led_by_others)
        machine.on(CaptainSought, self.sought)
        machine.on(TeamLeaderless, self.leaderless)

    async def plan(self) -> None:
        """What will happen, over the year."""
        for count, act in (
            (STOPPED, self.stop),
            (SUSPENDED, self.suspend),
            (ERASED, self.erase),
            (CHANGES, self.step_down),
            (20, self.suspend_member),
            (20, self.leave),
            (20, self.withdraw_consent),
            (20, self.withdraw_naming),
            (NARROWED, self.narrow_consent),
        ):
            for _n in range(count):
                day = some_day(self.chance, date(YEAR, 2, 1), date(YEAR, 12, 20), 0.0)
                self.machine.at(local(day, self.chance.choice(("08:00", "13:00", "21:00"))), act)
        for n, crew in enumerate(self.town.crews[-10:-6]):
            when = local(date(YEAR, 4 + n, 10), "08:00")
            self.machine.at(when, partial(self.suspend_team, crew))
        for n, crew in enumerate(self.town.crews[-6:-4]):
            end = partial(self.do_team, crew.id, DissolveTeam(self.town.staff(crew.community)))
            self.machine.at(local(date(YEAR, 9, 1 + n), "08:00"), end)

    # --- people ---

    def somebody(self) -> str:
        """One of those who take part: often a leader, or a member of a team."""
        crew = self.chance.choice(self.town.crews)
        if self.chance.random() < 0.5:
            return self.chance.choice(self.town.adults[crew.community])
        return self.chance.choice((crew.captain, *crew.members))

    async def do(self, person: str, command: Any, *foreseen: str) -> None:
        await self.machine.do(volunteer, person, command, *GONE, *foreseen)

    async def do_team(self, id: str, command: Any, *foreseen: str) -> None:
        await self.machine.do(team, id, command, *GONE, *foreseen)

    async def stop(self) -> None:
        person = self.somebody()
        await self.do(person, StopVolunteering(person))

    async def suspend(self) -> None:
        until = self.machine.now + self.chance.randint(5, 60) * DAY
        await self.do(self.somebody(), SuspendVolunteer("staff-street", until, Cause.ABSENT))

    async def erase(self) -> None:
        """They want to be forgotten."""
        person = self.somebody()
        self.town.gone.add(person)
        await self.machine.hear(community.ResidentErased(person), f"resident-{person}")

    async def withdraw_naming(self) -> None:
        person = self.somebody()
        await self.do(person, WithdrawNaming(person))

    async def withdraw_consent(self) -> None:
        minors = self.town.minors[self.chance.choice(sorted(self.town.minors))]
        person = self.chance.choice(minors)
        state = await self.machine.state(volunteer, person)
        guardian = state.guardian or "nobody"
        await self.do(person, WithdrawConsent(guardian), "no-consent", "no-guardian")

    async def narrow_consent(self) -> None:
        """A guardian wants them to be done earlier: whatever ends later is theirs no more."""
        minors = self.town.minors[self.chance.choice(sorted(self.town.minors))]
        person = self.chance.choice(minors)
        state = await self.machine.state(volunteer, person)
        until = self.machine.now + self.chance.randint(30, 200) * DAY
        less = Consent(state.guardian or "nobody", (Work.ACTIVITY,), "13:00", until)
        await self.do(person, less, "not-the-guardian", "guardian-not-confirmed")

    # --- teams ---

    async def suspend_team(self, crew: Crew) -> None:
        until = self.machine.now + self.chance.randint(10, 40) * DAY
        by = self.town.staff(crew.community)
        await self.do_team(crew.id, SuspendTeam(by, until, Cause.OTHER), "team-suspended")

    async def suspend_member(self) -> None:
        crew = self.chance.choice(self.town.crews)
        until = self.machine.now + self.chance.randint(5, 60) * DAY
        by, person = self.town.staff(crew.community), self.chance.choice(crew.members)
        await self.do_team(crew.id, SuspendMember(by, person, until, Cause.ABSENT))

    async def leave(self) -> None:
        crew = self.chance.choice(self.town.crews)
        await self.do_team(crew.id, LeaveTeam(self.chance.choice(crew.members)))

    async def step_down(self) -> None:
        """Captains do, and deputies."""
        crew = self.chance.choice(self.town.crews)
        state = await self.machine.state(team, crew.id)
        if state.leaders:
            await self.do_team(crew.id, StepDown(self.chance.choice(state.leaders)))

    def led_by_others(self, event: dict[str, Any], _: Commit) -> None:
        """A new captain names deputies, sometimes."""
        if event["captain"] is not None and self.chance.random() < 0.6:
            later = self.machine.now + self.chance.randint(1, 9) * DAY
            self.machine.at(later, partial(self.name_deputies, event["team"]))

    async def name_deputies(self, id: str) -> None:
        state = await self.machine.state(team, id)
        if state.captain is not None:
            others = [one.person for one in state.members if one.person != state.captain]
            named = tuple(self.chance.sample(others, 2))
            await self.do_team(id, NameDeputies(state.captain, named))

    def sought(self, event: dict[str, Any], _: Commit) -> None:
        """Who is asked says yes, no, or nothing."""
        what, person = self.chance.random(), event["person"]
        answer: Any = AgreeToLead(person) if what < 0.3 else DeclineToLead(person)
        if what < 0.7:
            act = partial(self.do_team, event["team"], answer, "not-asked-to-lead")
            self.machine.at(self.machine.now + 5 * HOUR, act)

    def leaderless(self, event: dict[str, Any], _: Commit) -> None:
        """An office that is called names somebody, if not at once."""
        if event["called"] is not None and self.chance.random() < 0.8:
            act = partial(self.name_captain, event["team"], event["called"])
            self.machine.at(self.machine.now + 2 * DAY, act)

    async def name_captain(self, id: str, by: str) -> None:
        state = await self.machine.state(team, id)
        for member in state.members[:4]:
            await self.do_team(id, NameCaptain(by, member.person))
