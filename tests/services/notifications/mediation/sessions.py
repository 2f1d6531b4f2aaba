"""Who is told what of sessions and rooms: an event, and each who is told with the kind."""

from datetime import UTC, datetime

from shared.contracts import mediation as m
from shared.contracts.event import Event
from shared.contracts.mediation.sessions import CalledOff, Unmet

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
TWO = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
T, Q = "0195f000000000000000000000005e55", "0195f00000000000000000000000d15b"
PEACE, ANN, BEN, JUDGE = "peace", "ann", "ben", "judge"
ALL, BOTH = (ANN, BEN, PEACE), (ANN, BEN)


def unmet(because: Unmet, convener: str | None, *told: str) -> m.SessionUnmet:
    return m.SessionUnmet(T, Q, because, convener, told)


def closed(given: bool) -> m.MinutesReleaseEnded:
    return m.MinutesReleaseEnded(T, Q, 1, JUDGE, (ANN,), BEN, given)


CASES: list[tuple[Event, dict[str, str]]] = [
    (
        m.SessionConvened(T, Q, "n1", ALL, NOON, PEACE),
        {ANN: "session-times", BEN: "session-times"},
    ),
    (
        m.SessionTimesProposed(T, Q, ALL, NOON, PEACE),
        {ANN: "session-times-again", BEN: "session-times-again"},
    ),
    (m.SessionRoomWanted(T, "hall", "2026-03-02", NOON, TWO, 1), {}),
    (m.SessionRoomGivenUp(T, "hall", "2026-03-02", 1), {}),
    (unmet(Unmet.NO_COMMON_TIME, PEACE), {PEACE: "session-unmet"}),
    (
        unmet(Unmet.NO_ROOM, PEACE, *ALL),
        {PEACE: "session-unmet", ANN: "session-unset", BEN: "session-unset"},
    ),
    (unmet(Unmet.NO_COMMON_TIME, None, ANN), {ANN: "session-unset"}),
    (
        m.SessionSet(T, Q, "n1", NOON, TWO, "hall", "2026-03-02", 1, ALL, 1),
        {ANN: "session-set", BEN: "session-set", PEACE: "session-set"},
    ),
    (
        m.SessionNear(T, Q, NOON, None, ALL),
        {ANN: "session-near", BEN: "session-near", PEACE: "session-near"},
    ),
    (
        m.SessionCalledOff(T, Q, CalledOff.BY_CONVENER, ALL, PEACE),
        {ANN: "session-called-off", BEN: "session-called-off"},
    ),
    (m.SessionCalledOff(T, Q, CalledOff.DISPUTE_OVER, (ANN,), None), {ANN: "session-called-off"}),
    (m.SessionCalledOff(T, Q, CalledOff.MEDIATOR_LEFT, (ANN,), None), {ANN: "session-called-off"}),
    (m.SessionHeld(T, Q, NOON, TWO, ALL), {}),
    (
        m.SessionAdjourned(T, Q, ALL, PEACE),
        {ANN: "session-adjourned", BEN: "session-adjourned"},
    ),
    (m.SessionUnrecorded(T, Q, PEACE), {PEACE: "session-unrecorded"}),
    (
        m.MinutesDrafted(T, Q, 1, BOTH, NOON),
        {ANN: "minutes-drafted", BEN: "minutes-drafted"},
    ),
    (m.MinutesObjectedTo(T, Q, 1, PEACE, BEN), {PEACE: "minutes-objected-to"}),
    (m.MinutesAwaited(T, Q, 1, (BEN,)), {BEN: "minutes-awaited"}),
    (m.MinutesAgreed(T, Q, 1, BOTH), {ANN: "minutes-agreed", BEN: "minutes-agreed"}),
    (m.MinutesReleaseAsked(T, Q, 1, JUDGE, ANN, BOTH), {BEN: "minutes-release-asked"}),
    (m.MinutesReleased(T, Q, 1, JUDGE, NOON), {JUDGE: "minutes-released"}),
    (closed(given=False), {ANN: "minutes-release-ended"}),
    (closed(given=True), {ANN: "minutes-release-ended", JUDGE: "minutes-closed"}),
    (m.RoomOpened("hall", "n1", 12), {}),
    (m.RoomClosed("hall", "n1"), {}),
    (m.RoomHeld(T, "hall", NOON, TWO, 1), {}),
    (m.RoomRefused(T, "hall", NOON, TWO, 1), {}),
    (m.RoomFreed(T, "hall", NOON, TWO), {}),
]
