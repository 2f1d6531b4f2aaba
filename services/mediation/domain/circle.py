"""The circle of a dispute: who is in it at the moment.

Evidence, agreements and sessions learn it when they begin, and again whenever somebody joins or
leaves the dispute. It is looked at when that is decided, and is never learnt after a later one.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from services.mediation.domain.disputes.dispute_state import Consent, Dispute


@dataclass(frozen=True)
class Speaker:
    """Somebody who speaks for a party: the person itself, or who represents it."""

    person: str
    party: str
    side: str


@dataclass(frozen=True)
class Circle:
    """The speakers of the parties that take part, the mediator, and the panel's other members.
    `number` counts the circles that the dispute has had: of two the greater is the later.
    """

    speakers: tuple[Speaker, ...] = ()
    mediator: str | None = None
    panel: tuple[str, ...] = ()
    number: int = 0

    @property
    def judges(self) -> frozenset[str]:
        """The mediator and the panel: to them everything is open."""
        mediator = () if self.mediator is None else (self.mediator,)
        return frozenset((*self.panel, *mediator))

    def side_of(self, person: str) -> str | None:
        """The side somebody speaks for; None for who speaks for none."""
        return next((one.side for one in self.speakers if one.person == person), None)

    def party_of(self, person: str) -> str | None:
        """The key of the party somebody speaks for; None for who speaks for none."""
        return next((one.party for one in self.speakers if one.person == person), None)

    def of_sides(self, sides: Collection[str]) -> frozenset[str]:
        """All who speak for these sides."""
        return frozenset(one.person for one in self.speakers if one.side in sides)

    def of_party(self, party: str) -> tuple[str, ...]:
        """All who speak for a party."""
        return tuple(one.person for one in self.speakers if one.party == party)

    @property
    def people(self) -> tuple[str, ...]:
        """All who speak for a party, each once."""
        return tuple(dict.fromkeys(one.person for one in self.speakers))

    @property
    def everybody(self) -> tuple[str, ...]:
        """All who are in it, each once, in the order of their names."""
        return tuple(sorted({*self.people, *self.judges}))

    def has(self, person: str) -> bool:
        """Whether somebody is in it."""
        return person in self.judges or self.side_of(person) is not None

    def without(self, person: str) -> "Circle":
        """The circle after somebody was erased."""
        return replace(
            self,
            speakers=tuple(one for one in self.speakers if one.person != person),
            mediator=None if self.mediator == person else self.mediator,
            panel=tuple(one for one in self.panel if one != person),
        )


def circle_of(dispute: Dispute) -> Circle:
    """Who is in a dispute now: parties that have not agreed, or have left, are not."""
    speakers = tuple(
        Speaker(person, party.key, party.side)
        for party in dispute.parties
        if party.consent is Consent.AGREED
        for person in party.people
    )
    return Circle(speakers, dispute.mediator, dispute.panel, dispute.circles)
