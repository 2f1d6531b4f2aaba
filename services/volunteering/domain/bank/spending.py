"""Points spent: on a reward that is fetched at the counter, or at a shop's till by a code.

A reward is bought in steps, each a commit of its own that the one before leads to: the points are
held here; one is reserved in the reward's own stream, or refused; it is handed over, or freed; the
points are settled or released here. Whatever is lost or repeated on the way, each step counts once.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.volunteering.domain.bank.account_commands import (
    Buy,
    LieReady,
    Redeem,
    Refund,
    Release,
    Settle,
)
from services.volunteering.domain.bank.earning import claimed
from services.volunteering.domain.bank.giving import refuse_more_than_there
from services.volunteering.domain.bank.legs import EXPIRED, held, moved, shop_account
from services.volunteering.domain.bank.lots import oldest, with_lots, without
from services.volunteering.domain.bank.reward import is_offered
from services.volunteering.domain.bank.reward_state import Period, Reward, Terms
from services.volunteering.domain.bank.state import (
    MOST_BOUGHT,
    MOST_HOLDS,
    MOST_REDEMPTIONS,
    Account,
    Around,
    Bought,
    Hold,
    Redemption,
    Status,
    Till,
    month_of,
)
from shared.contracts.event import Event
from shared.contracts.volunteering.bank import (
    PointsHeld,
    PointsRedeemed,
    PointsRefunded,
    PointsReleased,
    PointsSpent,
)
from shared.runtime.aggregate import Command, Rejected

REFUNDED_WITHIN = timedelta(days=30)
MOST_MISSES = 5
"""Wrong codes; after them no till takes points from the account for a while."""
LOCKED_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class PurchaseReady(Event):
    """The shop has it ready, until then."""

    purchase: str
    until: datetime


@dataclass(frozen=True, slots=True)
class TillCodeMissed(Event):
    """Somebody gave a wrong code at a till: the count of them, and when."""

    misses: int
    at: datetime


def decide(command: Command, account: Account, now: datetime, around: Around) -> list[Event] | None:
    """What follows from a command; None for one that is another chapter's."""
    match command:
        case Buy():
            return bought(command, account, now, around)
        case LieReady(purchase, until):
            ready = hold(account, purchase) is not None
            return [PurchaseReady(purchase, until)] if ready else []
        case Settle(purchase, shop):
            if (one := hold(account, purchase)) is None:
                return []
            legs = moved(one.points, held(purchase), shop_account(shop))
            return [
                PointsSpent(around.account, purchase, one.reward, shop, one.points, one.by, legs)
            ]
        case Release():
            return released(command, account, around)
        case Redeem():
            return redeemed(command, account, now, around)
        case Refund():
            return refunded(command, account, now, around)
    return None


# --- rewards -------------------------------------------------------------------------------------


def bought(command: Buy, account: Account, now: datetime, around: Around) -> list[Event]:
    """The points are held, and the reward is asked for one."""
    offer = around.reward
    if offer is None or not is_offered(offer, now):
        raise Rejected("reward-not-offered", "this reward cannot be had now")
    if command.price != offer.terms.price:
        price = offer.terms.price
        raise Rejected("price-changed", f"it costs {price} points now", price=price)
    if offer.stock <= 0:
        raise Rejected("sold-out", "all of them are gone; perhaps more come in")
    refuse_too_many(account, offer, command.reward, now)
    if len(account.holds) >= MOST_HOLDS:
        raise Rejected(
            "too-many-purchases",
            f"fetch something first: {MOST_HOLDS} rewards are waited for",
            most=MOST_HOLDS,
        )
    refuse_more_than_there(account, command.price)
    purchase = f"{around.account}.{account.moves + 1}"
    legs = moved(command.price, around.account, held(purchase))
    return [
        PointsHeld(around.account, purchase, command.reward, command.price, command.by, now, legs)
    ]


def refuse_too_many(account: Account, offer: Reward, reward: str, now: datetime) -> None:
    """Raises `Rejected` where as many were had as one may have in the time."""
    terms: Terms = offer.terms
    span = month_of(now)[: 7 if terms.period is Period.MONTH else 4]
    count = sum(
        one.count for one in account.bought if one.reward == reward and one.month.startswith(span)
    )
    if count >= terms.per_person:
        raise Rejected(
            "had-enough", f"each may have {terms.per_person} of it", most=terms.per_person
        )
    if len(account.bought) >= MOST_BOUGHT and not count:
        raise Rejected(
            "too-many-kinds",
            f"at most {MOST_BOUGHT} kinds of rewards a year",
            most=MOST_BOUGHT,
        )


def hold(account: Account, purchase: str) -> Hold | None:
    """What is held for a purchase."""
    return next((one for one in account.holds if one.purchase == purchase), None)


