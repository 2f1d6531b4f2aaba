"""What can be done with a petition, as forms: of each verb its words and its fields.

A verb that is not here gets a form from what the service's OpenAPI document says of its body
(`services.gateway.pages.staff.unknown_verbs`). A test holds the table to the commands.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.gateway.pages.languages import marked
from services.gateway.pages.staff.fields import Field, Kind
from services.gateway.pages.words import SUSPENSION


class Group(StrEnum):
    """What stands together on the page."""

    WORK = "work"
    TOGETHER = "together"
    CLOCK = "clock"
    ALIKE = "alike"
    VOICE = "voice"
    PUBLIC = "public"
    PETITIONER = "petitioner"
    OTHER = "other"


GROUPS: Mapping[Group, str] = {
    Group.WORK: marked("办理"),
    Group.TOGETHER: marked("会诊"),
    Group.CLOCK: marked("时限"),
    Group.ALIKE: marked("并案与关联"),
    Group.VOICE: marked("回访"),
    Group.PUBLIC: marked("公开"),
    Group.PETITIONER: marked("本人的诉求"),
    Group.OTHER: marked("其他"),
}


@dataclass(frozen=True, slots=True)
class Form:
    """A verb in words. `careful` ones are decided on the very version that was shown: where it has
    changed meanwhile, nothing is done and the page says what has changed. `grave` ones cannot be
    taken back. `done` is what the page says afterwards;
    `shaped` makes the body of what was typed, where that is more than its fields.
    """

    label: str
    fields: tuple[Field, ...] = ()
    group: Group = Group.WORK
    note: str = ""
    done: str = marked("已经记录。")
    careful: bool = True
    grave: bool = False
    shaped: Callable[[dict[str, Any]], dict[str, Any]] | None = None

    def body(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        """The body of the command, from what the fields say."""
        return dict(typed) if self.shaped is None else self.shaped(dict(typed))


def plain_form(label: str, *fields: Field, **more: Any) -> Form:
    """A form of something else than petitions: it stands in no group of theirs."""
    return Form(label, fields, Group.OTHER, **more)


_STARS = tuple((str(n), str(n)) for n in (5, 4, 3, 2, 1))
_SOLVED = Field("solved", marked("问题是否解决"), Kind.YES_NO, required=False)
_WORD = Field("word", marked("原话"), Kind.PASSAGE, required=False, most=2_000)
_REASON = Field("reason", marked("理由"), Kind.PASSAGE, most=20_000)
_PROMISE = Field("promise", marked("承诺"), Kind.NUMBER, offers="promises", picked=True)
_DEPARTMENT = Field("department", marked("部门"), offers="parts", picked=True)
_REACHED = Field("reached", marked("是否联系上"), Kind.YES_NO)
_KEPT = Field("kept", marked("是否兑现"), Kind.YES_NO)

FORMS: Mapping[str, Form] = {
    "take": Form(
        marked("开始办理"),
        note=marked("由您承办；办理时限不变。"),
        done=marked("这件诉求现在由您承办。"),
    ),
    "answer": Form(
        marked("答复"),
        (
            Field("done", marked("做了什么"), Kind.PASSAGE, most=20_000),
            Field("done_by", marked("由谁完成"), hint=marked("单位和姓名"), most=200),
            Field(
                "follows",
                marked("后续事项"),
                Kind.ROWS,
                required=False,
                hint=marked("每一项都是承诺，到期会询问诉求人是否兑现。"),
                columns=(
                    Field("what", "", most=200),
                    Field("until", marked("完成日期"), Kind.DAY),
                ),
            ),
            Field("finished", marked("已经办结，没有后续事项"), Kind.FLAG, required=False),
        ),
        note=marked("写明做了什么、由谁完成、后续何时完成。“已转有关部门”不算答复。"),
        done=marked("答复已经送出，等待诉求人评价。"),
    ),
    "hand-up": Form(
        marked("上报上一级"),
        (_REASON,),
        note=marked("说明本级为什么不能办理。上报之后不再退回本级。"),
        grave=True,
        done=marked("已经上报上一级。"),
    ),
    "return": Form(
        marked("请诉求人补充"),
        (Field("question", marked("需要补充什么"), Kind.PASSAGE, most=20_000),),
        note=marked("办理时限继续计算。"),
        done=marked("已经请诉求人补充。"),
    ),
    "comment": Form(
        marked("留言"),
        (Field("text", marked("留言内容"), Kind.PASSAGE, most=20_000),),
        note=marked("诉求人和承办人都能看到；不影响时限。"),
        careful=False,
        done=marked("留言已经送出。"),
    ),
    "assign": Form(
        marked("指定承办人"),
        (Field("assignee", marked("承办人"), offers="people", most=128),),
        note=marked("办理时限不变。"),
        done=marked("已经指定承办人。"),
    ),
    "close": Form(
        marked("作出复核结论"),
        (_REASON,),
        note=marked("复核结论送达诉求人之后，这件诉求即告办结。"),
        grave=True,
        done=marked("复核结论已经送出，诉求办结。"),
    ),
    "report-promise": Form(
        marked("报告承诺进展"),
        (_PROMISE, Field("text", marked("进展"), Kind.PASSAGE, most=20_000)),
    ),
    "suspend": Form(
        marked("暂缓办理"),
        (
            Field("reason", marked("理由"), Kind.CHOICE, choices=tuple(SUSPENSION.items())[:3]),
            Field("until", marked("暂缓到"), Kind.MOMENT),
            Field("words", marked("说明"), Kind.PASSAGE, most=20_000),
        ),
        Group.CLOCK,
        note=marked("剩余的办理时间在恢复之后继续计算。"),
        done=marked("已经暂缓办理。"),
    ),
    "resume": Form(
        marked("恢复办理"),
        (Field("words", marked("说明"), Kind.PASSAGE, required=False, most=2_000),),
        Group.CLOCK,
    ),
    "consult": Form(
        marked("召集部门会诊"),
        (
            Field(
                "departments",
                marked("部门"),
                Kind.MANY,
                hint=marked("每行一个单位编号"),
                offers="departments",
            ),
            Field("lead", marked("牵头部门"), offers="departments", most=128),
            Field("question", marked("请各部门回答什么"), Kind.PASSAGE, most=20_000),
        ),
        Group.TOGETHER,
        done=marked("已经召集会诊，各部门将收到通知。"),
    ),
    "accept-part": Form(marked("接受任务"), (), Group.TOGETHER),
    "refuse-part": Form(marked("不属于本单位"), (_REASON,), Group.TOGETHER),
    "deliver-part": Form(
        marked("交回意见"),
        (Field("text", marked("办理情况或者意见"), Kind.PASSAGE, most=20_000),),
        Group.TOGETHER,
    ),
    "insist": Form(marked("责令承办"), (_DEPARTMENT, _REASON), Group.TOGETHER),
    "hand-over": Form(
        marked("改交其他部门"),
        (
            _DEPARTMENT,
            Field("instead", marked("改交给"), offers="departments", most=128),
            _REASON,
        ),
        Group.TOGETHER,
        note=marked("一项任务只能改交一次。"),
    ),
    "rule-out": Form(marked("免除这项任务"), (_DEPARTMENT, _REASON), Group.TOGETHER),
    "minute": Form(
        marked("会议纪要"),
        (Field("text", marked("纪要"), Kind.PASSAGE, most=20_000),),
        Group.TOGETHER,
        careful=False,
    ),
    "merge": Form(
        marked("并入另一件"),
        (Field("into", marked("主件编号"), most=128),),
        Group.ALIKE,
        note=marked("同一件事由主件一并答复，每位诉求人各自评价。"),
        done=marked("已经并入主件。"),
    ),
    "split": Form(marked("拆分出来，单独办理"), (), Group.ALIKE),
    "link": Form(
        marked("关联另一件"),
        (Field("to", marked("诉求编号"), most=128),),
        Group.ALIKE,
        careful=False,
    ),
    "follow-up": Form(
        marked("记录回访"),
        (
            _REACHED,
            Field("stars", marked("满意程度"), Kind.NUMBER, required=False, choices=_STARS),
            _SOLVED,
            _WORD,
        ),
        Group.VOICE,
        note=marked("联系上的，请分别询问是否满意、是否解决。"),
        done=marked("回访已经记录。"),
    ),
    "follow-up-promise": Form(
        marked("回访承诺"),
        (
            _PROMISE,
            _REACHED,
            Field("kept", marked("是否兑现"), Kind.YES_NO, required=False),
            _WORD,
        ),
        Group.VOICE,
    ),
    "release": Form(
        marked("对外公开"),
        (
            Field("title", marked("标题"), most=200),
            Field("question", marked("反映的问题"), Kind.PASSAGE, most=20_000),
            Field("answer", marked("答复"), Kind.PASSAGE, most=20_000),
        ),
        Group.PUBLIC,
        note=marked("请删去姓名、电话和门牌。机器拿不准的，由另一人复核。"),
    ),
    "confirm-release": Form(marked("同意公开"), (), Group.PUBLIC),
    "refuse-release": Form(marked("不同意公开"), (_REASON,), Group.PUBLIC),
    "withdraw-release": Form(marked("撤回公开"), (_REASON,), Group.PUBLIC, grave=True),
    "rate": Form(
        marked("评价答复"),
        (
            Field("stars", marked("满意程度"), Kind.NUMBER, choices=_STARS),
            Field("solved", marked("问题已经解决"), Kind.FLAG, required=False),
            _WORD,
        ),
        Group.PETITIONER,
    ),
    "confirm-solved": Form(marked("确认已经解决"), (), Group.PETITIONER),
    "withdraw": Form(
        marked("撤回诉求"),
        (Field("reason", marked("理由"), Kind.PASSAGE, required=False, most=2_000),),
        Group.PETITIONER,
        grave=True,
    ),
    "ask-review": Form(marked("申请复查"), (_REASON,), Group.PETITIONER),
    "judge-promise": Form(marked("评判承诺"), (_PROMISE, _KEPT, _WORD), Group.PETITIONER),
    "pass-on": Form(
        marked("移交代表人"), (Field("to", marked("新的代表人"), most=128),), Group.PETITIONER
    ),
    "sign": Form(
        marked("签名"),
        (Field("household", marked("住户编号"), most=64),),
        Group.PETITIONER,
        careful=False,
    ),
    "withdraw-signature": Form(marked("撤回签名"), (), Group.PETITIONER, careful=False),
    "support": Form(marked("我也遇到"), (), Group.PETITIONER, careful=False),
    "withdraw-support": Form(marked("撤回附议"), (), Group.PETITIONER, careful=False),
}
