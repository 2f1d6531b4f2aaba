"""Group robot (群机器人): the address of a staff group's robot, at WeCom, DingTalk or Feishu.

What is told to an organisation goes to those who speak for it, and to its group where that has one.
The robot's address and secret lie in the dossier; who has them can write into the group.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from shared.contracts.event import Event, Personal
from shared.contracts.types import Id, PlaceCode, RobotSecret, WebAddress
from shared.runtime.aggregate import Aggregate, Command, Rejected

PREFIX = "robot:"


class RobotKind(StrEnum):
    """企业微信 钉钉 飞书"""

    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"


def robot_of(organisation: str) -> str:
    """The id of an organisation's robot, and the recipient of what is told to its group."""
    return f"{PREFIX}{organisation}"


@dataclass(frozen=True, slots=True)
class GroupRobot:
    """Of an organisation at a place; without a `kind` there is none (any more)."""

    organisation: str = ""
    place: str = ""
    kind: RobotKind | None = None


@dataclass(frozen=True, slots=True)
class SetUpRobot(Command):
    """The group of an organisation has a robot."""

    organisation: Id
    place: PlaceCode
    kind: RobotKind
    url: WebAddress
    secret: RobotSecret = ""


@dataclass(frozen=True, slots=True)
class ReplaceRobot(Command):
    """Another address or secret; the former is deleted."""

    kind: RobotKind
    url: WebAddress
    secret: RobotSecret = ""


@dataclass(frozen=True, slots=True)
class TakeDownRobot(Command):
    """Nothing more is written into the group."""


@dataclass(frozen=True, slots=True)
class RobotSetUp(Event):
    """What is told to the organisation is told to its group from now on."""

    organisation: str
    place: str
    kind: RobotKind


@dataclass(frozen=True, slots=True)
class RobotReplaced(Event):
    """The former address is forgotten, another follows."""

    forgets: ClassVar[bool] = True

    kind: RobotKind


@dataclass(frozen=True, slots=True)
class RobotTakenDown(Event):
    """Its address is forgotten."""

    forgets: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class RobotGiven(Personal):
    """Where the robot is reached, and what it signs with."""

    kind: RobotKind
    url: str
    secret: str


def decide(command: Command, robot: GroupRobot, now: datetime) -> list[Event]:
    """What follows from a command."""
    match command:
        case SetUpRobot() if robot.kind is not None:
            raise Rejected("robot-there-already", "this group has a robot: replace it")
        case SetUpRobot(organisation=organisation, place=place, kind=kind) as c:
            return [RobotSetUp(organisation, place, kind), RobotGiven(kind, c.url, c.secret)]
        case ReplaceRobot() | TakeDownRobot() if robot.kind is None:
            raise Rejected("no-robot", "this group has no robot")
        case ReplaceRobot(kind=kind, url=url, secret=secret):
            return [RobotReplaced(kind), RobotGiven(kind, url, secret)]
        case TakeDownRobot():
            return [RobotTakenDown()]
    raise Rejected("wrong-moment", f"cannot {command.verb} a robot", verb=command.verb)


def evolve(robot: GroupRobot, event: Event) -> GroupRobot:
    """The robot after an event."""
    match event:
        case RobotSetUp(organisation, place, kind):
            return GroupRobot(organisation, place, kind)
        case RobotReplaced(kind):
            return replace(robot, kind=kind)
        case RobotTakenDown():
            return replace(robot, kind=None)
    return robot


def open_verbs(robot: GroupRobot) -> tuple[str, ...]:
    """The verbs that it knows now."""
    return ("replace", "take-down") if robot.kind is not None else ()


group_robot = Aggregate(
    kind="group-robot",
    initial=GroupRobot(),
    decide=decide,
    evolve=evolve,
    events=(RobotSetUp, RobotReplaced, RobotTakenDown, RobotGiven),
)
