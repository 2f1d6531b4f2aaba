"""Rooms: when they are open, and that no two sessions ever have one at one time."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from deploy.local.servers import MongoServer
from services.mediation.domain.sessions.room import (
    CloseRoom,
    Known,
    Open,
    OpenRoom,
    ReviseRoom,
    Room,
    RoomRevised,
    Span,
    is_open,
    room,
)
from services.mediation.domain.sessions.room_day import (
    Booking,
    ConfirmRoom,
    FreeRoom,
    HoldRoom,
    RoomConfirmed,
    RoomDay,
    day_id,
    room_day,
)
from services.mediation.domain.sessions.room_day import Known as KnownThen
from services.mediation.domain.sessions.session import session
from services.mediation.domain.sessions.session_commands import (
    CallOffSession,
    KeepRoom,
    LoseRoom,
    MissRoom,
    ProposeTimes,
    Slot,
    TakeRoom,
    VoteOnTimes,
)
from services.mediation.domain.sessions.session_state import Session, Status
from services.mediation.facts import sessions as facts
from services.mediation.views import sessions as views
from shared.contracts.event import Event, Personal
from shared.contracts.mediation.sessions import (
    RoomClosed,
    RoomFreed,
    RoomHeld,
    RoomOpened,
    RoomRefused,
    SessionRoomGivenUp,
    SessionRoomWanted,
    SessionSet,
)
from shared.runtime.aggregate import Aggregate, Command, Rejected
from shared.runtime.clock import SystemClock
from shared.runtime.mongo_journal import MongoJournal
from shared.runtime.store import Store
from tests.given import given
from tests.plans import read_through
from tests.services.mediation.sessions.stories import (
    ANN,
    BEN,
    LAWYER_OF_BEN,
    MEDIATOR,
    NOW,
    ROOM,
    around,
    convening,
)

MORNING = NOW + timedelta(days=1)
HOURS = (Open(0, "08:30-12:00"), Open(0, "14:00-18:00"))
SPANS = (Span(0, 510, 720), Span(0, 840, 1080))
THERE = Known(place=True)


def at(hours: float) -> datetime:
    return MORNING + timedelta(hours=hours)


# --- the room ------------------------------------------------------------------------------------


def test_a_room_is_opened_revised_and_closed() -> None:
    opened = (
        given(room)
        .when(OpenRoom("convenor", "hall", "n1", "议事厅", 12, HOURS), facts=THERE)
        .then(RoomOpened("hall", "n1", 12), RoomRevised("议事厅", 12, SPANS))
    )
    again = OpenRoom("convenor", "hall", "n1", "议事厅", 12, HOURS)
    opened.when(again, facts=THERE).then_rejected("room-there")
    opened.when(ReviseRoom("convenor", "议事厅", 12, HOURS), facts=THERE).then()
    closed = opened.when(CloseRoom("convenor"), facts=THERE).then(RoomClosed("hall", "n1"))
    closed.when(CloseRoom("convenor"), facts=THERE).then_rejected("room-shut")
    given(room).when(again, facts=Known()).then_rejected("room-place-unknown")


def test_hours_end_after_they_begin() -> None:
    for hours in ((), (Open(0, "12:00-08:00"),), (Open(0, "24:30-24:50"),)):
        asked = OpenRoom("convenor", "hall", "n1", "议事厅", 12, hours)
        given(room).when(asked, facts=THERE).then_rejected("room-hours")


def test_a_room_is_open_in_its_hours_of_the_local_day() -> None:
    state = Room("hall", "n1", "议事厅", 12, SPANS, open=True)
    # NOW is a Monday, nine in the city.
    assert is_open(state, NOW, NOW + timedelta(hours=3))
    assert not is_open(state, NOW, NOW + timedelta(hours=3, minutes=1))
    assert not is_open(state, NOW - timedelta(minutes=31), NOW)
    assert not is_open(state, NOW + timedelta(hours=2), NOW + timedelta(hours=6))
    assert not is_open(state, NOW + timedelta(days=1), NOW + timedelta(days=1, hours=1))


# --- its day -------------------------------------------------------------------------------------


def hold(name: str, begin: float, end: float, turn: int = 1) -> HoldRoom:
    return HoldRoom(name, "hall", at(begin), at(end), turn)


def test_what_is_held_is_refused_to_others_until_it_is_freed() -> None:
    first = (
        given(room_day)
        .when(hold("t1", 1, 2), facts=KnownThen())
        .then(RoomHeld("t1", "hall", at(1), at(2), 1))
    )
    first.when(hold("t2", 1.5, 3), facts=KnownThen()).then(
        RoomRefused("t2", "hall", at(1.5), at(3), 1)
    )
    beside = first.when(hold("t2", 2, 3), facts=KnownThen()).then(
        RoomHeld("t2", "hall", at(2), at(3), 1)
    )
    confirmed = beside.when(ConfirmRoom("t1", 1), facts=KnownThen()).then(RoomConfirmed("t1"))
    confirmed.when(ConfirmRoom("t1", 1), facts=KnownThen()).then()
    freed = confirmed.when(FreeRoom("t1", 1), facts=KnownThen()).then(
        RoomFreed("t1", "hall", at(1), at(2))
    )
    freed.when(FreeRoom("t1", 1), facts=KnownThen()).then()
    freed.when(hold("t3", 0, 2), facts=KnownThen()).then(RoomHeld("t3", "hall", at(0), at(2), 1))


def test_a_closed_room_is_refused() -> None:
    given(room_day).when(hold("t1", 1, 2), facts=KnownThen(open=False)).then(
        RoomRefused("t1", "hall", at(1), at(2), 1)
    )


def test_what_is_late_does_not_free_what_was_asked_for_since() -> None:
    second = given(room_day, RoomHeld("t1", "hall", at(1), at(2), 2))
    second.when(FreeRoom("t1", 1), facts=KnownThen()).then()
    second.when(ConfirmRoom("t1", 1), facts=KnownThen()).then()


# --- never two at one time -----------------------------------------------------------------------


def overlapping(bookings: Sequence[Booking]) -> bool:
    in_order = sorted(bookings, key=lambda one: one.begin)
    return any(one.end > other.begin for one, other in pairwise(in_order))


asked = st.one_of(
    st.builds(
        lambda name, begin, length, turn: hold(name, begin / 4, (begin + length) / 4, turn),
        st.sampled_from("abcde"),
        st.integers(0, 40),
        st.integers(1, 12),
        st.integers(1, 5),
    ),
    st.builds(FreeRoom, st.sampled_from("abcde"), st.integers(1, 5)),
    st.builds(ConfirmRoom, st.sampled_from("abcde"), st.integers(1, 5)),
)


@for_all(st.lists(asked, max_size=40))
def test_whatever_is_asked_of_a_day_no_two_overlap(commands: list[Command]) -> None:
    state = RoomDay()
    for command in commands:
        events = room_day.decide(command, state, NOW, KnownThen())
        state = room_day.fold(state, events)
        assert not overlapping(state.bookings)
        held = {one.session for one in state.bookings}
        assert len(held) == len(state.bookings)


@dataclass
class Town:
    """Sessions that want one room, and its days: each tells the others by events that arrive in the
    order of their stream, but whenever they like.
    """

    sessions: dict[str, Session]
    days: dict[str, RoomDay] = field(default_factory=dict)
    queues: dict[str, deque[Event]] = field(default_factory=dict)
    closed: bool = False
    """Whether the room was closed: what processes keep in memory of it has not heard so."""

    def does(self, name: str, command: Command) -> None:
        """A command for a session; a rule may forbid it."""
        try:
            known = around()
            if isinstance(command, KeepRoom):  # looks at the room itself
                known = around(room=replace(ROOM, open=not self.closed))
            events = session.decide(command, self.sessions[name], NOW, known)
        except Rejected:
            return
        self.sessions[name] = session.fold(self.sessions[name], events)
        self._tell(f"session-{name}", events)
        self.check()

    def arrives(self, stream: str) -> None:
        """The next event of the stream reaches whom it concerns."""
        match self.queues[stream].popleft():
            case SessionRoomWanted() as e:
                wanted = HoldRoom(e.session, e.room, e.begin, e.end, e.turn)
                self._day(e.room, e.day, wanted)
            case SessionRoomGivenUp() as e:
                self._day(e.room, e.day, FreeRoom(e.session, e.turn))
            case SessionSet(room=str() as code) as e:
                self._day(code, e.day, ConfirmRoom(e.session, e.turn))
            case RoomHeld() as e:
                self.does(e.session, KeepRoom(e.turn, e.room))
            case RoomRefused() as e:
                self.does(e.session, MissRoom(e.turn))
            case RoomClosed(room=code):
                for name in [name for name, one in self.sessions.items() if one.room == code]:
                    self.does(name, LoseRoom(code))

    def closes(self) -> None:
        """The hall is closed."""
        self.closed = True
        self._tell("room-hall", [RoomClosed("hall", "n1")])

    def _day(self, code: str, day: str, command: Command) -> None:
        id = day_id(code, day)
        state = self.days.get(id, RoomDay())
        events = room_day.decide(command, state, NOW, KnownThen())
        self.days[id] = room_day.fold(state, events)
        self._tell(f"room-day-{id}", events)
        self.check()

    def _tell(self, stream: str, events: list[Event]) -> None:
        told = [one for one in events if not isinstance(one, Personal)]
        self.queues.setdefault(stream, deque()).extend(told)

    def check(self) -> None:
        """What must hold at any moment."""
        for day in self.days.values():
            assert not overlapping(day.bookings)
        in_room = [
            Booking(name, one.chosen.begin, one.chosen.end, one.turn)
            for name, one in self.sessions.items()
            if one.status is Status.SET and one.room is not None and one.chosen is not None
        ]
        assert not overlapping(in_room)

    def waiting(self) -> list[str]:
        """Streams of which something is still to arrive."""
        return sorted(name for name, queue in self.queues.items() if queue)


SLOTS = tuple(
    Slot(at(begin + 24 * day), at(begin + 1.5 + 24 * day))
    for day, begin in ((0, 0), (0, 1), (0, 3), (1, 0))
)
PEOPLE = (ANN, BEN, LAWYER_OF_BEN, MEDIATOR)


def asking(name: str) -> Session:
    """A session that wants the hall at one of the same times as all others."""
    opened = convening(slots=SLOTS, answer_by=MORNING, room="hall")
    events = session.decide(opened, Session(), NOW, replace(around(), session=name))
    return session.fold(Session(), events)


def everybody_can(town: Town, name: str) -> None:
    for person in PEOPLE:
        town.does(name, VoteOnTimes(person, (1, 2, 3, 4)))


@settings(max_examples=200)
@for_all(st.data())
def test_in_a_room_that_is_closed_nothing_is_held_however_late_anybody_hears(data: Any) -> None:
    names = ("t1", "t2", "t3")
    town = Town({name: asking(name) for name in names})
    closing = data.draw(st.integers(0, 12))
    for n in range(data.draw(st.integers(closing, 30))):
        if n == closing:
            town.closes()
        choices = [*(("arrives", one) for one in town.waiting()), *(("does", one) for one in names)]
        what, who = data.draw(st.sampled_from(choices))
        if what == "arrives":
            town.arrives(who)
        elif data.draw(st.booleans()):
            everybody_can(town, who)
        else:
            town.does(who, TakeRoom(MEDIATOR, "hall"))
    if not town.closed:
        town.closes()
    while streams := town.waiting():
        town.arrives(data.draw(st.sampled_from(streams)))
    assert not [one for one in town.sessions.values() if one.status is Status.SET and one.room]
    assert not [one for day in town.days.values() for one in day.bookings]


@settings(max_examples=200)
@for_all(st.data())
def test_however_events_arrive_no_two_sessions_have_the_room_at_one_time(data: Any) -> None:
    names = ("t1", "t2", "t3")
    town = Town({name: asking(name) for name in names})
    for _ in range(data.draw(st.integers(5, 40))):
        streams = town.waiting()
        choices = [*(("arrives", one) for one in streams), *(("does", one) for one in names)]
        what, who = data.draw(st.sampled_from(choices))
        if what == "arrives":
            town.arrives(who)
            continue
        match data.draw(st.sampled_from(["vote", "vote", "propose", "off", "room", "lose"])):
            case "vote":
                everybody_can(town, who)
            case "propose":
                town.does(who, ProposeTimes(MEDIATOR, SLOTS, MORNING))
            case "off":
                town.does(who, CallOffSession(MEDIATOR))
            case "room":
                code = data.draw(st.sampled_from(["hall", None]))
                town.does(who, TakeRoom(MEDIATOR, code))
            case "lose":
                town.does(who, LoseRoom("hall"))
    while streams := town.waiting():
        town.arrives(data.draw(st.sampled_from(streams)))
    # At rest every session that is set has its room, and nobody else has any.
    booked = {(one.session, one.begin) for day in town.days.values() for one in day.bookings}
    there = {
        (name, one.chosen.begin)
        for name, one in town.sessions.items()
        if one.status is Status.SET and one.room is not None and one.chosen is not None
    }
    assert booked == there
    assert all(one.confirmed for day in town.days.values() for one in day.bookings)
    assert not [one for one in town.sessions.values() if one.status is Status.WAITING]


# --- on the store --------------------------------------------------------------------------------

RIVALS = 16


async def test_of_many_who_ask_two_processes_at_once_one_has_the_room(
    mongo: MongoServer, database: str
) -> None:
    clock = SystemClock()
    rooms = {"hall": ROOM}
    made = facts.facts({"place": {}, "room": rooms})
    journals = [MongoJournal.connect(mongo.uri, database, "pymongo", clock) for _ in range(2)]
    aggregates: list[Aggregate[Any]] = [room_day]
    stores = [Store("mediation", one, clock, aggregates, made) for one in journals]
    try:
        await journals[0].prepare(views.KINDS)
        id = day_id("hall", "2026-03-03")
        await asyncio.gather(
            *(
                stores[n % 2].do(room_day, id, hold(f"t{n}", 1, 2), actor="test")
                for n in range(RIVALS)
            )
        )
        kept = await stores[0].get(room_day, id)
        assert kept is not None
        assert len(kept.state.bookings) == 1
        history = await journals[0].history(room_day.stream(id))
        told = [event.name for commit in history for event in commit.events]
        assert sorted(told) == ["RoomHeld", *["RoomRefused"] * (RIVALS - 1)]
    finally:
        for one in journals:
            await one.close()


async def test_every_query_reads_an_index(mongo: MongoServer, database: str) -> None:
    asked_of = {
        "session": {
            "in a dispute": views.sessions_in("q1"),
            "in it, of somebody": views.sessions_seen("q1", "ann"),
            "in it, of all": views.sessions_seen("q1", None),
            "of somebody": views.sessions_of("ann"),
            "of somebody, ahead": views.sessions_of("ann", [Status.SET]),
            "all of somebody": views.all_sessions_of("ann"),
            "in a room": views.sessions_in_room("hall"),
        },
        "room": {"at places": views.rooms_at(["c1", "n1"])},
    }
    assert await read_through(mongo, database, views.KINDS, asked_of) == []
