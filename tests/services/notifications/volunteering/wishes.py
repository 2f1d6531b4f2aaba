"""One event of every kind and course of wishes."""

from datetime import UTC, datetime

from shared.contracts import volunteering as v
from shared.contracts.event import Event
from shared.contracts.volunteering.wishes import Awaited, WishKind, WishOutcome

NOON = datetime(2025, 3, 3, 4, 0, tzinfo=UTC)
W, PATH, KIND = "0195f00000000000000000000000beef", ("gl", "n1"), WishKind.REPAIR
ELDER, WORKER, HELPER, DESK = "elder", "worker", "helper", "desk"


def released(because: str) -> v.WishReleased:
    return v.WishReleased(W, "n1", HELPER, None, ELDER, WORKER, because)


def fulfilled(by: str) -> v.WishFulfilled:
    by_others = by != ELDER
    return v.WishFulfilled(
        W, KIND, "n1", PATH, HELPER, None, ELDER, WORKER, by, on_behalf=by_others
    )


def ended(outcome: WishOutcome, volunteer: str | None, by: str | None) -> v.WishEnded:
    return v.WishEnded(W, KIND, "n1", PATH, outcome, ELDER, WORKER, volunteer, None, by)


CASES: list[tuple[Event, dict[str, str]]] = [
    (v.WishPosted(W, KIND, "n1", PATH, ELDER, WORKER, NOON), {}),
    (v.WishHidden(W, "n1"), {}),
    (v.WishReturned(W, "n1", ELDER, WORKER), {WORKER: "wish-returned"}),
    (
        v.WishOpened(W, KIND, "n1", ELDER, WORKER, NOON),
        {ELDER: "wish-opened", WORKER: "wish-opened"},
    ),
    (v.WishOpened(W, KIND, "n1", ELDER, ELDER, NOON), {ELDER: "wish-opened"}),
    (
        v.WishClaimed(W, "n1", HELPER, None, None, WORKER, NOON),
        {HELPER: "wish-yours", WORKER: "wish-claimed"},
    ),
    (v.WishClaimLapsing(W, "n1", HELPER, None, NOON), {HELPER: "wish-lapsing"}),
    (released("given-back"), {ELDER: "wish-open-again", WORKER: "wish-open-again"}),
    *(
        (
            released(because),
            {HELPER: "wish-taken-back", ELDER: "wish-open-again", WORKER: "wish-open-again"},
        )
        for because in ("lapsed", "unfit")
    ),
    (
        v.WishGranted(W, "n1", HELPER, None, ELDER, ELDER, NOON),
        {ELDER: "wish-granted"},
    ),
    (v.WishDisputed(W, "n1", HELPER, None, ELDER, "hours"), {HELPER: "wish-disputed"}),
    (fulfilled(ELDER), {HELPER: "wish-thanks"}),
    (fulfilled(DESK), {HELPER: "wish-thanks", ELDER: "wish-confirmed-for-you"}),
    (
        v.WishReferred(W, "n1", ELDER, ELDER, HELPER, DESK),
        {HELPER: "wish-free", ELDER: "wish-referred"},
    ),
    (v.WishBecamePetition(W, "p1", "n1", PATH, ELDER, ELDER), {ELDER: "wish-became-petition"}),
    (ended(WishOutcome.WITHDRAWN, HELPER, ELDER), {HELPER: "wish-free", WORKER: "wish-ended"}),
    (ended(WishOutcome.EXPIRED, None, None), {ELDER: "wish-ended", WORKER: "wish-ended"}),
    (v.WishWaits(W, "n1", Awaited.SCREENING, "gl", DESK), {DESK: "wish-waits"}),
    (v.WishWaits(W, "n1", Awaited.SCREENING, "gl", None), {}),
]
