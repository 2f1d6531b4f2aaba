"""What notifications does itself, and who must know of it."""

from datetime import UTC, datetime

from shared.contracts import notifications as n
from shared.contracts.event import Event
from shared.contracts.notifications.alarms import WhyClimbed
from shared.contracts.notifications.broadcasts import Group

NOON = datetime(2025, 3, 3, 4, 0, tzinfo=UTC)
B, A = "0195f00000000000000000000000bbbb", "0195f00000000000000000000000aaaa"
WRITER, CHIEF, FIRST, SECOND = "writer", "chief", "first", "second"


def raised(place: str | None) -> n.AlarmRaised:
    about = "webhook-w1" if place is None else "petition-p1"
    return n.AlarmRaised(A, "danger", "danger", place, about, (FIRST,), (), 1, NOON)


def climbed(place: str | None, called: tuple[str, ...] = (SECOND,)) -> n.AlarmClimbed:
    return n.AlarmClimbed(
        A, "other", "danger", place, WhyClimbed.UNANSWERED, called, (), 2, False, NOON
    )


CASES: list[tuple[Event, dict[str, str]]] = [
    (n.MessagePosted("m1", FIRST, "broadcast", f"broadcast-{B}", f"broadcast-{B}"), {}),
    (n.MessageRead("m1", FIRST), {}),
    (n.BroadcastSubmitted(B, "gl", Group.RESIDENTS, True, WRITER), {}),
    (n.BroadcastPageDue(B, 1, 500, None, NOON), {}),
    *(
        (
            n.BroadcastSentBack(B, "gl", WRITER, CHIEF, because),
            {WRITER: "broadcast-sent-back"},
        )
        for because in ("wrong-words", "wrong-place", "not-now", "not-needed")
    ),
    (
        n.BroadcastApproved(B, "gl", Group.RESIDENTS, True, WRITER, CHIEF, NOON),
        {WRITER: "broadcast-approved"},
    ),
    *(
        (
            n.BroadcastStopped(B, "gl", WRITER, CHIEF, CHIEF, because, 500),
            {WRITER: "broadcast-stopped"},
        )
        for because in ("all-clear", "mistake", "replaced")
    ),
    (
        n.BroadcastStopped(B, "gl", WRITER, CHIEF, None, "expired", 500),
        {WRITER: "broadcast-stopped", CHIEF: "broadcast-stopped"},
    ),
    (
        n.BroadcastDone(B, "gl", WRITER, CHIEF, 1_204),
        {WRITER: "broadcast-done", CHIEF: "broadcast-done"},
    ),
    (raised("gl"), {FIRST: "alarm"}),
    (raised(None), {FIRST: "alarm-platform"}),
    (climbed("gl"), {SECOND: "alarm-climbed"}),
    (climbed("gl", (FIRST, SECOND)), {FIRST: "alarm-climbed", SECOND: "alarm-climbed"}),
    (climbed("gl", ()), {}),
    (climbed(None), {SECOND: "alarm-climbed-platform"}),
    (
        n.AlarmAcknowledged(A, "danger", "gl", SECOND, (FIRST,), NOON),
        {FIRST: "alarm-acknowledged"},
    ),
    (n.AlarmUnanswered(A, "danger", "danger", "gl"), {}),
    (n.AlarmResolved(A, "danger", "gl", None, (FIRST,)), {FIRST: "alarm-resolved"}),
]
