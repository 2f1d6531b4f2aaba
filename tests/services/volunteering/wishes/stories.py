"""What has happened to a wish, for the tests: its past up to each of its turns."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from services.volunteering.domain.teams.team_state import Team, TeamStatus
from services.volunteering.domain.teams.volunteer_state import Membership, Volunteer
from services.volunteering.domain.wishes.wish_commands import PostWish
from services.volunteering.domain.wishes.wish_events import (
    WishAwaits,
    WishClaimAnswered,
    WishHoused,
    WishServed,
    WishWordingDrafted,
)
from services.volunteering.domain.wishes.wish_state import Around
from shared.contracts.event import Event
from shared.contracts.types import PlaceKind
from shared.contracts.volunteering import (
    WishClaimed,
    WishDisputed,
    WishGranted,
    WishOpened,
    WishPosted,
)
from shared.contracts.volunteering.wishes import Awaited, WishKind
from tests.given import NOTHING_SPECIAL

NOW = NOTHING_SPECIAL
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
PATH = ("d", "s", "c", "n")
UNTIL = NOW + 60 * DAY

ELDER, WORKER, SCREENER, HELPER, RIVAL = "elder", "worker", "screener", "helper", "rival"
ADULT = Volunteer(registered=True, birth_year=1980)
JOINED = replace(ADULT, memberships=(Membership("t1", datetime(2024, 1, 1, tzinfo=UTC)),))
TEAM = Team(status=TeamStatus.ACTIVE, place="n", path=PATH, captain=HELPER, deputies=(RIVAL,))

AROUND = Around(
    "w1",
    PlaceKind.NEIGHBOURHOOD,
    PATH,
    homes={ELDER: "n-b1-u1", "grandson": "n-b1-u1"},
    volunteers={HELPER: ADULT, RIVAL: ADULT, "grandson": ADULT, WORKER: ADULT, ELDER: ADULT},
    office="c",
    person="desk",
)
OF_A_TEAM = replace(AROUND, team=TEAM, volunteers={HELPER: JOINED, RIVAL: JOINED, "third": ADULT})

POST = PostWish(
    by=ELDER, kind=WishKind.REPAIR, place="n", title="换一只灯泡", text="厨房的灯坏了，够不着。"
)

POSTED: tuple[Event, ...] = (
    WishPosted("w1", WishKind.REPAIR, "n", PATH, ELDER, ELDER, UNTIL),
    WishHoused("n-b1-u1"),
    WishAwaits(Awaited.SCREENING, NOW + 3 * DAY),
)
POSTED_FOR: tuple[Event, ...] = (
    WishPosted("w1", WishKind.REPAIR, "n", PATH, ELDER, WORKER, UNTIL),
    WishHoused("n-b1-u1"),
    WishAwaits(Awaited.SCREENING, NOW + 3 * DAY),
)
OPENED = WishOpened("w1", WishKind.REPAIR, "n", ELDER, ELDER, UNTIL)
OPEN: tuple[Event, ...] = (*POSTED, WishWordingDrafted(SCREENER, 0, None, ()), OPENED)
CLAIM_ENDS = NOW + 14 * DAY
CLAIMED_BY_HELPER = WishClaimed("w1", "n", HELPER, None, ELDER, ELDER, CLAIM_ENDS)
CLAIMED: tuple[Event, ...] = (
    *OPEN,
    CLAIMED_BY_HELPER,
    WishClaimAnswered(NOW, HELPER, (HELPER,)),
)
CLAIMED_FOR_TEAM: tuple[Event, ...] = (
    *OPEN,
    WishClaimed("w1", "n", HELPER, "t1", ELDER, ELDER, CLAIM_ENDS),
    WishClaimAnswered(NOW, HELPER, (HELPER, RIVAL)),
)
BEGUN, ENDED = NOW + DAY, NOW + DAY + HOUR
GRANTED: tuple[Event, ...] = (
    *CLAIMED,
    WishServed(BEGUN, ENDED, ((HELPER, 50),)),
    WishGranted("w1", "n", HELPER, None, ELDER, ELDER, NOW + 9 * DAY),
    WishAwaits(Awaited.CONFIRMATION, NOW + 9 * DAY),
)
DISPUTED: tuple[Event, ...] = (
    *GRANTED,
    WishDisputed("w1", "n", HELPER, None, ELDER, "not-done"),
    WishAwaits(Awaited.SETTLEMENT, NOW + 10 * DAY),
)
