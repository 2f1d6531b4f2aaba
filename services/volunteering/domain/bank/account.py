"""An account (爱心存折), put together: earning, giving and spending are its chapters."""

from dataclasses import dataclass, replace
from datetime import datetime
from types import ModuleType
from typing import ClassVar

from services.volunteering.domain.bank import earning, giving, spending
from services.volunteering.domain.bank.account_commands import (
    Close,
    Correct,
    Earn,
    Follow,
    LieReady,
    Open,
    OpenForWork,
    PassOn,
    Release,
    Settle,
    TakeBack,
    TakeIn,
)
from services.volunteering.domain.bank.earning import AccountOpened
from services.volunteering.domain.bank.giving import WordGiven
from services.volunteering.domain.bank.legs import EXPIRED, moved, posted
from services.volunteering.domain.bank.spending import PurchaseReady, TillCodeMissed
from services.volunteering.domain.bank.state import Account, Around, Status
from shared.contracts.event import Event
from shared.contracts.volunteering.bank import (
    PointsClaimed,
    PointsEarned,
    PointsExpired,
    PointsExpiring,
    PointsHeld,
    PointsReceived,
    PointsRedeemed,
    PointsRefunded,
    PointsReleased,
    PointsReturned,
    PointsReversed,
    PointsSent,
    PointsSpent,
    PointsTakenBack,
)
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick

CHAPTERS: tuple[ModuleType, ...] = (earning, giving, spending)
FOR_ALL = (Earn, Correct, TakeIn, TakeBack, LieReady, Settle, Release, Tick)
"""What comes of itself comes to accounts that are not open, too."""


@dataclass(frozen=True, slots=True)
class AccountMoved(Event):
    """Rankings count it there from now on."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccountPassedOn(Event):
    """Others keep it from now on."""

    keepers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccountClosed(Event):
    """Nobody has it any more. What was held for rewards stays held until that is settled."""

    forgets: ClassVar[bool] = True


def decide(command: Command, account: Account, now: datetime, around: Around) -> list[Event]:
    """What follows from a command. Raises `Rejected`."""
    match command:
        case Open():
            if account.status is Status.OPEN:
                raise Rejected("account-open", "this account was opened before")
            if not around.path:
                raise Rejected(
                    "unknown-place", f"no place {command.place} is registered", place=command.place
                )
            return [AccountOpened(around.holder, around.of_a_team, around.path, around.keepers)]
        case OpenForWork(path, keepers):
            if account.status is not Status.OPEN:
                return [AccountOpened(around.holder, around.of_a_team, path, keepers)]
            return _followed(account, path)
        case Follow(path) if account.status is Status.OPEN:
            return _followed(account, path)
        case PassOn(keepers) if account.status is Status.OPEN and keepers != account.keepers:
            return [AccountPassedOn(keepers)]
        case Follow() | PassOn():
            return []
        case Close():
            return _closed(account, around)
    if not isinstance(command, FOR_ALL) and account.status is not Status.OPEN:
        raise Rejected("no-such-account", "they have no account: it has to be opened first")
    for chapter in CHAPTERS:
        events: list[Event] | None = chapter.decide(command, account, now, around)
        if events is not None:
            return events
    raise Rejected("wrong-moment", f"cannot {command.verb} an account", verb=command.verb)


def _followed(account: Account, path: tuple[str, ...]) -> list[Event]:
    return [] if path == account.path else [AccountMoved(path)]


def _closed(account: Account, around: Around) -> list[Event]:
    if account.status is not Status.OPEN:
        return []
    points = account.balance
    legs = moved(points, around.account, EXPIRED)
    rest = [PointsExpired(around.account, points, legs)] if points else []
    return [*rest, AccountClosed()]


def evolve(account: Account, event: Event) -> Account:
    """The account after an event."""
    match event:
        case AccountMoved(path=path):
            return replace(account, path=path)
        case AccountPassedOn(keepers=keepers):
            return replace(account, keepers=keepers)
        case AccountClosed():
            return Account(
                status=Status.CLOSED,
                holds=account.holds,
                moves=account.moves,
                books=account.books,
            )
    for chapter in CHAPTERS:
        account = chapter.evolve(account, event)
    if legs := getattr(event, "legs", ()):
        account = replace(account, books=posted(account.books, legs))
    return account


def open_verbs(account: Account) -> tuple[str, ...]:
    """The verbs that this account knows now."""
    if account.status is not Status.OPEN:
        return ()
    offered = ["buy", "give"] if account.lots else []
    if account.received:
        offered.append("decline")
    if account.redemptions:
        offered.append("refund")
    return tuple(offered)


account = Aggregate(
    kind="account",
    initial=Account(),
    decide=decide,
    evolve=evolve,
    events=(
        AccountOpened,
        AccountMoved,
        AccountPassedOn,
        AccountClosed,
        PointsEarned,
        PointsReversed,
        PointsClaimed,
        PointsExpiring,
        PointsExpired,
        PointsSent,
        WordGiven,
        PointsReceived,
        PointsReturned,
        PointsTakenBack,
        PointsHeld,
        PurchaseReady,
        PointsSpent,
        PointsReleased,
        PointsRedeemed,
        PointsRefunded,
        TillCodeMissed,
    ),
    due=earning.due,
)
