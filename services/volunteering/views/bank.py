"""Queries over the points bank (爱心银行), and their indexes."""

from typing import Any, Literal

from services.volunteering.domain.bank.reward_state import Status as RewardStatus
from shared.runtime.journal import Index, Kind, Query

UP = {"status": RewardStatus.UP.value}
RESERVED = {"reservations.account": {"$gt": ""}}
After = tuple[Any, ...] | None


def _slot(year: int) -> str:
    """Where accounts keep the score of a year."""
    return "odd" if year % 2 else "even"


def _ranked(slot: str) -> Index:
    order: tuple[tuple[str, Literal[1, -1]], ...] = (
        ("of_a_team", 1),
        ("path", 1),
        (f"{slot}.year", 1),
        (f"{slot}.points", -1),
        ("_id", 1),
    )
    return Index(order, only={f"{slot}.points": {"$gt": 0}})


KINDS: tuple[Kind, ...] = (
    Kind(
        "account",
        (
            Index((("keepers", 1), ("_id", 1))),
            Index((("holder", 1), ("_id", 1))),
            _ranked("even"),
            _ranked("odd"),
        ),
    ),
    Kind(
        "reward",
        (
            Index((("path", 1), ("terms.price", 1), ("_id", 1)), only=UP),
            Index((("shop", 1), ("_id", 1))),
            Index((("reservations.account", 1), ("_id", 1)), only=RESERVED),
        ),
    ),
    Kind("shop", (Index((("path", 1), ("_id", 1))),)),
)


def accounts_kept_by(person: str, *, limit: int = 50, after: After = None) -> Query:
    """A person's own account, and those of the teams that they lead."""
    return Query({"keepers": person}, limit=limit, after=after)


def ranking(
    place: str, year: int, *, of_teams: bool, limit: int = 50, after: After = None
) -> Query:
    """Persons or teams at a place or below it, by what their work of a year has earned."""
    slot = _slot(year)
    where = {
        "of_a_team": of_teams,
        "path": place,
        f"{slot}.year": year,
        f"{slot}.points": {"$gt": 0},
    }
    return Query(where, ((f"{slot}.points", -1), ("_id", 1)), limit, after)


def rewards_at(place: str, *, limit: int = 50, after: After = None) -> Query:
    """What is offered at a place or below it, the cheapest first."""
    return Query({"path": place, **UP}, (("terms.price", 1), ("_id", 1)), limit, after)


def rewards_of(shop: str, *, limit: int = 50, after: After = None) -> Query:
    """All that a shop offers, and what it offered."""
    return Query({"shop": shop}, limit=limit, after=after)


def reserved_for(account: str) -> Query:
    """The rewards that lie ready for an account."""
    return Query({"reservations.account": account})


def shops_at(place: str, *, limit: int = 50, after: After = None) -> Query:
    """The shops at a place or below it."""
    return Query({"path": place}, limit=limit, after=after)
