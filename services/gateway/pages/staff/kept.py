"""Forms of what administrators keep, where the one from the OpenAPI document would be awkward: what
a category says itself, who is on a rota, in which words a message is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.gateway.pages.languages import marked
from services.gateway.pages.staff.fields import Field, Kind, Typed
from services.gateway.pages.staff.verbs import plain_form
from services.gateway.pages.words import LEVEL, URGENCY

TONGUES = ("zh-Hans", "zh-Hant", "en")
OFFERS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "urgencies": tuple(URGENCY.items()),
    "levels": tuple(LEVEL.items()),
}
"""What these forms choose from, besides people: values with words that are ours."""
OWN_PLACE = Field("place", marked("地点编号"), offers="own", most=64)
"""One of the places that who fills the form in works for."""


# --- categories ----------------------------------------------------------------------------------


def _with_deadlines(typed: dict[str, Any]) -> dict[str, Any]:
    """Rows of urgency, level and time stand by urgency and level in what a category wants."""
    rows = typed.pop("deadlines", ())
    if not rows:
        return typed
    deadlines: dict[str, dict[str, str]] = {}
    for row in rows:
        deadlines.setdefault(row["urgency"], {})[row["level"]] = row["time"]
    return {**typed, "deadlines": deadlines}


_LEVELS = tuple(LEVEL.items())
REVISING = plain_form(
    marked("修改类别"),
    Field("zh", marked("中文名称"), required=False, most=60),
    Field("en", marked("英文名称"), required=False, most=120),
    Field("duty", marked("职责"), required=False, most=64),
    Field("department", marked("牵头部门"), required=False, most=64),
    Field("pace", marked("时限档次"), required=False, most=64),
    Field(
        "deadlines",
        marked("自己的办理时限"),
        Kind.ROWS,
        required=False,
        hint=marked("P2D 是两个工作日，PT4H 是四个工作小时；都不填的随时限档次。"),
        columns=(
            Field("urgency", marked("紧急程度"), offers="urgencies", picked=True),
            Field("level", marked("层级"), offers="levels", picked=True),
            Field("time", marked("时限"), most=32),
        ),
    ),
    Field("lowest", marked("最低层级"), Kind.CHOICE, required=False, choices=_LEVELS),
    Field("highest", marked("最高层级"), Kind.CHOICE, required=False, choices=_LEVELS),
    Field(
        "since",
        marked("从何时起"),
        Kind.MOMENT,
        required=False,
        hint=marked("不填立即生效；已经登记的诉求不变。"),
    ),
    note=marked("这里写的就是这个类别自己的全部规定；空着的随上一级。"),
    shaped=_with_deadlines,
)


def settings_before(verb: str, thing: Mapping[str, Any]) -> Typed:
    """What the category says itself now, to be revised."""
    if verb != "revise" or not thing["revisions"]:
        return Typed()
    own = thing["revisions"][-1]
    names = ("zh", "en", "duty", "department", "pace", "lowest", "highest")
    values: dict[str, Any] = {name: own.get(name) or "" for name in names}
    values["deadlines"] = [
        {"urgency": urgency, "level": level, "time": text}
        for urgency, levels in (own.get("deadlines") or {}).items()
        for level, text in levels.items()
    ]
    return Typed(values=values)


# --- rotas ---------------------------------------------------------------------------------------

_DRAWN = (
    Field("first", marked("第一天"), Kind.DAY),
    Field("last", marked("最后一天"), Kind.DAY),
    Field("members", marked("参加的人"), Kind.MANY, hint=marked("每行一位的编号。")),
    Field("shifts", marked("班次"), Kind.MANY, hint=marked("每行一班，例如 08:00-20:00。")),
    Field("days_off_only", marked("只排休息日"), Kind.FLAG, required=False),
    Field(
        "away",
        marked("不能值班的日子"),
        Kind.ROWS,
        required=False,
        columns=(
            Field("person", marked("人员编号"), most=128),
            Field("day", marked("日期"), Kind.DAY),
        ),
    ),
)
DRAWING_UP = plain_form(
    marked("排班"),
    OWN_PLACE,
    Field("name", marked("代号"), hint=marked("例如 night"), most=64),
    *_DRAWN,
)
DRAWING_AGAIN = plain_form(marked("重新排定"), *_DRAWN)

# --- words of messages ---------------------------------------------------------------------------


def _by_tongue(typed: dict[str, Any]) -> dict[str, Any]:
    """The languages of which there are words."""
    words = {}
    for tongue in TONGUES:
        said = {part: typed.get(f"{tongue}.{part}", "") for part in _PARTS}
        if said["title"] and said["body"]:
            words[tongue] = said
    return {"words": words}


_PARTS = {"title": Kind.LINE, "body": Kind.PASSAGE, "short": Kind.PASSAGE}
_LABELS = {
    "zh-Hans.title": marked("标题（简体）"),
    "zh-Hans.body": marked("正文（简体）"),
    "zh-Hans.short": marked("短信（简体）"),
    "zh-Hant.title": marked("标题（繁体）"),
    "zh-Hant.body": marked("正文（繁体）"),
    "zh-Hant.short": marked("短信（繁体）"),
    "en.title": marked("标题（英文）"),
    "en.body": marked("正文（英文）"),
    "en.short": marked("短信（英文）"),
}
WORDING = plain_form(
    marked("修改措辞"),
    *(
        Field(name, label, _PARTS[name.partition(".")[2]], required=False, most=2_000)
        for name, label in _LABELS.items()
    ),
    note=marked("大括号里的由系统填写；短信空着的从正文截取。"),
    shaped=_by_tongue,
)


def words_before(verb: str, thing: Mapping[str, Any]) -> Typed:
    """The words in force, to be changed."""
    if verb != "change-words":
        return Typed()
    values: dict[str, str] = {}
    for tongue, words in thing["words"].items():
        in_force = words["own"] or words["shipped"] or {}
        values |= {f"{tongue}.{part}": in_force.get(part) or "" for part in _PARTS}
    return Typed(values=values)
