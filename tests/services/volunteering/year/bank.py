"""The year at the points bank: shops with rewards, purchases, gifts, tills, certificates."""

import asyncio
import random
from datetime import date
from functools import partial
from typing import Any

from services.volunteering.certifying import served_in
from services.volunteering.domain.bank.account import account
from services.volunteering.domain.bank.account_commands import (
    Buy,
    Decline,
    Give,
    Open,
    Redeem,
    Refund,
)
from services.volunteering.domain.bank.legs import person_account, team_account
from services.volunteering.domain.bank.point_rules import CITY, ReviseRules, point_rules
from services.volunteering.domain.bank.reward import reward
from services.volunteering.domain.bank.reward_state import (
    Cancel,
    HandOver,
    Period,
    PutUp,
    Restock,
    TakeDown,
    Terms,
    WithdrawReservation,
)
from services.volunteering.domain.bank.shop import Admit, CloseShop, ReopenShop, shop
from services.volunteering.domain.hours.certificate import IssueCertificate, certificate
from shared.contracts.volunteering import PointsReceived, PointsRedeemed, RewardReserved
from shared.contracts.volunteering.hours import Work
from shared.runtime.journal import Commit
from tests.services.community.served import until
from tests.services.volunteering.year.machine import DAY, Machine, local, moment_of
from tests.services.volunteering.year.town import BEGIN, COMMUNITIES, YEAR, Town

SHOPS = ("shop-1", "shop-2", "shop-3")
REWARDS = 12
NEEDY = tuple(f"elder-{n:03}" for n in range(60))
"""Who is given points; they have an account, and serve nobody."""
NOT_NOW = (
    "not-enough-points",
    "sold-out",
    "reward-not-offered",
    "had-enough",
    "no-such-account",
    "gift-too-large",
    "given-enough",
    "too-many-purchases",
    "price-changed",
)


