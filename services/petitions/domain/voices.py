"""Voices (联名): households that sign a joint petition and one who speaks for them; people with the
same trouble.
"""

from dataclasses import dataclass
from datetime import datetime

from services.petitions.domain.ladder import Surroundings
from services.petitions.domain.state import Petition, Voices
from shared.contracts.event import Event
from shared.contracts.petitions import (
    PetitionSignatureWithdrawn,
    PetitionSigned,
    PetitionSpokespersonChanged,
    PetitionSupported,
    PetitionSupportWithdrawn,
)
from shared.contracts.types import Id, PetitionKind, PlaceCode
from shared.runtime.aggregate import Command, Rejected, changed

MOST_SIGNERS = 500
"""Households on one joint petition."""
MOST_SUPPORTERS = 1_000
"""Supporters of one petition: beyond that it is known to all who answer for it."""


@dataclass(frozen=True, slots=True)
class Sign(Command):
    """Sign a joint petition for one's household: the one that one is registered in."""

    by: Id
    household: PlaceCode


@dataclass(frozen=True, slots=True)
class WithdrawSignature(Command):
    """Take one's signature back."""

    by: Id


@dataclass(frozen=True, slots=True)
class PassOn(Command):
    """Have another one of those who signed speak for all: they are the petitioner then."""

    by: Id
    to: Id


@dataclass(frozen=True, slots=True)
class Support(Command):
    """Say "that troubles me, too", instead of filing it again."""

    by: Id


@dataclass(frozen=True, slots=True)
class WithdrawSupport(Command):
    """Take one's support back."""

    by: Id


@dataclass(frozen=True, slots=True)
class VoiceHeard(Event):
    """When somebody signed or supported it: many within days make a topic hot."""

    by: str
    at: datetime


COMMANDS = (Sign, WithdrawSignature, PassOn, Support, WithdrawSupport)
EVENTS = (
    PetitionSigned,
    PetitionSignatureWithdrawn,
    PetitionSpokespersonChanged,
    PetitionSupported,
    PetitionSupportWithdrawn,
    VoiceHeard,
)


