"""Alliance (联盟): organisations that work together for a place, one of them in the chair."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated

from shared.contracts.community import (
    AllianceChairPassed,
    AllianceDissolved,
    AllianceFounded,
    AllianceMemberJoined,
    AllianceMemberLeft,
)
from shared.contracts.event import Event
from shared.contracts.types import Id, PlaceCode, Title, at_most
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick

MOST_MEMBERS = 100


@dataclass(frozen=True, slots=True)
class Alliance:
    """Organisations by id, for a place; with an empty id it is not founded yet."""

    alliance: str = ""
    place: str = ""
    name: str = ""
    chair: str = ""
    members: tuple[str, ...] = ()
    dissolved: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """The alliance's own id; whether the place named is registered; which of the organisations
    named are not, or exist no more."""

    alliance: str
    place: bool = True
    missing: tuple[str, ...] = ()


# --- commands ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FoundAlliance(Command):
    """Founds it with its first members; the chair is one of them."""

    by: Id
    place: PlaceCode
    name: Title
    chair: Id
    members: Annotated[tuple[Id, ...], at_most(MOST_MEMBERS - 1)] = ()


@dataclass(frozen=True, slots=True)
class AdmitOrganisation(Command):
    """Takes an organisation in."""

    verb = "admit"
    by: Id
    organisation: Id


@dataclass(frozen=True, slots=True)
class DismissOrganisation(Command):
    """An organisation belongs to it no more."""

    verb = "dismiss"
    by: Id
    organisation: Id


@dataclass(frozen=True, slots=True)
class LeaveAlliance(Command):
    """The caller's organisation belongs to it no more."""

    verb = "leave"
    by: Id
    org: Id | None


@dataclass(frozen=True, slots=True)
class PassChair(Command):
    """Another member takes the chair."""

    by: Id
    organisation: Id


@dataclass(frozen=True, slots=True)
class Dissolve(Command):
    """The alliance ends. What was promised stays."""

    by: Id


# --- rules -------------------------------------------------------------------------------------


def decide(
    command: Command, alliance: Alliance, now: datetime, known: Known | None = None
) -> list[Event]:
    """What follows from a command; `known` is what the register says of what it names."""
    match command:
        case Tick():
            return []
        case FoundAlliance(place=place, name=name, chair=chair, members=members):
            return founded(alliance, known, place, name, chair, members)
        case _ if not alliance.alliance:
            raise Rejected("unknown-alliance", "no such alliance was founded")
        case _ if alliance.dissolved:
            raise Rejected("alliance-dissolved", "this alliance has ended")
        case AdmitOrganisation(organisation=organisation):
            if organisation in alliance.members:
                return []
            must_be_known(known)
            if len(alliance.members) >= MOST_MEMBERS:
                raise Rejected(
                    "too-many-members", f"at most {MOST_MEMBERS} members", most=MOST_MEMBERS
                )
            return [AllianceMemberJoined(alliance.alliance, organisation)]
        case (
            DismissOrganisation(organisation=str(organisation))
            | LeaveAlliance(org=str(organisation))
        ):
            must_be_a_member(alliance, organisation)
            if organisation == alliance.chair:
                raise Rejected("in-the-chair", "pass the chair to another member first")
            return [AllianceMemberLeft(alliance.alliance, organisation)]
        case PassChair(organisation=organisation):
            must_be_a_member(alliance, organisation)
            if organisation == alliance.chair:
                return []
            return [AllianceChairPassed(alliance.alliance, organisation, before=alliance.chair)]
        case Dissolve():
            return [AllianceDissolved(alliance.alliance)]
    raise Rejected(
        "no-organisation", "you act for no organisation: ask for a token that says which"
    )


def founded(
    alliance: Alliance,
    known: Known | None,
    place: str,
    name: str,
    chair: str,
    members: tuple[str, ...],
) -> list[Event]:
    """A new alliance of known organisations for a known place."""
    if alliance.alliance:
        raise Rejected("alliance-exists", "this alliance was founded before")
    if known is None or not known.place:
        raise Rejected("unknown-place", f"no place {place} is registered", place=place)
    must_be_known(known)
    together = (chair, *sorted(set(members) - {chair}))
    return [AllianceFounded(known.alliance, place, name, chair, together)]


def must_be_known(known: Known | None) -> None:
    """Rejects an organisation that is not registered, or exists no more."""
    if known is None or known.missing:
        raise Rejected("unknown-organisation", "no such organisation is registered")


def must_be_a_member(alliance: Alliance, organisation: str) -> None:
    """Rejects an organisation that does not belong to the alliance."""
    if organisation not in alliance.members:
        raise Rejected("not-in-the-alliance", "this organisation is no member of the alliance")


def evolve(alliance: Alliance, event: Event) -> Alliance:
    """The alliance after an event."""
    match event:
        case AllianceFounded(alliance=id, place=place, name=name, chair=chair, members=members):
            return Alliance(id, place, name, chair, members)
        case AllianceMemberJoined(organisation=organisation):
            return replace(alliance, members=(*alliance.members, organisation))
        case AllianceMemberLeft(organisation=organisation):
            staying = tuple(one for one in alliance.members if one != organisation)
            return replace(alliance, members=staying)
        case AllianceChairPassed(chair=chair):
            return replace(alliance, chair=chair)
        case AllianceDissolved():
            return replace(alliance, dissolved=True)
    return alliance


def open_verbs(alliance: Alliance) -> tuple[str, ...]:
    """The verbs that this alliance knows now."""
    if not alliance.alliance or alliance.dissolved:
        return ()
    return ("admit", "dismiss", "leave", "pass-chair", "dissolve")


alliance = Aggregate(
    kind="alliance",
    initial=Alliance(),
    decide=decide,
    evolve=evolve,
    events=(
        AllianceFounded,
        AllianceMemberJoined,
        AllianceMemberLeft,
        AllianceChairPassed,
        AllianceDissolved,
    ),
)
