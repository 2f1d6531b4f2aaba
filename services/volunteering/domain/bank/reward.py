"""A reward's rules. Its stock is counted here and nowhere else: whoever pays has their points held
first, then one is reserved here or refused, and what becomes of the reservation is decided here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.volunteering.domain.bank.reward_state import (
    MOST_IN_STOCK,
    MOST_WAITING,
    Cancel,
    ChangeTerms,
    Describe,
    FreeAll,
    HandOver,
    PutUp,
    Reservation,
    Reserve,
    Restock,
    Reward,
    RewardFacts,
    Status,
    TakeDown,
    Terms,
    WithdrawReservation,
)
from shared.contracts.event import Event
from shared.contracts.volunteering.bank import (
    Released,
    RewardChanged,
    RewardFreed,
    RewardHandedOver,
    RewardPutUp,
    RewardRefused,
    RewardReserved,
    RewardRestocked,
    RewardTakenDown,
)
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick


@dataclass(frozen=True, slots=True)
class RewardDescribed(Event):
    """What the shop says of it."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class RewardTermsSet(Event):
    """On which terms it can be had, and where it is."""

    terms: Terms
    path: tuple[str, ...]


def decide(command: Command, reward: Reward, now: datetime, facts: RewardFacts) -> list[Event]:
    """What follows from a command. Raises `Rejected`."""
    match command:
        case Tick():
            over = [one for one in reward.reservations if one.until <= now]
            return list(freed(facts.reward, over, Released.LAPSED))
        case Reserve():
            return reserved(command, reward, now, facts.reward)
        case FreeAll(account=account):
            its = [one for one in reward.reservations if one.account == account]
            return list(freed(facts.reward, its, Released.CANCELLED))
        case PutUp():
            return put_up(command, reward, now, facts)
        case HandOver(purchase=purchase):
            one = reservation(reward, purchase, now)
            return [RewardHandedOver(facts.reward, purchase, one.account, reward.shop)]
        case Cancel(by=by, purchase=purchase):
            one = reservation(reward, purchase, now)
            if one.by != by:  # whether others wait for it is not theirs to know
                raise none_lies_ready()
            return list(freed(facts.reward, [one], Released.CANCELLED))
        case WithdrawReservation(purchase=purchase):
            one = reservation(reward, purchase, now)
            return list(freed(facts.reward, [one], Released.WITHDRAWN))
    if reward.status is not Status.UP:
        raise Rejected("reward-taken-down", "this reward is not offered any more")
    match command:
        case ChangeTerms(terms=terms):
            check(terms, now)
            changed = RewardTermsSet(terms, reward.path)
            return [RewardChanged(facts.reward, terms.price), changed]
        case Describe(title=title, text=text):
            return [RewardDescribed(title, text)]
        case Restock(count=count):
            if reward.stock + count > MOST_IN_STOCK:
                raise Rejected(
                    "too-many-in-stock", f"at most {MOST_IN_STOCK} are kept", most=MOST_IN_STOCK
                )
            return [RewardRestocked(facts.reward, count)]
        case TakeDown():
            return [RewardTakenDown(facts.reward)]
    raise Rejected("wrong-moment", f"cannot {command.verb} a reward", verb=command.verb)


def put_up(command: PutUp, reward: Reward, now: datetime, facts: RewardFacts) -> list[Event]:
    """A new reward of a shop that takes points, at a place that is there."""
    if reward.status is not Status.NONE:
        raise Rejected("reward-exists", "this reward was put up before")
    if not facts.path:
        raise Rejected(
            "unknown-place", f"no place {command.place} is registered", place=command.place
        )
    if not facts.shop_open:
        raise Rejected("shop-not-admitted", "this shop takes no points: have it admitted first")
    check(command.terms, now)
    return [
        RewardPutUp(facts.reward, command.shop, command.place, command.terms.price, command.stock),
        RewardTermsSet(command.terms, facts.path),
        RewardDescribed(command.title, command.text),
    ]


def check(terms: Terms, now: datetime) -> None:
    """A reward can be had for some time, and has not ended before it begins."""
    begins = now if terms.opens is None else max(now, terms.opens)
    if terms.closes is not None and terms.closes <= begins:
        raise Rejected("closes-before-it-opens", "it must close after it opens, and later than now")


