"""The points bank (爱心银行). Ids, codes, times and points.

Whatever moves points says so in `legs`: accounts and what each gains or gives, which sum to zero.
The accounts: ``issuing`` (all points come from it; the only one below zero), ``person:<subject>``,
``team:<team>``, ``transit:<transfer>``, ``held:<purchase>``, ``shop:<organisation>``, ``expired``.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.contracts.event import Event
from shared.contracts.volunteering.hours import Work

Legs = tuple[tuple[str, int], ...]
"""Accounts and what is posted to them; the sum is zero."""

Lots = tuple[tuple[datetime, int], ...]
"""Points by the moment at which they expire, the oldest first."""


class Released(StrEnum):
    """Why points that were held for a reward came back."""

    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    PRICE_CHANGED = "price-changed"
    SOLD_OUT = "sold-out"
    TAKEN_DOWN = "taken-down"
    TOO_MANY_WAIT = "too-many-wait"
    WITHDRAWN = "withdrawn"


class Returned(StrEnum):
    """Why points that were given came back."""

    CLOSED = "closed"
    DECLINED = "declined"
    TOO_MANY = "too-many"


# --- earned, expired -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PointsEarned(Event):
    """A piece of work (`kind` and its id) of that day earned `points`; `worth` is what it would
    have earned without the limits of the day and the month. They expire at `expires`.
    """

    account: str
    work: str
    kind: Work
    begun: datetime
    minutes: int
    worth: int
    points: int
    expires: datetime
    legs: Legs


@dataclass(frozen=True, slots=True)
class PointsReversed(Event):
    """The hours of a piece of work were wrong: what it earned is taken back, `owed` of it later,
    from what is earned then. What the right hours earn follows as `PointsEarned`.
    """

    account: str
    work: str
    kind: Work
    begun: datetime
    minutes: int
    worth: int
    points: int
    owed: int
    legs: Legs


@dataclass(frozen=True, slots=True)
class PointsClaimed(Event):
    """What was owed was paid from what came in."""

    account: str
    points: int
    legs: Legs


@dataclass(frozen=True, slots=True)
class PointsExpiring(Event):
    """So many points expire soon, unless they are spent."""

    account: str
    points: int
    until: datetime


@dataclass(frozen=True, slots=True)
class PointsExpired(Event):
    """The oldest points had lain too long."""

    account: str
    points: int
    legs: Legs


# --- given ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PointsSent(Event):
    """Points are on their way to another account, since then."""

    account: str
    transfer: str
    to: str
    points: int
    lots: Lots
    since: datetime
    legs: Legs


@dataclass(frozen=True, slots=True)
class PointsReceived(Event):
    """They have come in; until then the receiver can decline them."""

    account: str
    transfer: str
    sender: str
    points: int
    lots: Lots
    until: datetime
    legs: Legs


@dataclass(frozen=True, slots=True)
class PointsReturned(Event):
    """The receiver declined them, or could not take them: they are on their way back."""

    account: str
    transfer: str
    sender: str
    points: int
    lots: Lots
    because: Returned
    legs: Legs


@dataclass(frozen=True, slots=True)
class PointsTakenBack(Event):
    """What was given is back with who gave it."""

    account: str
    transfer: str
    points: int
    lots: Lots
    because: Returned
    legs: Legs


# --- spent ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PointsHeld(Event):
    """`by` wants a reward at that price: the points are held from then until it is handed over."""

    account: str
    purchase: str
    reward: str
    points: int
    by: str
    since: datetime
    legs: Legs


@dataclass(frozen=True, slots=True)
class PointsSpent(Event):
    """The reward was handed over: the points are the shop's."""

    account: str
    purchase: str
    reward: str
    shop: str
    points: int
    by: str
    legs: Legs


@dataclass(frozen=True, slots=True)
class PointsReleased(Event):
    """The reward was not to be had, or not fetched: the points are back."""

    account: str
    purchase: str
    reward: str
    points: int
    by: str
    because: Released
    legs: Legs


@dataclass(frozen=True, slots=True)
class PointsRedeemed(Event):
    """The till of a shop took points then, by a code that was shown there."""

    account: str
    redemption: str
    shop: str
    points: int
    since: datetime
    legs: Legs


@dataclass(frozen=True, slots=True)
class PointsRefunded(Event):
    """The shop gave back what its till had taken."""

    account: str
    redemption: str
    shop: str
    points: int
    legs: Legs


# --- shops and rewards ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShopAdmitted(Event):
    """An organisation takes points for rewards from now on."""

    shop: str
    place: str


@dataclass(frozen=True, slots=True)
class ShopClosed(Event):
    """It takes points no more. What is reserved there is still handed over."""

    shop: str


@dataclass(frozen=True, slots=True)
class RewardPutUp(Event):
    """A shop gives something for points."""

    reward: str
    shop: str
    place: str
    price: int
    stock: int


@dataclass(frozen=True, slots=True)
class RewardChanged(Event):
    """What it costs from now on."""

    reward: str
    price: int


@dataclass(frozen=True, slots=True)
class RewardRestocked(Event):
    """`count` more of it are there."""

    reward: str
    count: int


@dataclass(frozen=True, slots=True)
class RewardTakenDown(Event):
    """Nobody can have it any more; what is reserved is still handed over."""

    reward: str


@dataclass(frozen=True, slots=True)
class RewardReserved(Event):
    """One of it lies ready for whoever pays with this purchase, until then."""

    reward: str
    purchase: str
    account: str
    by: str
    shop: str
    until: datetime


@dataclass(frozen=True, slots=True)
class RewardRefused(Event):
    """This purchase does not get it."""

    reward: str
    purchase: str
    account: str
    because: Released


@dataclass(frozen=True, slots=True)
class RewardHandedOver(Event):
    """It was fetched at the counter."""

    reward: str
    purchase: str
    account: str
    shop: str


@dataclass(frozen=True, slots=True)
class RewardFreed(Event):
    """What was reserved is free for others again."""

    reward: str
    purchase: str
    account: str
    because: Released


# --- rules ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PointRulesRevised(Event):
    """From `since` on work earns by these rules: points an hour by kind of work, points for a wish
    that was granted, at most so many a day and a month, valid for so many months; the team gets
    `team_percent` of what its member earns, besides. The rest limits what is given to others, and
    what a till takes at once.
    """

    rules: str
    number: int
    since: datetime
    an_hour: tuple[tuple[Work, int], ...]
    a_wish: int
    most_a_day: int
    most_a_month: int
    lasts_months: int
    team_percent: int
    most_given: int
    most_given_a_month: int
    most_at_a_till: int


@dataclass(frozen=True, slots=True)
class PointRulesRevisionCalledOff(Event):
    """The revision with this number will not come."""

    rules: str
    number: int
