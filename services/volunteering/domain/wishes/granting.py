"""Granting: the volunteer says when and how long, the owner (or somebody for them) confirms it.

Hours count once they are confirmed by somebody else than who served, and are never more than the
time from begin to end.
"""

from datetime import datetime, timedelta

from services.volunteering.domain.teams.fitness import refuse_unfit
from services.volunteering.domain.wishes.claiming import asked_of, refuse_partial
from services.volunteering.domain.wishes.ending import let_go
from services.volunteering.domain.wishes.wish_commands import (
    LONGEST_MINUTES,
    ConfirmGrant,
    CorrectHours,
    DisputeGrant,
    GrantWish,
    ReplyToDispute,
    SettleDispute,
)
from services.volunteering.domain.wishes.wish_events import (
    WishAwaits,
    WishGrantTold,
    WishRated,
    WishReasonGiven,
    WishServed,
    WishThanked,
)
from services.volunteering.domain.wishes.wish_state import Around, Wish
from shared.contracts.event import Event
from shared.contracts.volunteering import HoursConfirmed, HoursCorrected
from shared.contracts.volunteering.hours import Work
from shared.contracts.volunteering.wishes import (
    Awaited,
    WishDisputed,
    WishFulfilled,
    WishGranted,
)
from shared.runtime.aggregate import Rejected

CONFIRM_WITHIN = timedelta(days=7)
SETTLE_WITHIN = timedelta(days=7)


def granted(command: GrantWish, wish: Wish, now: datetime, around: Around) -> list[Event]:
    """It is done, the volunteer says."""
    claim = wish.claim
    assert claim is not None, "who grants it has claimed it"
    assert claim.since is not None, "a claim has a beginning"
    begun, ended = command.begun, command.ended
    # People tell times by the minute: what was done in that of the claim was done after it.
    if not claim.since.replace(second=0, microsecond=0) <= begun <= ended <= now:
        raise Rejected("grant-times", "it was granted after it was claimed, and is over by now")
    if ended - begun > timedelta(minutes=LONGEST_MINUTES):
        hours = LONGEST_MINUTES // 60
        raise Rejected("grant-too-long", f"at most {hours} hours count for a wish", hours=hours)
    served = {one.volunteer: one.minutes for one in command.served}
    if not served or len(served) != len(command.served):
        raise Rejected("served-by-whom", "name everybody who served, each once")
    if claim.team is None and served.keys() != {claim.volunteer}:
        raise Rejected("served-by-others", "a wish claimed alone is granted alone")
    for volunteer, minutes in served.items():
        must_be_presence(minutes, begun, ended)
        refuse_partial(volunteer, wish, around)
        asked = asked_of(wish, claim.team, ended)
        refuse_unfit(around.volunteers.get(volunteer), asked, begun)
    said: list[Event] = [WishGrantTold(command.note)] if command.note else []
    confirm_by = now + CONFIRM_WITHIN
    return [
        WishServed(begun, ended, tuple(sorted(served.items()))),
        WishGranted(
            wish.wish,
            wish.place,
            claim.volunteer,
            claim.team,
            wish.owner,
            wish.poster,
            confirm_by,
        ),
        WishAwaits(Awaited.CONFIRMATION, confirm_by),
        *said,
    ]


def must_be_presence(minutes: int, begun: datetime, ended: datetime) -> None:
    """Raises `Rejected` for more minutes than passed from begin to end."""
    if timedelta(minutes=minutes) > ended - begun:
        raise Rejected("more-than-presence", "nobody serves longer than they were there")


def confirmed(command: ConfirmGrant, wish: Wish) -> list[Event]:
    """The owner says so, or somebody for them who had no part in granting it."""
    must_be_impartial(command.by, wish)
    said: list[Event] = []
    if command.stars is not None:
        said.append(WishRated(command.stars))
    if command.thanks:
        said.append(WishThanked(command.thanks))
    return [*fulfilled(wish, command.by, command.minutes), *said]


def must_be_impartial(by: str, wish: Wish) -> None:
    """Raises `Rejected` for whoever granted it or answers for that."""
    if by in wish.served_by or by in wish.organisers:
        raise Rejected("own-grant", "who granted it does not judge that")


def fulfilled(wish: Wish, by: str, most: int | None) -> list[Event]:
    """The hours count."""
    claim, serving = wish.claim, wish.serving
    assert claim is not None, "what is confirmed was claimed"
    assert serving is not None, "what is confirmed was granted"
    hours = [
        HoursConfirmed(
            work=wish.wish,
            kind=Work.WISH,
            volunteer=volunteer,
            place=wish.place,
            begun=serving.begun,
            minutes=minutes if most is None else min(minutes, most),
            confirmed_by=by,
            team=claim.team,
        )
        for volunteer, minutes in serving.minutes
        if minutes and most != 0
    ]
    return [
        *hours,
        WishFulfilled(
            wish.wish,
            wish.kind,
            wish.place,
            wish.path,
            claim.volunteer,
            claim.team,
            wish.owner,
            wish.poster,
            by,
            on_behalf=by != wish.owner,
        ),
    ]


def disputed(command: DisputeGrant, wish: Wish, now: datetime) -> list[Event]:
    """Staff settle it; until then no hours count."""
    must_be_impartial(command.by, wish)
    claim = wish.claim
    assert claim is not None, "what was granted was claimed"
    return [
        WishDisputed(
            wish.wish,
            wish.place,
            claim.volunteer,
            claim.team,
            command.by,
            command.because.value,
        ),
        WishAwaits(Awaited.SETTLEMENT, now + SETTLE_WITHIN),
        WishReasonGiven(command.verb, command.reason),
    ]


def replied(command: ReplyToDispute) -> list[Event]:
    """Both sides are heard."""
    return [WishGrantTold(command.text)]


def settled(command: SettleDispute, wish: Wish, now: datetime) -> list[Event]:
    """It counts after all, or the wish is open again."""
    must_be_impartial(command.by, wish)
    if command.by in (wish.disputed_by, wish.owner):
        raise Rejected("own-dispute", "who disputes it does not settle it")
    reason = WishReasonGiven(command.verb, command.reason)
    if command.granted:
        return [*fulfilled(wish, command.by, command.minutes), reason]
    return [*let_go(wish, "not-granted", now), reason]


def corrected(command: CorrectHours, wish: Wish) -> list[Event]:
    """Confirmed minutes are changed, by somebody who served none of them."""
    must_be_impartial(command.by, wish)
    before = dict(wish.confirmed).get(command.volunteer)
    serving, claim = wish.serving, wish.claim
    if before is None or serving is None or claim is None:
        raise Rejected("served-nothing", "no hours of this volunteer were confirmed here")
    if command.minutes == before:
        return []
    must_be_presence(command.minutes, serving.begun, serving.ended)
    return [
        HoursCorrected(
            work=wish.wish,
            kind=Work.WISH,
            volunteer=command.volunteer,
            place=wish.place,
            begun=serving.begun,
            before=before,
            minutes=command.minutes,
            corrected_by=command.by,
            team=claim.team,
        ),
        WishReasonGiven(command.verb, command.reason),
    ]
