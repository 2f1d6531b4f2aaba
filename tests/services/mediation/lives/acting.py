"""What people do about disputes: whatever they please, wise or not."""

import hashlib
import random
from collections import Counter
from datetime import datetime, timedelta

from services.community.domain.resident import resident
from services.community.domain.resident_commands import Erase
from services.mediation.domain.disputes.dispute import dispute
from services.mediation.domain.disputes.dispute_commands import (
    AgreeToMediate,
    AnswerFollowUp,
    ConsentExtension,
    ConsentHow,
    DeclineToMediate,
    FailDispute,
    FileDispute,
    InviteParties,
    LeaveDispute,
    NamedParty,
    NameRepresentative,
    PassOnDispute,
    ProposeExtension,
    RaiseRisk,
    RecordAnswer,
    RefuseExtension,
    ReopenDispute,
    Side,
    TellDispute,
    Told,
    WithdrawDispute,
)
from services.mediation.domain.disputes.dispute_state import Consent, Dispute, Status
from services.petitions.domain.commands import File
from services.petitions.domain.petition import petition
from shared.contracts.mediation.disputes import DisputeKind, PassedTo, RiskKind
from shared.contracts.types import PetitionKind
from shared.runtime.aggregate import Command
from tests.services.mediation.lives.agreeing import Agreeing
from tests.services.mediation.lives.machine import Machine
from tests.services.mediation.lives.meeting import Meeting
from tests.services.mediation.lives.town import (
    BELONGS_TO,
    CONVENOR,
    FIRMS,
    LIVES_IN,
    NEIGHBOURHOODS,
    RESIDENTS,
    WORKER,
)
from tests.simulation.town import Secrets

DAY = timedelta(days=1)