def reserved(command: Reserve, reward: Reward, now: datetime, id: str) -> list[Event]:
    """One lies ready, or the points go back, with the reason. Each purchase is answered once."""
    if any(one.purchase == command.purchase for one in reward.reservations):
        return []
    if (because := refusal(command, reward)) is not None:
        return [RewardRefused(id, command.purchase, command.account, because)]
    until = now + timedelta(days=reward.terms.days_to_fetch)
    return [
        RewardReserved(id, command.purchase, command.account, command.buyer, reward.shop, until),
    ]


def refusal(command: Reserve, reward: Reward) -> Released | None:
    """Why a purchase gets nothing. Whoever came in time gets it after closing, too."""
    if reward.status is not Status.UP:
        return Released.TAKEN_DOWN
    if command.points != reward.terms.price:
        return Released.PRICE_CHANGED
    if reward.terms.closes is not None and command.since >= reward.terms.closes:
        return Released.TAKEN_DOWN
    if reward.stock <= 0:
        return Released.SOLD_OUT
    if len(reward.reservations) >= MOST_WAITING:
        return Released.TOO_MANY_WAIT
    return None


def reservation(reward: Reward, purchase: str, now: datetime) -> Reservation:
    """What lies ready for a purchase."""
    for one in reward.reservations:
        if one.purchase == purchase and now < one.until:
            return one
    raise none_lies_ready()


def none_lies_ready() -> Rejected:
    """There is nothing of theirs."""
    return Rejected("no-such-reservation", "nothing lies ready for this purchase (any more)")


def freed(id: str, over: Iterable[Reservation], because: Released) -> Iterable[Event]:
    """The reservations end."""
    for one in over:
        yield RewardFreed(id, one.purchase, one.account, because)


def evolve(reward: Reward, event: Event) -> Reward:
    """The reward after an event."""
    match event:
        case RewardPutUp():
            return Reward(
                Status.UP,
                event.reward,
                event.shop,
                event.place,
                terms=Terms(event.price),
                stock=event.stock,
            )
        case RewardTermsSet(terms=terms, path=path):
            return replace(reward, terms=terms, path=path)
        case RewardDescribed(title=title, text=text):
            return replace(reward, title=title, text=text)
        case RewardChanged(price=price):
            return replace(reward, terms=replace(reward.terms, price=price))
        case RewardRestocked(count=count):
            return replace(reward, stock=reward.stock + count)
        case RewardTakenDown():
            return replace(reward, status=Status.DOWN)
        case RewardReserved(purchase=purchase, account=account, by=by, until=until):
            one = Reservation(purchase, account, by, reward.terms.price, until)
            return replace(reward, stock=reward.stock - 1, reservations=(*reward.reservations, one))
        case RewardHandedOver(purchase=purchase):
            left = _without(reward, purchase)
            return replace(reward, reservations=left, handed_over=reward.handed_over + 1)
        case RewardFreed(purchase=purchase, because=because):
            back = 0 if because is Released.WITHDRAWN else 1
            return replace(
                reward, reservations=_without(reward, purchase), stock=reward.stock + back
            )
    return reward


def _without(reward: Reward, purchase: str) -> tuple[Reservation, ...]:
    return tuple(one for one in reward.reservations if one.purchase != purchase)


def due(reward: Reward) -> datetime | None:
    """When the first reservation lapses."""
    return min((one.until for one in reward.reservations), default=None)


def is_offered(reward: Reward, now: datetime) -> bool:
    """Whether it can be had now, as long as there are some."""
    terms = reward.terms
    return (
        reward.status is Status.UP
        and (terms.opens is None or terms.opens <= now)
        and (terms.closes is None or now < terms.closes)
    )


def open_verbs(reward: Reward, by: str) -> tuple[str, ...]:
    """The verbs that this reward knows now, of somebody."""
    offered = ["hand-over", "withdraw"] if reward.reservations else []
    if any(one.by == by for one in reward.reservations):
        offered.append("cancel")
    if reward.status is Status.UP:
        offered += ["change-terms", "describe", "restock", "take-down"]
    return tuple(offered)


reward = Aggregate(
    kind="reward",
    initial=Reward(),
    decide=decide,
    evolve=evolve,
    events=(
        RewardPutUp,
        RewardTermsSet,
        RewardDescribed,
        RewardChanged,
        RewardRestocked,
        RewardTakenDown,
        RewardReserved,
        RewardRefused,
        RewardHandedOver,
        RewardFreed,
    ),
    due=due,
)
