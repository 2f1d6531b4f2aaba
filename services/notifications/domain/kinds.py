"""What is told, and how: the kinds of message, each with its rule (消息种类).

The rules that are shipped stand in ``kinds.yaml``; what an administrator changes of one is a
`services.notifications.domain.kind_rule`.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from services.notifications.domain.ways import Way


class Topic(StrEnum):
    """What people choose ways for: 本人诉求 工作职责 住户与单位 志愿服务 互助 走访关爱 积分 调解
    凭证 家庭 预警 通知 系统 账号
    """

    PETITIONS = "petitions"
    DUTIES = "duties"
    RESIDENCE = "residence"
    VOLUNTEERING = "volunteering"
    HELP = "help"
    CARE = "care"
    POINTS = "points"
    MEDIATION = "mediation"
    CREDENTIALS = "credentials"
    FAMILY = "family"
    ALARMS = "alarms"
    NOTICES = "notices"
    SYSTEMS = "systems"
    ACCOUNT = "account"


class Urgency(StrEnum):
    """How urgent: what is urgent does not wait for the morning; what is low nobody waits for."""

    URGENT = "urgent"
    NORMAL = "normal"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class KindRule:
    """How a kind of message is told.

    `ways` are tried in this order, besides the inbox. With `must` the law demands it, or silence
    would cost somebody a right: nobody can turn it off. After `lasts` it is too late to tell. What
    comes within `gathers` of the same thing goes out as one. `heard_within` is for what must be
    heard: by then the next way is tried. `collected` says that it may wait for a person's digest.
    `params` are what its words may be filled with.
    """

    topic: Topic
    urgency: Urgency = Urgency.NORMAL
    ways: tuple[Way, ...] = ()
    must: bool = False
    lasts: timedelta | None = None
    gathers: timedelta = timedelta()
    heard_within: timedelta | None = None
    collected: bool = True
    params: tuple[str, ...] = ()
