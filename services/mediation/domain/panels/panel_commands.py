"""What can be done with the panel of a dispute. `by` is the caller, filled in by the runtime."""

from dataclasses import dataclass
from typing import Annotated

from shared.contracts.mediation.disputes import DisputeKind
from shared.contracts.mediation.panels import Conflict, NotFilled
from shared.contracts.types import Code, Id, Word, at_most
from shared.runtime.aggregate import Command

MOST_IN_LINE = 5
"""Who is asked next, in this order, when somebody does not take what they were asked for."""

Line = Annotated[tuple[Id, ...], at_most(MOST_IN_LINE)]
Ties = Annotated[tuple[Conflict, ...], at_most(len(Conflict))]


@dataclass(frozen=True, slots=True)
class AppointMediator(Command):
    """Ask somebody to mediate, and if they do not, those in `then`."""

    verb = "appoint"
    by: Id
    person: Id
    then: Line = ()


@dataclass(frozen=True, slots=True)
class AcceptCase(Command):
    """Whoever is asked mediates; they declare that nothing ties them to the parties."""

    verb = "accept"
    by: Id


@dataclass(frozen=True, slots=True)
class RefuseMediator(Command):
    """A side does not want this mediator: once, and never again."""

    verb = "refuse-mediator"
    by: Id
    reason: Word = ""


@dataclass(frozen=True, slots=True)
class AddSeat(Command):
    """The case needs somebody else on the panel: a doctor, say."""

    verb = "add-seat"
    by: Id
    seat: Code


@dataclass(frozen=True, slots=True)
class DropSeat(Command):
    """The case does not need the seat after all. The fixed ones stay."""

    verb = "drop-seat"
    by: Id
    seat: Code


@dataclass(frozen=True, slots=True)
class NameMember(Command):
    """Ask somebody to take a seat, and if they do not, those in `then`."""

    verb = "name-member"
    by: Id
    seat: Code
    person: Id
    then: Line = ()


@dataclass(frozen=True, slots=True)
class DeclareTies(Command):
    """Whoever is asked to take a seat says what ties them to the parties: with nothing they sit,
    with anything somebody else does. A member says it as soon as it comes to be.
    """

    verb = "declare"
    by: Id
    ties: Ties = ()
    note: Word = ""


@dataclass(frozen=True, slots=True)
class DeclareKinship(Command):
    """A convenor has learnt that somebody is kin of a party. Parties tell a convenor: who could do
    it alone would have as many mediators refused as they like.
    """

    verb = "declare-kinship"
    by: Id
    person: Id
    party: Code


@dataclass(frozen=True, slots=True)
class Decline(Command):
    """Whoever is asked, to mediate or to take a seat, does not."""

    verb = "decline"
    by: Id
    reason: Word = ""


@dataclass(frozen=True, slots=True)
class Leave(Command):
    """The mediator, or a member, gives it up."""

    verb = "leave"
    by: Id
    reason: Word = ""


@dataclass(frozen=True, slots=True)
class Release(Command):
    """A convenor has somebody else mediate, or take the seat; or takes a question back."""

    verb = "release"
    by: Id
    person: Id
    reason: Word = ""


# --- what follows from events --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenPanel(Command):
    """A dispute was filed."""

    kind: DisputeKind
    place: str
    path: tuple[str, ...]
    petition: str | None


@dataclass(frozen=True, slots=True)
class LearnParties(Command):
    """Who is a party, or speaks for one, has changed; `people` are all the panel has to do with,
    `households` those of who represents a party.
    """

    people: tuple[str, ...] = ()
    households: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LearnAnswers(Command):
    """These have answered the petition that the dispute came of."""

    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LearnBonds(Command):
    """Where somebody lives, or what they belong to, has changed."""

    person: str


@dataclass(frozen=True, slots=True)
class LearnHousehold(Command):
    """A party, or who speaks for it, belongs to this household now; `people` are all the panel has
    to do with.
    """

    household: str
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LoseMediator(Command):
    """The mediator, or who was asked, does not mediate any more."""

    person: str
    because: NotFilled


@dataclass(frozen=True, slots=True)
class EndPanel(Command):
    """The dispute has ended."""


@dataclass(frozen=True, slots=True)
class ReopenPanel(Command):
    """The dispute goes on; `people` are all the panel has to do with."""

    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ForgetPerson(Command):
    """Somebody was erased."""

    person: str
