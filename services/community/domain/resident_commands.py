"""What is asked of the register of residents, and the reasons that are given."""

from dataclasses import dataclass
from enum import StrEnum

from shared.contracts.types import Id, PlaceCode, Title
from shared.runtime.aggregate import Command


class Refusal(StrEnum):
    """Why somebody is not confirmed; the clock's is ``lapsed``."""

    NOT_KNOWN = "not-known"
    WRONG_HOUSEHOLD = "wrong-household"
    NOT_PROVEN = "not-proven"
    DUPLICATE = "duplicate"


class Grounds(StrEnum):
    """Why a person is erased."""

    OWN_WISH = "own-wish"
    DECEASED = "deceased"
    COURT_ORDER = "court-order"
    WRONG_PERSON = "wrong-person"


@dataclass(frozen=True, slots=True)
class RegisterResident(Command):
    """Enters a person as living in a unit. Who enters themselves is to be confirmed."""

    by: Id
    resident: Id
    household: PlaceCode
    name: Title
    phone: Title | None = None
    address: Title | None = None


@dataclass(frozen=True, slots=True)
class RegisterAnew(Command):
    """Enters a person who was erased and has come back."""

    by: Id
    household: PlaceCode
    name: Title
    phone: Title | None = None
    address: Title | None = None


@dataclass(frozen=True, slots=True)
class Confirm(Command):
    """The person lives where they say."""

    by: Id


@dataclass(frozen=True, slots=True)
class Refuse(Command):
    """The person does not live where they say."""

    by: Id
    because: Refusal


@dataclass(frozen=True, slots=True)
class Vouch(Command):
    """A registered resident says whether somebody lives in their household."""

    by: Id
    resident: Id
    lives_here: bool = True


@dataclass(frozen=True, slots=True)
class HearTheHousehold(Command):
    """Somebody of that household has said whether the person lives there."""

    household: str
    lives_here: bool


@dataclass(frozen=True, slots=True)
class AskToMove(Command):
    """The person says that they live in another unit now; it is to be confirmed there."""

    by: Id
    household: PlaceCode


@dataclass(frozen=True, slots=True)
class MoveHousehold(Command):
    """The person lives in another unit now."""

    verb = "move"
    by: Id
    household: PlaceCode


@dataclass(frozen=True, slots=True)
class MoveOut(Command):
    """The person lives here no more."""

    by: Id


@dataclass(frozen=True, slots=True)
class DescribeResident(Command):
    """Sets name, phone and address anew."""

    verb = "describe"
    by: Id
    name: Title
    phone: Title | None = None
    address: Title | None = None


@dataclass(frozen=True, slots=True)
class Erase(Command):
    """Forgets who the person is. Who is not the person names the grounds."""

    by: Id
    because: Grounds = Grounds.OWN_WISH
