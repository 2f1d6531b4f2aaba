"""Who is told what of wishes (微心愿).

The owner hears of their own wish, who posted it for them too; where both are one they hear once.
"""

from typing import Any

from services.notifications.domain.telling import Telling, to
from shared.contracts import volunteering
from shared.contracts.event import Event

TELLS_NOBODY: frozenset[type[Event]] = frozenset(
    {
        volunteering.WishPosted,  # staff have it in their queue; what waits too long is told
        volunteering.WishHidden,  # opening it again follows
    }
)


def tellings(event: Event) -> list[Telling | None]:
    """Who must know of the event."""
    match event:
        case volunteering.WishReturned() as e:
            return [to(e.poster, "wish-returned", wish=e.wish)]
        case volunteering.WishOpened() as e:
            return _both(e.owner, e.poster, "wish-opened", wish=e.wish, until=e.until)
        case volunteering.WishClaimed() as e:
            return [
                to(e.volunteer, "wish-yours", wish=e.wish, place=e.place, until=e.until),
                *_both(e.owner, e.poster, "wish-claimed", wish=e.wish),
            ]
        case volunteering.WishClaimLapsing() as e:
            return [to(e.volunteer, "wish-lapsing", wish=e.wish, until=e.until)]
        case volunteering.WishReleased() as e:
            gone = e.volunteer if e.because != "given-back" else None
            return [
                to(gone, "wish-taken-back", wish=e.wish, because=f"wish-{e.because}"),
                *_both(e.owner, e.poster, "wish-open-again", wish=e.wish),
            ]
        case volunteering.WishGranted() as e:
            return _both(e.owner, e.poster, "wish-granted", wish=e.wish, until=e.until)
        case volunteering.WishDisputed() as e:
            return [to(e.volunteer, "wish-disputed", wish=e.wish, because=f"wish-{e.because}")]
        case volunteering.WishFulfilled(on_behalf=True) as e:
            return [
                to(e.volunteer, "wish-thanks", wish=e.wish),
                to(e.owner, "wish-confirmed-for-you", wish=e.wish),
            ]
        case volunteering.WishFulfilled() as e:
            return [to(e.volunteer, "wish-thanks", wish=e.wish)]
        case volunteering.WishReferred() as e:
            return [
                to(e.volunteer, "wish-free", wish=e.wish),
                *_both(e.owner, e.poster, "wish-referred", wish=e.wish),
            ]
        case volunteering.WishBecamePetition() as e:
            became, petition = "wish-became-petition", e.petition
            return _both(e.owner, e.poster, became, wish=e.wish, petition=petition)
        case volunteering.WishEnded() as e:
            because = f"wish-{e.outcome.value}"
            return [
                to(e.volunteer, "wish-free", but_not=e.by, wish=e.wish),
                to(e.owner, "wish-ended", but_not=e.by, wish=e.wish, because=because),
                to(e.poster, "wish-ended", but_not=e.by, wish=e.wish, because=because),
            ]
        case volunteering.WishWaits() as e:
            because = f"wish-awaits-{e.awaited.value}"
            return [to(e.person, "wish-waits", wish=e.wish, place=e.place, because=because)]
    return []


def _both(owner: str | None, poster: str | None, kind: str, **params: Any) -> list[Telling | None]:
    return [to(person, kind, **params) for person in (owner, poster)]
