"""What is told of the world to the rules of alarms: who is on call now."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from services.notifications.domain.alarm import Alarm, Surroundings
from services.notifications.domain.alarm_commands import Raise, RaiseAlarm
from services.notifications.domain.on_call import OnCall, ladder, on_call
from shared.neighbourhood.place import KnownPlace
from shared.neighbourhood.post import KnownPost, post
from shared.runtime.aggregate import Command, Tick
from shared.runtime.copies import Copies, Copy, MakeKept
from shared.runtime.deciding import Facts

KEPT: tuple[MakeKept, ...] = (partial(Copy, on_call), partial(Copy, post))


def facts(copies: Copies) -> Mapping[str, Facts]:
    """By kind."""
    places: Mapping[str, KnownPlace] = copies["place"]
    lists: Mapping[str, OnCall] = copies["on-call"]
    posts: Mapping[str, KnownPost] = copies["post"]

    def doer(place: str, duty: str) -> str | None:
        known = posts.get(f"{place}:{duty}")
        return None if known is None else known.responsible

    def around(id: str, command: Command, state: Alarm, _now: datetime) -> Surroundings:
        match command:
            case Raise() | RaiseAlarm():
                code, duty = command.place, command.duty
            case Tick():
                code, duty = state.place, state.duty
            case _:
                return Surroundings(id)
        known = None if code is None else places.get(code)
        path = () if known is None else known.path
        if code is not None and not path:
            return Surroundings(id)
        return Surroundings(id, path, ladder(lists, doer, path, duty))

    return {"alarm": around}
