"""Several voices and petitions: signed, supported, merged, linked; topics that grow hot."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.event import Event


@dataclass(frozen=True, slots=True)
class PetitionSigned(Event):
    """A household signed a joint petition; `households` is how many have signed now."""

    petition: str
    by: str
    household: str
    households: int


@dataclass(frozen=True, slots=True)
class PetitionSignatureWithdrawn(Event):
    """A household took its signature back."""

    petition: str
    by: str
    household: str
    households: int


@dataclass(frozen=True, slots=True)
class PetitionSpokespersonChanged(Event):
    """Another one of those who signed speaks for all from now on, and is the petitioner. `because`
    is ``passed-on``, or ``erased`` where the one `before` is to be forgotten.
    """

    petition: str
    spokesperson: str
    before: str
    because: str


@dataclass(frozen=True, slots=True)
class PetitionSupported(Event):
    """Somebody else has the same trouble; `supporters` is how many there are now."""

    petition: str
    by: str
    supporters: int


@dataclass(frozen=True, slots=True)
class PetitionSupportWithdrawn(Event):
    """A supporter took their voice back."""

    petition: str
    by: str
    supporters: int


@dataclass(frozen=True, slots=True)
class PetitionMerged(Event):
    """It is about the same as `into`, and is answered with it. It keeps its petitioner and words,
    and its own judgement of the answer.
    """

    petition: str
    into: str
    by: str
    petitioner: str | None


@dataclass(frozen=True, slots=True)
class PetitionAdopted(Event):
    """`member` is answered with this petition from now on; `merged` is how many there are."""

    petition: str
    member: str
    merged: int


@dataclass(frozen=True, slots=True)
class PetitionMemberRefused(Event):
    """`member` cannot be answered with it. `because` is ``merged-itself``, ``closed`` or
    ``full``.
    """

    petition: str
    member: str
    because: str


@dataclass(frozen=True, slots=True)
class PetitionSplit(Event):
    """It goes its own way again, with the deadline it had. `because` is ``split``, ``refused`` or
    ``main-closed``.
    """

    petition: str
    out_of: str
    because: str
    petitioner: str | None


@dataclass(frozen=True, slots=True)
class PetitionMemberLeft(Event):
    """`member` is not answered with this petition any more."""

    petition: str
    member: str
    merged: int


@dataclass(frozen=True, slots=True)
class PetitionLinked(Event):
    """It has to do with another petition, `to`; both go their own ways."""

    petition: str
    to: str
    by: str


@dataclass(frozen=True, slots=True)
class HotTopicRaised(Event):
    """Many petitions about one `category` (of the first level) at one `place` within days, or one
    that many support. Told once, until it cools.

    `hotlist` is the list it stands on. `count` were filed in that time; `supporters` are those whom
    the one that found most of them found in it, however old it is. `petitions` are the latest 200
    of all of these; the first was filed at `since`.
    """

    hotlist: str
    topic: str
    place: str
    category: str
    petitions: tuple[str, ...]
    count: int
    supporters: int
    since: datetime
    raised_at: datetime


@dataclass(frozen=True, slots=True)
class HotTopicGrown(Event):
    """It is twice what it was when it was last told. The fields are as for `HotTopicRaised`."""

    hotlist: str
    topic: str
    place: str
    category: str
    petitions: tuple[str, ...]
    count: int
    supporters: int
    since: datetime
    raised_at: datetime


@dataclass(frozen=True, slots=True)
class HotTopicCooled(Event):
    """Less than half of what makes a topic hot is left of it."""

    hotlist: str
    topic: str
    place: str
    category: str
    raised_at: datetime
