"""Filing: whose dispute it is, who is in it on which side, and who speaks for whom.

Nobody names a speaker for the other side, and nobody stands on both.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from services.mediation.domain.disputes.consenting import begun_if_all_agree, invited
from services.mediation.domain.disputes.dispute_commands import (
    FileDispute,
    InviteParties,
    NamedParty,
    NameRepresentative,
    RaiseRisk,
    TellDispute,
    Told,
)
from services.mediation.domain.disputes.dispute_events import (
    ConsentRecorded,
    DisputeReasonGiven,
    DisputeTold,
    DisputeWaitsUntil,
    Named,
    PartiesNamed,
    PartyContactGiven,
)
from services.mediation.domain.disputes.dispute_state import Around, Dispute
from services.mediation.domain.disputes.evolving import evolve
from shared.contracts.event import Event, Personal
from shared.contracts.mediation.disputes import (
    DisputeAwaits,
    DisputeFiled,
    DisputeRiskRaised,
    PartyAgreed,
    RepresentativeNamed,
    RiskKind,
)
from shared.contracts.types import PlaceKind
from shared.runtime.aggregate import Rejected

LOOK_WITHIN = timedelta(days=1)
"""Staff look at a dispute with a risk, and invite the others."""
TOO_CLOSE = frozenset({PlaceKind.BUILDING, PlaceKind.UNIT})
"""Places that no dispute is filed at: public events would tell whose door it is at."""
FEWEST_SIDES = 2
MOST_PEOPLE = 100
"""Who is or was in a dispute, with all who spoke for others one after the other."""


def filed(command: FileDispute, now: datetime, around: Around) -> list[Event]:
    """A new dispute. The party that files it agrees by that; the others are asked."""
    _refuse_place(command, around)
    _refuse_parties(command.parties)
    number = _for_whom(command, now)
    named = tuple(
        _named(one, n == number, command, n, around) for n, one in enumerate(command.parties, 1)
    )
    own = named[number - 1]
    people = (who for one in named for who in (one.person, one.representative))
    events: list[Event] = [
        DisputeFiled(
            around.dispute,
            command.kind,
            command.place,
            around.path,
            command.by,
            tuple(dict.fromkeys(who for who in people if who is not None)),
            command.petition,
            command.risk is not None,
        ),
        PartiesNamed(named, own.key, now),
    ]
    if command.on_behalf and command.consent is not None:
        events.append(ConsentRecorded(own.key, command.consent.how.value, command.consent.given))
    speaker = own.representative or own.person
    events.append(PartyAgreed(around.dispute, own.key, command.place, speaker, command.by))
    fresh = Dispute()
    for event in events:
        fresh = evolve(fresh, event)
    if command.risk is not None:
        events += [
            risk_raised(fresh, command.risk, command.by, around),
            DisputeWaitsUntil(DisputeAwaits.INVITATION.value, now + LOOK_WITHIN),
        ]
    else:
        events += invited(fresh, now)
    return [*events, *_words(command, named, own.key)]


def _refuse_place(command: FileDispute, around: Around) -> None:
    if around.kind is None:
        raise Rejected(
            "unknown-place", f"no place {command.place} is registered", place=command.place
        )
    if around.closed:
        raise Rejected("place-closed", f"{command.place} is closed", place=command.place)
    if around.kind in TOO_CLOSE:
        raise Rejected(
            "dispute-too-close", "file it at the neighbourhood or grid; the door stands in words"
        )


def _refuse_parties(parties: Sequence[NamedParty]) -> None:
    if any((one.person is None) is (one.organisation is None) for one in parties):
        raise Rejected("party-one-of", "each party is a person or an organisation")
    if len({one.side for one in parties}) < FEWEST_SIDES:
        raise Rejected("two-sides", "a dispute has parties on two sides at least")
    whole = [one.person or one.organisation for one in parties]
    if len(set(whole)) < len(whole):
        raise Rejected("party-twice", "name each party once")
    sides: dict[str, str] = {}
    for one in parties:
        for who in (one.person, one.representative):
            if who is not None and sides.setdefault(who, one.side) != one.side:
                raise Rejected("both-sides", "nobody stands on both sides")


def _for_whom(command: FileDispute, now: datetime) -> int:
    """The number of the party whose matter it is. Raises `Rejected`."""
    if command.on_behalf:
        if any(command.by in (one.person, one.representative) for one in command.parties):
            raise Rejected("not-for-oneself", "what you file on behalf is somebody else's dispute")
        if command.for_party > len(command.parties):
            raise Rejected("unknown-party", "say by its number for which of the parties you file")
        refuse_consent(command.consent, now)
        number = command.for_party
    else:
        number = next(
            (
                n
                for n, one in enumerate(command.parties, 1)
                if one.person == command.by
                or (one.organisation is not None and one.organisation == command.org)
            ),
            0,
        )
        if not number:
            raise Rejected("not-in-it", "you are no party: staff file for others, with consent")
    if any(
        one.representative is not None and n != number for n, one in enumerate(command.parties, 1)
    ):
        raise Rejected("representative-of-others", "each party names who speaks for it")
    return number


def refuse_consent(consent: Told | None, now: datetime) -> None:
    """Raises `Rejected` where it is not said how and when somebody said so."""
    if consent is None:
        raise Rejected("consent-needed", "say how and when the party said so")
    if consent.given.tzinfo is None or consent.given > now:
        raise Rejected("consent-later", "the party cannot have said so after now")


def _named(party: NamedParty, own: bool, command: FileDispute, n: int, around: Around) -> Named:
    representative = party.representative
    if own and not command.on_behalf and party.organisation is not None and not representative:
        representative = command.by
    household = None if party.person is None else around.homes.get(party.person)
    return Named(
        f"p{n}",
        party.side.value,
        party.person,
        party.organisation,
        representative,
        household,
    )


def _words(command: FileDispute, named: Iterable[Named], own: str) -> list[Personal]:
    contacts = [
        PartyContactGiven(one.key, given.name, given.phone, given.address)
        for one, given in zip(named, command.parties, strict=True)
        if given.name or given.phone or given.address
    ]
    return [DisputeTold(own, command.title, command.text), *contacts]


def looked_at(command: InviteParties, dispute: Dispute, now: datetime) -> list[Event]:
    """Staff have looked, and the others are asked."""
    return invited(dispute, now) or begun_if_all_agree(dispute, now)


def told(command: TellDispute, dispute: Dispute) -> list[Event]:
    """Another account of it."""
    party = dispute.party_of(command.by)
    return [DisputeTold(None if party is None else party.key, command.title, command.text)]


def represented(command: NameRepresentative, dispute: Dispute) -> list[Event]:
    """By the party itself, by who speaks for it, or acts for the organisation; by staff for an
    organisation for which nobody speaks.
    """
    party = dispute.party(command.party)
    if party is None or not party.within:
        raise Rejected("unknown-party", "no such party takes part")
    acts = party.organisation is not None and party.organisation == command.org
    orphan = party.organisation is not None and party.representative is None
    own = command.by in party.people or acts
    if not own and (not orphan or command.by in dispute.people):
        raise Rejected("not-your-party", "each party names who speaks for it")
    elsewhere = next(
        (one for one in dispute.parties if command.person in one.people and one.within), party
    )
    if elsewhere.side != party.side:
        raise Rejected("both-sides", "nobody stands on both sides")
    if command.person == dispute.mediator or command.person in dispute.panel:
        raise Rejected("mediates-it", "who mediates speaks for no party")
    if command.person in party.people:
        return []
    if len(dispute.people) >= MOST_PEOPLE:
        raise Rejected("too-many-speakers", "too many have spoken in this dispute")
    before = party.representative
    return [
        RepresentativeNamed(
            dispute.dispute, party.key, dispute.place, command.person, before, command.by
        )
    ]


def raised(command: RaiseRisk, dispute: Dispute, around: Around) -> list[Event]:
    """The police are told, whatever state the dispute is in."""
    said = [DisputeReasonGiven(command.verb, command.by, command.text)] if command.text else []
    return [risk_raised(dispute, command.kind, command.by, around), *said]


def risk_raised(dispute: Dispute, kind: RiskKind, by: str, around: Around) -> DisputeRiskRaised:
    """Who has to know at once."""
    return DisputeRiskRaised(
        dispute.dispute,
        kind,
        dispute.place,
        dispute.path,
        by,
        around.police_at,
        around.police,
        around.person,
    )
