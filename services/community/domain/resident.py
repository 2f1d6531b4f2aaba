"""Resident (居民): a person in a household, known to others by a pseudonymous subject only.

A household is a unit of a building. Whom the staff of the place enter lives there at once; who asks
by themselves waits until somebody of the household vouches for them or the staff confirm it. Name,
phone and address lie in the dossier; the state has none of them.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from services.community.domain.resident_commands import (
    AskToMove,
    Confirm,
    DescribeResident,
    Erase,
    Grounds,
    HearTheHousehold,
    MoveHousehold,
    MoveOut,
    Refusal,
    Refuse,
    RegisterAnew,
    RegisterResident,
    Vouch,
)
from shared.contracts.community import (
    MoveRefused,
    RegistrationRefused,
    ResidentErased,
    ResidentMoved,
    ResidentMovedOut,
    ResidentRegistered,
    ResidentVouchedFor,
)
from shared.contracts.event import Event, Personal
from shared.contracts.types import PlaceKind
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick

ASKING_LASTS = timedelta(days=30)
"""How long somebody may wait to be confirmed; then they are struck, and may ask again."""


class Status(StrEnum):
    """What the register says of a person."""

    UNKNOWN = "unknown"
    ASKING = "asking"
    REGISTERED = "registered"
    MOVED_OUT = "moved-out"
    ERASED = "erased"


LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Asked:
    """The household that a person says they live in, and until when that can be confirmed. `path`
    runs from the district down to the unit, as it was when they asked."""

    household: str
    path: tuple[str, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class Resident:
    """A person (by subject) and the unit they live in; without a household they live in none."""

    resident: str = ""
    household: str = ""
    status: Status = Status.UNKNOWN
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """The place named as household; the facts are None where no such place is registered."""

    kind: PlaceKind
    path: tuple[str, ...] = ()
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands against erasing a person: the posts they hold, now or from a later time on; those
    in which they stand in for the holder; the rotas in which they have a shift ahead."""

    posts: tuple[str, ...] = ()
    deputy: tuple[str, ...] = ()
    rotas: tuple[str, ...] = ()