def released(command: Release, account: Account, around: Around) -> list[Event]:
    """The points are back; where the account was closed meanwhile, they expire."""
    if (one := hold(account, command.purchase)) is None:
        return []
    closed = account.status is Status.CLOSED
    into = EXPIRED if closed else around.account
    back = PointsReleased(
        around.account,
        one.purchase,
        one.reward,
        one.points,
        one.by,
        command.because,
        moved(one.points, held(one.purchase), into),
    )
    return [back] if closed else [back, *claimed(around, account.owed, one.points)]


# --- tills ---------------------------------------------------------------------------------------


def is_locked(till: Till, now: datetime) -> bool:
    """Whether too many wrong codes were given."""
    missed = till.missed_at
    return missed is not None and till.misses >= MOST_MISSES and now < missed + LOCKED_FOR


def redeemed(command: Redeem, account: Account, now: datetime, around: Around) -> list[Event]:
    """The till has the points; a wrong code is counted."""
    if not around.shop_open:
        raise Rejected("shop-not-admitted", "this shop takes no points: have it admitted first")
    if is_locked(account.till, now):
        minutes = LOCKED_FOR // timedelta(minutes=1)
        raise Rejected(
            "till-locked", f"too many wrong codes: try again in {minutes} minutes", minutes=minutes
        )
    if command.uses is None:
        missed = account.till.missed_at
        fresh = missed is None or missed + LOCKED_FOR <= now
        return [TillCodeMissed(1 if fresh else account.till.misses + 1, now)]
    if command.uses != account.till.uses:
        raise Rejected("code-used", "this code was used already: show the next one")
    most = around.rules.at(now).most_at_a_till
    if command.points > most:
        raise Rejected("too-much-at-a-till", f"a till takes at most {most} at once", most=most)
    refuse_more_than_there(account, command.points)
    redemption = f"{around.account}.{account.moves + 1}"
    legs = moved(command.points, around.account, shop_account(command.shop))
    return [PointsRedeemed(around.account, redemption, command.shop, command.points, now, legs)]


def refunded(command: Refund, account: Account, now: datetime, around: Around) -> list[Event]:
    """What the till took is back."""
    for one in account.redemptions:
        if (one.redemption, one.shop) == (command.redemption, command.org):
            if one.at + REFUNDED_WITHIN <= now:
                break
            points = sum(count for _, count in one.lots)
            legs = moved(points, shop_account(one.shop), around.account)
            back = PointsRefunded(around.account, one.redemption, one.shop, points, legs)
            return [back, *claimed(around, account.owed, points)]
    raise Rejected("no-such-redemption", "your till took nothing so, or too long ago")


# --- what follows for the account ----------------------------------------------------------------


def evolve(account: Account, event: Event) -> Account:
    """The account after an event."""
    match event:
        case PointsHeld(purchase=purchase, reward=reward, points=points, by=by, since=since):
            lots = oldest(account.lots, points)
            one = Hold(purchase, reward, points, by, since, lots)
            return replace(
                account,
                lots=without(account.lots, lots),
                holds=(*account.holds, one),
                bought=counted(account.bought, reward, month_of(since), 1),
                moves=account.moves + 1,
            )
        case PurchaseReady(purchase=purchase, until=until):
            holds = (
                replace(one, until=until) if one.purchase == purchase else one
                for one in account.holds
            )
            return replace(account, holds=tuple(holds))
        case PointsSpent(purchase=purchase):
            return replace(account, holds=_without(account, purchase))
        case PointsReleased(purchase=purchase):
            if (there := hold(account, purchase)) is None or account.status is Status.CLOSED:
                return replace(account, holds=_without(account, purchase))
            return replace(
                account,
                lots=with_lots(account.lots, there.lots),
                holds=_without(account, purchase),
                bought=counted(account.bought, there.reward, month_of(there.since), -1),
            )
        case PointsRedeemed(redemption=redemption, shop=shop, points=points, since=since):
            lots = oldest(account.lots, points)
            took = Redemption(redemption, shop, since, lots)
            return replace(
                account,
                lots=without(account.lots, lots),
                redemptions=(*account.redemptions, took)[-MOST_REDEMPTIONS:],
                till=Till(uses=account.till.uses + 1),
                moves=account.moves + 1,
            )
        case PointsRefunded(redemption=redemption):
            lots = next(one.lots for one in account.redemptions if one.redemption == redemption)
            left = tuple(one for one in account.redemptions if one.redemption != redemption)
            return replace(account, lots=with_lots(account.lots, lots), redemptions=left)
        case TillCodeMissed(misses=misses, at=at):
            return replace(account, till=replace(account.till, misses=misses, missed_at=at))
    return account


def counted(bought: tuple[Bought, ...], reward: str, month: str, change: int) -> tuple[Bought, ...]:
    """How many of each reward were wanted; of the years before nothing is kept."""
    counts = {(one.reward, one.month): one.count for one in bought if one.month >= month[:4]}
    counts[reward, month] = counts.get((reward, month), 0) + change
    return tuple(Bought(which, when, count) for (which, when), count in counts.items() if count > 0)


def _without(account: Account, purchase: str) -> tuple[Hold, ...]:
    return tuple(one for one in account.holds if one.purchase != purchase)
