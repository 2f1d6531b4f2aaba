"""Organisation (单位): a body that has a part in the neighbourhood, with its members.

Big party committees (大党委), owners' committees, property companies, departments with what they
answer for, co-building partner units (共建单位). What an organisation is called is not personal.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from shared.contracts.community import (
    OrganisationAnswersFor,
    OrganisationClosed,
    OrganisationMemberJoined,
    OrganisationMemberLeft,
    OrganisationRegistered,
    OrganisationRenamed,
    OrganisationServes,
)
from shared.contracts.event import Event
from shared.contracts.types import Code, Id, OrganisationKind, PlaceCode, Title, at_most
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick

MOST_PLACES = 50
"""Places that one organisation serves."""
MOST_CATEGORIES = 200
"""Categories under one duty."""
MOST_MEMBERS = 500
MOST_DUTIES = 40
"""Duties that one department answers for."""
MOST_ANSWERS_KEPT = 8
"""Lists of categories kept for one duty: those that were, the one that holds, those ahead."""


class Role(StrEnum):
    """What a person is in an organisation: its head, the one to talk to, or one of the others."""

    HEAD = "head"
    CONTACT = "contact"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Member:
    """A person (by subject) who belongs to the organisation."""

    person: str
    role: Role


@dataclass(frozen=True, slots=True)
class Answers:
    """From `since` on the department answers for these categories under this duty; with none, no
    more."""

    duty: str
    categories: tuple[str, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class Organisation:
    """A body with its seat (`home`) and the places that it serves; with an empty id it is not
    registered yet. `answers` are in order of duty and time."""

    organisation: str = ""
    kind: OrganisationKind = OrganisationKind.OTHER
    name: str = ""
    home: str = ""
    serves: tuple[str, ...] = ()
    answers: tuple[Answers, ...] = ()
    members: tuple[Member, ...] = ()
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Ground:
    """The places that a command names and that are not registered."""

    missing: tuple[str, ...] = ()


# --- commands ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RegisterOrganisation(Command):
    """Enters an organisation. Its id is the one that its members' tokens carry."""

    by: Id
    organisation: Id
    kind: OrganisationKind
    name: Title
    home: PlaceCode
    serves: Annotated[tuple[PlaceCode, ...], at_most(MOST_PLACES)] = ()


@dataclass(frozen=True, slots=True)
class RenameOrganisation(Command):
    """Gives it another name."""

    verb = "rename"
    by: Id
    name: Title


@dataclass(frozen=True, slots=True)
class Serve(Command):
    """Sets the places that it serves."""

    by: Id
    places: Annotated[tuple[PlaceCode, ...], at_most(MOST_PLACES)]


@dataclass(frozen=True, slots=True)
class AnswerFor(Command):
    """Sets for which categories a department answers under a duty, from a time on, else from now;
    an empty list ends it."""

    by: Id
    duty: Code
    categories: Annotated[tuple[Code, ...], at_most(MOST_CATEGORIES)]
    from_: datetime | None = None


@dataclass(frozen=True, slots=True)
class Admit(Command):
    """Takes a person in, or gives a member another role."""

    by: Id
    person: Id
    role: Role = Role.MEMBER


@dataclass(frozen=True, slots=True)
class Dismiss(Command):
    """A member belongs to it no more."""

    by: Id
    person: Id


@dataclass(frozen=True, slots=True)
class Leave(Command):
    """The caller belongs to it no more."""

    by: Id


@dataclass(frozen=True, slots=True)
class CloseOrganisation(Command):
    """It exists no more. What it did stays."""

    verb = "close"
    by: Id


@dataclass(frozen=True, slots=True)
class StrikeMember(Command):
    """A person was erased: they are struck, without anybody's asking."""

    person: str


# --- rules -------------------------------------------------------------------------------------


def decide(
    command: Command, body: Organisation, now: datetime, ground: Ground | None = None
) -> list[Event]:
    """What follows from a command; `ground` are the places it names that nobody knows."""
    match command:
        case Tick():
            return []
        case RegisterOrganisation() if body.organisation:
            raise Rejected("organisation-exists", "an organisation with this id is registered")
        case RegisterOrganisation(organisation=id, kind=kind, name=name, home=home, serves=serves):
            must_exist(ground)
            return [OrganisationRegistered(id, kind, name, home, in_order(serves))]
        case StrikeMember(person=person):
            return left(body, person) if role_of(body, person) is not None else []
        case _ if not body.organisation:
            raise Rejected("unknown-organisation", "no such organisation is registered")
        case _ if body.closed:
            raise Rejected("organisation-closed", "this organisation exists no more")
        case RenameOrganisation(name=name):
            return [] if name == body.name else [OrganisationRenamed(body.organisation, name)]
        case Serve(places=places):
            must_exist(ground)
            serves = in_order(places)
            return [] if serves == body.serves else [OrganisationServes(body.organisation, serves)]
        case AnswerFor():
            return answering(command, body, now)
        case Admit(person=person, role=role):
            if role_of(body, person) is role:
                return []
            if len(body.members) >= MOST_MEMBERS and role_of(body, person) is None:
                raise Rejected(
                    "too-many-members", f"at most {MOST_MEMBERS} members", most=MOST_MEMBERS
                )
            return [OrganisationMemberJoined(body.organisation, person, role.value)]
        case Dismiss(person=person) | Leave(by=person):
            return left(body, person)
        case CloseOrganisation():
            return [OrganisationClosed(body.organisation)]
    raise Rejected("wrong-moment", f"cannot {command.verb} an organisation", verb=command.verb)