# --- private events ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HouseholdAsked(Event):
    """A person says that they live in a unit, and waits to be confirmed."""

    resident: str
    household: str
    path: tuple[str, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class ErasureGrounded(Event):
    """Why the erasure that follows was ordered. Others are not told: it says much of a person."""

    because: str


@dataclass(frozen=True, slots=True)
class ResidentDescribed(Personal):
    """Who the person is. The latest one holds."""

    name: str
    phone: str | None
    address: str | None


# --- rules -------------------------------------------------------------------------------------


def decide(
    command: Command, resident: Resident, now: datetime, facts: Home | Standing | None = None
) -> list[Event]:
    """What follows from a command; `facts` are the place it names as household, or what stands
    against erasing."""
    match resident.status, command:
        case Status.ASKING | Status.REGISTERED, Tick():
            return ended(resident, LAPSED) if over(resident, now) else []
        case _, Tick():
            return []
        case _, RegisterResident() | RegisterAnew():
            return entered(command, resident, now, facts)
        case (Status.UNKNOWN, _) if not resident.resident:
            raise Rejected("unknown-resident", "no such person is registered")
        case Status.ERASED, _:
            raise Rejected("resident-erased", "this person was erased: nothing is known of them")
        case _, Erase():
            return erased(command, resident, facts)
        case _, Confirm(by=by) | Refuse(by=by) if by == resident.resident:
            raise Rejected("own-confirmation", "nobody confirms themselves: ask your household")
        case _, Confirm() | Refuse() if resident.asked is None:
            raise Rejected("nothing-asked", "this person waits for no confirmation")
        case _, Confirm():
            return confirmed(resident)
        case _, Refuse(because=because):
            return ended(resident, because.value)
        case _, HearTheHousehold(household, lives_here):
            if resident.asked is None or resident.asked.household != household:
                return []
            return confirmed(resident) if lives_here else ended(resident, Refusal.NOT_KNOWN.value)
        case Status.UNKNOWN | Status.MOVED_OUT, _:
            raise Rejected("lives-nowhere", "this person is registered in no household: register")
        case _, DescribeResident(name=name, phone=phone, address=address):
            return [ResidentDescribed(name, phone, address)]
        case Status.ASKING, _:
            raise Rejected("not-confirmed", "the household has to be confirmed first")
        case _, Vouch(resident=other) if other == resident.resident:
            raise Rejected("own-confirmation", "nobody confirms themselves: ask your household")
        case _, Vouch(by=by, resident=other, lives_here=lives_here):
            return [ResidentVouchedFor(other, resident.household, by, lives_here)]
        case _, MoveHousehold(household=household) if household == resident.household:
            return []
        case _, MoveHousehold(household=household):
            must_be_a_unit(household, facts)
            return [ResidentMoved(resident.resident, household, before=resident.household)]
        case _, AskToMove(household=household):
            if household == resident.household:
                raise Rejected("lives-there", "the person is registered in this household already")
            home = must_be_a_unit(household, facts)
            return [asks(resident.resident, household, home, now)]
        case _, MoveOut():
            return [ResidentMovedOut(resident.resident, resident.household)]
    raise Rejected("wrong-moment", f"cannot {command.verb} a resident", verb=command.verb)


def entered(
    command: RegisterResident | RegisterAnew,
    resident: Resident,
    now: datetime,
    facts: Home | Standing | None,
) -> list[Event]:
    """What entering somebody leads to: they live there, or wait to be confirmed."""
    described = ResidentDescribed(command.name, command.phone, command.address)
    if isinstance(command, RegisterAnew):
        if resident.status is not Status.ERASED:
            raise Rejected("not-erased", "only who was erased is registered anew")
        must_be_a_unit(command.household, facts)
        return [ResidentRegistered(resident.resident, command.household), described]
    if resident.status is Status.ERASED:
        raise Rejected(
            "resident-erased", "this person was erased: only an administrator registers them anew"
        )
    if resident.status is Status.REGISTERED:
        raise Rejected("resident-exists", "this person is registered: move or describe them")
    home = must_be_a_unit(command.household, facts)
    if command.by == command.resident:
        if resident.status is Status.ASKING:
            raise Rejected("asked-already", "you have asked to be registered: wait for an answer")
        return [asks(command.resident, command.household, home, now), described]
    return [ResidentRegistered(command.resident, command.household), described]


def asks(subject: str, household: str, home: Home, now: datetime) -> HouseholdAsked:
    """The person waits to be confirmed in that household, for as long as that may take."""
    return HouseholdAsked(subject, household, home.path, now + ASKING_LASTS)


def confirmed(resident: Resident) -> list[Event]:
    """The person lives where they asked to."""
    assert resident.asked is not None, "only what was asked is confirmed"
    household = resident.asked.household
    if resident.status is Status.REGISTERED:
        return [ResidentMoved(resident.resident, household, before=resident.household)]
    return [ResidentRegistered(resident.resident, household)]


def ended(resident: Resident, because: str) -> list[Event]:
    """What was asked comes to nothing; of who lived nowhere before, nothing is kept."""
    assert resident.asked is not None, "only what was asked comes to an end"
    household = resident.asked.household
    if resident.status is Status.REGISTERED:
        return [MoveRefused(resident.resident, household, because)]
    return [RegistrationRefused(resident.resident, household, because)]


def erased(command: Erase, resident: Resident, facts: Home | Standing | None) -> list[Event]:
    """The person is forgotten, unless something stands against it."""
    own = command.by == resident.resident
    if own != (command.because is Grounds.OWN_WISH):
        raise Rejected("wrong-grounds", "a wish is the person's own; others name their grounds")
    if isinstance(facts, Standing) and facts.posts:
        raise Rejected(
            "holds-a-post", f"the person holds {facts.posts[0]}: resign first", post=facts.posts[0]
        )
    if isinstance(facts, Standing) and facts.deputy:
        post = facts.deputy[0]
        raise Rejected("is-a-deputy", f"the person stands in for {post}: name another", post=post)
    if isinstance(facts, Standing) and facts.rotas:
        rota = facts.rotas[0]
        raise Rejected("has-a-shift", f"a shift of rota {rota} lies ahead: hand it on", rota=rota)
    return [ErasureGrounded(command.because.value), ResidentErased(resident.resident)]


def over(resident: Resident, now: datetime) -> bool:
    """Whether what was asked can be confirmed no more."""
    return resident.asked is not None and resident.asked.until <= now


def must_be_a_unit(household: str, facts: Home | Standing | None) -> Home:
    """The household's place; rejects one that is not a registered unit."""
    if not isinstance(facts, Home):
        raise Rejected("unknown-place", f"no place {household} is registered", place=household)
    if facts.kind is not PlaceKind.UNIT:
        raise Rejected(
            "not-a-unit",
            f"{household} is a {facts.kind}; a household is a unit",
            place=household,
            kind=facts.kind,
        )
    if not facts.is_open:
        raise Rejected("household-closed", f"{household} is closed: name another", place=household)
    return facts


def evolve(resident: Resident, event: Event) -> Resident:
    """The resident after an event."""
    match event:
        case HouseholdAsked(resident=subject, household=household, path=path, until=until):
            living = resident.status is Status.REGISTERED
            status = Status.REGISTERED if living else Status.ASKING
            asked = Asked(household, path, until)
            return Resident(subject, resident.household if living else "", status, asked)
        case ResidentRegistered(resident=subject, household=household):
            return Resident(subject, household, Status.REGISTERED)
        case ResidentMoved(household=household):
            return replace(resident, household=household, asked=None)
        case MoveRefused():
            return replace(resident, asked=None)
        case RegistrationRefused():
            return Resident(resident.resident)
        case ResidentMovedOut():
            return Resident(resident.resident, status=Status.MOVED_OUT)
        case ResidentErased(resident=subject):
            return Resident(subject, status=Status.ERASED)
    return resident


def due(resident: Resident) -> datetime | None:
    """When what was asked lapses."""
    return resident.asked.until if resident.asked is not None else None


OPEN: dict[Status, tuple[str, ...]] = {
    Status.UNKNOWN: ("erase",),
    Status.ASKING: ("confirm", "refuse", "describe", "erase"),
    Status.REGISTERED: ("move", "ask-to-move", "move-out", "describe", "vouch", "erase"),
    Status.MOVED_OUT: ("erase",),
    Status.ERASED: ("register-anew",),
}
"""The verbs that a resident knows in a status."""


def open_verbs(resident: Resident) -> tuple[str, ...]:
    """The verbs that this resident knows now."""
    moving = resident.status is Status.REGISTERED and resident.asked is not None
    return (*OPEN[resident.status], *(("confirm", "refuse") if moving else ()))


resident = Aggregate(
    kind="resident",
    initial=Resident(),
    decide=decide,
    evolve=evolve,
    events=(
        HouseholdAsked,
        ResidentRegistered,
        RegistrationRefused,
        ResidentVouchedFor,
        ResidentMoved,
        MoveRefused,
        ResidentMovedOut,
        ErasureGrounded,
        ResidentErased,
        ResidentDescribed,
    ),
    due=due,
)
