"""The year's orders: placed, offered by the matching, taken, agreed on, done; or climbing."""

import random
from datetime import date, timedelta
from functools import partial
from typing import Any

from services.volunteering.domain.orders.commands import (
    Accept,
    Acknowledge,
    Begin,
    Cancel,
    Confirm,
    CorrectHours,
    Decline,
    Dispute,
    Finish,
    GiveBack,
    GivenBackBecause,
    PlaceOrder,
    ProposeTime,
    Rate,
    ReportAbsence,
    Settle,
    TakeOver,
)
from services.volunteering.domain.orders.order import order
from services.volunteering.domain.orders.state import Order, Status, Window
from shared.contracts.volunteering.orders import (
    OrderAccepted,
    OrderAgreed,
    OrderAlarmed,
    OrderBegun,
    OrderClimbed,
    OrderDone,
    OrderFinished,
    OrderOffered,
    OrderTakenOver,
)
from shared.runtime.journal import Commit
from tests.services.volunteering.year.machine import DAY, HOUR, Machine, local, moment_of
from tests.services.volunteering.year.town import YEAR, Town, some_day

SERVICES = (
    "repair",
    "repair",
    "haircut",
    "haircut",
    "tutoring",
    "legal-advice",
    "escort",
    "free-clinic",
)
MINUTE = timedelta(minutes=1)
LATE = (
    "order-wrong-moment",
    "not-your-side",
    "offer-over",
    "order-taken",
    "order-over",
    "too-early",
    "too-early-to-say",
    "other-side-confirms",
)
UNFIT = (
    "volunteer-suspended",
    "not-a-volunteer",
    "skill-missing",
    "training-missing",
    "enough-at-hand",
    "own-order",
)


