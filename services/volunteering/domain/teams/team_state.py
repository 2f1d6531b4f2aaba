"""A team (志愿服务队): what it is for, where it serves, and who leads it."""

from dataclasses import dataclass
from enum import StrEnum


class TeamStatus(StrEnum):
    """How a team stands."""

    NONE = "none"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    DISSOLVED = "dissolved"


class TeamKind(StrEnum):
    """平安巡逻队 青年 银龄 巾帼 党员 关爱文艺 and others."""

    PATROL = "patrol"
    YOUTH = "youth"
    SILVER_HAIRED = "silver-haired"
    WOMEN = "women"
    PARTY = "party"
    ARTS = "arts"
    OTHER = "other"


@dataclass(frozen=True)
class Team:
    """A team. `path` are the places it serves in, the district first; `captain` is None while
    nobody leads it.
    """

    status: TeamStatus = TeamStatus.NONE
    kind: TeamKind = TeamKind.OTHER
    place: str = ""
    path: tuple[str, ...] = ()
    captain: str | None = None
    deputies: tuple[str, ...] = ()

    @property
    def leaders(self) -> tuple[str, ...]:
        """Captain and deputies."""
        return self.deputies if self.captain is None else (self.captain, *self.deputies)
