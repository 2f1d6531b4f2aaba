"""What can be done in the mediation room, as forms: by collection and verb, and what is begun
beneath a dispute.

What is chosen from (`Field.offers`) is told by the room: `parties`, `mediators`, `seats`, `vacant`,
`people`, `times`, `rooms`, `clauses`, `released`, `ties`, `sides`.
"""

from collections.abc import Mapping
from typing import Any

from services.gateway.pages.languages import marked
from services.gateway.pages.staff.fields import Field, Kind
from services.gateway.pages.staff.mediation.wording import (
    DISCLOSED,
    HOW,
    PASSED_TO,
    PATHS,
    RISKS,
    WITHDRAWN,
)
from services.gateway.pages.staff.verbs import Form, Group

CONVENE, DRAFT, FILE = "sessions", "agreements", "evidence"
"""What is begun beneath a dispute, in the place of a verb."""
NEXT_DRAFT = "draft"
"""The verb of an agreement that begins with what the present version says."""
MOST = 20_000
WORD = 2_000


def _form(label: str, *fields: Field, **more: Any) -> Form:
    return Form(label, fields, Group.OTHER, **more)


def _nested(typed: dict[str, Any]) -> dict[str, Any]:
    """Fields named ``a.b`` stand in an object ``a``."""
    body: dict[str, Any] = {}
    for name, value in typed.items():
        within, dot, rest = name.partition(".")
        if dot:
            body.setdefault(within, {})[rest] = value
        else:
            body[name] = value
    return body


def _in_line(typed: dict[str, Any]) -> dict[str, Any]:
    """Nobody stands in the line behind themselves."""
    return {**typed, "then": [one for one in typed.get("then", ()) if one != typed["person"]]}


def _named(typed: dict[str, Any]) -> dict[str, Any]:
    """An empty name is none."""
    return {"name": typed.get("name")}


def _reason(required: bool = False) -> Field:
    most = MOST if required else WORD
    return Field("reason", marked("理由"), Kind.PASSAGE, required, most=most)


_PARTY = Field("party", marked("当事人"), offers="parties", picked=True)
_CLAUSE = Field("clause", marked("条款"), Kind.NUMBER, offers="clauses", picked=True)
_RECORD = Field("number", marked("第几次记录"), Kind.NUMBER, offers="records", picked=True)
_VERSION = Field("version", marked("第几稿"), Kind.NUMBER, offers="minutes", picked=True)
_RELEASE = Field("release", marked("申请"), Kind.NUMBER, offers="released", picked=True)
_SLOTS = Field(
    "slots",
    marked("可选的时间"),
    Kind.ROWS,
    hint=marked("请各方在这些时间里选能来的。"),
    columns=(
        Field("begin", marked("开始"), Kind.MOMENT),
        Field("end", marked("结束"), Kind.MOMENT),
    ),
)
_ANSWER_BY = Field("answer_by", marked("请在此前答复"), Kind.MOMENT)
_ROOM = Field("room", marked("场地"), required=False, offers="rooms", picked=True)
_WHERE = Field(
    "where",
    marked("其他地方"),
    required=False,
    hint=marked("没有预订场地的，写明在哪里。"),
    most=WORD,
)
_TERMS = (
    Field(
        "clauses",
        marked("条款"),
        Kind.ROWS,
        hint=marked("谁、在哪一天以前、做什么；需要付款的写明金额。"),
        columns=(
            Field("party", marked("由谁"), offers="parties", picked=True),
            Field("what", marked("做什么"), most=2_000),
            Field("until", marked("完成日期"), Kind.END_OF_DAY),
            Field("cents", marked("金额（元）"), Kind.YUAN, required=False),
        ),
    ),
    Field(
        "open_points",
        marked("没有达成一致的事项"),
        Kind.MANY,
        required=False,
        hint=marked("每行一项；写了的，纠纷只算部分解决。"),
    ),
)

