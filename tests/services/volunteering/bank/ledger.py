"""The points bank without servers: its real rules, facts and reactions over states in a dict.

Events wait until they are delivered, in whatever order and however often the test says. Every leg
is posted to a ledger of its own, so that the books are counted apart from the states.
"""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from services.volunteering.domain.bank import AGGREGATES
from services.volunteering.domain.bank.account import account
from services.volunteering.domain.bank.reward import reward
from services.volunteering.domain.bank.shop import Admit, shop
from services.volunteering.domain.bank.state import Account
from services.volunteering.domain.teams.team import team
from services.volunteering.facts.bank import facts
from services.volunteering.reactions.bank import reactions
from shared.contracts.envelope import type_of
from shared.contracts.event import Event, Personal, emitting_service
from shared.contracts.types import PlaceKind
from shared.neighbourhood.place import KnownPlace
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick
from shared.runtime.deciding import Looking
from shared.runtime.journal import Query
from shared.runtime.reactions import About
from tests.services.volunteering.bank.world import NOON, PATH

SHOP = "o-shop"

S = TypeVar("S")


class States(dict[str, Any]):
    """The states of one kind."""


@dataclass
class Bank:
    """All streams of the bank, the events on their way, and the ledger."""

    now: datetime = NOON
    states: dict[str, States] = field(
        default_factory=lambda: {one.kind: States() for one in (*AGGREGATES, team)}
    )
    causes: set[str] = field(default_factory=set)
    waiting: list[tuple[About, Event]] = field(default_factory=list)
    delivered: list[tuple[About, Event]] = field(default_factory=list)
    ledger: Counter[str] = field(default_factory=Counter)
    count: int = 0

    def __post_init__(self) -> None:
        place = KnownPlace(kind=PlaceKind.COMMUNITY, name="军门社区", path=PATH)
        copies = {"place": {"jm": place}, **self.states}
        self.facts = facts(copies)
        self.do(shop, SHOP, Admit("convenor", SHOP, "jm"))

    # -- commands ------------------------------------------------------------------------------

    def do(self, aggregate: Aggregate[Any], id: str, command: Command) -> bool:
        """Carries a command out; whether the rules took it."""
        there = self.states[aggregate.kind]
        state = there.get(id, aggregate.initial)
        try:
            events = aggregate.decide(command, state, self.now, *self.known(aggregate, id, command))
        except Rejected:
            return False
        if events:
            there[id] = aggregate.fold(state, events)
        self.count += 1
        for n, event in enumerate(events):
            legs = getattr(event, "legs", ())
            assert sum(points for _, points in legs) == 0, event
            for name, points in legs:
                self.ledger[name] += points
            if not isinstance(event, Personal) and emitting_service(type(event)):
                self.publish(event, f"{aggregate.stream(id)}", f"{self.count}/{n}")
        below_zero = [name for name, points in self.ledger.items() if points < 0]
        assert set(below_zero) <= {"issuing"}, below_zero
        return True

    def known(self, aggregate: Aggregate[Any], id: str, command: Command) -> tuple[Any, ...]:
        its = self.facts.get(aggregate.kind)
        if its is None:
            return ()
        state = self.states[aggregate.kind].get(id, aggregate.initial)
        if not isinstance(its, Looking):
            return (its(id, command, state, self.now),)
        asked = {(one.kind, which) for one, which in its.at(id, command)}

        def beside(aggregate: Aggregate[S], id: str) -> S | None:
            assert (aggregate.kind, id) in asked
            there: S | None = self.states[aggregate.kind].get(id)
            return there

        return (its.facts(id, command, state, self.now, beside),)

    def tick(self) -> None:
        """Whatever is due now acts, until nothing is."""
        for aggregate in AGGREGATES:
            for id in list(self.states[aggregate.kind]):
                while True:
                    due = aggregate.due(self.states[aggregate.kind][id])
                    if due is None or due > self.now:
                        break
                    before = self.count
                    assert self.do(aggregate, id, Tick())
                    assert self.count > before

    # -- events --------------------------------------------------------------------------------

    def publish(self, event: Event, stream: str, id: str) -> None:
        """An event is on its way."""
        about = About(id, "volunteering", type_of(type(event)), stream, 1, self.now, id)
        self.waiting.append((about, event))

    def happens(self, event: Event) -> None:
        """Something happened elsewhere."""
        self.count += 1
        self.publish(event, "elsewhere", str(self.count))

    def deliver(self, which: int) -> None:
        """One of the waiting events comes."""
        one = self.waiting.pop(which % len(self.waiting))
        self.delivered.append(one)
        self.react(*one)

    def again(self, which: int) -> None:
        """One that came before comes again."""
        self.react(*self.delivered[which % len(self.delivered)])

    def react(self, about: About, event: Event) -> None:
        for reaction in reactions.for_type(about.type):
            at_once(reaction(event, about, Doing(self, about)))

    def settle(self) -> None:
        """Everything that is on its way comes."""
        while self.waiting:
            self.deliver(0)

    # -- what is there -------------------------------------------------------------------------

    @property
    def accounts(self) -> Mapping[str, Account]:
        return self.states[account.kind]

    @property
    def rewards(self) -> Mapping[str, Any]:
        return self.states[reward.kind]


@dataclass
class Doing:
    """What a reaction has in hand."""

    bank: Bank
    about: About

    async def __call__(self, aggregate: Aggregate[Any], id: str, command: Command) -> None:
        cause = f"{self.about.id}>{aggregate.stream(id)}"
        if cause not in self.bank.causes:
            self.bank.causes.add(cause)
            self.bank.do(aggregate, id, command)

    async def many(self, commands: Iterable[tuple[Aggregate[Any], str, Command]]) -> None:
        for aggregate, id, command in commands:
            await self(aggregate, id, command)

    async def find(self, aggregate: Aggregate[Any], query: Query) -> AsyncIterator[Any]:
        ((names, wanted),) = query.where.items()
        field, _, part = names.partition(".")
        for id, state in list(self.bank.states[aggregate.kind].items()):
            if any(getattr(one, part) == wanted for one in getattr(state, field)):
                yield id, state

    async def get(self, aggregate: Aggregate[Any], id: str) -> Any:
        return self.bank.states[aggregate.kind].get(id)

    async def latest(self, aggregate: Aggregate[Any], id: str, name: str) -> None:
        raise AssertionError("the bank reads no dossiers in reactions")


def at_once(reaction: Awaitable[None]) -> None:
    """Runs what never waits."""
    try:
        reaction.__await__().send(None)
    except StopIteration:
        return
    raise AssertionError("it waits")