def decide(command: Command, petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    """What follows from a voice raised or taken back."""
    voices = petition.voices or Voices()
    match command:
        case Sign(by=by, household=household):
            signed = _sign(petition, voices, by, household, facts)
            return [*signed, VoiceHeard(by, now)]
        case WithdrawSignature(by=by):
            return [_unsigned(petition, voices, by)]
        case PassOn(by=by, to=to) if to == by or to not in voices.signers:
            raise Rejected("no-signer", "name another one of those who have signed it")
        case PassOn(by=by, to=to):
            return [PetitionSpokespersonChanged(petition.id, to, by, "passed-on")]
        case Support(by=by):
            if len(voices.supporters) >= MOST_SUPPORTERS:
                raise Rejected("enough-voices", "so many support it that no more are counted")
            supporters = len(voices.supporters) + 1
            return [PetitionSupported(petition.id, by, supporters), VoiceHeard(by, now)]
        case WithdrawSupport(by=by):
            return [_unsupported(petition, voices, by)]
    raise TypeError(command)


def silenced(petition: Petition, person: str) -> list[Event]:
    """What follows for its voices when a person is erased: theirs are counted no more, and where
    they spoke for others who have signed, the first of those does.
    """
    voices = petition.voices or Voices()
    events: list[Event] = []
    if person in voices.signers:
        events.append(_unsigned(petition, voices, person))
    if person in voices.supporters:
        events.append(_unsupported(petition, voices, person))
    heir = next((one for one in voices.signers if one != person), None)
    if person == petition.petitioner and heir is not None:
        events.append(PetitionSpokespersonChanged(petition.id, heir, person, "erased"))
    return events


def _unsigned(petition: Petition, voices: Voices, by: str) -> Event:
    household = voices.households[voices.signers.index(by)]
    return PetitionSignatureWithdrawn(petition.id, by, household, len(voices.signers) - 1)


def _unsupported(petition: Petition, voices: Voices, by: str) -> Event:
    return PetitionSupportWithdrawn(petition.id, by, len(voices.supporters) - 1)


def objection(petition: Petition, verb: str, by: str | None) -> Rejected | None:
    """Why this person cannot raise, or take back, their voice."""
    voices = petition.voices or Voices()
    match verb:
        case "sign" if not petition.joint:
            return Rejected("not-joint", "this is no joint petition: support it instead")
        case "sign" if by in voices.signers:
            return Rejected("signed-already", "you have signed it")
        case "withdraw-signature" if by not in voices.signers:
            return Rejected("not-signed", "you have not signed it")
        case "withdraw-signature" if by == petition.petitioner:
            return Rejected(
                "spokesperson", "the spokesperson withdraws the petition itself, or passes it on"
            )
        case "pass-on" if not petition.joint:
            return Rejected("not-joint", "this is no joint petition: support it instead")
        case "support" if petition.kind is PetitionKind.REPORT:
            return Rejected("report-unsupported", "a report is not shown to others")
        case "support" if by == petition.petitioner or by in voices.signers:
            return Rejected("own-petition", "it is your own petition already")
        case "support" if by in voices.supporters:
            return Rejected("supported-already", "you support it already")
        case "withdraw-support" if by not in voices.supporters:
            return Rejected("not-supported", "you do not support it")
    return None


def spokesperson_signs(
    petition: Petition, by: str, household: str, facts: Surroundings
) -> list[Event]:
    """Who files a joint petition is the first to sign it."""
    return _sign(petition, Voices(), by, household, facts)


def _sign(
    petition: Petition, voices: Voices, by: str, household: str, facts: Surroundings
) -> list[Event]:
    if facts.home is None:
        raise Rejected(
            "no-household", "who signs is registered in no household: register there first"
        )
    if household != facts.home:
        raise Rejected(
            "other-household", "a household is signed for by those who are registered in it"
        )
    if household in voices.households:
        raise Rejected("household-signed", "your household has signed it")
    if len(voices.signers) >= MOST_SIGNERS:
        raise Rejected("enough-voices", "so many support it that no more are counted")
    return [PetitionSigned(petition.id, by, household, len(voices.signers) + 1)]


def evolve(petition: Petition, event: Event) -> Petition:
    """The petition after the event."""
    voices = petition.voices or Voices()
    match event:
        case PetitionSigned():
            voices = changed(
                voices,
                signers=(*voices.signers, event.by),
                households=(*voices.households, event.household),
            )
        case PetitionSignatureWithdrawn():
            voices = changed(
                voices,
                signers=tuple(p for p in voices.signers if p != event.by),
                households=tuple(h for h in voices.households if h != event.household),
            )
            voices = _without(voices, event.by)
        case PetitionSpokespersonChanged():
            former = (*(one for one in voices.former if one != event.before), event.before)
            voices = changed(voices, former=former)
            return changed(petition, petitioner=event.spokesperson, voices=voices)
        case PetitionSupported():
            voices = changed(voices, supporters=(*voices.supporters, event.by))
        case PetitionSupportWithdrawn():
            voices = changed(
                voices, supporters=tuple(p for p in voices.supporters if p != event.by)
            )
            voices = _without(voices, event.by)
        case VoiceHeard():
            voices = changed(voices, heard=(*_others(voices, event.by), (event.by, event.at)))
    return changed(petition, voices=voices)


def _without(voices: Voices, person: str) -> Voices:
    """After one voice of the person: silent, unless another one of theirs is left."""
    if person in (*voices.signers, *voices.supporters):
        return voices
    return changed(voices, heard=_others(voices, person))


def _others(voices: Voices, person: str) -> tuple[tuple[str, datetime], ...]:
    return tuple(voice for voice in voices.heard if voice[0] != person)
