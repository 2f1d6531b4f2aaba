"""Posting and screening: what may be a wish, and what is shown of it.

What everybody sees is written by staff, apart from the owner's own words. No wish is shown unless
somebody who did not post it has looked at it.
"""

from datetime import datetime, timedelta

from services.volunteering.domain.wishes.ending import ended
from services.volunteering.domain.wishes.hints import CERTAIN, hints_in, kinds_of
from services.volunteering.domain.wishes.wish_commands import (
    BecomePetition,
    DeclineWish,
    PostWish,
    ProlongWish,
    ReferWish,
    ReleaseWording,
    ReturnWish,
    RewordWish,
    WordWish,
)
from services.volunteering.domain.wishes.wish_events import (
    WishAwaits,
    WishConsented,
    WishHinted,
    WishHoused,
    WishProlonged,
    WishReasonGiven,
    WishReworded,
    WishTold,
    WishWorded,
    WishWordingDrafted,
)
from services.volunteering.domain.wishes.wish_state import Around, Status, Wish
from shared.contracts.event import Event
from shared.contracts.types import PlaceKind
from shared.contracts.volunteering.wishes import (
    Awaited,
    WishBecamePetition,
    WishHidden,
    WishOpened,
    WishOutcome,
    WishPosted,
    WishReferred,
    WishReturned,
)
from shared.runtime.aggregate import Rejected

OPEN_FOR = timedelta(days=60)
"""How long a wish stays, where nothing else is said."""
SHORTEST_OPEN, LONGEST_OPEN = timedelta(days=1), timedelta(days=180)
"""From the day that is counted from: of posting, or of prolonging."""
SCREEN_WITHIN = timedelta(days=3)
PETITION_WITHIN = timedelta(days=5)
TOO_CLOSE = frozenset({PlaceKind.BUILDING, PlaceKind.UNIT})
"""Places that no wish is posted at: it would tell who hopes for it."""


def posted(command: PostWish, now: datetime, around: Around) -> list[Event]:
    """A new wish, in the owner's words; staff screen it."""
    if around.kind is None:
        raise Rejected(
            "unknown-place", f"no place {command.place} is registered", place=command.place
        )
    if around.closed:
        raise Rejected("place-closed", f"{command.place} is closed", place=command.place)
    if around.kind in TOO_CLOSE:
        raise Rejected(
            "wish-too-close", "post it at the neighbourhood or grid; the door stands in the contact"
        )
    owner = consented(command, now) if command.on_behalf else command.by
    until = now + OPEN_FOR if command.until is None else open_until(command.until, now)
    hints = (*hints_in("title", command.title), *hints_in("text", command.text))
    events: list[Event] = [
        WishPosted(
            around.wish,
            command.kind,
            command.place,
            around.path,
            owner,
            command.by,
            until,
        )
    ]
    if command.on_behalf and command.consent is not None:
        events.append(WishConsented(command.consent.how.value, command.consent.given))
    household = None if owner is None else around.homes.get(owner)
    if household is not None:
        events.append(WishHoused(household))
    if hints:
        events.append(WishHinted(kinds_of(hints)))
    return [
        *events,
        WishAwaits(Awaited.SCREENING, now + SCREEN_WITHIN),
        WishTold(command.title, command.text, command.contact),
    ]


def consented(command: PostWish, now: datetime) -> str | None:
    """For whom it is posted. Raises `Rejected` where they are not said to have agreed."""
    if command.owner == command.by:
        raise Rejected("not-for-oneself", "what you post on behalf is somebody else's wish")
    if command.consent is None:
        raise Rejected("consent-needed", "say how and when the resident agreed to it")
    if command.consent.given > now:
        raise Rejected("consent-later", "the resident cannot have agreed after now")
    return command.owner


def open_until(until: datetime, now: datetime) -> datetime:
    """A time within the bounds. Raises `Rejected`."""
    if not now + SHORTEST_OPEN <= until <= now + LONGEST_OPEN:
        least, most = SHORTEST_OPEN.days, LONGEST_OPEN.days
        raise Rejected(
            "wish-open-bounds",
            f"a wish is open for {least} to {most} days from now",
            least=least,
            most=most,
        )
    return until


