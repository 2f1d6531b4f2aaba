"""Where a person is reached: addresses that they gave and confirmed, each with their consent.

An address is personal and lies in the dossier: of each kind of entry the latest is in use, and an
empty one was taken back. A code is sent there to confirm it; it is made from the secret of the
installation and kept nowhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.notifications.domain.kinds import Topic
from services.notifications.domain.preferences.address_commands import (
    AskCode,
    ConfirmAddress,
    GiveEmail,
    GivePhone,
    GivePush,
    ImportAddress,
    MarkBad,
    RemoveAddress,
    Unsubscribe,
)
from services.notifications.domain.preferences.choices import WaysChosen, WayStopped
from services.notifications.domain.preferences.state import (
    Address,
    Consent,
    GivenBy,
    Preferences,
    Surroundings,
)
from services.notifications.domain.ways import Way
from shared.contracts.event import Event, Personal
from shared.contracts.notifications import AddressCodeAsked, AddressWay
from shared.runtime.aggregate import Command, Rejected

CODE_GOOD_FOR = timedelta(minutes=15)
CODE_AGAIN_AFTER = timedelta(minutes=1)
"""Between two codes to the addresses of one way."""
SOON_AGAIN = 5
"""So many codes that nobody gives back come at that pace; then it is one an hour: nobody makes us
write to others without end.
"""
LATER_AGAIN = timedelta(hours=1)
MOST_TURNS = 1_000
"""Codes that are ever sent for the addresses of one way."""
IMPORTED = (Way.EMAIL, Way.SMS)
"""Ways that other systems know addresses of."""


@dataclass(frozen=True, slots=True)
class AddressRecorded(Event):
    """There is an address for this way. `confirmed` where it needs no code: a browser's own, or one
    that another system had confirmed.
    """

    way: Way
    given_by: GivenBy
    confirmed: bool


@dataclass(frozen=True, slots=True)
class ConsentGiven(Event):
    """The person agreed to be written to by this way: to which version of the wording, when, and
    who recorded it.
    """

    way: Way
    wording: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class AddressConfirmed(Event):
    """The code was right."""

    way: Way


@dataclass(frozen=True, slots=True)
class AddressWentBad(Event):
    """Nobody is reached there."""

    way: Way


@dataclass(frozen=True, slots=True)
class AddressRemoved(Event):
    """The person took it back, and the consent with it."""

    way: Way


@dataclass(frozen=True, slots=True)
class EmailGiven(Personal):
    """Where the person gets e-mail."""

    address: str


@dataclass(frozen=True, slots=True)
class PhoneGiven(Personal):
    """The number that the person is texted and called at."""

    number: str


@dataclass(frozen=True, slots=True)
class PushGiven(Personal):
    """A browser's push subscription (RFC 8030), and the keys that messages to it are encrypted for
    (RFC 8291).
    """

    endpoint: str
    p256dh: str
    auth: str


EVENTS: tuple[type[Event], ...] = (
    AddressRecorded,
    ConsentGiven,
    AddressConfirmed,
    AddressWentBad,
    AddressRemoved,
    AddressCodeAsked,
    EmailGiven,
    PhoneGiven,
    PushGiven,
)

ENTRIES: dict[Way, type[Personal]] = {
    Way.EMAIL: EmailGiven,
    Way.SMS: PhoneGiven,
    Way.PHONE: PhoneGiven,
    Way.PUSH: PushGiven,
}
"""Which entry of the dossier has the address of a way."""


def decide(
    command: Command, known: Preferences, now: datetime, around: Surroundings
) -> Sequence[Event]:
    """What follows from a command."""
    match command:
        case GiveEmail(address=address, wording=wording):
            return _given(known, now, AddressWay.EMAIL, EmailGiven(address), wording)
        case GivePhone(number=number, wording=wording):
            return _given(known, now, AddressWay.SMS, PhoneGiven(e164(number)), wording)
        case GivePush(endpoint=endpoint, p256dh=p256dh, auth=auth, wording=wording):
            return [
                PushGiven(endpoint, p256dh, auth),
                AddressRecorded(Way.PUSH, GivenBy.PERSON, True),
                ConsentGiven(Way.PUSH, wording, now, known.person),
            ]
        case AskCode(way=way):
            _unconfirmed(known, Way(way))
            return [_code_asked(known, way, now)]
        case ConfirmAddress(way=way):
            return [_confirmed(known, Way(way), now, around)]
        case RemoveAddress(way=way):
            return _removed(known, way)
        case MarkBad(way=way):
            return _went_bad(known, Way.SMS if way is Way.PHONE else way)
        case Unsubscribe(topic=topic):
            return _unsubscribed(known, topic)
        case ImportAddress():
            return _imported(command, known)
    raise AssertionError(command)


def e164(number: str) -> str:
    """A mobile number as every network knows it (ITU-T E.164): one without a country is of the
    mainland.
    """
    return number if number.startswith("+") else f"+86{number}"


def _given(
    known: Preferences, now: datetime, way: AddressWay, address: Personal, wording: str
) -> list[Event]:
    return [
        address,
        AddressRecorded(Way(way), GivenBy.PERSON, False),
        ConsentGiven(Way(way), wording, now, known.person),
        _code_asked(known, way, now),
    ]


def _unconfirmed(known: Preferences, way: Way) -> Address:
    address = known.addresses.get(way)
    if address is None or address.removed:
        raise Rejected("no-address", "give an address first")
    if address.confirmed and not address.bad:
        raise Rejected("confirmed-already", "this address is confirmed")
    return address


def _code_asked(known: Preferences, way: AddressWay, now: datetime) -> AddressCodeAsked:
    last = known.addresses.get(Way(way), Address(GivenBy.PERSON))
    if last.turn >= MOST_TURNS:
        raise Rejected("too-many-codes", "too many codes were sent: ask your community for help")
    pause = CODE_AGAIN_AFTER if last.in_vain < SOON_AGAIN else LATER_AGAIN
    if last.code_until is not None and now < last.code_until - CODE_GOOD_FOR + pause:
        minutes = pause // timedelta(minutes=1)
        raise Rejected(
            "code-just-sent",
            f"codes are sent {minutes} minutes apart: wait for the next",
            minutes=minutes,
        )
    return AddressCodeAsked(known.person, way, last.turn + 1, now + CODE_GOOD_FOR)


def _confirmed(known: Preferences, way: Way, now: datetime, around: Surroundings) -> Event:
    address = _unconfirmed(known, way)
    if address.code_until is None or now >= address.code_until:
        raise Rejected("code-too-old", "the code is too old: ask for another")
    if around.locked_for:
        raise Rejected(
            "code-locked",
            f"too many wrong codes: wait {around.locked_for} minutes",
            minutes=around.locked_for,
        )
    if not around.fits:
        raise Rejected("wrong-code", "this is not the code that was sent there")
    return AddressConfirmed(way)


def _removed(known: Preferences, way: Way) -> list[Event]:
    address = known.addresses.get(way)
    if address is None or address.removed:
        return []
    blank: dict[Way, Personal] = {
        Way.EMAIL: EmailGiven(""),
        Way.SMS: PhoneGiven(""),
        Way.PUSH: PushGiven("", "", ""),
    }
    return [blank[way], AddressRemoved(way)]


def _went_bad(known: Preferences, way: Way) -> list[Event]:
    address = known.addresses.get(way)
    if address is None or address.bad or address.removed:
        return []
    return [AddressWentBad(way)]


def _unsubscribed(known: Preferences, topic: Topic | None) -> list[Event]:
    if Way.EMAIL in known.stopped:
        return []
    if topic is None:
        return [WayStopped(Way.EMAIL, "link")]
    chosen = known.ways.get(topic, tuple(Way))
    if Way.EMAIL not in chosen:
        return []
    rest = tuple(way for way in chosen if way is not Way.EMAIL)
    return [WaysChosen(topic, rest, by_link=True)]


def _imported(command: ImportAddress, known: Preferences) -> list[Event]:
    """Nothing where the person has said something themselves: their word goes before."""
    way, address = command.way, known.addresses.get(command.way)
    if way not in IMPORTED or way in known.stopped:
        return []
    if command.unsubscribed:
        return [WayStopped(way, "import")]
    if address is not None and (address.given_by is GivenBy.PERSON or address.removed):
        return []
    entry: Personal
    if way is Way.EMAIL:
        entry = EmailGiven(command.address)
    else:
        entry = PhoneGiven(e164(command.address))
    return [
        entry,
        AddressRecorded(way, GivenBy.IMPORT, True),
        ConsentGiven(way, command.wording, command.agreed_at, command.imported_by),
    ]


def evolve(known: Preferences, event: Event) -> Preferences:
    """The preferences after an event of this chapter."""
    match event:
        case AddressRecorded(way=way, given_by=given_by, confirmed=confirmed):
            before = known.addresses.get(way, Address(given_by))
            recorded = replace(
                before, given_by=given_by, confirmed=confirmed, bad=False, removed=False
            )
            return _with(known, way, recorded)
        case ConsentGiven(way=way, wording=wording, at=at, by=by):
            return replace(known, consents={**known.consents, way: Consent(wording, at, by)})
        case AddressCodeAsked(way=way, turn=turn, until=until):
            address = known.addresses[Way(way)]
            asked = replace(address, turn=turn, code_until=until, in_vain=address.in_vain + 1)
            return _with(known, Way(way), asked)
        case AddressConfirmed(way):
            address = known.addresses[way]
            good = replace(address, confirmed=True, bad=False, code_until=None, in_vain=0)
            return _with(known, way, good)
        case AddressWentBad(way):
            return _with(known, way, replace(known.addresses[way], bad=True))
        case AddressRemoved(way):
            gone = replace(known.addresses[way], confirmed=False, bad=False, removed=True)
            rest = {one: consent for one, consent in known.consents.items() if one is not way}
            return replace(_with(known, way, gone), consents=rest)
    return known


def _with(known: Preferences, way: Way, address: Address) -> Preferences:
    return replace(known, addresses={**known.addresses, way: address})
