"""The year's wishes: posted, screened, claimed, granted, confirmed; some are disputed, some lapse,
some are really petitions.
"""

import random
from datetime import date, timedelta
from functools import partial
from typing import Any

from services.volunteering.domain.wishes.wish import wish
from services.volunteering.domain.wishes.wish_commands import (
    ClaimWish,
    ConfirmGrant,
    Consent,
    ConsentHow,
    CorrectHours,
    DeclinedBecause,
    DeclineWish,
    DisputedBecause,
    DisputeGrant,
    GiveBackWish,
    GrantWish,
    PostWish,
    ReferWish,
    ReleaseWording,
    ReplyToDispute,
    ReturnWish,
    RewordWish,
    Served,
    SettleDispute,
    WithdrawWish,
    WordWish,
)
from services.volunteering.domain.wishes.wish_state import Status, Wish
from shared.contracts.petitions import PetitionFiled
from shared.contracts.types import PetitionKind, Urgency
from shared.contracts.volunteering import (
    WishClaimed,
    WishDisputed,
    WishFulfilled,
    WishGranted,
    WishOpened,
    WishReferred,
    WishWaits,
)
from shared.contracts.volunteering.wishes import WishKind
from shared.runtime.journal import Commit
from tests.services.volunteering.year.machine import DAY, HOUR, Machine, local
from tests.services.volunteering.year.town import COMMUNITIES, YEAR, Town, some_day

WORDS = "想有人陪我去公园走一走"
DOUBTFUL = "请到3号楼2单元找我"
LATE = ("wish-wrong-moment", "wish-over", "wish-taken", "unknown-wish")
UNFIT = (
    "volunteer-suspended",
    "not-a-volunteer",
    "not-leading",
    "team-not-active",
    "own-household",
)


