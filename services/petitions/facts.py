"""What a decision on a petition is told of the world: the ladder of its place, hours and limits."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.petitions.chinese import simplified
from services.petitions.domain.adoption import Adopt
from services.petitions.domain.category import Category
from services.petitions.domain.commands import File
from services.petitions.domain.consultation_commands import (
    Consult,
    HandOver,
    Insist,
    Minute,
    RuleOut,
)
from services.petitions.domain.departments import Body
from services.petitions.domain.ladder import Surroundings
from services.petitions.domain.mediation import SendToMediation
from services.petitions.domain.state import Petition
from services.petitions.domain.suspension import Resume, Suspend
from services.petitions.domain.taxonomy import Taxonomy as Categories
from services.petitions.domain.voices import Sign
from services.petitions.domain.whistle_commands import Blow
from services.petitions.domain.whistle_ladder import WhistleFacts
from services.petitions.domain.whistle_state import Whistle
from services.petitions.receipts import receipt_of
from services.petitions.rules import Rules
from services.petitions.taxonomy import Taxonomy
from services.petitions.watching import view
from shared.contracts.types import LEVELS, Level, OrganisationKind, PlaceKind
from shared.neighbourhood.belonging import belonging
from shared.neighbourhood.home import home
from shared.neighbourhood.member import KnownMember
from shared.neighbourhood.organisation import KnownOrganisation
from shared.neighbourhood.place import KnownPlace
from shared.neighbourhood.post import KnownPost
from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.copies import Copies
from shared.runtime.deciding import Beside, Facts, Looking
from shared.runtime.numbers import Numbers
from shared.worktime.hours import WorkingHours

LEVEL_OF: Mapping[PlaceKind | None, Level] = {PlaceKind(level): level for level in LEVELS}
"""The kinds of place that are a level."""
BY_STANDING = (Suspend, Resume, Consult, Insist, HandOver, RuleOut, Minute)
"""Commands that ask what duties their sender has."""

CALLED_TOGETHER = (OrganisationKind.DEPARTMENT, OrganisationKind.PARTNER_UNIT)
"""Which organisations are called onto a petition."""


def surroundings(rules: Rules, copies: Copies) -> Mapping[str, Facts]:
    """The facts for each aggregate, from the rules and what the service keeps in memory."""
    # Made before the first request needs it: it takes tables that are let go afterwards.
    _ = rules.known_dangers, simplified("")
    taxonomy = Taxonomy(rules.categories, copies["category"])
    paces = frozenset(rules.paces)
    places: Mapping[str, KnownPlace] = copies["place"]
    posts: Mapping[str, KnownPost] = copies["post"]
    members: Mapping[str, KnownMember] = copies["member"]
    bodies = belonging(members, posts)
    organisations: Mapping[str, KnownOrganisation] = copies["organisation"]
    receipts: Numbers = copies["receipt"]

    def kind(code: str) -> PlaceKind | None:
        known = places.get(code)
        return None if known is None else known.kind

    def holder(place: str, duty: str) -> str | None:
        post = posts.get(f"{place}:{duty}")
        return None if post is None else post.responsible

    def hours(place: str) -> WorkingHours | None:
        known = places.get(place)
        return None if known is None else known.hours

    def body(organisation: str) -> Body:
        known = organisations.get(organisation)
        if known is None or known.kind is None:
            return Body.UNKNOWN
        if known.closed:
            return Body.CLOSED
        return Body.FIT if known.kind in CALLED_TOGETHER else Body.UNFIT

    def standing(path: tuple[str, ...], by: str) -> Level | None:
        """The highest level of the path at which the person has a duty that counts here."""
        for code in path:
            if (level := LEVEL_OF.get(kind(code))) is not None and any(
                holder(code, duty) == by for duty in rules.offices
            ):
                return level
        return None

    def of_petition(
        id: str, command: Command, petition: Petition, now: datetime, beside: Beside
    ) -> Surroundings:
        known_of = around(id, command, petition, now)
        if (person := signing(command)) is None:
            return known_of
        lives = beside(home, person)
        return replace(known_of, home=None if lives is None else lives.household)

    def around(id: str, command: Command, petition: Petition, now: datetime) -> Surroundings:
        if isinstance(command, (File, Adopt)):
            known = places.get(command.place)
            path = () if known is None else known.path
            about = taxonomy.known(command.category, now)
            closed = known is not None and known.closed
            known_there = rules.surroundings(
                id,
                about,
                command.urgency,
                path,
                kind,
                holder,
                bodies=bodies,
                hours=hours,
                receipt=None if closed else receipt_of(receipts.next()),
            )
            if known is not None and closed:
                return replace(known_there, closed=True, instead=known.successors)
            return known_there
        known_of = rules.surroundings(
            id,
            taxonomy.known(petition.category, now),
            petition.urgency,
            petition.path,
            kind,
            holder,
            petition.limits,
            bodies,
            hours,
        )
        if isinstance(command, BY_STANDING):
            return replace(known_of, standing=standing(petition.path, command.by), body=body)
        if isinstance(command, SendToMediation):
            return replace(known_of, standing=standing(petition.path, command.filed_by))
        return known_of

    def of_whistle(id: str, command: Command, state: Whistle, _now: datetime) -> WhistleFacts:
        path = state.path
        if isinstance(command, Blow):
            known = places.get(command.place)
            path = () if known is None else known.path
        return rules.whistle_facts(id, path, kind, holder, hours)

    def of_category(id: str, _command: Command, _state: Category, now: datetime) -> Categories:
        return Categories(id, lambda code: taxonomy.known(code, now), paces)

    return {
        "petition": Looking(looked_at, of_petition),
        "category": of_category,
        "whistle": of_whistle,
        "hotlist": view(rules.hot, copies),
    }


def looked_at(_id: str, command: Command) -> Iterable[tuple[Aggregate[Any], str]]:
    """The home of whoever signs; there are too many to be kept in memory."""
    person = signing(command)
    return () if person is None else ((home, person),)


def signing(command: Command) -> str | None:
    """Who signs a joint petition with this command: its spokesperson does by filing it."""
    match command:
        case Sign(by=by):
            return by
        case File(household=str()):
            return command.petitioner if command.on_behalf else command.by
    return None
