"""The year's activities: planned or made by series, signed up for, begun, confirmed, disputed."""

import asyncio
import random
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from services.volunteering.check_in_codes import code_at, secret_in_use
from services.volunteering.domain.activities.activity import activity
from services.volunteering.domain.activities.commands import (
    AcceptOffer,
    CallOff,
    CheckIn,
    CheckInFor,
    CheckInHere,
    CheckOut,
    CheckOutFor,
    ConfirmHours,
    DecideDispute,
    DeclineOffer,
    DisputeHours,
    DropDispute,
    Enlist,
    MoveActivity,
    OpenActivity,
    PlanActivity,
    RecordPresence,
    Resize,
    SignUp,
    Withdraw,
)
from services.volunteering.domain.activities.outline import Meeting, Outline, Role
from services.volunteering.domain.activities.recorded import Complaint
from services.volunteering.domain.activities.state import Activity, Status
from services.volunteering.domain.series.rhythm import Every, OnHoliday, Rhythm
from services.volunteering.domain.series.series import series
from services.volunteering.domain.series.series_commands import BeginSeries
from services.volunteering.domain.series.series_state import Timing
from shared.contracts.volunteering import (
    ActivityDone,
    ActivityHoursDisputed,
    ActivityHoursDue,
    ActivityHoursUnsettled,
    ActivityOpened,
    ActivityPlaceOffered,
    HoursConfirmed,
)
from shared.contracts.volunteering.activities import CallingOff, Theme
from shared.runtime.journal import Commit
from shared.worktime.hours import CHINA
from tests.services.volunteering.year.machine import DAY, HOUR, Machine, local, moment_of
from tests.services.volunteering.year.town import YEAR, Crew, Town, officer, some_day

OCCASIONS = 48
"""Of a series, about."""
MINUTE = timedelta(minutes=1)
BEGINS = ("09:00", "09:00", "14:00", "14:00", "18:30")
SPOT = Meeting(26.08, 119.3)
THEMES = tuple(Theme)
UNFIT = (
    "guardian-must-consent",
    "too-late-for-minors",
    "too-young",
    "not-in-the-team",
    "suspended-in-the-team",
    "volunteer-suspended",
    "not-a-volunteer",
)
NO_MORE = ("called-off", "sign-up-closed", "too-late-to-withdraw", "not-on-it", "no-offer")


