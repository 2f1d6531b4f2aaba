"""A street lamp: the smallest aggregate that has everything, for tests of the runtime."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import Field

from shared.contracts.event import Event, Personal
from shared.contracts.types import PlaceCode, Title
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick
from shared.runtime.api import AggregateApi, Create, Dossier, Verb, aggregate_api
from shared.runtime.copies import Copy
from shared.runtime.identity import Caller
from shared.runtime.policies import administrator, holder, owner, role, within_place
from shared.runtime.service import Service

REPAIR_WITHIN = timedelta(hours=1)


class Status(StrEnum):
    """How a lamp is."""

    NONE = "none"
    LIT = "lit"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Lamp:
    """A lamp's state."""

    status: Status = Status.NONE
    place: str = ""
    reporter: str | None = None
    keeper: str | None = None
    repair_by: datetime | None = None
    reminded: int = 0
    switched: int = 0


@dataclass(frozen=True, slots=True)
class Install(Command):
    """Puts up a lamp."""

    place: PlaceCode
    keeper: str
    watts: Annotated[int, Field(ge=1, le=100)]
    by: str


@dataclass(frozen=True, slots=True)
class Break(Command):
    """Reports that a lamp is broken."""

    words: Title
    by: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Repair(Command):
    """Repairs a lamp."""

    by: str


@dataclass(frozen=True, slots=True)
class Switch(Command):
    """Switches a lamp once more; `limit` is how often it may have been switched before."""

    limit: int = 1_000_000


@dataclass(frozen=True, slots=True)
class Look(Command):
    """Changes nothing."""


@dataclass(frozen=True, slots=True)
class Forget(Command):
    """Forgets what was said of a lamp; `words` are said before, `epitaph` after that."""

    words: str = ""
    epitaph: str = ""


@dataclass(frozen=True, slots=True)
class Explode(Command):
    """Shows a defect in the domain."""


@dataclass(frozen=True, slots=True)
class LampInstalled(Event):
    place: str
    keeper: str


@dataclass(frozen=True, slots=True)
class LampBroken(Event):
    reporter: str
    repair_by: datetime


@dataclass(frozen=True, slots=True)
class LampDescribed(Personal):
    words: str


@dataclass(frozen=True, slots=True)
class LampForgotten(Event):
    forgets: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class LampRepaired(Event):
    by: str


@dataclass(frozen=True, slots=True)
class LampSwitched(Event):
    times: int


@dataclass(frozen=True, slots=True)
class KeeperReminded(Event):
    times: int


def decide(command: Command, lamp: Lamp, now: datetime) -> list[Event]:
    """The rules of a lamp."""
    match lamp.status, command:
        case Status.NONE, Install(place=place, keeper=keeper):
            return [LampInstalled(place, keeper)]
        case Status.LIT, Break(words=words, by=by, since=since):
            dark_from = now if since is None else since
            return [LampBroken(by, dark_from + REPAIR_WITHIN), LampDescribed(words)]
        case Status.BROKEN, Repair(by=by):
            return [LampRepaired(by)]
        case Status.BROKEN, Tick() if lamp.repair_by is not None and now >= lamp.repair_by:
            return [KeeperReminded(lamp.reminded + 1)]
        case Status.LIT, Switch(limit=limit):
            if lamp.switched >= limit:
                raise Rejected("worn-out", "it was switched {limit} times already", limit=limit)
            return [LampSwitched(lamp.switched + 1)]
        case _, Forget(words=words, epitaph=epitaph):
            return [LampDescribed(words), LampForgotten(), LampDescribed(epitaph)]
        case _, Look() | Tick():
            return []
        case _, Explode():
            raise RuntimeError("a secret in the text of an error")
    raise Rejected(
        "wrong-moment",
        f"cannot {command.verb} a lamp that is {lamp.status}",
        verb=command.verb,
        status=str(lamp.status),
    )


def evolve(lamp: Lamp, event: Event) -> Lamp:
    """The lamp after an event."""
    match event:
        case LampInstalled(place, keeper):
            return replace(lamp, status=Status.LIT, place=place, keeper=keeper)
        case LampBroken(reporter, repair_by):
            return replace(lamp, status=Status.BROKEN, reporter=reporter, repair_by=repair_by)
        case LampRepaired():
            return replace(lamp, status=Status.LIT, reporter=None, repair_by=None)
        case LampSwitched(times):
            return replace(lamp, switched=times)
        case KeeperReminded(times):
            return replace(lamp, reminded=times, repair_by=None)
    return lamp


lamp = Aggregate(
    kind="lamp",
    initial=Lamp(),
    decide=decide,
    evolve=evolve,
    events=(
        LampInstalled,
        LampBroken,
        LampDescribed,
        LampForgotten,
        LampRepaired,
        LampSwitched,
        KeeperReminded,
    ),
    due=lambda state: state.repair_by,
)

OPEN = {Status.LIT: ("break", "explode"), Status.BROKEN: ("repair", "explode")}


def open_verbs(state: Lamp, _caller: Caller) -> Iterable[str]:
    """The verbs of a state."""
    return OPEN[state.status]


worker = role("grid-worker")
lamps_api = aggregate_api(
    lamp,
    collection="lamps",
    tag="Lamps",
    create=Create(Install, may=administrator),
    verbs={
        "break": Verb(Break, may=role("resident") | worker),
        "repair": Verb(Repair, may=holder("keeper")),
        "explode": Verb(Explode, may=administrator),
    },
    open=open_verbs,
    see=role("resident") | administrator | holder("keeper") | within_place("grid-worker"),
    dossier=Dossier(see=owner("reporter") | holder("keeper"), subject="reporter"),
)


def lamps(problems: Path | None = None, api: AggregateApi = lamps_api, **rest: Any) -> Service:
    """A service of lamps, with a copy of them. (It bears the name of one with public events.)"""
    return Service(
        "community",
        aggregates=(lamp,),
        apis=(api,),
        copies=(partial(Copy, lamp),),
        problems=problems,
        **rest,
    )
