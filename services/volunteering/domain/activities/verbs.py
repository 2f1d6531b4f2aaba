"""Which verbs are offered when, and to whom; the rules have the last word."""

from services.volunteering.domain.activities.state import (
    SIGNING_UP,
    Activity,
    Status,
    offer_to,
)

_CHECKING_IN = frozenset({"check-in", "check-in-here"})
_CHECKING_OUT = frozenset({"check-out", "check-out-here"})
_OF_OTHERS = frozenset({"check-in-for", "check-out-for"})
_WORDS = frozenset({"describe", "name-contact", "name-organisers"})
_BEFORE = (
    _WORDS
    | _OF_OTHERS
    | {"resize", "move", "call-off", "enlist", "strike-off", "sign-up", "withdraw"}
    | {"accept-offer", "decline-offer"}
    | _CHECKING_IN
    | _CHECKING_OUT
)
OPEN: dict[Status, frozenset[str]] = {
    Status.NONE: frozenset(),
    Status.DRAFT: _WORDS | {"revise", "open", "call-off"},
    Status.OPEN: _BEFORE,
    Status.FULL: _BEFORE,
    Status.RUNNING: _WORDS
    | _OF_OTHERS
    | _CHECKING_IN
    | _CHECKING_OUT
    | {"resize", "call-off", "enlist", "strike-off", "record-presence", "deny-presence"},
    Status.DONE: frozenset(
        {"record-presence", "deny-presence", "confirm-hours", "name-contact", "name-organisers"}
        | {"dispute-hours", "drop-dispute", "decide-dispute"}
    ),
    Status.CALLED_OFF: frozenset(),
}
"""The verbs of each status, whoever asks."""


def open_verbs(activity: Activity, person: str) -> frozenset[str]:
    """What this person could do now, as far as the activity itself decides it."""
    return OPEN[activity.status] - _closed_to(activity, person)


def _closed_to(activity: Activity, person: str) -> set[str]:
    closed: set[str] = set()
    has_place = person in activity.places.people
    offer = offer_to(activity, person)
    if offer is None:
        closed |= {"accept-offer", "decline-offer"}
    on_it = has_place or offer is not None or person in activity.waiting.people
    if activity.status in SIGNING_UP:
        closed |= {"sign-up"} if on_it else {"withdraw"}
    there = activity.presence.is_there(person)
    if not has_place or there:
        closed |= _CHECKING_IN
    if not there:
        closed |= _CHECKING_OUT
    if not activity.by_code:
        closed |= {"check-in", "check-out"}
    if activity.meeting is None:
        closed |= {"check-in-here", "check-out-here"}
    disputed = any(one.person == person for one in activity.disputes)
    if not disputed:
        closed.add("drop-dispute")
    if disputed or not has_place or person in activity.decided:
        closed.add("dispute-hours")
    if not activity.disputes:
        closed.add("decide-dispute")
    if not activity.unsettled:
        closed.add("confirm-hours")
    return closed
