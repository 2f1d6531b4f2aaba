"""How a wish ends that nobody grants; and what is left of it when somebody is erased."""

from datetime import datetime

from services.volunteering.domain.wishes.wish_commands import CloseWish, ForgetPerson, WithdrawWish
from services.volunteering.domain.wishes.wish_events import (
    WishClaimAnswered,
    WishOwnerForgotten,
    WishReasonGiven,
    WishServantForgotten,
)
from services.volunteering.domain.wishes.wish_state import OVER, Status, Wish
from shared.contracts.event import Event
from shared.contracts.volunteering.wishes import WishEnded, WishOutcome, WishReleased
from shared.runtime.aggregate import changed

SERVED = frozenset({Status.GRANTED, Status.DISPUTED})
"""Hours wait to be confirmed."""


def ended(wish: Wish, outcome: WishOutcome, by: str | None = None) -> WishEnded:
    """Nobody grants it."""
    claim = wish.claim
    return WishEnded(
        wish.wish,
        wish.kind,
        wish.place,
        wish.path,
        outcome,
        wish.owner,
        wish.poster,
        None if claim is None else claim.volunteer,
        None if claim is None else claim.team,
        by,
    )


def withdrawn(command: WithdrawWish, wish: Wish) -> list[Event]:
    """It is hoped for no more."""
    said: list[Event] = [WishReasonGiven(command.verb, command.reason)] if command.reason else []
    return [ended(wish, WishOutcome.WITHDRAWN, command.by), *said]


def closed(command: CloseWish, wish: Wish) -> list[Event]:
    """Staff end it, and say why."""
    reason = f"{command.because.value} {command.reason}".strip()
    return [
        ended(wish, WishOutcome.CLOSED, command.by),
        WishReasonGiven(command.verb, reason),
    ]


def let_go(wish: Wish, because: str, now: datetime) -> list[Event]:
    """The volunteer has it no more: it is open again, unless its time is over."""
    claim = wish.claim
    assert claim is not None, "what is let go was claimed"
    gone = WishReleased(
        wish.wish, wish.place, claim.volunteer, claim.team, wish.owner, wish.poster, because
    )
    over = wish.until is not None and wish.until <= now
    if not over:
        return [gone]
    # The end tells of nobody who had it then: they were told that they have it no more.
    return [gone, ended(changed(wish, claim=None), WishOutcome.EXPIRED)]


def forgotten(command: ForgetPerson, wish: Wish, now: datetime) -> list[Event]:
    """Whose wish it was takes it along, with all words, unless it was granted: then the hours of
    others are still confirmed. Who had claimed it lets it go, for a team to its other leaders.
    """
    person = command.person
    if person == wish.owner:
        if wish.status in OVER or wish.status in SERVED:
            return [WishOwnerForgotten()]
        return [ended(wish, WishOutcome.FORGOTTEN), WishOwnerForgotten()]
    if wish.status in SERVED and person in wish.served_by:
        return [WishServantForgotten(person)]
    claim = wish.claim
    if wish.status is not Status.CLAIMED or claim is None or claim.volunteer != person:
        return []
    left = tuple(one for one in wish.organisers if one != person)
    if not left or claim.since is None:
        return let_go(wish, "erased", now)
    return [WishClaimAnswered(claim.since, left[0], left)]
