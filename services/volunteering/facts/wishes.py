"""What is told of the world to the rules of wishes (微心愿)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from services.volunteering.domain.teams.volunteer import volunteer
from services.volunteering.domain.wishes.wish_commands import ClaimWish, GrantWish, PostWish
from services.volunteering.domain.wishes.wish_state import Around, Wish
from services.volunteering.offices import office
from shared.contracts.types import Level
from shared.neighbourhood.home import Home, home
from shared.neighbourhood.place import KnownPlace
from shared.runtime.aggregate import Aggregate, Command, Tick
from shared.runtime.copies import Copies, MakeKept
from shared.runtime.deciding import Beside, Facts, Looking

KEPT: tuple[MakeKept, ...] = ()


def facts(copies: Copies) -> Mapping[str, Facts]:
    """By kind."""
    places: Mapping[str, KnownPlace] = copies["place"]

    def around(id: str, command: Command, state: Wish, now: datetime, beside: Beside) -> Around:
        match command:
            case PostWish(place=code):
                owner = owner_of(command)
                homes = {} if owner is None else {owner: _household(beside(home, owner))}
                known = places.get(code)
                if known is None:
                    return Around(id)
                return Around(id, known.kind, known.path, known.closed, homes=homes)
            case ClaimWish() | GrantWish():
                people = helpers(command)
                claim = state.claim
                team = command.team if isinstance(command, ClaimWish) else claim and claim.team
                return Around(
                    id,
                    homes={one: _household(beside(home, one)) for one in people},
                    volunteers={one: beside(volunteer, one) for one in people},
                    team=None if team is None else copies["team"].get(team),
                )
            case Tick():
                asked = office(places, copies["post"], state.path, Level.COMMUNITY)
                return Around(id, office=asked.place, person=asked.person)
        return Around(id)

    return {"wish": Looking(looked_at, around)}


def looked_at(_id: str, command: Command) -> Iterable[tuple[Aggregate[Any], str]]:
    """The owner's home when it is posted; home and record of each who wants to grant it."""
    match command:
        case PostWish():
            owner = owner_of(command)
            return () if owner is None else ((home, owner),)
        case ClaimWish() | GrantWish():
            people = helpers(command)
            return [(each, one) for one in people for each in (home, volunteer)]
    return ()


def owner_of(command: PostWish) -> str | None:
    """Whose wish it is."""
    return command.owner if command.on_behalf else command.by


def helpers(command: ClaimWish | GrantWish) -> tuple[str, ...]:
    """Who wants to grant a wish, or has."""
    if isinstance(command, ClaimWish):
        return (command.by,)
    return tuple(dict.fromkeys(one.volunteer for one in command.served))


def _household(known: Home | None) -> str | None:
    return None if known is None else known.household