class People:
    """They look at the stores as a page would, and think of something to do next."""

    def __init__(self, seed: int, machine: Machine, secrets: Secrets) -> None:
        self.chance = random.Random(f"{seed}/people")
        self.secrets = secrets
        self.machine = machine
        self.done: Counter[str] = Counter()
        self.filed: list[str] = []
        self.erased: set[str] = set()
        self._meeting = Meeting(self)
        self._agreeing = Agreeing(self)

    @property
    def now(self) -> datetime:
        """The time on the wall."""
        return self.machine.world.now()

    async def does(self, id: str, command: Command, by: str) -> bool:
        """Somebody does something with a dispute."""
        return await self.acts(dispute, id, command, by)

    async def acts(self, aggregate: object, id: str, command: Command, by: str) -> bool:
        """Somebody does something. Whether no rule forbade it."""
        done = await self.machine.do("mediation", aggregate, id, command, by)  # type: ignore[arg-type]
        self.done[command.verb] += done is not None
        return done is not None

    def words(self) -> str:
        """Something that must stay between those who are in it."""
        return self.secrets.text()

    # --- filing ----------------------------------------------------------------------------------

    async def file(self) -> None:
        """A quarrel, perhaps after a petition about it."""
        chance = self.chance
        lin = self._somebody()
        parties = [NamedParty(Side.A, lin, name=self.secrets.name(), phone=self.secrets.phone())]
        if chance.random() < 0.15:
            parties.append(NamedParty(Side.B, organisation=chance.choice(FIRMS)))
        else:
            parties.append(NamedParty(Side.B, self._somebody(lin), name=self.secrets.name()))
        if chance.random() < 0.2:
            named = {one.person for one in parties}
            side = chance.choice((Side.A, Side.B))
            parties.append(NamedParty(side, self._somebody(*named)))
        on_behalf = chance.random() < 0.1
        by = WORKER if on_behalf else lin
        came_of = await self._petition(lin) if chance.random() < 0.2 else None
        command = FileDispute(
            by,
            None,
            chance.choice(list(DisputeKind)),
            chance.choice(NEIGHBOURHOODS),
            self.words(),
            self.words(),
            tuple(parties),
            came_of,
            chance.choice(list(RiskKind)) if chance.random() < 0.12 else None,
            on_behalf,
            1,
            Told(ConsentHow.SPOKEN, self.now - DAY) if on_behalf else None,
        )
        id = await self.machine.do("mediation", dispute, None, command, by)
        assert id is not None, self.machine.refused
        self.filed.append(id)

    async def _petition(self, by: str) -> str:
        raised = File(
            by=by,
            kind=PetitionKind.COMPLAINT,
            title=self.words(),
            text=self.words(),
            place=self.chance.choice(NEIGHBOURHOODS),
            category="other",
        )
        id = await self.machine.do("petitions", petition, None, raised, by)
        assert id is not None, self.machine.refused
        await self.machine.rest()
        return id

    def _somebody(self, *but_not: str | None) -> str:
        return self.chance.choice(
            [one for one in RESIDENTS if one not in but_not and one not in self.erased]
        )

    # --- one step --------------------------------------------------------------------------------

    async def act(self) -> None:
        """Somebody does something about some dispute."""
        open_ones = [
            id
            for id in self.filed
            if self._wants_something(self.machine.state("mediation", dispute, id))
        ]
        if open_ones:
            await self._think(self.chance.choice(open_ones))

    def _wants_something(self, one: Dispute) -> bool:
        if one.status is not Status.ENDED:
            return True
        asked = one.follow_up is not None and one.follow_up.open
        reopened = one.reopen_until is not None and self.now < one.reopen_until
        return asked or reopened or (one.agreement is not None and self.chance.random() < 0.3)

    async def _think(self, id: str) -> None:
        one = self.machine.state("mediation", dispute, id)
        chance = self.chance
        if chance.random() < 0.03 and one.speakers():
            await self._any_time(id, one)
            return
        match one.status:
            case Status.FILED:
                await self.does(id, InviteParties(CONVENOR), CONVENOR)
            case Status.INVITED:
                await self._answer(id, one)
            case Status.MEDIATING:
                await self._mediate(id, one)
            case Status.AGREED:
                await self._agreeing.think_better(id, one)
            case Status.ENDED:
                await self._after(id, one)

    async def _any_time(self, id: str, one: Dispute) -> None:
        chance = self.chance
        speaker = chance.choice(one.speakers())
        party = one.party_of(speaker)
        assert party is not None
        dice = chance.random()
        if dice < 0.4:
            await self.does(id, RaiseRisk(speaker, RiskKind.VIOLENCE, self.words()), speaker)
        elif dice < 0.7 and one.status is not Status.ENDED:
            name = NameRepresentative(speaker, None, party.key, self._somebody(*one.people))
            await self.does(id, name, speaker)
        elif one.status is not Status.ENDED:
            await self.does(id, TellDispute(speaker, self.words()), speaker)

    async def _answer(self, id: str, one: Dispute) -> None:
        chance = self.chance
        waiting = [each for each in one.parties if each.consent is Consent.OPEN]
        party = chance.choice(waiting)
        by = party.speaker or next(
            who for who, firm in BELONGS_TO.items() if firm == party.organisation
        )
        dice = chance.random()
        if dice < 0.75:
            await self.does(id, AgreeToMediate(by, party.organisation), by)
        elif dice < 0.82:
            await self.does(id, DeclineToMediate(by, party.organisation, self.words()), by)
        elif dice < 0.86:
            told = Told(ConsentHow.WRITTEN, self.now - timedelta(hours=1))
            await self.does(id, RecordAnswer(CONVENOR, party.key, True, told), CONVENOR)
        elif dice < 0.88:
            await self.does(id, WithdrawDispute(one.filed_by or by), one.filed_by or by)

    async def _mediate(self, id: str, one: Dispute) -> None:
        chance = self.chance
        speaker = chance.choice(one.speakers())
        by = one.mediator or CONVENOR
        dice = chance.random()
        if dice < 0.012:
            await self.does(id, LeaveDispute(speaker, self.words()), speaker)
        elif dice < 0.024:
            await self.does(id, FailDispute(by, self.words()), by)
        elif dice < 0.034:
            to = chance.choice(list(PassedTo))
            await self.does(id, PassOnDispute(by, to, self.words()), by)
        elif dice < 0.1:
            await self._prolong(id, one, speaker)
        elif one.mediator is None or dice < 0.25:
            await self._meeting.appoint(id, one)
        elif dice < 0.6:
            await self._meeting.meet(id, one)
        elif dice < 0.67:
            await self._agreeing.show(id, one)
        else:
            await self._agreeing.agree(id, one)

    async def _prolong(self, id: str, one: Dispute, speaker: str) -> None:
        if one.extension is None:
            command: Command = ProposeExtension(speaker)
        elif self.chance.random() < 0.8:
            command = ConsentExtension(speaker)
        else:
            command = RefuseExtension(speaker)
        await self.does(id, command, speaker)

    async def _after(self, id: str, one: Dispute) -> None:
        chance = self.chance
        if one.follow_up is not None and one.follow_up.open and one.speakers():
            speaker = chance.choice(one.speakers())
            answer = AnswerFollowUp(speaker, chance.random() < 0.85, self.words())
            await self.does(id, answer, speaker)
        elif one.reopen_until is not None and one.speakers() and chance.random() < 0.5:
            speaker = chance.choice(one.speakers())
            await self.does(id, ReopenDispute(speaker, self.words()), speaker)
        else:
            await self._agreeing.keep(id, one)

    async def erase_somebody(self) -> None:
        """A party of something is gone, for ever."""
        busy = [
            who
            for id in self.filed
            for who in self.machine.state("mediation", dispute, id).people
            if who in LIVES_IN and who not in self.erased
        ]
        if busy:
            person = self.chance.choice(busy)
            self.erased.add(person)
            await self.machine.do("community", resident, person, Erase(person), person)

    def digest(self) -> str:
        """Of some file."""
        return hashlib.sha256(self.chance.randbytes(8)).hexdigest()
