"""Who is in a dispute, as it is learnt: in whatever order its events arrive."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import given as held_for
from hypothesis import strategies as st

from services.mediation.domain.agreements.agreement import agreement
from services.mediation.domain.agreements.agreement_commands import LearnAgreementCircle
from services.mediation.domain.circle import circle_of
from services.mediation.domain.disputes.changing import counted
from services.mediation.domain.disputes.dispute_state import Consent, Dispute, Party, Status
from services.mediation.domain.evidence.evidence import evidence
from services.mediation.domain.evidence.evidence_commands import LearnEvidenceCircle
from services.mediation.domain.evidence.evidence_state import Around as AroundEvidence
from services.mediation.domain.sessions.session_commands import LearnCircle
from services.mediation.reactions import agreements as of_agreements
from services.mediation.reactions import evidence as of_evidence
from shared.contracts.mediation.disputes import RepresentativeNamed
from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.reactions import About, Do
from tests.given import Given, given
from tests.services.community.served import Served
from tests.services.mediation.agreements import stories as agreements
from tests.services.mediation.agreements.test_http import drafted
from tests.services.mediation.evidence import stories as pieces
from tests.services.mediation.evidence.test_http import filed
from tests.services.mediation.quarrel import CHEN, LIN, does, quarrel
from tests.services.mediation.served import mediation, settled
from tests.services.mediation.sessions import stories as sessions


def after_changes(first: Dispute) -> list[Dispute]:
    """The dispute as it was, and after each of some changes of who is in it: the last is like the
    first but for its number.
    """
    other = replace(first.parties[1], representative="heir")
    gone = replace(first.parties[1], consent=Consent.LEFT)
    states = [
        first,
        replace(first, mediator="m9"),
        replace(first, parties=(first.parties[0], other)),
        replace(first, parties=(first.parties[0], gone), mediator=None),
        first,
    ]
    return [replace(one, circles=n) for n, one in enumerate(states)]


@held_for(st.permutations(range(1, 5)))
def test_the_latest_is_learnt_in_whatever_order_it_was_looked_at(order: Sequence[int]) -> None:
    """Two processes look at the dispute and write after one another, in another order."""
    piece = given(evidence).when(pieces.FILE, at=pieces.NOW, facts=pieces.AROUND)
    paper, meeting = agreements.signed(), sessions.convened()
    shown: Given[Any] = piece.then(*piece.events)
    for n in order:
        known = after_changes(pieces.DISPUTE)[n]
        shown = learn(shown, LearnEvidenceCircle("d1"), AroundEvidence("e1", known))
        bound = after_changes(agreements.DISPUTE)[n]
        paper = learn(paper, LearnAgreementCircle(), agreements.around(bound))
        met = after_changes(sessions.TWO)[n]
        meeting = learn(meeting, LearnCircle("q1"), sessions.around(met))
    assert shown.state.circle == circle_of(after_changes(pieces.DISPUTE)[4])
    assert paper.state.circle == circle_of(after_changes(agreements.DISPUTE)[4])
    assert meeting.state.circle == circle_of(after_changes(sessions.TWO)[4])


def learn(past: Given[Any], command: Command, facts: object) -> Given[Any]:
    """What it learns."""
    when = past.when(command, at=pieces.NOW, facts=facts)
    return when.then(*when.events)


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        ({"consent": Consent.LEFT}, 1),
        ({"representative": "heir"}, 1),
        ({"household": "h2"}, 0),
    ],
)
def test_a_dispute_counts_its_circles(change: dict[str, Any], counts: int) -> None:
    """What leaves everybody where they are is no other circle."""
    one = Party("p1", "a", "wang", None, household="h1", consent=Consent.AGREED)
    before = Dispute("d1", Status.MEDIATING, parties=(one,), mediator="m1")
    after = counted(before, replace(before, parties=(replace(one, **change),)))
    assert circle_of(after).number == counts
    assert circle_of(counted(before, replace(before, mediator=None))).number == 1
    assert circle_of(counted(before, replace(before, until=pieces.NOW))).number == 0


LATE = About(
    "mediation/dispute-d1/9/0",
    "mediation",
    "RepresentativeNamed",
    "dispute-d1",
    9,
    pieces.NOW,
    "told",
)
"""What the envelope of an event says that comes late."""


@dataclass
class Slow:
    """A process that takes its time between looking for things and telling them."""

    do: Do
    go_on: asyncio.Event
    looked: asyncio.Event

    async def __call__(self, aggregate: Aggregate[Any], id: str, command: Command) -> None:
        await self.do(aggregate, id, command)

    async def many(self, commands: Iterable[tuple[Aggregate[Any], str, Command]]) -> None:
        told = list(commands)
        self.looked.set()
        await self.go_on.wait()
        await self.do.many(told)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.do, name)


@pytest.mark.parametrize("what", [evidence, agreement], ids=lambda one: one.kind)
async def test_an_older_event_that_is_late_takes_nothing_from_a_newer_one(
    what: Aggregate[Any],
) -> None:
    """One process has heard that somebody speaks for Chen, and is slow; meanwhile another tells of
    who speaks for him after that.
    """
    async with mediation() as at:
        id = await quarrel(at)
        things = {evidence: await filed(at, id), agreement: await drafted(at, id)}
        assert (await names(at, id, "first")).status_code == 200
        older = RepresentativeNamed(id, "p2", "n1", "first", None, CHEN)
        slow = Slow(at.running.store.do_for(LATE), asyncio.Event(), asyncio.Event())
        reaction = {evidence: of_evidence.learn_circle, agreement: of_agreements.learn_circle}[what]
        waiting = asyncio.create_task(reaction(older, LATE, slow))
        await slow.looked.wait()
        assert (await names(at, id, "second")).status_code == 200
        await settled(at, what, things[what], lambda one: "second" in one.circle.people)
        slow.go_on.set()
        await waiting
        known = await at.running.store.get(what, things[what])
        assert known is not None
        assert set(known.state.circle.people) == {LIN, CHEN, "second"}


async def names(at: Served, id: str, person: str) -> Any:
    """Somebody speaks for Chen."""
    return await does(at, CHEN, f"/disputes/{id}/name-representative", party="p2", person=person)
