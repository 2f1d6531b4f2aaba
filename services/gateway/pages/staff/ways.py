"""The staff's pages, as they lead to one another: each for those with one of its roles."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from services.gateway.pages.languages import marked

ANSWERING = (
    "grid-worker",
    "neighbourhood-staff",
    "area-staff",
    "community-staff",
    "street-staff",
    "district-staff",
)
"""Who answers petitions, from the grid to the district."""
TELEPHONE = "intake"
"""The hotline desk."""
ADMINISTRATOR = "administrator"
OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Way:
    """A page that is always in reach. Without `roles` it is for everybody at work."""

    name: str
    path: str
    words: str
    roles: tuple[str, ...] = ()


WAYS = (
    Way("queue", "/work", marked("办件"), ANSWERING),
    Way("hotline", "/work/hotline", marked("受理台"), (TELEPHONE, *ANSWERING)),
    Way("follow-ups", "/work/follow-ups", marked("回访"), (TELEPHONE, *ANSWERING)),
    Way("duplicates", "/work/duplicates", marked("查重"), ANSWERING),
    Way("consultations", "/work/consultations", marked("会诊")),
    Way("duty", "/work/duty", marked("值守"), (TELEPHONE, ADMINISTRATOR, *ANSWERING)),
    Way("statistics", "/work/statistics", marked("统计"), ANSWERING),
    Way("orders", "/work/orders", marked("派单"), ANSWERING),
    Way("disputes", "/work/disputes", marked("调解")),
    Way("alarms", "/work/registers/alarms", marked("警报"), (ADMINISTRATOR, OPERATOR, *ANSWERING)),
    Way("broadcasts", "/work/registers/broadcasts", marked("广播"), ANSWERING),
    Way("places", "/work/registers/places", marked("地点"), (ADMINISTRATOR,)),
    Way("posts", "/work/registers/posts", marked("岗位"), (ADMINISTRATOR,)),
    Way("organisations", "/work/registers/organisations", marked("单位"), (ADMINISTRATOR,)),
    Way("residents", "/work/registers/residents", marked("居民"), (ADMINISTRATOR,)),
    Way("check-ins", "/work/registers/check-ins", marked("双报到"), (ADMINISTRATOR,)),
    Way("alliances", "/work/registers/alliances", marked("共建"), (ADMINISTRATOR,)),
    Way("categories", "/work/registers/categories", marked("类别"), (ADMINISTRATOR,)),
    Way("rotas", "/work/registers/rotas", marked("排班"), (ADMINISTRATOR,)),
    Way("rules", "/work/registers/rules", marked("消息模板"), (ADMINISTRATOR,)),
    Way("calendar", "/work/calendar", marked("工作日历"), (ADMINISTRATOR, OPERATOR)),
    Way("dead-letters", "/work/dead-letters", marked("死信"), (ADMINISTRATOR, OPERATOR)),
    Way("webhooks", "/work/registers/webhooks", marked("订阅"), (ADMINISTRATOR, OPERATOR)),
)


def ways_for(roles: Collection[str]) -> list[Way]:
    """Those that somebody with these roles has."""
    return [way for way in WAYS if not way.roles or not set(roles).isdisjoint(way.roles)]