class Bank:
    """Who buys, gives and redeems; by chance."""

    def __init__(self, machine: Machine, town: Town) -> None:
        self.machine = machine
        self.town = town
        self.chance = random.Random("bank")
        machine.on(RewardReserved, self.reserved)
        machine.on(PointsReceived, self.received)
        machine.on(PointsRedeemed, self.redeemed)

    async def plan(self) -> None:
        """Shops open in January; from March on points are spent, on every second day."""
        begin = local(date(YEAR, 1, 2), "09:00")
        self.machine.at(begin, self.open_shops)
        self.machine.at(local(date(YEAR, 6, 30), "09:00"), self.revise_rules)
        for n in range(0, 300, 2):
            day = date(YEAR, 3, 1) + n * DAY
            self.machine.at(local(day, "11:00"), self.spend)
        for n, id in enumerate(SHOPS[1:]):
            closing = local(date(YEAR, 8 + n, 1), "09:00")
            self.machine.at(closing, partial(self.machine.do, shop, id, CloseShop("staff")))
            reopened = partial(self.machine.do, shop, id, ReopenShop("staff"))
            self.machine.at(closing + 20 * DAY, reopened)

    async def open_shops(self) -> None:
        """Three shops with four rewards each; and accounts for those in need."""
        for n, id in enumerate(SHOPS):
            await self.machine.do(shop, id, Admit("staff", id, COMMUNITIES[n]))
        await until(lambda: len(self.machine.running.copies["shop"]) == len(SHOPS))
        for n in range(REWARDS):
            price = self.chance.choice((10, 20, 40, 80))
            terms = Terms(price, per_person=2, period=Period.MONTH, days_to_fetch=10)
            put = PutUp("staff", SHOPS[n % 3], COMMUNITIES[n % 3], "牙膏", terms, stock=25)
            await self.machine.do(reward, f"reward-{n}", put)
            restock = partial(self.machine.do, reward, f"reward-{n}", Restock("staff", 40))
            self.machine.at(self.machine.now + (120 + n) * DAY, restock)
        self.machine.at(
            self.machine.now + 250 * DAY,
            partial(self.machine.do, reward, "reward-0", TakeDown("staff")),
        )
        for person in NEEDY:
            opened = Open("staff", COMMUNITIES[0], person)
            await self.machine.do(account, person_account(person), opened)

    async def revise_rules(self) -> None:
        """From July on hours are worth otherwise, and points lie for a year."""
        worth = tuple((kind, 12) for kind in Work)
        asked = ReviseRules("admin", worth, 15, 90, 500, 12, 20, 200, 500, 300, BEGIN + 181 * DAY)
        await self.machine.do(point_rules, CITY, asked, "since-past")

    # --- spending ---

    async def spend(self) -> None:
        """Some buy, some give, some go to a till, a team buys; somebody wants a certificate."""
        chance, town = self.chance, self.town
        everybody = [one for people in town.adults.values() for one in people]
        # Several for the same reward at once: the last of it is fetched by one.
        wanted = f"reward-{chance.randrange(REWARDS)}"
        state = await self.machine.state(reward, wanted)
        buyers = chance.sample(everybody, 16)
        buying = [self.buy(person_account(one), one, wanted, state.terms.price) for one in buyers]
        crew = chance.choice(town.crews)
        buying.append(self.buy(team_account(crew.id), crew.captain, wanted, state.terms.price))
        await asyncio.gather(*buying)
        for giver in chance.sample(everybody, 6):
            gift = Give(giver, chance.choice(NEEDY), chance.randint(5, 40), "辛苦了")
            await self.machine.do(account, person_account(giver), gift, *NOT_NOW)
        for person in (*chance.sample(everybody, 4), chance.choice(NEEDY)):
            await self.redeem(person_account(person))
        await self.certify(chance.choice(everybody))

    async def buy(self, id: str, by: str, which: str, price: int) -> None:
        await self.machine.do(account, id, Buy(by, which, price), *NOT_NOW)

    async def redeem(self, id: str) -> None:
        """A till reads the code; now and then a wrong one."""
        state = await self.machine.state(account, id)
        uses = None if self.chance.random() < 0.1 else state.till.uses
        asked = Redeem(self.chance.choice(SHOPS), self.chance.randint(5, 30), uses)
        await self.machine.do(account, id, asked, "shop-not-admitted", "till-locked", *NOT_NOW)

    async def certify(self, person: str) -> None:
        """A certificate of what somebody has served so far."""
        since, until = BEGIN, self.machine.now
        served = await served_in(self.machine.running.store.find, person, since, until)
        asked = IssueCertificate(person, "某人", since, until, served)
        refused = ("nothing-served", "nothing-to-certify", "no-hours-served")
        await self.machine.do(certificate, self.machine.clock.new_id(), asked, *refused)

    def reserved(self, event: dict[str, Any], _: Commit) -> None:
        """Fetched by most, cancelled by some, withdrawn by the shop, or left to lapse."""
        what, id, purchase = self.chance.random(), event["reward"], event["purchase"]
        pause = self.chance.randint(2, 9) * DAY
        command: Any = None
        if what < 0.75:
            command = HandOver("shopkeeper", purchase)
        elif what < 0.85:
            command = Cancel(event["by"], purchase)
        elif what < 0.88:
            command = WithdrawReservation("shopkeeper", purchase)
        if command is not None:
            act = partial(self.machine.do, reward, id, command, "no-such-reservation")
            self.machine.at(self.machine.now + pause, act)

    def received(self, event: dict[str, Any], _: Commit) -> None:
        """Now and then somebody does not want it, in time or too late."""
        if self.chance.random() < 0.1:
            by = event["account"].partition(":")[2]
            decline = Decline(by, event["transfer"])
            refused = ("not-to-be-declined", *NOT_NOW)
            act = partial(self.machine.do, account, event["account"], decline, *refused)
            self.machine.at(self.machine.now + self.chance.randint(1, 16) * DAY, act)

    def redeemed(self, event: dict[str, Any], _: Commit) -> None:
        """Now and then a shop gives it back."""
        if self.chance.random() < 0.1:
            refund = Refund("shopkeeper", event["shop"], event["redemption"])
            refused = ("nothing-to-refund", "not-redeemed", "no-such-redemption", *NOT_NOW)
            act = partial(self.machine.do, account, event["account"], refund, *refused)
            when = moment_of(event["since"]) + self.chance.randint(1, 35) * DAY
            self.machine.at(when, act)
