"""The events of a wish that are not published: its clocks, who has to do with it, and all words."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from services.volunteering.domain.wishes.hints import Hint
from services.volunteering.domain.wishes.wish_commands import Contact
from shared.contracts.event import Event, Personal
from shared.contracts.volunteering.wishes import Awaited


@dataclass(frozen=True, slots=True)
class WishConsented(Event):
    """The resident for whom it was posted agreed to it then, in that way."""

    how: str
    given: datetime


@dataclass(frozen=True, slots=True)
class WishHoused(Event):
    """The household that the owner belongs to: none of it grants the wish."""

    household: str | None


@dataclass(frozen=True, slots=True)
class WishHinted(Event):
    """What kinds of things the check found in the owner's words."""

    hints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WishAwaits(Event):
    """Somebody has to do something by then."""

    awaited: Awaited
    by: datetime


@dataclass(frozen=True, slots=True)
class WishReworded(Event):
    """The poster put it otherwise: it is screened anew."""


@dataclass(frozen=True, slots=True)
class WishWordingDrafted(Event):
    """`by` wrote what is to be shown, with `doubts` that another person has to look at; and what is
    asked of who grants it.
    """

    by: str
    doubts: int
    least_age: int | None
    trainings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WishProlonged(Event):
    """It is open until then."""

    until: datetime


@dataclass(frozen=True, slots=True)
class WishClaimAnswered(Event):
    """Who answers for the claim from now on: the claimant, and all leaders of the team."""

    since: datetime
    volunteer: str
    organisers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WishServed(Event):
    """When it was granted, and how many minutes each volunteer served."""

    begun: datetime
    ended: datetime
    minutes: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class WishRated(Event):
    """What the owner thinks of how it was granted, 1 to 5."""

    stars: int


@dataclass(frozen=True, slots=True)
class WishServantForgotten(Event):
    """Somebody who served was erased before the hours were confirmed: none are, for them."""

    volunteer: str


@dataclass(frozen=True, slots=True)
class WishOwnerForgotten(Event):
    """The owner was erased: no word of the wish is left, nor whose it was."""

    forgets: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class WishTold(Personal):
    """The wish in the words of its owner, and how to reach them: for who grants it."""

    title: str
    text: str
    contact: Contact | None


@dataclass(frozen=True, slots=True)
class WishWorded(Personal):
    """What is shown of it, with the doubts that a second person looks at."""

    title: str
    text: str
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True, slots=True)
class WishReasonGiven(Personal):
    """Why something was done (`verb`), in words."""

    verb: str
    text: str


@dataclass(frozen=True, slots=True)
class WishGrantTold(Personal):
    """What the volunteer says of the granting, or to a dispute."""

    text: str


@dataclass(frozen=True, slots=True)
class WishThanked(Personal):
    """A word of thanks."""

    text: str