class Wishes:
    """Who hopes, screens, grants and confirms; by chance."""

    def __init__(self, machine: Machine, town: Town) -> None:
        self.machine = machine
        self.town = town
        self.chance = random.Random("wishes")
        machine.on(WishOpened, self.opened)
        machine.on(WishClaimed, self.claimed)
        machine.on(WishGranted, self.granted)
        machine.on(WishDisputed, self.disputed)
        machine.on(WishFulfilled, self.fulfilled)
        machine.on(WishReferred, self.referred)
        machine.on(WishWaits, self.waits)

    async def plan(self) -> None:
        """The year's wishes."""
        people = sorted(self.town.home)
        for n in range(self.town.size.wishes):
            day = some_day(self.chance, date(YEAR, 1, 2), date(YEAR, 12, 30), 0.2)
            owner = self.chance.choice(people)
            post = partial(self.post, f"wish-{n:04}", owner)
            self.machine.at(local(day, self.chance.choice(("10:00", "16:00"))), post)

    async def do(self, id: str, command: Any, *foreseen: str) -> Wish | None:
        """Somebody does something with a wish."""
        return await self.machine.do(wish, id, command, *LATE, *foreseen)

    def later(self, days: float, id: str, command: Any, *foreseen: str) -> None:
        """Somebody is going to do something, at full hours."""
        pause = round(days * 24) * HOUR
        self.machine.at(self.machine.now + pause, partial(self.do, id, command, *foreseen))

    async def post(self, id: str, owner: str) -> None:
        """By the owner, or by staff for who agreed. Staff look at it the next day."""
        chance, hood = self.chance, self.town.home[owner]
        staff, kind = self.town.staff(self.town.community_of(hood)), chance.choice(tuple(WishKind))
        if chance.random() < 0.25:
            agreed = Consent(ConsentHow.SPOKEN, self.machine.now - HOUR)
            known = owner if chance.random() < 0.5 else None
            asked = PostWish(
                staff, kind, hood, "陪伴", WORDS, on_behalf=True, owner=known, consent=agreed
            )
            poster = staff
        else:
            asked = PostWish(owner, kind, hood, "陪伴", WORDS)
            poster = owner
        await self.do(id, asked)
        self.screened(id, poster)
        if chance.random() < 0.03:
            self.later(chance.randint(1, 30), id, WithdrawWish(poster))

    def screened(self, id: str, poster: str) -> None:
        """Worded, in most cases; doubted, returned, declined, referred, or forgotten."""
        staff = self.town.staff(COMMUNITIES[0], 2)
        other = self.town.staff(COMMUNITIES[0], 3)
        what = self.chance.random()
        if what < 0.82:
            self.later(1, id, WordWish(staff, "陪伴", WORDS))
        elif what < 0.88:
            self.later(1, id, WordWish(staff, "陪伴", DOUBTFUL))
            self.later(2, id, ReleaseWording(other))
        elif what < 0.92:
            self.later(1, id, ReturnWish(staff, "请说明需要什么"))
            self.later(3, id, RewordWish(poster, "陪伴", WORDS))
            self.later(4, id, WordWish(staff, "陪伴", WORDS))
        elif what < 0.94:
            self.later(1, id, DeclineWish(staff, DeclinedBecause.NOT_SMALL))
        elif what < 0.98:
            self.later(1, id, ReferWish(staff, "这是物业的事"))

    def opened(self, event: dict[str, Any], _: Commit) -> None:
        """One, two or three want to grant it; the first has it."""
        community = self.town.paths[event["place"]][2]
        if self.chance.random() < 0.15:
            crew = self.chance.choice(self.town.crews)
            self.later(self.chance.randint(1, 9), event["wish"], ClaimWish(crew.captain, crew.id),
                       "own-wish", "claim-lapsed-before", *UNFIT)  # fmt: skip
        for _n in range(self.chance.choice((0, 1, 1, 2, 3))):
            person = self.chance.choice(self.town.adults[community])
            claim = ClaimWish(person)
            days = self.chance.randint(1, 20)
            self.later(days, event["wish"], claim, "own-wish", "claim-lapsed-before", *UNFIT)

    def claimed(self, event: dict[str, Any], _: Commit) -> None:
        """Granted within some days, given back, or left to lapse."""
        what, id = self.chance.random(), event["wish"]
        if what < 0.05:
            self.later(self.chance.randint(1, 5), id, GiveBackWish(event["volunteer"]))
        elif what < 0.90:
            when = self.machine.now + self.chance.randint(1, 10) * DAY
            self.machine.at(when, partial(self.grant, id))

    async def grant(self, id: str) -> None:
        """By whoever has it now; of a team, three serve."""
        state = await self.machine.state(wish, id)
        if state.status is not Status.CLAIMED or state.claim is None:
            return
        claim = state.claim
        people = [claim.volunteer]
        if claim.team is not None:
            team = self.machine.running.copies["team"][claim.team]
            people += [one.person for one in team.members if one.person != claim.volunteer][:2]
        long = self.chance.randint(30, 200)
        begun = self.machine.now - timedelta(minutes=long)
        gives = claim.team is None and self.chance.random() < 0.1
        served = tuple(
            Served(one, 0 if gives else max(0, long - self.chance.choice((0, 0, 10))))
            for one in people
        )
        asked = GrantWish(claim.volunteer, begun, self.machine.now, served)
        await self.do(id, asked, "not-in-the-team", "suspended-in-the-team", "own-wish",
                      "grant-times", *UNFIT)  # fmt: skip

    def granted(self, event: dict[str, Any], _: Commit) -> None:
        """The owner confirms it, or who posted it; some say nothing, some dispute it."""
        id, by, what = event["wish"], event["owner"] or event["poster"], self.chance.random()
        if what < 0.9:
            most = 60 if self.chance.random() < 0.1 else None
            confirm = ConfirmGrant(by, most, stars=5, thanks="谢谢")
            self.later(self.chance.randint(1, 6), id, confirm, "own-grant")
        elif what < 0.95:
            dispute = DisputeGrant(by, DisputedBecause.HOURS, "没有那么久")
            self.later(1, id, dispute, "own-grant")

    def disputed(self, event: dict[str, Any], _: Commit) -> None:
        """The volunteer replies, and staff settle it."""
        id, staff = event["wish"], self.town.staff(COMMUNITIES[1], 4)
        self.later(1, id, ReplyToDispute(event["volunteer"], "我一直在"))
        is_granted = self.chance.random() < 0.6
        settle = SettleDispute(staff, is_granted, "双方都已听取", 30 if is_granted else None)
        self.later(self.chance.choice((2, 10)), id, settle, "own-dispute", "own-grant")

    def fulfilled(self, event: dict[str, Any], _: Commit) -> None:
        """Now and then staff correct the hours."""
        if self.chance.random() < 0.02:
            correct = partial(self.correct, event["wish"])
            self.machine.at(self.machine.now + 3 * DAY, correct)

    async def correct(self, id: str) -> None:
        """To half, or to nothing."""
        state = await self.machine.state(wish, id)
        for person, minutes in state.confirmed[:1]:
            right = minutes // 2 if self.chance.random() < 0.7 else 0
            staff = self.town.staff(COMMUNITIES[2], 5)
            await self.do(id, CorrectHours(staff, person, right, "核对后"), "own-grant")

    def referred(self, event: dict[str, Any], _: Commit) -> None:
        """A petition is filed, or not: then the wish is worded after all."""
        if self.chance.random() < 0.85:
            self.machine.at(self.machine.now + 2 * DAY, partial(self.petition, event))
        else:
            word = WordWish(self.town.staff(COMMUNITIES[0], 2), "陪伴", WORDS)
            self.later(8, event["wish"], word)

    async def petition(self, event: dict[str, Any]) -> None:
        """It names the wish as its origin."""
        id, place = f"petition-{event['wish']}", event["place"]
        await self.machine.hear(
            PetitionFiled(
                id, PetitionKind.REQUEST, "property", Urgency.NORMAL, "web", place,
                self.town.paths[place], event["owner"], self.machine.now,
                origin=f"wish:{event['wish']}",
            ),
            f"petition-{id}",
        )  # fmt: skip

    def waits(self, event: dict[str, Any], _: Commit) -> None:
        """The office sees to what was not done in time; where nobody is, staff of the street do."""
        staff = event["person"] or "staff-street"
        id, after = event["wish"], 1 if event["person"] else 5
        match event["awaited"]:
            case "screening":
                self.later(after, id, WordWish(staff, "陪伴", WORDS))
                self.later(after + 1, id, ReleaseWording("staff-second"))
            case "petition":
                self.later(after, id, WordWish(staff, "陪伴", WORDS), "second-look")
            case "confirmation":
                self.later(after, id, ConfirmGrant(staff), "own-grant")
            case "settlement":
                settle = SettleDispute(staff, granted=True, reason="核实", minutes=30)
                self.later(after, id, settle, "own-dispute", "own-grant")