def worded(command: WordWish, wish: Wish, now: datetime) -> list[Event]:
    """What is to be shown of it. What is certainly personal is refused, what may be is doubted."""
    hints = (*hints_in("title", command.title), *hints_in("text", command.text))
    if certain := [kind for kind in kinds_of(hints) if kind in CERTAIN]:
        kinds = ", ".join(certain)
        raise Rejected("wording-personal", f"leave out what nobody may see: {kinds}", kinds=kinds)
    own = command.by in (wish.owner, wish.poster)
    drafted = WishWordingDrafted(
        command.by, len(hints), command.least_age, tuple(sorted(set(command.trainings)))
    )
    wording = WishWorded(command.title, command.text, hints)
    if hints or own:
        hidden = [WishHidden(wish.wish, wish.place)] if wish.status is Status.OPEN else []
        waits = WishAwaits(Awaited.SCREENING, now + SCREEN_WITHIN)
        return [drafted, *hidden, waits, wording]
    return [drafted, wording, opened(wish)]


def released(command: ReleaseWording, wish: Wish) -> list[Event]:
    """Somebody else than the poster has looked, and than the writer where there were doubts."""
    if command.by in (wish.owner, wish.poster):
        raise Rejected("second-look", "another person than the one who posted it has to look")
    if wish.doubts and command.by == wish.worded_by:
        raise Rejected("second-look", "another person than the one who wrote it has to look")
    return [opened(wish)]


def opened(wish: Wish) -> WishOpened:
    """Everybody sees it."""
    assert wish.until is not None, "what was posted ends"
    return WishOpened(wish.wish, wish.kind, wish.place, wish.owner, wish.poster, wish.until)


def returned(command: ReturnWish, wish: Wish) -> list[Event]:
    """The poster is asked to put it otherwise."""
    return [
        WishReturned(wish.wish, wish.place, wish.owner, wish.poster),
        WishReasonGiven(command.verb, command.reason),
    ]


def reworded(command: RewordWish, wish: Wish, now: datetime) -> list[Event]:
    """Other words of the owner; how to reach them stays as it was first told."""
    hints = (*hints_in("title", command.title), *hints_in("text", command.text))
    return [
        WishReworded(),
        WishHinted(kinds_of(hints)),
        WishAwaits(Awaited.SCREENING, now + SCREEN_WITHIN),
        WishTold(command.title, command.text, None),
    ]


def declined(command: DeclineWish, wish: Wish) -> list[Event]:
    """It is no wish."""
    if command.by in (wish.owner, wish.poster):
        raise Rejected("second-look", "another person than the one who posted it has to look")
    reason = f"{command.because.value} {command.reason}".strip()
    return [
        ended(wish, WishOutcome.DECLINED, command.by),
        WishReasonGiven(command.verb, reason),
    ]


def prolonged(command: ProlongWish, now: datetime) -> list[Event]:
    """It stays for longer, or less long."""
    return [WishProlonged(open_until(command.until, now))]


def referred(command: ReferWish, wish: Wish, now: datetime) -> list[Event]:
    """A petition is to be filed; nobody grants it any more."""
    claimant = None if wish.claim is None else wish.claim.volunteer
    return [
        WishReferred(wish.wish, wish.place, wish.owner, wish.poster, claimant, command.by),
        WishAwaits(Awaited.PETITION, now + PETITION_WITHIN),
        WishReasonGiven(command.verb, command.reason),
    ]


def became_petition(command: BecomePetition, wish: Wish) -> list[Event]:
    """Only a petition of the owner's or the poster's takes the place of a wish: anybody can name
    anything as an origin. One without a petitioner does so for an owner who has no account.
    """
    if command.petitioner is None:
        fits = wish.owner is None
    else:
        fits = command.petitioner in (wish.owner, wish.poster)
    if wish.status is not Status.REFERRED or not fits:
        return []
    return [
        WishBecamePetition(
            wish.wish, command.petition, wish.place, wish.path, wish.owner, wish.poster
        )
    ]
