"""Registers: what else staff keep and decide on, each as a list and as single pages of one shape.

A register is a row of `REGISTERS`: where its things are kept, who looks at them, and what is shown.
What can be done with a thing, its service says (``can``); the forms come from its OpenAPI document,
with the words of `register_words`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.gateway.pages.languages import marked
from services.gateway.pages.staff import kept
from services.gateway.pages.staff.fields import Field, Kind, Typed
from services.gateway.pages.staff.register_words import CHOICES
from services.gateway.pages.staff.verbs import Form, plain_form
from services.gateway.pages.staff.ways import ADMINISTRATOR, ANSWERING, OPERATOR, TELEPHONE


def _nothing(_verb: str, _thing: Mapping[str, Any]) -> Typed:
    return Typed()


@dataclass(frozen=True, slots=True)
class Register:
    """`facts` are the fields that are shown; the first is the name in a list, where there is no
    title. `by_place` says that the list is asked for a place, under that parameter; one that is
    `within` is asked for no less than a place, so that without one there are only the ways to
    places. `asks` has by role what else it is asked for. `before` says what a form of a thing
    begins with.
    """

    name: str
    service: str
    words: str
    lead: str
    roles: tuple[str, ...]
    facts: tuple[str, ...]
    path: str = ""
    by_place: str = ""
    within: bool = False
    creates: bool = False
    statuses: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, Form] = field(default_factory=dict)
    asks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    template: str = "staff/thing.html"
    before: Callable[[str, Mapping[str, Any]], Typed] = _nothing

    @property
    def asked(self) -> str:
        """The path of its list."""
        return self.path or f"/{self.name}"


BELOW = "below"
"""For `Register.by_place`: the list is a tree, of which one level is shown."""
CREATE = ""
"""The verb under which a register has its own form for a new thing."""


def _in_words(typed: dict[str, Any]) -> dict[str, Any]:
    """What a broadcast says, as a list by language."""
    words = [{"language": "zh-Hans", "title": typed.pop("title"), "body": typed.pop("body")}]
    title, body = typed.pop("title_en", ""), typed.pop("body_en", "")
    if title and body:
        words.append({"language": "en", "title": title, "body": body})
    return {**typed, "words": words}


_GROUPS = tuple((code, CHOICES[code]) for code in ("residents", "duty", "organisation", "team"))
_BROADCAST = (
    Field("title", marked("标题"), most=200),
    Field("body", marked("内容"), Kind.PASSAGE, most=2_000),
    Field("title_en", marked("英文标题"), required=False, most=200),
    Field("body_en", marked("英文内容"), Kind.PASSAGE, required=False, most=2_000),
    Field("group", marked("发给谁"), Kind.CHOICE, choices=_GROUPS),
    Field(
        "of",
        marked("职责、单位或者服务队的编号"),
        required=False,
        hint=marked("发给居民的不用填写"),
        most=128,
    ),
    Field("hours", marked("几小时内有效"), Kind.NUMBER, hint=marked("1 到 720")),
    Field("urgent", marked("紧急，优先于其他消息"), Kind.FLAG, required=False),
)

REGISTERS: Mapping[str, Register] = {
    one.name: one
    for one in (
        Register(
            "broadcasts",
            "notifications",
            marked("广播"),
            marked("起草之后由另一人审核，同意后发出。"),
            ANSWERING,
            ("status", "place", "group", "of", "urgent", "hours", "drafted_by", "told", "because"),
            creates=True,
            statuses={
                "draft": marked("草稿"),
                "submitted": marked("等待审核"),
                "running": marked("正在发送"),
                "stopped": marked("已停止"),
                "done": marked("已发完"),
            },
            forms={
                CREATE: plain_form(
                    marked("起草广播"), kept.OWN_PLACE, *_BROADCAST, shaped=_in_words
                ),
                "revise": plain_form(marked("修改"), *_BROADCAST, shaped=_in_words),
            },
        ),
        Register(
            "places",
            "community",
            marked("地点"),
            marked("区、街道、社区、片区、小区，以及网格、楼栋和单元。"),
            (ADMINISTRATOR,),
            ("name", "code", "kind", "parent", "closed", "pattern", "languages", "contacts"),
            by_place="parent",
            creates=True,
        ),
        Register(
            "posts",
            "community",
            marked("岗位"),
            marked("什么地点的什么职责，由谁担任。"),
            (ADMINISTRATOR,),
            ("duty", "place", "term", "ahead", "deputy", "leave", "vacancy"),
            by_place="place",
            creates=True,
        ),
        Register(
            "organisations",
            "community",
            marked("单位"),
            marked("大党委、业主委员会、物业公司、职能部门和共建单位。"),
            (ADMINISTRATOR,),
            ("name", "kind", "home", "serves", "size", "closed"),
            creates=True,
        ),
        Register(
            "residents",
            "community",
            marked("居民"),
            marked("谁登记在哪一户，只列编号；查阅姓名和电话会留下记录。"),
            (ADMINISTRATOR,),
            ("resident", "status", "household", "asked"),
            by_place="place",
            within=True,
            creates=True,
            statuses={
                "asking": marked("等待确认"),
                "registered": marked("已登记"),
                "moved-out": marked("已迁出"),
                "erased": marked("已清除"),
            },
        ),
        Register(
            "check-ins",
            "community",
            marked("双报到"),
            marked("党员和单位到居住地、服务地报到，以及能提供什么。"),
            (ADMINISTRATOR,),
            ("person", "status", "organisation", "place", "offers", "until"),
            by_place="place",
            within=True,
            statuses={
                "asked": marked("等待确认"),
                "in": marked("已报到"),
                "out": marked("已离开"),
                "forgotten": marked("已清除"),
            },
        ),
        Register(
            "alliances",
            "community",
            marked("共建"),
            marked("一个地点的单位联盟：由谁牵头，哪些单位参加。"),
            (ADMINISTRATOR,),
            ("name", "place", "chair", "members", "dissolved"),
            by_place="place",
            creates=True,
        ),
        Register(
            "categories",
            "petitions",
            marked("类别"),
            marked("诉求的类别、职责和办理时限；修改不影响已经登记的诉求。"),
            (ADMINISTRATOR,),
            ("name", "code", "duty", "department", "pace", "levels"),
            by_place=BELOW,
            creates=True,
            forms={"revise": kept.REVISING},
            template="staff/kept/category.html",
            before=kept.settings_before,
        ),
        Register(
            "rotas",
            "community",
            marked("排班"),
            marked("值班按次数均匀排定；发布之后双方同意才能换班。"),
            (ADMINISTRATOR, TELEPHONE, *ANSWERING),
            ("name", "status", "place", "keeper", "members"),
            by_place="place",
            creates=True,
            statuses={"drawn-up": marked("待发布"), "published": marked("已发布")},
            forms={CREATE: kept.DRAWING_UP, "draw-again": kept.DRAWING_AGAIN},
            template="staff/kept/rota.html",
        ),
        Register(
            "alarms",
            "notifications",
            marked("警报"),
            marked("没有人处理的逐级上报；处理了的请确认，结束了的请解除。"),
            (ADMINISTRATOR, OPERATOR, *ANSWERING),
            (
                "because",
                "status",
                "duty",
                "place",
                "about",
                "answer_by",
                "acknowledged_by",
                "resolve_by",
            ),
            statuses={
                "raised": marked("等人处理"),
                "acknowledged": marked("有人处理"),
                "unanswered": marked("没有人应答"),
                "resolved": marked("已解除"),
            },
            asks={ADMINISTRATOR: {"of": "platform"}, OPERATOR: {"of": "platform"}},
        ),
        Register(
            "rules",
            "notifications",
            marked("消息模板"),
            marked("每一种消息怎样发、怎样说；修改立即生效，发出之前可以预览。"),
            (ADMINISTRATOR,),
            ("kind", "topic", "urgency", "ways", "lasts", "params", "off", "changed"),
            forms={"change-words": kept.WORDING},
            template="staff/kept/rule.html",
            before=kept.words_before,
        ),
        Register(
            "webhooks",
            "subscriptions",
            marked("订阅"),
            marked("其他系统接收事件的地址，以及发送记录。"),
            (ADMINISTRATOR, OPERATOR),
            ("status", "owner", "types", "places", "categories", "mode"),
        ),
    )
}