def answering(command: AnswerFor, body: Organisation, now: datetime) -> list[Event]:
    """The department answers for the categories from a time on that is not over."""
    if body.kind is not OrganisationKind.DEPARTMENT:
        raise Rejected("not-a-department", "only a department answers for categories")
    since = now if command.from_ is None else command.from_
    if since < now:
        raise Rejected("since-passed", "what was cannot be changed: give a time from now on")
    duties = {answers.duty for answers in body.answers}
    if command.duty not in duties and len(duties) >= MOST_DUTIES:
        raise Rejected("too-many-duties", f"at most {MOST_DUTIES} duties", most=MOST_DUTIES)
    categories = in_order(command.categories)
    return [OrganisationAnswersFor(body.organisation, command.duty, categories, since)]


def left(body: Organisation, person: str) -> list[Event]:
    """The person is a member no more."""
    if role_of(body, person) is None:
        raise Rejected("not-a-member", "this person is no member of the organisation")
    return [OrganisationMemberLeft(body.organisation, person)]


def must_exist(ground: Ground | None) -> None:
    """Rejects a place that is not registered."""
    if ground is not None and ground.missing:
        place = ground.missing[0]
        raise Rejected("unknown-place", f"no place {place} is registered", place=place)


def in_order(codes: tuple[str, ...]) -> tuple[str, ...]:
    """Each once, sorted."""
    return tuple(sorted(set(codes)))


def role_of(body: Organisation, person: str) -> Role | None:
    """What somebody is in it; None for who is no member."""
    return next((member.role for member in body.members if member.person == person), None)


def answers_at(body: Organisation, now: datetime) -> tuple[Answers, ...]:
    """What a department answers for at a time: per duty the latest list that has begun."""
    holding = {answers.duty: answers for answers in body.answers if answers.since <= now}
    return tuple(answers for answers in holding.values() if answers.categories)


def evolve(body: Organisation, event: Event) -> Organisation:
    """The organisation after an event."""
    match event:
        case OrganisationRegistered(
            organisation=id, kind=kind, name=name, home=home, serves=serves
        ):
            return Organisation(id, kind, name, home, serves)
        case OrganisationRenamed(name=name):
            return replace(body, name=name)
        case OrganisationServes(serves=serves):
            return replace(body, serves=serves)
        case OrganisationAnswersFor(duty=duty, categories=categories, since=since):
            others = [one for one in body.answers if one.duty != duty]
            # What was planned for this time or later is replaced.
            before = [one for one in body.answers if one.duty == duty and one.since < since]
            mine = [*before, Answers(duty, categories, since)][-MOST_ANSWERS_KEPT:]
            answers = sorted([*others, *mine], key=lambda one: (one.duty, one.since))
            return replace(body, answers=tuple(answers))
        case OrganisationMemberJoined(person=person, role=role):
            staying = tuple(one for one in body.members if one.person != person)
            return replace(body, members=(*staying, Member(person, Role(role))))
        case OrganisationMemberLeft(person=person):
            return replace(body, members=tuple(m for m in body.members if m.person != person))
        case OrganisationClosed():
            return replace(body, closed=True)
    return body


def open_verbs(body: Organisation) -> tuple[str, ...]:
    """The verbs that this organisation knows now."""
    if not body.organisation or body.closed:
        return ()
    verbs = ("rename", "serve", "admit", "dismiss", "leave", "close")
    return (*verbs, "answer-for") if body.kind is OrganisationKind.DEPARTMENT else verbs


organisation = Aggregate(
    kind="organisation",
    initial=Organisation(),
    decide=decide,
    evolve=evolve,
    events=(
        OrganisationRegistered,
        OrganisationRenamed,
        OrganisationServes,
        OrganisationAnswersFor,
        OrganisationMemberJoined,
        OrganisationMemberLeft,
        OrganisationClosed,
    ),
)
