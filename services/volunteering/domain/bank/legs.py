"""Double entry: what is taken from one account is put to another, in one event."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from shared.contracts.volunteering.bank import Legs

ISSUING = "issuing"
"""All points come from here. Its balance is what is in the world, below zero."""
EXPIRED = "expired"


def person_account(subject: str) -> str:
    """The account of a person."""
    return f"person:{subject}"


def team_account(team: str) -> str:
    """The account of a team."""
    return f"team:{team}"


def transit(transfer: str) -> str:
    """Where points are while they are on their way."""
    return f"transit:{transfer}"


def held(purchase: str) -> str:
    """Where points are until a reward is handed over."""
    return f"held:{purchase}"


def shop_account(organisation: str) -> str:
    """What a shop has taken."""
    return f"shop:{organisation}"


def moved(points: int, out_of: str, into: str) -> Legs:
    """The legs of points that go from one account to another; none where nothing moves."""
    return ((out_of, -points), (into, points)) if points else ()


@dataclass(frozen=True)
class Books:
    """What one stream has posted to each kind of account, in all. Every event's legs sum to zero,
    so these do.
    """

    issuing: int = 0
    person: int = 0
    team: int = 0
    transit: int = 0
    held: int = 0
    shop: int = 0
    expired: int = 0

    @property
    def sum(self) -> int:
        """Zero."""
        return sum(self.by_kind().values())

    def by_kind(self) -> dict[str, int]:
        """The balance of each kind of account."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def posted(books: Books, legs: Legs) -> Books:
    """The books after the legs."""
    for account, points in legs:
        kind = account.partition(":")[0]
        books = replace(books, **{kind: getattr(books, kind) + points})
    return books


def together(all_books: Iterable[Books]) -> Books:
    """The books of many streams as one."""
    sums = dict.fromkeys(Books().by_kind(), 0)
    for books in all_books:
        for kind, points in books.by_kind().items():
            sums[kind] += points
    return Books(**sums)
