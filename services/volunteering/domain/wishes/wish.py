"""Wish (微心愿): something small that a resident hopes for and a volunteer grants."""

from datetime import datetime

from services.volunteering.domain.wishes import claiming, ending, granting, screening
from services.volunteering.domain.wishes.wish_commands import (
    BecomePetition,
    ClaimWish,
    CloseWish,
    ConfirmGrant,
    CorrectHours,
    DeclineWish,
    DisputeGrant,
    ForgetPerson,
    GiveBackWish,
    GrantWish,
    HouseOwner,
    LookAgain,
    PassClaim,
    PostWish,
    ProlongWish,
    ReferWish,
    ReleaseWording,
    ReplyToDispute,
    ReturnWish,
    RewordWish,
    SettleDispute,
    StopServing,
    WithdrawWish,
    WordWish,
)
from services.volunteering.domain.wishes.wish_events import (
    WishAwaits,
    WishClaimAnswered,
    WishConsented,
    WishGrantTold,
    WishHinted,
    WishHoused,
    WishOwnerForgotten,
    WishProlonged,
    WishRated,
    WishReasonGiven,
    WishReworded,
    WishServantForgotten,
    WishServed,
    WishThanked,
    WishTold,
    WishWorded,
    WishWordingDrafted,
)
from services.volunteering.domain.wishes.wish_state import OVER, Around, Status, Wish, evolve
from shared.contracts.event import Event
from shared.contracts.volunteering import HoursConfirmed, HoursCorrected
from shared.contracts.volunteering.wishes import (
    WishBecamePetition,
    WishClaimed,
    WishClaimLapsing,
    WishDisputed,
    WishEnded,
    WishFulfilled,
    WishGranted,
    WishHidden,
    WishOpened,
    WishOutcome,
    WishPosted,
    WishReferred,
    WishReleased,
    WishReturned,
    WishWaits,
)
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick

NOT_SHOWN = frozenset({Status.POSTED, Status.RETURNED, Status.WORDED})
UNGRANTED = NOT_SHOWN | {Status.OPEN, Status.CLAIMED, Status.REFERRED}
EXPIRES = NOT_SHOWN | {Status.OPEN}
"""What is claimed, or to become a petition, is seen to its end first."""

OPEN: dict[str, frozenset[Status]] = {
    "word": NOT_SHOWN | {Status.OPEN, Status.REFERRED},
    "release": frozenset({Status.WORDED}),
    "return": frozenset({Status.POSTED, Status.WORDED}),
    "reword": frozenset({Status.RETURNED}),
    "decline": NOT_SHOWN | {Status.REFERRED},
    "refer": NOT_SHOWN | {Status.OPEN, Status.CLAIMED},
    "prolong": NOT_SHOWN | {Status.OPEN, Status.CLAIMED},
    "claim": frozenset({Status.OPEN}),
    "give-back": frozenset({Status.CLAIMED}),
    "grant": frozenset({Status.CLAIMED}),
    "confirm": frozenset({Status.GRANTED}),
    "dispute": frozenset({Status.GRANTED}),
    "reply": frozenset({Status.DISPUTED}),
    "settle": frozenset({Status.DISPUTED}),
    "correct": frozenset({Status.FULFILLED}),
    "withdraw": UNGRANTED,
    "close": UNGRANTED,
}
"""In which statuses a verb is open, whoever asks."""


def decide(command: Command, wish: Wish, now: datetime, around: Around) -> list[Event]:
    """What follows from a command; `around` is what the rules are told of the world."""
    if wish.status is Status.NONE:
        if isinstance(command, PostWish):
            return screening.posted(command, now, around)
        return _nothing_there(command)
    if isinstance(command, PostWish):
        raise Rejected("wish-posted", "this wish was posted before")
    if command.verb in OPEN and wish.status not in OPEN[command.verb]:
        raise _wrong_moment(command, wish)
    if (followed := _screened(command, wish, now)) is not None:
        return followed
    match command:
        case Tick():
            return _passed(wish, now, around)
        case ClaimWish():
            return claiming.claimed(command, wish, now, around)
        case GiveBackWish():
            return claiming.given_back(command, wish, now)
        case GrantWish():
            return granting.granted(command, wish, now, around)
        case ConfirmGrant():
            return granting.confirmed(command, wish)
        case DisputeGrant():
            return granting.disputed(command, wish, now)
        case ReplyToDispute():
            return granting.replied(command)
        case SettleDispute():
            return granting.settled(command, wish, now)
        case CorrectHours():
            return granting.corrected(command, wish)
        case WithdrawWish():
            return ending.withdrawn(command, wish)
        case CloseWish():
            return ending.closed(command, wish)
        case PassClaim() if wish.status not in OVER:
            return claiming.passed_on(command, wish)
        case StopServing():
            return claiming.stopped(command, wish, now)
        case LookAgain():
            return claiming.looked_again(command, wish, now, around)
        case HouseOwner(household=household) if household != wish.household:
            return [] if wish.owner is None else [WishHoused(household)]
        case ForgetPerson():
            return ending.forgotten(command, wish, now)
    return []


