"""What people do in a simulated town: whatever they please, wise or not."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import msgspec

from services.community.domain.place_commands import MovePlace, RenamePlace
from services.community.domain.post_commands import (
    AssignPost,
    CallOff,
    EstablishPost,
    NameDeputy,
    Relieve,
    ReplaceHolder,
    Resign,
    ReturnEarly,
    TakeLeave,
)
from services.community.domain.post_state import post_id
from services.community.domain.resident_commands import DescribeResident, MoveHousehold
from services.notifications.domain.message import Read
from services.petitions.domain.commands import (
    Answer,
    AskReview,
    Assign,
    Close,
    Comment,
    ConfirmSolved,
    Contact,
    File,
    FollowUp,
    HandUp,
    Rate,
    Return,
    Take,
    Withdraw,
)
from services.petitions.domain.commands import Step as NextStep
from services.petitions.domain.merging import Link, Merge, Split
from services.petitions.domain.promises import JudgePromise, ReportPromise
from services.petitions.domain.state import Petition, Status
from services.petitions.domain.verbs import OPEN, can
from services.petitions.domain.voices import Support, WithdrawSupport
from shared.contracts.types import PetitionKind, Urgency
from shared.runtime.aggregate import Command
from shared.runtime.memory_journal import MemoryDisk
from tests.simulation.calling import Callers
from tests.simulation.town import (
    ADMINISTRATOR,
    ANSWERING,
    AREAS,
    CATEGORIES,
    DUTIES,
    FILED_AT,
    NEIGHBOURHOODS,
    RESIDENTS,
    STAFF,
    UNITS,
    Secrets,
    Step,
)

VERBS = {
    "assign": 1,
    "take": 3,
    "answer": 4,
    "hand-up": 2,
    "return": 1,
    "comment": 4,
    "rate": 12,
    "confirm-solved": 0.5,
    "withdraw": 0.5,
    "close": 4,
    "follow-up": 1,
    "ask-review": 2,
    "report-promise": 1,
    "judge-promise": 3,
    "support": 1,
    "withdraw-support": 0.3,
    "merge": 0.7,
    "split": 0.5,
    "link": 0.3,
}
"""How much people like each verb of a petition."""
URGES = {Status.ANSWERED: 4, Status.REVIEW: 6}
"""How much more than others a petition in such a status calls for somebody to do something."""


class People:
    """Looks at the stores as a page would, and thinks of something to do next."""

    def __init__(
        self, chance: random.Random, secrets: Secrets, disks: Mapping[str, MemoryDisk]
    ) -> None:
        self._chance = chance
        self._secrets = secrets
        self._disks = disks
        self._now = datetime.min.replace(tzinfo=UTC)
        self._callers = Callers(chance, secrets, disks)

    def think(self, now: datetime) -> Step:
        """The next thing that somebody does."""
        self._now = now
        if self._chance.random() < 0.15:
            return self._callers.think(now) or self.file(now)
        dice = self._chance.random()
        if dice < 0.12:
            return self.file(now)
        if dice < 0.82:
            return self._work() or self.file(now)
        if dice < 0.9:
            return self._read() or self.file(now)
        return self._govern(now)

    def file(self, now: datetime) -> Step:
        """Somebody raises something, for themselves or at the desk."""
        chance = self._chance
        by = chance.choice(RESIDENTS)
        for_others = chance.random() < 0.2
        command = File(
            by=chance.choice(STAFF) if for_others else by,
            kind=chance.choice(list(PetitionKind)),
            title=self._secrets.text(),
            text=self._secrets.text(),
            place=chance.choice(FILED_AT) if chance.random() < 0.97 else "nowhere",
            category=chance.choice(CATEGORIES) if chance.random() < 0.98 else "no-such-thing",
            channel=chance.choice(("web", "hotline", "mini-program")),
            urgency=Urgency.URGENT if chance.random() < 0.3 else Urgency.NORMAL,
            contact=Contact(self._secrets.name(), self._secrets.phone(), self._secrets.text())
            if chance.random() < 0.6
            else None,
            raised_at=now - timedelta(days=3) if for_others else None,
            on_behalf=for_others,
            petitioner=by if for_others and chance.random() < 0.5 else None,
        )
        return Step("petitions", "petition", None, command.by, command)

    def _work(self) -> Step | None:
        chance = self._chance
        there = [
            (id, msgspec.convert(stored.state, Petition))
            for id, stored in self._disks["petitions"].states("petition").items()
        ]
        alive = [
            each
            for each in there
            if each[1].status is not Status.CLOSED or self._chance.random() < 0.1
        ]
        there = alive or there[-3:]
        if not there:
            return None
        id, petition = chance.choices(there, [URGES.get(p.status, 1) for _, p in there])[0]
        owed = petition.status is Status.ANSWERED
        by = (petition.petitioner if owed else petition.assignee) or chance.choice(STAFF)
        if chance.random() < 0.15:
            by = chance.choice((*STAFF, *RESIDENTS))
        open_now = OPEN[petition.status] if chance.random() < 0.1 else can(petition, by)
        verbs = [verb for verb in VERBS if verb in open_now] or ["comment"]
        verb = chance.choices(verbs, [VERBS[each] for each in verbs])[0]
        return Step(
            "petitions",
            "petition",
            id,
            by,
            self._deed(verb, by, petition, [other for other, _ in there]),
            perhaps_idle=verb in ("assign", "take", "link"),
        )

    def _deed(self, verb: str, by: str, petition: Petition, others: list[str]) -> Command:
        chance, words = self._chance, self._secrets.text()
        match verb:
            case "assign":
                return Assign(by, chance.choice(STAFF))
            case "take":
                return Take(by)
            case "answer":
                if chance.random() < 0.5:
                    return Answer(by, words, "办事人员", finished=True)
                day = (self._now + timedelta(days=chance.randint(2, 40))).date()
                return Answer(by, words, "办事人员", (NextStep("整改", day),))
            case "follow-up" if chance.random() < 0.3:
                return FollowUp(by, reached=False)
            case "follow-up":
                return FollowUp(by, True, chance.randint(1, 5), chance.random() < 0.3, words)
            case "ask-review":
                return AskReview(by, words)
            case "judge-promise":
                return JudgePromise(by, self._promise(petition), chance.random() < 0.5, words)
            case "report-promise":
                return ReportPromise(by, self._promise(petition), words)
            case "support":
                return Support(by)
            case "withdraw-support":
                return WithdrawSupport(by)
            case "merge":
                return Merge(by, chance.choice(others))
            case "split":
                return Split(by)
            case "link":
                return Link(by, chance.choice(others))
            case "hand-up":
                return HandUp(by, words)
            case "return":
                return Return(by, words)
            case "rate":
                return Rate(by, chance.choice((1, 1, 2, 2, 4)), chance.random() < 0.1, words)
            case "confirm-solved":
                return ConfirmSolved(by)
            case "withdraw":
                return Withdraw(by, words)
            case "close":
                return Close(by, words)
            case _:
                return Comment(by, words)

    def _promise(self, petition: Petition) -> int:
        waited_for = [promise.n for promise in petition.promises if not promise.over]
        return self._chance.choice(waited_for or [1])

    def _read(self) -> Step | None:
        messages = self._disks["notifications"].states("message")
        if not messages:
            return None
        id = self._chance.choice(list(messages))
        reader = str(messages[id].state["recipient"])
        return Step("notifications", "message", id, reader, Read(reader), perhaps_idle=True)

    def _govern(self, now: datetime) -> Step:
        chance = self._chance
        dice = chance.random()
        if dice < 0.1:
            place = chance.choice(ANSWERING)
            rename = RenamePlace(ADMINISTRATOR, f"名{chance.randint(1, 3)}")
            return Step("community", "place", place, ADMINISTRATOR, rename, perhaps_idle=True)
        if dice < 0.2:
            later = now + timedelta(hours=chance.randint(1, 100))
            since = later if chance.random() < 0.3 else None
            move = MovePlace(ADMINISTRATOR, chance.choice(AREAS), since)
            place = chance.choice(NEIGHBOURHOODS)
            return Step("community", "place", place, ADMINISTRATOR, move, perhaps_idle=True)
        if dice < 0.35:
            return self._resident()
        return self._post(now)

    def _resident(self) -> Step:
        chance = self._chance
        resident = chance.choice(RESIDENTS)
        move = chance.random() < 0.6
        command: Command = (
            MoveHousehold(ADMINISTRATOR, chance.choice(UNITS))
            if move
            else DescribeResident(resident, self._secrets.name(), self._secrets.phone())
        )
        return Step("community", "resident", resident, resident, command, perhaps_idle=move)

    def _post(self, now: datetime) -> Step:
        """Posts are given, taken over, left; terms begin later and end."""
        chance = self._chance
        place, duty = chance.choice(ANSWERING), chance.choice(DUTIES)
        by, holder = ADMINISTRATOR, chance.choice(STAFF)
        since = now + timedelta(hours=chance.randint(1, 100)) if chance.random() < 0.3 else None
        until = now + timedelta(hours=chance.randint(2, 400)) if chance.random() < 0.4 else None
        if since is not None and until is not None and until <= since:
            until = since + timedelta(hours=1)
        there = self._disks["community"].states("post").get(post_id(place, duty))
        term = there.state["term"] if there is not None else None
        command: Command
        if there is None:
            command = EstablishPost(by, place, duty, holder, since, until)
        elif term is None:
            command = AssignPost(by, holder, since, until)
        else:
            commands = (
                ReplaceHolder(by, holder, since, until),
                Relieve(by),
                Resign(term["holder"]),
                CallOff(by),
                NameDeputy(by, holder),
                TakeLeave(by, now + timedelta(hours=chance.randint(101, 200)), since),
                ReturnEarly(by),
            )
            command = chance.choice(commands)
            by = command.by
        return Step("community", "post", post_id(place, duty), by, command)
