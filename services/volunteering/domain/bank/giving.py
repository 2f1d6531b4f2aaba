"""Points given to somebody in need: they leave one account, are on their way, and come in at the
other, or go back. They keep the day on which they expire.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.volunteering.domain.bank.account_commands import Decline, Give, TakeBack, TakeIn
from services.volunteering.domain.bank.earning import claimed
from services.volunteering.domain.bank.legs import EXPIRED, moved, person_account, transit
from services.volunteering.domain.bank.lots import oldest, with_lots, without
from services.volunteering.domain.bank.state import (
    MOST_RECEIVED,
    Account,
    Around,
    Given,
    Received,
    Status,
    month_of,
)
from shared.contracts.event import Event, Personal
from shared.contracts.volunteering.bank import (
    PointsReceived,
    PointsReturned,
    PointsSent,
    PointsTakenBack,
    Returned,
)
from shared.runtime.aggregate import Command, Rejected

DECLINED_WITHIN = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class WordGiven(Personal):
    """What was said with the points."""

    transfer: str
    word: str


def decide(command: Command, account: Account, now: datetime, around: Around) -> list[Event] | None:
    """What follows from a command; None for one that is another chapter's."""
    match command:
        case Give():
            return given(command, account, now, around)
        case Decline(transfer=transfer):
            return [declined(transfer, account, now, around)]
        case TakeIn():
            return [taken_in(command, account, now, around)]
        case TakeBack():
            return taken_back(command, account, around)
    return None


def given(command: Give, account: Account, now: datetime, around: Around) -> list[Event]:
    """The points are on their way."""
    to, points = person_account(command.to), command.points
    if to == around.account:
        raise Rejected("own-account", "points are given to somebody else")
    if not around.payee_open:
        raise Rejected("no-such-account", "they have no account: it has to be opened first")
    rules = around.rules.at(now)
    if points > rules.most_given:
        raise Rejected(
            "gift-too-large", f"give at most {rules.most_given} at once", most=rules.most_given
        )
    month = month_of(now)
    so_far = account.given.points if account.given.month == month else 0
    if so_far + points > rules.most_given_a_month:
        raise Rejected(
            "given-enough",
            f"{so_far} points were given this month; {rules.most_given_a_month} may be",
            given=so_far,
            most=rules.most_given_a_month,
        )
    refuse_more_than_there(account, points)
    transfer = f"{around.account}.{account.moves + 1}"
    word = [WordGiven(transfer, command.word)] if command.word else []
    return [
        PointsSent(
            around.account,
            transfer,
            to,
            points,
            oldest(account.lots, points),
            now,
            moved(points, around.account, transit(transfer)),
        ),
        *word,
    ]


def refuse_more_than_there(account: Account, points: int) -> None:
    """Raises `Rejected` where there are not so many points."""
    if points > account.balance:
        raise Rejected(
            "not-enough-points",
            f"there are {account.balance} points, not {points}",
            balance=account.balance,
            points=points,
        )


def taken_in(command: TakeIn, account: Account, now: datetime, around: Around) -> Event:
    """The points are there; or they go back, because there is nobody (any more) to take them."""
    because = None
    if account.status is not Status.OPEN:
        because = Returned.CLOSED
    elif len(declinable(account, now)) >= MOST_RECEIVED:
        because = Returned.TOO_MANY
    transfer, points = command.transfer, command.points
    if because is not None:
        return PointsReturned(
            around.account, transfer, command.sender, points, command.lots, because, ()
        )
    return PointsReceived(
        around.account,
        transfer,
        command.sender,
        points,
        command.lots,
        now + DECLINED_WITHIN,
        moved(points, transit(transfer), around.account),
    )


def declinable(account: Account, now: datetime) -> list[Received]:
    """What can still be declined."""
    return [one for one in account.received if now < one.until]


def declined(transfer: str, account: Account, now: datetime, around: Around) -> Event:
    """The points are on their way back, as long as there are so many."""
    for one in declinable(account, now):
        if one.transfer == transfer:
            refuse_more_than_there(account, one.points)
            return PointsReturned(
                around.account,
                transfer,
                one.sender,
                one.points,
                oldest(account.lots, one.points),
                Returned.DECLINED,
                moved(one.points, around.account, transit(transfer)),
            )
    raise Rejected("not-to-be-declined", "nothing was given so, or it was kept for too long")


def taken_back(command: TakeBack, account: Account, around: Around) -> list[Event]:
    """What was given is back; where the account was closed meanwhile, it expires."""
    points = command.points
    closed = account.status is Status.CLOSED
    into = EXPIRED if closed else around.account
    back = PointsTakenBack(
        around.account,
        command.transfer,
        points,
        () if closed else command.lots,
        command.because,
        moved(points, transit(command.transfer), into),
    )
    return [back] if closed else [back, *claimed(around, account.owed, points)]


def evolve(account: Account, event: Event) -> Account:
    """The account after an event."""
    match event:
        case PointsSent(points=points, lots=lots, since=since):
            month = month_of(since)
            so_far = account.given.points if account.given.month == month else 0
            return replace(
                account,
                lots=without(account.lots, lots),
                given=Given(month, so_far + points),
                moves=account.moves + 1,
            )
        case PointsReceived():
            still = declinable(account, event.until - DECLINED_WITHIN)
            one = Received(event.transfer, event.sender, event.points, event.until)
            return replace(
                account,
                lots=with_lots(account.lots, event.lots),
                received=(*still, one),
            )
        case PointsReturned(because=Returned.DECLINED, transfer=transfer, lots=lots):
            left = tuple(one for one in account.received if one.transfer != transfer)
            return replace(account, lots=without(account.lots, lots), received=left)
        case PointsTakenBack(lots=lots):
            return replace(account, lots=with_lots(account.lots, lots))
    return account
