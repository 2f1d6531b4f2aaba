"""What holds whatever people do with an activity, in whatever order, and whenever."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from services.volunteering.domain.activities.activity import activity
from services.volunteering.domain.activities.commands import (
    AcceptOffer,
    CallOff,
    Cease,
    CheckIn,
    CheckInFor,
    CheckInHere,
    CheckOut,
    CheckOutFor,
    ConfirmHours,
    DecideDispute,
    DeclineOffer,
    DenyPresence,
    DisputeHours,
    DropDispute,
    Enlist,
    ForgetPerson,
    GiveUp,
    LookAgain,
    MoveActivity,
    NameOrganisers,
    OpenActivity,
    PassOn,
    PlanActivity,
    RecordPresence,
    Resize,
    SignUp,
    StrikeOff,
    Withdraw,
)
from services.volunteering.domain.activities.hours import times_there
from services.volunteering.domain.activities.outline import Role
from services.volunteering.domain.activities.recorded import (
    Complaint,
    PresenceDenied,
    PresenceRecorded,
    VolunteerArrived,
    VolunteerLeft,
)
from services.volunteering.domain.activities.state import SIGNING_UP, Activity, Status, involved
from services.volunteering.domain.activities.verbs import open_verbs
from shared.contracts.event import Event
from shared.contracts.volunteering.activities import (
    ActivityBegun,
    ActivityCalledOff,
    ActivityMoved,
    ActivityOfferEnded,
    ActivityPlaceOffered,
    ActivityWaitingEnded,
    CallingOff,
    VolunteerPutOnWaitingList,
    VolunteerSignedUp,
)
from shared.contracts.volunteering.hours import HoursConfirmed, HoursCorrected
from shared.runtime.aggregate import Command, Rejected, Tick
from tests.given import after
from tests.services.volunteering.activities.cleaning import (
    BEGIN,
    CAPTAIN,
    CODE,
    EARLIER,
    END,
    GROWN_UP,
    HOUR,
    KNOWN,
    MEETING,
    MINUTE,
    OFFICER,
    OUTLINE,
    PLAN,
)

PEOPLE = ("an", "bo", "chen", "deng", "e", CAPTAIN)
ROLES = ("helper", "driver")
FACTS = replace(KNOWN, people=dict.fromkeys(PEOPLE[::2], GROWN_UP))
"""Looked at again, every second of them is not fit any more."""
people = st.sampled_from(PEOPLE)
roles = st.sampled_from(ROLES)
moments = st.integers(-40, 240).map(lambda minutes: BEGIN + minutes * MINUTE)


def weighed(*kinds: tuple[int, st.SearchStrategy[Command]]) -> st.SearchStrategy[Command]:
    """One of these kinds of commands, each so often."""
    bag = [kind for often, kind in kinds for _ in range(often)]
    return st.sampled_from(bag).flatmap(lambda kind: kind)


IN_LINE = weighed(
    (8, st.builds(SignUp, by=people, role=roles)),
    (3, st.builds(Withdraw, by=people)),
    (3, st.builds(AcceptOffer, by=people)),
    (1, st.builds(DeclineOffer, by=people)),
    (1, st.builds(Enlist, by=st.just(CAPTAIN), person=people, role=roles)),
    (1, st.builds(StrikeOff, by=st.just(CAPTAIN), person=people)),
    (1, st.builds(Resize, by=st.just(CAPTAIN), role=roles, number=st.integers(1, 4))),
    (
        1,
        st.builds(
            GiveUp,
            person=people,
            because=st.just("suspended"),
            until=st.none() | moments,
            team=st.none() | st.just("team-1"),
        ),
    ),
    (1, st.builds(LookAgain, people=st.lists(people, unique=True).map(tuple))),
    (1, st.builds(ForgetPerson, person=people)),
)
THERE = weighed(
    (4, st.builds(CheckIn, by=people, code=st.sampled_from((CODE, "000000")))),
    (
        2,
        st.builds(
            CheckInHere,
            by=people,
            latitude=st.floats(26.075, 26.085),
            longitude=st.just(MEETING.longitude),
            accuracy=st.sampled_from((10.0, 1_000.0)),
        ),
    ),
    (1, st.builds(CheckInFor, by=st.just(CAPTAIN), person=people)),
    (4, st.builds(CheckOut, by=people, code=st.just(CODE))),
    (1, st.builds(CheckOutFor, by=st.just(CAPTAIN), person=people)),
    (1, st.builds(RecordPresence, by=st.just(CAPTAIN), person=people, came=moments, left=moments)),
    (1, st.builds(DenyPresence, by=st.just(CAPTAIN), person=people)),
)
OF_HOURS = weighed(
    (2, st.builds(ConfirmHours, by=st.sampled_from((CAPTAIN, OFFICER)), stayed=st.booleans())),
    (
        3,
        st.builds(
            DisputeHours,
            by=people,
            because=st.sampled_from(Complaint),
            came=moments,
            left=moments,
        ),
    ),
    (1, st.builds(DropDispute, by=people)),
    (
        3,
        st.builds(
            DecideDispute,
            by=st.sampled_from((OFFICER, "officer-2")),
            person=people,
            came=st.none() | moments,
            left=st.none() | moments,
        ),
    ),
    (1, st.builds(RecordPresence, by=st.just(CAPTAIN), person=people, came=moments, left=moments)),
    (1, st.builds(DenyPresence, by=st.just(CAPTAIN), person=people)),
)
OF_THE_WHOLE = weighed(
    (4, st.builds(PassOn, leaders=st.sampled_from(((), (CAPTAIN,), ("bo", CAPTAIN))))),
    (4, st.just(NameOrganisers(OFFICER, (CAPTAIN,)))),
    (2, st.just(MoveActivity(CAPTAIN, BEGIN + 2 * HOUR, END + 2 * HOUR))),
    (1, st.just(CallOff(CAPTAIN, CallingOff.WEATHER))),
    (1, st.just(Cease(CallingOff.TEAM_STOPS, BEGIN))),
    (1, st.just(OpenActivity(CAPTAIN))),
    (1, st.just(PLAN)),
)
PAUSES = st.sampled_from((0, 0, 0, 0, 1, 15))
"""Minutes between two things."""


def several(kind: st.SearchStrategy[Command]) -> st.SearchStrategy[list[Command]]:
    """A few of them, one after the other."""
    return st.lists(kind, min_size=1, max_size=12)


class AnyLife(RuleBasedStateMachine):
    """An activity to which anything may be done, by anybody, after any pause."""

    def __init__(self) -> None:
        super().__init__()
        self.state = Activity()
        self.now = EARLIER
        self.line: dict[str, list[str]] = {role: [] for role in ROLES}
        """Who waits, by arrival: kept beside the rules."""
        self.held: dict[str, str] = {}
        self.stints: dict[str, list[list[datetime | None]]] = {}
        self.minutes: dict[str, int] = {}

    @initialize(
        first=st.integers(1, 3),
        second=st.integers(1, 2),
        phase=st.sampled_from((Status.OPEN, Status.RUNNING, Status.DONE)),
        lasts=st.integers(20, 170),
        left=st.booleans(),
    )
    def opened(self, first: int, second: int, phase: Status, lasts: int, left: bool) -> None:
        """A third of all lives begin in each phase: few would get there by themselves."""
        asked = (Role("helper", first), Role("driver", second))
        plan: PlanActivity = replace(PLAN, outline=replace(OUTLINE, roles=asked))
        self.told(activity.decide(plan, self.state, self.now, FACTS))
        self.told(activity.decide(OpenActivity(CAPTAIN), self.state, self.now, FACTS))
        if phase is Status.OPEN:
            return
        for n, person in enumerate(PEOPLE):
            self.tries(SignUp(person, ROLES[n % 2]))
        self.it_begins()
        if phase is Status.DONE:
            self.all_come(lasts, left)
            self.passes(4 * 60)

    @rule(commands=several(IN_LINE), pause=PAUSES)
    def people_sign_up(self, commands: list[Command], pause: int) -> None:
        self.happens(commands, pause)

    @rule(commands=several(THERE), pause=PAUSES)
    def people_come_and_go(self, commands: list[Command], pause: int) -> None:
        self.happens(commands, pause)

    @rule(commands=several(OF_HOURS), pause=PAUSES)
    def hours_are_looked_at(self, commands: list[Command], pause: int) -> None:
        self.happens(commands, pause)

    @rule(command=OF_THE_WHOLE)
    def something_is_decided(self, command: Command) -> None:
        self.tries(command)

    @rule(hours=st.sampled_from((1, 6, 13, 48, 200)))
    def time_passes(self, hours: int) -> None:
        self.passes(hours * 60)

    @precondition(lambda self: len(self.state.places.people) > 1)
    @rule()
    def it_begins(self) -> None:
        """Else most lives would be over before anything was done in the activity itself."""
        if self.now < self.state.begin:
            self.passes((self.state.begin - self.now) // MINUTE)

    def all_come(self, lasts: int, left: bool) -> None:
        """And go, most of them: whoever has a place."""
        for by in (CheckIn, CheckOut):
            for person in self.state.places.people:
                if by is CheckIn or left or person != "an":
                    self.tries(by(person, CODE))
            self.passes(lasts)

    def happens(self, commands: list[Command], pause: int) -> None:
        for command in commands:
            self.passes(pause)
            self.tries(command)

    def tries(self, command: Command) -> None:
        with suppress(Rejected):
            self.told(activity.decide(command, self.state, self.now, FACTS))

    def passes(self, minutes: int) -> None:
        until = self.now + minutes * MINUTE
        steps = 0
        while (due := activity.due(self.state)) is not None and due <= until:
            self.now = max(self.now, due)
            events = activity.decide(Tick(), self.state, self.now, FACTS)
            assert events, f"stuck at {due}"
            self.told(events)
            steps += 1
            assert steps < 200, "the clock never comes to rest"
        self.now = until

    def told(self, events: list[Event]) -> None:
        for event in events:
            self.hear(event)
        self.state = after(activity, self.state, events)

    def hear(self, event: Event) -> None:
        match event:
            case VolunteerSignedUp(volunteer=person, role=role):
                # A place is given to who holds it, or while nobody waits.
                if self.held.pop(person, None) is None:
                    assert not self.line[role], "somebody came first"
            case VolunteerPutOnWaitingList(volunteer=person, role=role, number=number):
                assert person not in self.line[role]
                self.line[role].append(person)
                assert number == len(self.line[role])
            case ActivityPlaceOffered(volunteer=person, role=role):
                assert self.line[role].pop(0) == person, "the first in line comes first"
                assert person not in self.held
                self.held[person] = role
            case ActivityOfferEnded(volunteer=person):
                del self.held[person]
            case ActivityWaitingEnded(volunteer=person, role=role):
                self.line[role].remove(person)
            case ActivityBegun(waited=waited):
                assert sorted(waited) == sorted(one for line in self.line.values() for one in line)
                assert not self.held
                self.line = {role: [] for role in ROLES}
            case ActivityCalledOff():
                self.line = {role: [] for role in ROLES}
                self.held.clear()
            case ActivityMoved():
                self.stints.clear()
            case VolunteerArrived(volunteer=person, at=at):
                self.stints.setdefault(person, []).append([at, None])
            case VolunteerLeft(volunteer=person, at=at):
                self.stints[person][-1][1] = at
            case PresenceRecorded(volunteer=person, came=came, left=left):
                self.stints[person] = [[came, left]]
            case PresenceDenied(volunteer=person):
                del self.stints[person]
            case HoursConfirmed(volunteer=person, minutes=minutes):
                assert person not in self.minutes, "once per work and volunteer"
                self.minutes[person] = minutes
            case HoursCorrected(volunteer=person, before=before, minutes=minutes):
                assert self.minutes[person] == before != minutes
                self.minutes[person] = minutes

    # -- what holds ----------------------------------------------------------------------------

    @invariant()
    def no_place_is_given_to_two(self) -> None:
        state = self.state
        assert len(set(involved(state))) == len(involved(state)), "somebody stands there twice"
        for role, taken in zip(state.roles, state.taken, strict=True):
            has = [one for one in state.places.roles if one == role.code]
            offered = [one for one in state.offers if one.role == role.code]
            assert taken == len(has) + len(offered) <= role.number or state.status in (
                Status.CALLED_OFF,
            )

    @invariant()
    def who_waits_stands_in_order_of_arrival(self) -> None:
        if self.state.status in SIGNING_UP:
            for role in self.state.roles:
                assert list(self.state.waiting.of_role(role.code)) == self.line[role.code]
            assert {one.person: one.role for one in self.state.offers} == self.held
        else:
            assert not self.state.waiting.people
            assert not self.state.offers

    @invariant()
    def nothing_is_free_while_somebody_waits(self) -> None:
        """Unless it begins too soon for anybody to answer."""
        state = self.state
        if state.status in SIGNING_UP and state.begin - self.now > 15 * MINUTE:
            for role, taken in zip(state.roles, state.taken, strict=True):
                assert taken == role.number or role.code not in state.waiting.roles
            full = all(
                taken == role.number for role, taken in zip(state.roles, state.taken, strict=True)
            )
            assert state.status is (Status.FULL if full else Status.OPEN)

    @invariant()
    def hours_never_exceed_presence(self) -> None:
        begin, end = self.state.begin, self.state.end
        for person, minutes in self.minutes.items():
            there = timedelta()
            for came, left in self.stints.get(person, []):
                assert came is not None
                if left is not None:
                    there += max(timedelta(), min(left, end) - max(came, begin))
            assert minutes * MINUTE <= there <= end - begin

    @invariant()
    def what_is_unsettled_is_counted(self) -> None:
        state = self.state
        if state.status is Status.DONE:
            settled = {one.person for one in state.served}
            assert state.unsettled == len(set(state.presence.people) - settled)
            assert set(times_there(state.presence, state.begin, state.end)) >= settled - {
                one.person for one in state.served if one.minutes == 0
            }

    @invariant()
    def nothing_is_offered_that_cannot_be_done(self) -> None:
        for person in PEOPLE:
            verbs = open_verbs(self.state, person)
            for verb, command in (
                ("withdraw", Withdraw(person)),
                ("accept-offer", AcceptOffer(person)),
                ("decline-offer", DeclineOffer(person)),
            ):
                if verb in verbs:
                    activity.decide(command, self.state, self.now, FACTS)


def test_whatever_people_do() -> None:
    run_state_machine_as_test(AnyLife, settings=settings(max_examples=150, stateful_step_count=20))