class Activities:
    """Who plans, signs up, comes, confirms and disputes; by chance."""

    def __init__(self, machine: Machine, town: Town) -> None:
        self.machine = machine
        self.town = town
        self.chance = random.Random("activities")
        machine.on(ActivityOpened, self.opened)
        machine.on(ActivityPlaceOffered, self.offered)
        machine.on(ActivityDone, self.done)
        machine.on(HoursConfirmed, self.confirmed)
        machine.on(ActivityHoursDue, self.asked)
        machine.on(ActivityHoursUnsettled, self.at_office)
        machine.on(ActivityHoursDisputed, self.disputed)

    # --- planning ---

    async def plan(self) -> None:
        """The year's plans."""
        chance, size = self.chance, self.town.size
        for n in range(size.series):
            self.machine.at(local(date(YEAR, 1, 3), "10:00"), partial(self.begin_series, n))
        for n in range(size.activities - size.series * OCCASIONS):
            day = some_day(chance, date(YEAR, 1, 12), date(YEAR, 12, 30))
            begin = local(day, chance.choice(BEGINS))
            crew = chance.choice(self.town.crews)
            before = local(day - chance.randint(9, 11) * DAY, "10:00")
            self.machine.at(before, partial(self.draft, f"act-{n:04}", crew, begin))

    async def begin_series(self, n: int) -> None:
        """Every week on the same day, for a team."""
        crew = self.town.crews[n]
        rhythm = Rhythm(Every.WEEK, weekdays=(n % 7,))
        timing = Timing("14:00", 120, days_ahead=10)
        asked = BeginSeries(
            crew.captain, crew.hood, rhythm, date(YEAR, 1, 6), timing, self.outline(), crew.id,
            on_holiday=OnHoliday.SKIP, last=date(YEAR, 12, 28),
        )  # fmt: skip
        await self.machine.do(series, f"series-{n}", asked)

    def outline(self) -> Outline:
        """Places for about as many as come; now and then two roles, one of them for grown-ups."""
        chance = self.chance
        number = max(5, round(chance.gauss(21, 7)))
        roles: tuple[Role, ...] = (Role("helper", number),)
        if chance.random() < 0.1:
            roles = (Role("helper", number - 2), Role("guide", 2, least_age=18))
        meeting = SPOT if chance.random() < 0.3 else None
        return Outline("周末清洁", chance.choice(THEMES), roles, meeting=meeting)

    async def draft(self, id: str, crew: Crew, begin: datetime) -> None:
        """A leader plans it and opens it an hour later; a few are never opened."""
        leaders = await self.leaders(crew)
        if not leaders:
            return
        end = begin + self.chance.choice((90, 120, 120, 150, 180)) * MINUTE
        where = self.chance.choice(self.town.hoods_of(crew.community))
        asked = PlanActivity(leaders[0], where, self.outline(), begin, end, crew.id)
        if await self.machine.do(activity, id, asked, "team-not-active") is None:
            return
        if self.chance.random() < 0.98:
            open = partial(self.machine.do, activity, id, OpenActivity(leaders[0]), *STANDS)
            self.machine.at(self.machine.now + HOUR, open)

    async def leaders(self, crew: Crew) -> tuple[str, ...]:
        """Who leads the team now."""
        known = self.machine.running.copies["team"].get(crew.id)
        return () if known is None else tuple(known.leaders)

    # --- signing up ---

    def opened(self, event: dict[str, Any], _: Commit) -> None:
        """Those who want to come sign up on the evenings before; some of them withdraw."""
        chance, town, machine = self.chance, self.town, self.machine
        id, begin = event["activity"], moment_of(event["begin"])
        community = event["path"][2]
        crew = next(one for one in town.crews if one.id == event["team"])
        eager = chance.sample(town.adults[community], 14) + chance.sample(crew.members, 7)
        eager += chance.sample(town.minors[community], 1)
        wanted = max(4, round(event["places"] * chance.gauss(1.05, 0.2)))
        people = list(dict.fromkeys(eager))[:wanted]
        more = [one for one in town.adults[community] if one not in people]
        people += chance.sample(more, max(0, wanted - len(people)))
        first, last = machine.now.astimezone(CHINA).date(), begin.astimezone(CHINA).date()
        days = max(1, (last - first).days)
        for person in people:
            early = min(chance.randrange(days), chance.randrange(days))
            evening = local(first + early * DAY, chance.choice(("12:00", "20:00", "20:00")))
            machine.at(evening, partial(self.sign_up, id, person))
            if chance.random() < 0.06:
                later = evening + chance.randint(1, 4) * DAY
                machine.at(later, partial(self.command, id, Withdraw(person), *NO_MORE))
        self.troubles(id, begin)
        machine.at(begin - 10 * MINUTE, partial(self.come, id, 0))

    def troubles(self, id: str, begin: datetime) -> None:
        """A few are called off, moved, or given more places."""
        what, day_before = self.chance.random(), begin - DAY - HOUR
        if what < 0.04:
            self.machine.at(day_before, partial(self.by_organiser, id, self.call_off))
        elif what < 0.06:
            self.machine.at(day_before, partial(self.by_organiser, id, self.move))
        elif what < 0.10:
            self.machine.at(begin - 3 * DAY, partial(self.by_organiser, id, self.resize))
        elif what < 0.12:
            self.machine.at(begin - 2 * HOUR, partial(self.by_organiser, id, self.enlist))

    async def sign_up(self, id: str, person: str) -> None:
        """For the first role, or the only one."""
        refused = ("already-signed-up", "already-waiting", "offer-waits", *NO_MORE, *UNFIT)
        await self.command(id, SignUp(person, "helper"), *refused)

    def offered(self, event: dict[str, Any], _: Commit) -> None:
        """Most take the place, some say no, some say nothing."""
        id, person = event["activity"], event["volunteer"]
        answer = self.chance.random()
        soon = self.machine.now + self.chance.choice((0.25, 0.5, 3)) * HOUR
        if answer < 0.75:
            accept = partial(self.command, id, AcceptOffer(person), *NO_MORE, *UNFIT)
            self.machine.at(soon, accept)
        elif answer < 0.85:
            decline = partial(self.command, id, DeclineOffer(person), *NO_MORE)
            self.machine.at(soon, decline)

    async def command(self, id: str, command: Any, *foreseen: str) -> Activity | None:
        """Somebody does something with it."""
        return await self.machine.do(activity, id, command, *foreseen)

    async def by_organiser(self, id: str, act: Any) -> None:
        """One of those who answer for it does something."""
        state = await self.machine.state(activity, id)
        if state.organisers:
            await act(id, state, state.organisers[0])

    async def call_off(self, id: str, _state: Activity, by: str) -> None:
        await self.command(id, CallOff(by, CallingOff.WEATHER), *STANDS)

    async def move(self, id: str, state: Activity, by: str) -> None:
        """To the day after."""
        moved = MoveActivity(by, state.begin + DAY, state.end + DAY)
        if await self.command(id, moved, *STANDS) is not None:
            self.machine.at(state.begin + DAY - 10 * MINUTE, partial(self.come, id, 0))

    async def resize(self, id: str, state: Activity, by: str) -> None:
        await self.command(id, Resize(by, "helper", state.roles[0].number + 4), *STANDS)

    async def enlist(self, id: str, state: Activity, by: str) -> None:
        """Somebody who has just come by."""
        person = self.chance.choice(self.town.adults[state.path[2]])
        refused = ("others-wait", "no-place-free", "already-signed-up", "offer-waits")
        await self.command(id, Enlist(by, person, "helper"), *refused, *NO_MORE, *UNFIT)

    # --- presence ---

    async def come(self, id: str, after: int) -> None:
        """Those who have a place come early, in time, or late; some never do."""
        state = await self.machine.state(activity, id)
        coming = state.begin - 10 * MINUTE + after * 10 * MINUTE
        if state.status not in (Status.OPEN, Status.FULL, Status.RUNNING):
            return
        if coming != self.machine.now:
            return  # it was moved
        here = [
            person
            for person in state.places.people
            if person not in state.presence.people and self.chance.random() < (0.5, 0.7, 0.5)[after]
        ]
        await asyncio.gather(*(self.check_in(id, state, person) for person in here))
        if after < 2:
            self.machine.at(self.machine.now + 10 * MINUTE, partial(self.come, id, after + 1))
        else:
            early = state.end - self.chance.choice((40, 30, 20)) * MINUTE
            self.machine.at(early, partial(self.go, id, 0.15))
            self.machine.at(state.end + 5 * MINUTE, partial(self.go, id, 0.94))

    async def check_in(self, id: str, state: Activity, person: str) -> None:
        """By the code, by location where there is a meeting point, or with an organiser."""
        how = self.chance.random()
        command: CheckInHere | CheckIn | CheckInFor
        if state.meeting is not None and how < 0.5:
            command = CheckInHere(person, SPOT.latitude, SPOT.longitude, 20.0)
        elif how < 0.8 or not state.organisers:
            command = CheckIn(person, code_at(id, self.machine.now, secret_in_use()))
        else:
            command = CheckInFor(state.organisers[0], person)
        await self.command(id, command)

    async def go(self, id: str, share: float) -> None:
        """Most check out; a few forget it."""
        state = await self.machine.state(activity, id)
        if state.status is not Status.RUNNING:
            return
        there = [
            one for one in dict.fromkeys(state.presence.people) if state.presence.is_there(one)
        ]
        going = [one for one in there if self.chance.random() < share]
        await asyncio.gather(*(self.check_out(id, state, person) for person in going))

    async def check_out(self, id: str, state: Activity, person: str) -> None:
        """By the code, or with an organiser."""
        if self.chance.random() < 0.8 or not state.organisers:
            code = code_at(id, self.machine.now, secret_in_use())
            await self.command(id, CheckOut(person, code))
        else:
            await self.command(id, CheckOutFor(state.organisers[0], person))

    # --- hours ---

    def done(self, event: dict[str, Any], _: Commit) -> None:
        """Organisers confirm on Wednesdays or Sundays, when they are reminded, or never."""
        id, when = event["activity"], self.chance.random()
        today = moment_of(event["end"]).astimezone(CHINA).date()
        if when < 0.9:
            evening = local(
                today + min((2 - today.weekday()) % 7, 6 - today.weekday()) * DAY, "21:30"
            )
            stayed = self.chance.random() < 0.5
            self.machine.at(evening, partial(self.confirm, id, stayed=stayed))
        for person in event["missing"][:1]:
            if self.chance.random() < 0.05:
                self.machine.at(self.machine.now + HOUR, partial(self.dispute, id, person))

    async def confirm(self, id: str, by: str | None = None, *, stayed: bool) -> None:
        """An organiser, or who is called, confirms what waits; first the presence of somebody who
        forgot to check out is recorded.
        """
        state = await self.machine.state(activity, id)
        if not state.unsettled:
            return
        by = by or next(iter(state.organisers), None)
        if by is None:
            return
        forgot = [
            one for one in dict.fromkeys(state.presence.people) if state.presence.is_there(one)
        ]
        if forgot and not stayed:
            came = state.presence.stints(forgot[0])[0][0]
            record = RecordPresence(by, forgot[0], came, state.end)
            await self.command(id, record, "impossible-presence")
        refused = ("own-hours", "check-outs-missing", "nothing-to-confirm")
        await self.command(id, ConfirmHours(by, stayed), *refused)

    def asked(self, event: dict[str, Any], _: Commit) -> None:
        """Reminded, most do it; another organiser confirms what is left over of the first."""
        if self.chance.random() < 0.7:
            by = event["organisers"][-1]
            evening = partial(self.confirm, event["activity"], by, stayed=True)
            self.machine.at(self.machine.now + 3 * HOUR, evening)

    def at_office(self, event: dict[str, Any], _: Commit) -> None:
        """The office that is called confirms; some leave it to the street."""
        by = event["called"]
        if by is not None and (event["until"] is None or self.chance.random() < 0.8):
            act = partial(self.confirm, event["activity"], by, stayed=True)
            self.machine.at(self.machine.now + DAY, act)

    # --- disputes ---

    def confirmed(self, event: dict[str, Any], _: Commit) -> None:
        """Somebody finds their hours wrong."""
        if event["kind"] == "activity" and self.chance.random() < 0.01:
            later = self.machine.now + self.chance.randint(1, 6) * DAY
            self.machine.at(later, partial(self.dispute, event["work"], event["volunteer"]))

    async def dispute(self, id: str, person: str) -> None:
        """They were there from the beginning to the end, they say."""
        state = await self.machine.state(activity, id)
        says = DisputeHours(person, Complaint.WRONG_TIME, state.begin, state.end)
        refused = ("disputed-already", "decided-already", "not-confirmed-yet", "no-place")
        if await self.command(id, says, *refused) is not None and self.chance.random() < 0.1:
            drop = partial(self.command, id, DropDispute(person), "no-dispute")
            self.machine.at(self.machine.now + HOUR, drop)

    def disputed(self, event: dict[str, Any], _: Commit) -> None:
        """Who is called decides; some let it climb, but nobody at the street does."""
        by = event["called"] or (officer(event["place"][:4]) if event["times"] > 1 else None)
        if by is not None and (event["times"] > 1 or self.chance.random() < 0.8):
            act = partial(self.decide, event["activity"], event["volunteer"], by)
            self.machine.at(self.machine.now + 2 * DAY, act)

    async def decide(self, id: str, person: str, by: str) -> None:
        """They were there, or everything stays."""
        state = await self.machine.state(activity, id)
        they_were = self.chance.random() < 0.6
        times = (state.begin, state.end - 20 * MINUTE) if they_were else (None, None)
        refused = ("no-dispute", "own-confirmation", "own-hours")
        decided = await self.command(id, DecideDispute(by, person, *times), *refused)
        if decided is None and self.machine.refused["own-confirmation"]:
            other = DecideDispute(self.town.staff(state.path[2], 1), person, *times)
            await self.command(id, other, *refused)


STANDS = ("activity-stands-otherwise", "places-taken", "wrong-times", "people-are-there")
