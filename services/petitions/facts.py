"""What a decision on a petition is told of the world: the ladder of its place, hours and limits."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

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
from services.petitions.domain.ladder import Surroundings
from services.petitions.domain.mediation import SendToMediation
from services.petitions.domain.state import Petition
from services.petitions.domain.suspension import Resume, Suspend
from services.petitions.domain.taxonomy import Taxonomy as Categories
from services.petitions.domain.whistle_commands import Blow
from services.petitions.domain.whistle_ladder import WhistleFacts
from services.petitions.domain.whistle_state import Whistle
from services.petitions.receipts import receipt_of
from services.petitions.rules import Rules
from services.petitions.taxonomy import Taxonomy
from services.petitions.watching import view
from shared.contracts.types import LEVELS, Level, PlaceKind
from shared.neighbourhood.member import KnownMember
from shared.neighbourhood.place import KnownPlace
from shared.neighbourhood.post import KnownPost
from shared.runtime.aggregate import Command
from shared.runtime.copies import Copies
from shared.runtime.deciding import Facts
from shared.runtime.numbers import Numbers
from shared.worktime.hours import WorkingHours

LEVEL_OF: Mapping[PlaceKind | None, Level] = {PlaceKind(level): level for level in LEVELS}
"""The kinds of place that are a level."""
BY_STANDING = (Suspend, Resume, Consult, Insist, HandOver, RuleOut, Minute)
"""Commands that ask what duties their sender has."""


def surroundings(rules: Rules, copies: Copies) -> Mapping[str, Facts]:
    """The facts for each aggregate, from the rules and what the service keeps in memory."""
    # Made before the first request needs it: it takes tables that are let go afterwards.
    _ = rules.known_dangers, rules.hollow_phrases
    taxonomy = Taxonomy(rules.categories, copies["category"])
    paces = frozenset(rules.paces)
    places: Mapping[str, KnownPlace] = copies["place"]
    posts: Mapping[str, KnownPost] = copies["post"]
    members: Mapping[str, KnownMember] = copies["member"]
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

    def bodies(person: str) -> frozenset[str]:
        known = members.get(person)
        return frozenset() if known is None else frozenset(known.organisations)

    def is_household(place: str) -> bool:
        return kind(place) is PlaceKind.UNIT

    def standing(path: tuple[str, ...], by: str) -> Level | None:
        """The highest level of the path at which the person has a duty that counts here."""
        for code in path:
            if (level := LEVEL_OF.get(kind(code))) is not None and any(
                holder(code, duty) == by for duty in rules.offices
            ):
                return level
        return None

    def of_petition(id: str, command: Command, petition: Petition, now: datetime) -> Surroundings:
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
                is_household=is_household,
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
            is_household,
            hours,
        )
        if isinstance(command, BY_STANDING):
            return replace(known_of, standing=standing(petition.path, command.by))
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
        "petition": of_petition,
        "category": of_category,
        "whistle": of_whistle,
        "hotlist": view(rules.hot, copies),
    }
