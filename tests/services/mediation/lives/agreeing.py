"""What is shown, agreed, kept and broken."""

from datetime import timedelta
from typing import TYPE_CHECKING

from services.mediation.domain.agreements.agreement import agreement
from services.mediation.domain.agreements.agreement_commands import (
    ClauseDraft,
    ConfirmDone,
    DisputeDone,
    DraftAgreement,
    ReportBreach,
    ReportDone,
    RevokeAgreement,
    SeekConfirmation,
    SignAgreement,
)
from services.mediation.domain.agreements.agreement_state import Agreement, Done, Status
from services.mediation.domain.disputes.dispute_state import Consent, Dispute
from services.mediation.domain.evidence.evidence import evidence
from services.mediation.domain.evidence.evidence_commands import FileEvidence, WithdrawEvidence
from shared.contracts.mediation.agreements import BreachPath
from shared.contracts.mediation.evidence import Disclosed, WithdrawnBecause

if TYPE_CHECKING:
    from tests.services.mediation.lives.acting import People

DAY = timedelta(days=1)


class Agreeing:
    """What is done about evidence and agreements."""

    def __init__(self, people: "People") -> None:
        self._people = people
        self._chance = people.chance

    async def show(self, id: str, one: Dispute) -> None:
        """A party shows something, or takes it back."""
        chance, machine = self._chance, self._people.machine
        by = chance.choice(one.speakers())
        filed = [
            key
            for key, each in machine.states("mediation", evidence).items()
            if each.dispute == id and each.filed_by == by
        ]
        if filed and chance.random() < 0.3:
            key = chance.choice(sorted(filed))
            back = WithdrawEvidence(by, WithdrawnBecause.MISTAKEN)
            await self._people.acts(evidence, key, back, by)
            return
        command = FileEvidence(
            by,
            id,
            chance.choice((Disclosed.ALL, Disclosed.PANEL)),
            None,
            "file-1",
            self._people.words(),
            "image/png",
            1_000,
            self._people.digest(),
        )
        await machine.do("mediation", evidence, None, command, by)

    async def agree(self, id: str, one: Dispute) -> None:
        """Clauses are drafted, and signed by one party after the other."""
        chance, machine = self._chance, self._people.machine
        parties = [each for each in one.parties if each.consent is Consent.AGREED]
        theirs = {
            key: each
            for key, each in machine.states("mediation", agreement).items()
            if each.dispute == id
        }
        drafted = {key: each for key, each in theirs.items() if each.status is Status.DRAFTED}
        if drafted and chance.random() < 0.85:
            (key,) = drafted
            await self._sign(key, drafted[key])
            return
        by = one.mediator or chance.choice(one.speakers())
        key = next(iter(drafted), f"{id}.{len(theirs) + 1}")
        clauses = tuple(
            ClauseDraft(
                chance.choice(parties).key,
                self._people.words(),
                self._people.now + chance.randint(10, 40) * DAY,
                chance.choice((None, 50_000)),
            )
            for _ in range(chance.randint(1, 3))
        )
        points = (self._people.words(),) if chance.random() < 0.15 else ()
        draft = DraftAgreement(by, id, clauses, points)
        await self._people.acts(agreement, key, draft, by)

    async def _sign(self, key: str, one: Agreement) -> None:
        for party in one.unsigned:
            speakers = one.circle.of_party(party)
            if speakers and self._chance.random() < 0.8:
                by = self._chance.choice(speakers)
                sign = SignAgreement(by, one.version, one.digest)
                await self._people.acts(agreement, key, sign, by)

    async def think_better(self, id: str, one: Dispute) -> None:
        """What was signed is revoked, now and then."""
        key = one.agreement
        if key is None or self._chance.random() > 0.04:
            return
        signed = self._people.machine.state("mediation", agreement, key)
        if signed.holders:
            by = self._chance.choice(signed.holders)
            await self._people.acts(agreement, key, RevokeAgreement(by), by)

    async def keep(self, id: str, one: Dispute) -> None:
        """Clauses are reported, confirmed, disputed, broken."""
        key = one.agreement
        if key is None:
            return
        signed = self._people.machine.state("mediation", agreement, key)
        if signed.status is not Status.IN_FORCE:
            return
        chance = self._chance
        if chance.random() < 0.02 and signed.holders:
            by = chance.choice(signed.holders)
            await self._people.acts(agreement, key, SeekConfirmation(by), by)
            return
        n = chance.randint(1, len(signed.clauses))
        clause = signed.clauses[n - 1]
        debtors, creditors = signed.debtors(clause), signed.creditors(clause)
        if not debtors or not creditors:
            return
        by = chance.choice(creditors)
        dice = chance.random()
        if clause.done is Done.REPORTED:
            said = DisputeDone(by, n, self._people.words()) if dice < 0.2 else ConfirmDone(by, n)
            await self._people.acts(agreement, key, said, by)
        elif clause.done is Done.DISPUTED or (clause.until < self._people.now and dice < 0.3):
            path = chance.choice((BreachPath.REOPEN, BreachPath.REOPEN, *BreachPath))
            broken = ReportBreach(by, n, path, self._people.words())
            await self._people.acts(agreement, key, broken, by)
        elif clause.done is Done.OPEN and dice < 0.8:
            debtor = chance.choice(debtors)
            await self._people.acts(agreement, key, ReportDone(debtor, n), debtor)
