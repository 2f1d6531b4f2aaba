"""A hundred and thirty disputes are lived through, from a seed, with whatever people do; and
nothing that must hold is ever broken.
"""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

import pytest

from services.mediation.domain.disputes.dispute import dispute
from services.mediation.domain.panels.panel import panel
from services.mediation.domain.panels.panel_state import Status as PanelStatus
from tests.chaos.checker import Violation, check
from tests.services.mediation.lives.acting import People
from tests.services.mediation.lives.machine import BEGINS, Machine
from tests.services.mediation.lives.reckoning import Reckoning, conflicts
from tests.services.mediation.lives.town import found
from tests.simulation.logs import kept_logs
from tests.simulation.loop import VirtualLoop, run
from tests.simulation.town import Secrets

DAY = timedelta(days=1)
DISPUTES = 130
FILED_WITHIN = 75 * DAY
LIVED = 260 * DAY
"""The last dispute has been followed up, where nobody had it mediated again."""
ERASED = 4
KEPT_SECRET = ("楼道里的密语", "林秘")
"""What every word and every name begins with: `Secrets` makes them."""


@dataclass(frozen=True, slots=True)
class Lived:
    """What a run left."""

    violations: list[str]
    outcomes: Counter[str]
    happened: Counter[str]
    commits: int


def live(
    seed: int,
    disputes: int,
    filed_within: timedelta = FILED_WITHIN,
    lasts: timedelta = LIVED,
) -> Lived:
    """Lives so many disputes through."""

    async def whole(loop: VirtualLoop) -> Lived:
        chance = random.Random(f"{seed}/story")
        secrets = Secrets(random.Random(f"{seed}/secrets"))
        machine = Machine(seed, loop)
        found_ties: list[str] = []
        with kept_logs() as lines:
            await machine.start()
            await found(machine, secrets)
            people = People(seed, machine, secrets)
            times = sorted(chance.random() * filed_within for _ in range(disputes))
            erasures = sorted(chance.random() * lasts / 2 for _ in range(ERASED))
            while machine.world.now() < BEGINS + lasts:
                passed = machine.world.now() - BEGINS
                while times and times[0] <= passed:
                    times.pop(0)
                    await people.file()
                while erasures and erasures[0] <= passed:
                    erasures.pop(0)
                    await people.erase_somebody()
                busy = passed < filed_within + 60 * DAY
                for _ in range(chance.randint(6, 14) if busy else chance.randint(1, 4)):
                    await people.act()
                await machine.rest()
                found_ties += ties(machine, people)
                pause = chance.uniform(2, 14) if busy else chance.uniform(12, 60)
                await machine.live_until(machine.world.now() + timedelta(hours=pause))
            await machine.rest()
            left = await machine.evidence()
        # The list of hot topics looks every ten minutes, whatever happens: it is let sleep.
        now, slept = machine.world.now(), timedelta(days=1)
        broken = check(left, [], now, latest=slept, personal=KEPT_SECRET, lines=lines())
        reckoned = Reckoning(machine, people.filed, people.erased)
        violations = [
            *(str(one) for one in broken if not _is_for_nobody(one, people.erased)),
            *machine.dead_letters(),
            *found_ties,
            *reckoned.violations(),
        ]
        commits = sum(len(one.commits) for one in left)
        return Lived(violations, reckoned.outcomes(), reckoned.happened(), commits)

    lived: Lived = run(whole)
    return lived


def _is_for_nobody(violation: Violation, erased: set[str]) -> bool:
    """Who was erased is written to no more."""
    return any(violation.text.startswith(f"{who} was told 0 times") for who in erased)


def ties(machine: Machine, people: People) -> list[str]:
    """Whoever has a part in a panel now, and is tied to a party."""
    panels = {
        id: tuple(who for who in (one.mediator, *one.members) if who is not None)
        for id, one in machine.states("mediation", panel).items()
        if one.status is PanelStatus.OPEN
    }
    disputes = {id: machine.state("mediation", dispute, id) for id in panels}
    return list(conflicts(panels, disputes, people.erased))


def test_some_disputes_are_lived_through() -> None:
    lived = live(7, 6, filed_within=5 * DAY, lasts=20 * DAY)
    assert lived.violations == []
    assert lived.happened["DisputeFiled"] == 6
    assert lived.happened["DisputeBegun"]


@pytest.mark.slow
@pytest.mark.timeout(900)  # half a year of 130 disputes: minutes of the processor
@pytest.mark.parametrize("seed", [131])  # with which the rare things happen, too
def test_a_hundred_and_thirty_disputes_are_lived_through(seed: int) -> None:
    lived = live(seed, DISPUTES)
    assert lived.violations == []
    assert lived.happened["DisputeFiled"] == DISPUTES
    # Every way that a dispute can go was gone, or the test would prove less than it says.
    assert {one for one, times in lived.outcomes.items() if times} == {
        "settled",
        "partly",
        "failed",
        "withdrawn",
        "passed-on",
    }
    for name in (
        "DisputeRiskRaised",
        "PartyDeclined",
        "PartyLeft",
        "DisputeExtended",
        "MediatorRefused",
        "PanelComplete",
        "SessionHeld",
        "RoomRefused",
        "MinutesAgreed",
        "EvidenceFiled",
        "AgreementRevoked",
        "AgreementKept",
        "AgreementBroken",
        "SettlementHolds",
        "SettlementNotHolding",
        "DisputeReopened",
        "DisputeLinked",
        "HotSpotRaised",
        "PersonForgotten",
    ):
        assert lived.happened[name], f"{name} never happened"