def _screened(command: Command, wish: Wish, now: datetime) -> list[Event] | None:
    """What follows before it is shown; None for what is no matter of screening."""
    match command:
        case WordWish():
            return screening.worded(command, wish, now)
        case ReleaseWording():
            return screening.released(command, wish)
        case ReturnWish():
            return screening.returned(command, wish)
        case RewordWish():
            return screening.reworded(command, wish, now)
        case DeclineWish():
            return screening.declined(command, wish)
        case ProlongWish():
            return screening.prolonged(command, now)
        case ReferWish():
            return screening.referred(command, wish, now)
        case BecomePetition():
            return screening.became_petition(command, wish)
    return None


def _nothing_there(command: Command) -> list[Event]:
    if command.verb in OPEN:
        raise Rejected("unknown-wish", "no such wish was posted")
    return []


def _wrong_moment(command: Command, wish: Wish) -> Rejected:
    if wish.status in OVER:
        return Rejected("wish-over", "this wish has ended")
    if isinstance(command, ClaimWish) and wish.status not in NOT_SHOWN:
        return Rejected("wish-taken", "somebody else was first")
    status, verb = wish.status.value, command.verb
    return Rejected(
        "wish-wrong-moment",
        f"{verb} does not fit a wish that is {status}",
        verb=verb,
        status=status,
    )


# --- time ----------------------------------------------------------------------------------------


def due(wish: Wish) -> datetime | None:
    """When it next wants attention: it ends, a claim lapses (or is reminded of), something was not
    done in time.
    """
    moments = [] if wish.wait is None else [wish.wait.by]
    claim = wish.claim
    if wish.status is Status.CLAIMED and claim is not None:
        moments.append(claim.until if claim.reminded else claim.until - claiming.REMIND_BEFORE)
    elif wish.status in EXPIRES and wish.until is not None:
        moments.append(wish.until)
    return min(moments, default=None)


def _passed(wish: Wish, now: datetime, around: Around) -> list[Event]:
    claim = wish.claim
    if wish.status is Status.CLAIMED and claim is not None:
        if claim.until <= now:
            return ending.let_go(wish, "lapsed", now)
        if not claim.reminded and claim.until - claiming.REMIND_BEFORE <= now:
            return [
                WishClaimLapsing(wish.wish, wish.place, claim.volunteer, claim.team, claim.until)
            ]
        return []
    if wish.status in EXPIRES and wish.until is not None and wish.until <= now:
        return [ending.ended(wish, WishOutcome.EXPIRED)]
    if wish.wait is not None and wish.wait.by <= now:
        awaited = wish.wait.awaited
        return [WishWaits(wish.wish, wish.place, awaited, around.office, around.person)]
    return []


def open_verbs(wish: Wish) -> tuple[str, ...]:
    """The verbs that this wish knows now."""
    return tuple(verb for verb, statuses in OPEN.items() if wish.status in statuses)


wish = Aggregate(
    kind="wish",
    initial=Wish(),
    decide=decide,
    evolve=evolve,
    events=(
        WishPosted,
        WishConsented,
        WishHoused,
        WishHinted,
        WishAwaits,
        WishReturned,
        WishReworded,
        WishWordingDrafted,
        WishHidden,
        WishOpened,
        WishProlonged,
        WishClaimed,
        WishClaimAnswered,
        WishClaimLapsing,
        WishReleased,
        WishServed,
        WishGranted,
        WishDisputed,
        WishRated,
        WishFulfilled,
        WishReferred,
        WishBecamePetition,
        WishEnded,
        WishWaits,
        WishServantForgotten,
        WishOwnerForgotten,
        HoursConfirmed,
        HoursCorrected,
        WishTold,
        WishWorded,
        WishReasonGiven,
        WishGrantTold,
        WishThanked,
    ),
    due=due,
)