DISPUTE: Mapping[str, Form] = {
    "invite": _form(marked("邀请各方"), note=marked("请先确认现场没有危险。")),
    "record-answer": _form(
        marked("记录当事人的答复"),
        _PARTY,
        Field("agrees", marked("是否同意调解"), Kind.YES_NO),
        Field("consent.how", marked("怎样答复的"), Kind.CHOICE, choices=tuple(HOW.items())),
        Field("consent.given", marked("什么时候答复的"), Kind.MOMENT),
        shaped=_nested,
    ),
    "agree": _form(marked("同意调解")),
    "decline": _form(marked("不同意调解"), _reason()),
    "tell": _form(
        marked("补充情况"),
        Field("text", marked("情况"), Kind.PASSAGE, most=MOST),
        Field("title", marked("标题"), required=False, most=WORD),
    ),
    "record-settlement": _form(
        marked("记录口头协议"),
        Field("text", marked("各方说定了什么"), Kind.PASSAGE, most=MOST),
        note=marked("各方都确认之后，纠纷即告解决；需要书面约定的，请起草协议。"),
    ),
    "confirm-settlement": _form(marked("确认口头协议"), _RECORD),
    "object-to-settlement": _form(marked("不认可口头协议"), _RECORD, _reason()),
    "propose-extension": _form(
        marked("提议延长三十天"), note=marked("各方都同意才能延长，只能延长一次。")
    ),
    "consent-extension": _form(marked("同意延长")),
    "refuse-extension": _form(marked("不同意延长")),
    "raise-risk": _form(
        marked("报告风险"),
        Field("kind", marked("什么风险"), Kind.CHOICE, choices=tuple(RISKS.items())),
        Field("text", marked("说明"), Kind.PASSAGE, required=False, most=WORD),
        note=marked("民警和值守的人会立即收到通知。"),
    ),
    "name-representative": _form(
        marked("更换代理人"), _PARTY, Field("person", marked("人员编号"), most=128)
    ),
    "pass-on": _form(
        marked("转交处理"),
        Field("to", marked("交给谁"), Kind.CHOICE, choices=tuple(PASSED_TO.items())),
        _reason(required=True),
        grave=True,
    ),
    "fail": _form(marked("调解不成，结束"), _reason(required=True), grave=True),
    "reopen": _form(marked("重新调解"), _reason(required=True)),
    "answer-follow-up": _form(
        marked("答复回访"),
        Field("holds", marked("协议是否得到履行"), Kind.YES_NO),
        Field("note", marked("说明"), Kind.PASSAGE, required=False, most=WORD),
    ),
    "leave": _form(marked("退出调解"), _reason(), grave=True),
    "withdraw": _form(marked("撤回"), _reason(), grave=True),
}
PANEL: Mapping[str, Form] = {
    "appoint": _form(
        marked("请人调解"),
        Field("person", marked("调解员"), offers="mediators", picked=True),
        Field(
            "then",
            marked("不接受的，再依次问"),
            Kind.SEVERAL,
            required=False,
            hint=marked("最多五位，按上面的顺序。"),
            offers="mediators",
        ),
        shaped=_in_line,
    ),
    "accept": _form(
        marked("接受，由我调解"), note=marked("您接受，即声明与各方没有需要回避的关系。")
    ),
    "name-member": _form(
        marked("请人参加调解小组"),
        Field("seat", marked("席位"), offers="vacant", picked=True),
        Field("person", marked("人员编号"), offers="candidates", most=128),
        Field(
            "then",
            marked("不接受的，再依次问"),
            Kind.MANY,
            required=False,
            hint=marked("每行一位的编号，最多五位。"),
        ),
        shaped=_in_line,
    ),
    "declare": _form(
        marked("声明回避情况并答复"),
        Field(
            "ties",
            marked("与当事人的关系"),
            Kind.SEVERAL,
            required=False,
            hint=marked("都没有的，不用勾选：您即参加调解小组。"),
            offers="ties",
        ),
        Field("note", marked("说明"), Kind.PASSAGE, required=False, most=WORD),
    ),
    "decline": _form(marked("不接受"), _reason()),
    "refuse-mediator": _form(
        marked("不同意这位调解员"), _reason(), note=marked("每一方只能提一次。")
    ),
    "add-seat": _form(
        marked("增加席位"),
        Field("seat", marked("席位代码"), hint=marked("例如 doctor"), most=64),
    ),
    "drop-seat": _form(
        marked("取消席位"), Field("seat", marked("席位"), offers="extra", picked=True)
    ),
    "declare-kinship": _form(
        marked("登记亲属关系"),
        Field("person", marked("调解员或者成员"), offers="people", picked=True),
        _PARTY,
        note=marked("当事人告诉您的，由您登记；对方随即回避。"),
    ),
    "leave": _form(marked("不再参加"), _reason(), grave=True),
    "release": _form(
        marked("更换调解员或者成员"),
        Field("person", marked("换下谁"), offers="people", picked=True),
        _reason(),
        grave=True,
    ),
}
SESSION: Mapping[str, Form] = {
    "vote": _form(
        marked("我能来的时间"),
        Field("can", marked("能来的时间"), Kind.NUMBERS, required=False, offers="times"),
        shaped=lambda typed: {"can": typed.get("can", [])},
    ),
    "choose": _form(
        marked("定下时间"),
        Field("slot", marked("时间"), Kind.NUMBER, offers="times", picked=True),
        careful=False,
    ),
    "propose": _form(marked("另提时间"), _SLOTS, _ANSWER_BY),
    "take-room": _form(marked("更换场地"), _ROOM, _WHERE),
    "record": _form(
        marked("记录到场情况"),
        Field("begun", marked("开始时间"), Kind.MOMENT),
        Field("ended", marked("结束时间"), Kind.MOMENT),
        Field("present", marked("到场的人"), Kind.SEVERAL, offers="invited"),
    ),
    "draft": _form(
        marked("写会议记录"),
        Field("text", marked("记录"), Kind.PASSAGE, most=MOST),
        note=marked("改写之后，各方对上一稿的认可作废。"),
    ),
    "agree": _form(marked("认可记录"), _VERSION),
    "object": _form(
        marked("对记录有异议"),
        _VERSION,
        Field("text", marked("应当怎样写"), Kind.PASSAGE, most=MOST),
    ),
    "ask-release": _form(
        marked("申请向他人提供记录"),
        Field("to", marked("人员编号"), most=128),
        Field("name", marked("姓名"), most=200),
        Field("purpose", marked("用途"), Kind.PASSAGE, required=False, most=WORD),
        note=marked("到场的各方都同意才能提供。"),
    ),
    "consent": _form(marked("同意提供"), _RELEASE),
    "refuse": _form(marked("不同意提供"), _RELEASE),
    "adjourn": _form(marked("休会"), _reason()),
    "call-off": _form(marked("取消会议"), _reason(), grave=True),
}
AGREEMENT: Mapping[str, Form] = {
    "draft": _form(
        marked("起草新的一稿"),
        *_TERMS,
        note=marked("新的一稿要各方重新签字。"),
    ),
    "show-name": _form(
        marked("协议上的署名"),
        Field("name", marked("姓名或者名称"), required=False, most=200),
        shaped=_named,
    ),
    "report-done": _form(
        marked("报告已经履行"),
        _CLAUSE,
        Field("note", marked("说明"), Kind.PASSAGE, required=False, most=WORD),
    ),
    "confirm-done": _form(marked("确认已经履行"), _CLAUSE),
    "dispute-done": _form(marked("没有履行"), _CLAUSE, _reason(required=True)),
    "report-breach": _form(
        marked("报告没有履行"),
        _CLAUSE,
        Field("path", marked("怎样处理"), Kind.CHOICE, choices=tuple(PATHS.items())),
        _reason(),
        grave=True,
    ),
    "seek-confirmation": _form(marked("已经申请司法确认")),
    "revoke": _form(marked("反悔"), grave=True),
}
EVIDENCE: Mapping[str, Form] = {
    "describe": _form(
        marked("说明证明什么"), Field("text", marked("说明"), Kind.PASSAGE, most=WORD)
    ),
    "widen": _form(
        marked("扩大公开范围"),
        Field("disclosed", marked("公开范围"), Kind.CHOICE, choices=tuple(DISCLOSED.items())[:2]),
        Field("side", marked("另外向哪一方"), required=False, offers="sides", picked=True),
    ),
    "withdraw": _form(
        marked("撤回证据"),
        Field("because", marked("原因"), Kind.CHOICE, choices=tuple(WITHDRAWN.items())),
        grave=True,
    ),
}
FORMS: Mapping[str, Mapping[str, Form]] = {
    "disputes": DISPUTE,
    "panels": PANEL,
    "sessions": SESSION,
    "agreements": AGREEMENT,
    "evidence": EVIDENCE,
}
"""By collection and verb. What is signed, is signed by the parties on a page of their own."""
CONVENING = _form(
    marked("召集调解会"),
    _SLOTS,
    _ANSWER_BY,
    _ROOM,
    _WHERE,
    Field("agenda", marked("议题"), Kind.PASSAGE, required=False, most=WORD),
    Field("panel", marked("调解小组也参加"), Kind.FLAG, required=False),
    Field(
        "side",
        marked("只和一方单独谈话"),
        required=False,
        hint=marked("选了的，另一方不知道有这次谈话。"),
        offers="sides",
        picked=True,
    ),
    Field("after", marked("接着哪一次会议"), required=False, offers="adjourned", picked=True),
)
DRAFTING = _form(marked("起草调解协议"), *_TERMS)