class Orders:
    """Who orders, takes, comes and confirms; by chance."""

    def __init__(self, machine: Machine, town: Town) -> None:
        self.machine = machine
        self.town = town
        self.chance = random.Random("orders")
        machine.on(OrderOffered, self.offered)
        machine.on(OrderAccepted, self.taken)
        machine.on(OrderTakenOver, self.taken)
        machine.on(OrderAgreed, self.agreed)
        machine.on(OrderBegun, self.begun)
        machine.on(OrderFinished, self.finished)
        machine.on(OrderDone, self.done)
        machine.on(OrderClimbed, self.called)
        machine.on(OrderAlarmed, self.called)

    async def plan(self) -> None:
        """The year's orders."""
        people = sorted(self.town.home)
        for n in range(self.town.size.orders):
            day = some_day(self.chance, date(YEAR, 1, 5), date(YEAR, 12, 25), 0.2)
            place = partial(self.place, f"order-{n:03}", self.chance.choice(people))
            self.machine.at(local(day, self.chance.choice(("09:00", "15:00"))), place)

    async def do(self, id: str, command: Any, *foreseen: str) -> Order | None:
        """Somebody does something with an order."""
        return await self.machine.do(order, id, command, *LATE, *foreseen)

    def later(self, pause: timedelta, id: str, command: Any, *foreseen: str) -> None:
        """Somebody is going to do something."""
        self.machine.at(self.machine.now + pause, partial(self.do, id, command, *foreseen))

    async def place(self, id: str, resident: str) -> None:
        """Two times some days ahead; some cancel it."""
        today, chance = self.machine.now.date(), self.chance
        days = sorted(chance.sample(range(2, 9), 2))
        times = tuple(
            Window(local(today + n * DAY, "09:00"), local(today + n * DAY, "18:00")) for n in days
        )
        asked = PlaceOrder(resident, chance.choice(SERVICES), self.town.home[resident], times)
        if await self.do(id, asked, "enough-open", "called-off-too-often") is None:
            return
        if chance.random() < 0.05:
            self.later(chance.randint(1, 100) * HOUR, id, Cancel(resident))

    # --- taking it ---

    def offered(self, event: dict[str, Any], _: Commit) -> None:
        """Those asked say yes, say no, or say nothing."""
        for person in event["volunteers"]:
            what, pause = self.chance.random(), self.chance.choice((0.5, 2, 6)) * HOUR
            if what < 0.35:
                self.later(pause, event["order"], Accept(person), *UNFIT)
            elif what < 0.6:
                self.later(pause, event["order"], Decline(person))

    def taken(self, event: dict[str, Any], _: Commit) -> None:
        """Whoever has it proposes a time within those wanted, or gives it back, or forgets it."""
        person = event.get("volunteer") or event["by"]
        if self.chance.random() < 0.9:
            self.machine.at(self.machine.now + HOUR, partial(self.propose, event["order"], person))
        if self.chance.random() < 0.05:
            back = GiveBack(person, GivenBackBecause.ILL)
            self.later(self.chance.randint(3, 40) * HOUR, event["order"], back)

    async def propose(self, id: str, person: str) -> None:
        """The last time that was wanted, at some full hour that is free."""
        state = await self.machine.state(order, id)
        if state.status is not Status.ACCEPTED or state.volunteer != person:
            return
        last = state.times[-1].begin
        begins = [last + n * HOUR for n in range(6)]
        for begin in self.chance.sample(begins, 3):
            asked = ProposeTime(person, begin)
            if await self.do(id, asked, "busy-then", "not-ahead") is not None:
                return

    def agreed(self, event: dict[str, Any], _: Commit) -> None:
        """Most come, some do not, some residents are not at home."""
        id, begin, what = event["order"], moment_of(event["begin"]), self.chance.random()
        if what < 0.88:
            self.machine.at(begin, partial(self.do, id, Begin(event["volunteer"])))
        elif what < 0.94:
            absent = ReportAbsence(event["resident"])
            self.machine.at(begin + HOUR / 2, partial(self.do, id, absent))
        elif what < 0.97:
            absent = ReportAbsence(event["volunteer"])
            self.machine.at(begin + HOUR / 2, partial(self.do, id, absent))

    # --- doing it ---

    def begun(self, event: dict[str, Any], _: Commit) -> None:
        """One side says it is finished; a few forget."""
        if self.chance.random() < 0.95:
            by = event["volunteer"] if self.chance.random() < 0.7 else event["resident"]
            pause = self.chance.randint(30, 150) * MINUTE
            self.later(pause, event["order"], Finish(by))

    def finished(self, event: dict[str, Any], _: Commit) -> None:
        """The other side confirms it, disputes it, or forgets."""
        other = event["resident"] if event["by"] == event["volunteer"] else event["volunteer"]
        what = self.chance.random()
        if what < 0.88:
            self.later(self.chance.choice((1, 5, 30)) * HOUR, event["order"], Confirm(other))
        elif what < 0.94:
            self.later(HOUR, event["order"], Dispute(other, "时间不对"), "nothing-to-dispute")

    def done(self, event: dict[str, Any], _: Commit) -> None:
        """Both sides rate it; now and then staff correct the minutes."""
        id, minutes = event["order"], event["minutes"]
        if self.chance.random() < 0.6:
            stars = self.chance.choice((5, 5, 5, 4, 2))
            self.later(DAY, id, Rate(event["resident"], stars), "rated-already")
        if self.chance.random() < 0.4:
            self.later(DAY, id, Rate(event["volunteer"], 5), "rated-already")
        if minutes and self.chance.random() < 0.04:
            right = CorrectHours("staff-street", self.chance.choice((0, minutes // 2)))
            self.later(2 * DAY, id, right, "no-hours", "nothing-corrected")

    def called(self, event: dict[str, Any], _: Commit) -> None:
        """The office does what it is called for; some time, if not at once."""
        by, id = event["called"] or "staff-street", event["order"]
        if "because" not in event:  # it has climbed
            if self.chance.random() < 0.4:
                self.later(3 * HOUR, id, TakeOver(by), "own-order")
            return
        match event["because"]:
            case "disputed" | "unconfirmed":
                settle = partial(self.settle, id)
                self.machine.at(self.machine.now + DAY, settle)
            case "rated-low":
                self.later(DAY, id, Acknowledge(by), "no-alarm")

    async def settle(self, id: str) -> None:
        """By staff who had no part in it: what time there was, or half of it."""
        state = await self.machine.state(order, id)
        if state.status not in (Status.BEGUN, Status.FINISHED) or state.begun is None:
            return
        most = ((state.ended or self.machine.now) - state.begun) // MINUTE
        minutes = min(most, 90) // self.chance.choice((1, 2))
        await self.do(id, Settle("staff-district", minutes), "own-matter", "still-going-on")
