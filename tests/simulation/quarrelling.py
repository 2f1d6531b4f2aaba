"""People who quarrel, and what they do about having it mediated."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from services.mediation.domain.disputes.dispute import OPEN
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
from services.mediation.domain.disputes.dispute_state import Dispute
from services.mediation.domain.disputes.settling import (
    ConfirmSettlement,
    ObjectToSettlement,
    RecordSettlement,
)
from shared.contracts.mediation.disputes import DisputeKind, PassedTo, RiskKind
from shared.runtime.aggregate import Command
from shared.runtime.memory_journal import MemoryDisk
from tests.simulation.town import NEIGHBOURHOODS, RESIDENTS, STAFF, Secrets, Step


class Quarrellers:
    """They look at the disputes there are, and think of something to do next."""

    def __init__(
        self, chance: random.Random, secrets: Secrets, disks: Mapping[str, MemoryDisk]
    ) -> None:
        self._chance = chance
        self._secrets = secrets
        self._disks = disks

    def think(self, now: datetime) -> Step:
        """The next thing that somebody does."""
        there = self._disks["mediation"].states("dispute")
        if not there or self._chance.random() < 0.2:
            return self._file()
        id = self._chance.choice(sorted(there))
        dispute = msgspec.convert(there[id].state, Dispute)
        verbs = [verb for verb, statuses in OPEN.items() if dispute.status in statuses]
        by = self._chance.choice((*dispute.people, *dispute.people, *STAFF))
        command = self._command(self._chance.choice(verbs), by, dispute, now)
        # To name who speaks for a party already, or to consent once more, changes nothing.
        idle = isinstance(command, (NameRepresentative, ConsentExtension))
        return Step("mediation", "dispute", id, by, command, perhaps_idle=idle)

    def _file(self) -> Step:
        chance = self._chance
        by, other, third = chance.sample(RESIDENTS, 3)
        parties = [NamedParty(Side.A, by, name=self._secrets.name()), NamedParty(Side.B, other)]
        if chance.random() < 0.3:
            parties.append(NamedParty(chance.choice((Side.A, Side.B)), third))
        petitions = [*self._disks["petitions"].states("petition")]
        command = FileDispute(
            by,
            None,
            chance.choice(list(DisputeKind)),
            chance.choice(NEIGHBOURHOODS),
            self._secrets.text(),
            self._secrets.text(),
            tuple(parties),
            chance.choice(petitions) if petitions and chance.random() < 0.7 else None,
            RiskKind.VIOLENCE if chance.random() < 0.2 else None,
        )
        return Step("mediation", "dispute", None, by, command)

    def _command(self, verb: str, by: str, dispute: Dispute, now: datetime) -> Command:
        words = self._secrets.text()
        party = self._chance.choice(dispute.parties).key
        told = Told(ConsentHow.SPOKEN, now - timedelta(minutes=5))
        commands: Mapping[str, Command] = {
            "invite": InviteParties(by),
            "name-representative": NameRepresentative(
                by, None, party, self._chance.choice(RESIDENTS)
            ),
            "tell": TellDispute(by, words),
            "agree": AgreeToMediate(by, None),
            "decline": DeclineToMediate(by, None, words),
            "record-answer": RecordAnswer(by, party, self._chance.random() < 0.8, told),
            "leave": LeaveDispute(by, words),
            "withdraw": WithdrawDispute(by, words),
            "raise-risk": RaiseRisk(by, RiskKind.DAMAGE, words),
            "propose-extension": ProposeExtension(by),
            "consent-extension": ConsentExtension(by),
            "refuse-extension": RefuseExtension(by),
            "record-settlement": RecordSettlement(by, words),
            "confirm-settlement": ConfirmSettlement(by, max(dispute.records, 1)),
            "object-to-settlement": ObjectToSettlement(by, max(dispute.records, 1), words),
            "fail": FailDispute(by, words),
            "pass-on": PassOnDispute(by, PassedTo.COURT, words),
            "answer-follow-up": AnswerFollowUp(by, self._chance.random() < 0.5, words),
            "reopen": ReopenDispute(by, words),
        }
        return commands[verb]
