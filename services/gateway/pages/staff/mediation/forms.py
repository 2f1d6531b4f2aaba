"""What can be done in the mediation room, as forms: by collection and verb, and what is begun
beneath a dispute.

What is chosen from (`Field.offers`) is told by the room: `parties`, `mediators`, `seats`, `vacant`,
`people`, `times`, `rooms`, `clauses`, `released`, `ties`, `sides`.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.gateway.pages.dispute_words import PASSED_TO
from services.gateway.pages.languages import marked
from services.gateway.pages.staff.fields import Field, Kind
from services.gateway.pages.staff.mediation.wording import (
    DISCLOSED,
    HOW,
    KINDS,
    PATHS,
    RISKS,
    WITHDRAWN,
)
from services.gateway.pages.staff.verbs import Form, plain_form

CONVENE, DRAFT, FILE = "sessions", "agreements", "evidence"
"""What is begun beneath a dispute, in the place of a verb."""
NEXT_DRAFT = "draft"
"""The verb of an agreement that begins with what the present version says."""
MOST = 20_000
WORD = 2_000


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


_NOTE = Field("note", marked("说明"), Kind.PASSAGE, required=False, most=WORD)
_PERSON = Field("person", marked("人员编号"), most=128)
_PARTY = Field("party", marked("当事人"), offers="parties", picked=True)
_CONSENT = (
    Field("consent.how", marked("怎样答复的"), Kind.CHOICE, choices=tuple(HOW.items())),
    Field("consent.given", marked("什么时候答复的"), Kind.MOMENT),
)
"""How and when a party told staff what it wants."""
_THEN = Field("then", marked("不接受的，再依次问"), required=False)
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
    "invite": plain_form(marked("邀请各方"), note=marked("请先确认现场没有危险。")),
    "record-answer": plain_form(
        marked("记录当事人的答复"),
        _PARTY,
        Field("agrees", marked("是否同意调解"), Kind.YES_NO),
        *_CONSENT,
        shaped=_nested,
    ),
    "agree": plain_form(marked("同意调解")),
    "decline": plain_form(marked("不同意调解"), _reason()),
    "tell": plain_form(
        marked("补充情况"),
        Field("text", marked("情况"), Kind.PASSAGE, most=MOST),
        Field("title", marked("标题"), required=False, most=WORD),
    ),
    "record-settlement": plain_form(
        marked("记录口头协议"),
        Field("text", marked("各方说定了什么"), Kind.PASSAGE, most=MOST),
        note=marked("各方都确认之后，纠纷即告解决；需要书面约定的，请起草协议。"),
    ),
    "confirm-settlement": plain_form(marked("确认口头协议"), _RECORD),
    "object-to-settlement": plain_form(marked("不认可口头协议"), _RECORD, _reason()),
    "propose-extension": plain_form(
        marked("提议延长三十天"), note=marked("各方都同意才能延长，只能延长一次。")
    ),
    "consent-extension": plain_form(marked("同意延长")),
    "refuse-extension": plain_form(marked("不同意延长")),
    "raise-risk": plain_form(
        marked("报告风险"),
        Field("kind", marked("什么风险"), Kind.CHOICE, choices=tuple(RISKS.items())),
        Field("text", marked("说明"), Kind.PASSAGE, required=False, most=WORD),
        note=marked("民警和值守的人会立即收到通知。"),
    ),
    "name-representative": plain_form(marked("更换代理人"), _PARTY, _PERSON),
    "pass-on": plain_form(
        marked("转交处理"),
        Field("to", marked("交给谁"), Kind.CHOICE, choices=tuple(PASSED_TO.items())),
        _reason(required=True),
        grave=True,
    ),
    "fail": plain_form(marked("调解不成，结束"), _reason(required=True), grave=True),
    "reopen": plain_form(marked("重新调解"), _reason(required=True)),
    "answer-follow-up": plain_form(
        marked("答复回访"),
        Field("holds", marked("协议是否得到履行"), Kind.YES_NO),
        _NOTE,
    ),
    "leave": plain_form(marked("退出调解"), _reason(), grave=True),
    "withdraw": plain_form(marked("撤回"), _reason(), grave=True),
}
PANEL: Mapping[str, Form] = {
    "appoint": plain_form(
        marked("请人调解"),
        Field("person", marked("调解员"), offers="mediators", picked=True),
        replace(
            _THEN, kind=Kind.SEVERAL, hint=marked("最多五位，按上面的顺序。"), offers="mediators"
        ),
        shaped=_in_line,
    ),
    "accept": plain_form(
        marked("接受，由我调解"), note=marked("您接受，即声明与各方没有需要回避的关系。")
    ),
    "name-member": plain_form(
        marked("请人参加调解小组"),
        Field("seat", marked("席位"), offers="vacant", picked=True),
        replace(_PERSON, offers="candidates"),
        replace(_THEN, kind=Kind.MANY, hint=marked("每行一位的编号，最多五位。")),
        shaped=_in_line,
    ),
    "declare": plain_form(
        marked("声明回避情况并答复"),
        Field(
            "ties",
            marked("与当事人的关系"),
            Kind.SEVERAL,
            required=False,
            hint=marked("都没有的，不用勾选：您即参加调解小组。"),
            offers="ties",
        ),
        _NOTE,
    ),
    "decline": plain_form(marked("不接受"), _reason()),
    "refuse-mediator": plain_form(
        marked("不同意这位调解员"), _reason(), note=marked("每一方只能提一次。")
    ),
    "add-seat": plain_form(
        marked("增加席位"),
        Field("seat", marked("席位代码"), hint=marked("例如 doctor"), most=64),
    ),
    "drop-seat": plain_form(
        marked("取消席位"), Field("seat", marked("席位"), offers="extra", picked=True)
    ),
    "declare-kinship": plain_form(
        marked("登记亲属关系"),
        Field("person", marked("调解员或者成员"), offers="people", picked=True),
        _PARTY,
        note=marked("当事人告诉您的，由您登记；对方随即回避。"),
    ),
    "leave": plain_form(marked("不再参加"), _reason(), grave=True),
    "release": plain_form(
        marked("更换调解员或者成员"),
        Field("person", marked("换下谁"), offers="people", picked=True),
        _reason(),
        grave=True,
    ),
}
SESSION: Mapping[str, Form] = {
    "vote": plain_form(
        marked("我能来的时间"),
        Field("can", marked("能来的时间"), Kind.NUMBERS, required=False, offers="times"),
        shaped=lambda typed: {"can": typed.get("can", [])},
    ),
    "choose": plain_form(
        marked("定下时间"),
        Field("slot", marked("时间"), Kind.NUMBER, offers="times", picked=True),
        careful=False,
    ),
    "propose": plain_form(marked("另提时间"), _SLOTS, _ANSWER_BY),
    "take-room": plain_form(marked("更换场地"), _ROOM, _WHERE),
    "record": plain_form(
        marked("记录到场情况"),
        Field("begun", marked("开始时间"), Kind.MOMENT),
        Field("ended", marked("结束时间"), Kind.MOMENT),
        Field("present", marked("到场的人"), Kind.SEVERAL, offers="invited"),
    ),
    "draft": plain_form(
        marked("写会议记录"),
        Field("text", marked("记录"), Kind.PASSAGE, most=MOST),
        note=marked("改写之后，各方对上一稿的认可作废。"),
    ),
    "agree": plain_form(marked("认可记录"), _VERSION),
    "object": plain_form(
        marked("对记录有异议"),
        _VERSION,
        Field("text", marked("应当怎样写"), Kind.PASSAGE, most=MOST),
    ),
    "ask-release": plain_form(
        marked("申请向他人提供记录"),
        replace(_PERSON, name="to"),
        Field("name", marked("姓名"), most=200),
        Field("purpose", marked("用途"), Kind.PASSAGE, required=False, most=WORD),
        note=marked("到场的各方都同意才能提供。"),
    ),
    "consent": plain_form(marked("同意提供"), _RELEASE),
    "refuse": plain_form(marked("不同意提供"), _RELEASE),
    "adjourn": plain_form(marked("休会"), _reason()),
    "call-off": plain_form(marked("取消会议"), _reason(), grave=True),
}
AGREEMENT: Mapping[str, Form] = {
    "draft": plain_form(
        marked("起草新的一稿"),
        *_TERMS,
        note=marked("新的一稿要各方重新签字。"),
    ),
    "show-name": plain_form(
        marked("协议上的署名"),
        Field("name", marked("姓名或者名称"), required=False, most=200),
        shaped=_named,
    ),
    "report-done": plain_form(
        marked("报告已经履行"),
        _CLAUSE,
        _NOTE,
    ),
    "confirm-done": plain_form(marked("确认已经履行"), _CLAUSE),
    "dispute-done": plain_form(marked("没有履行"), _CLAUSE, _reason(required=True)),
    "report-breach": plain_form(
        marked("报告没有履行"),
        _CLAUSE,
        Field("path", marked("怎样处理"), Kind.CHOICE, choices=tuple(PATHS.items())),
        _reason(),
        grave=True,
    ),
    "seek-confirmation": plain_form(marked("已经申请司法确认")),
    "revoke": plain_form(marked("反悔"), grave=True),
}
EVIDENCE: Mapping[str, Form] = {
    "describe": plain_form(
        marked("说明证明什么"), Field("text", marked("说明"), Kind.PASSAGE, most=WORD)
    ),
    "widen": plain_form(
        marked("扩大公开范围"),
        Field("disclosed", marked("公开范围"), Kind.CHOICE, choices=tuple(DISCLOSED.items())[:2]),
        Field("side", marked("另外向哪一方"), required=False, offers="sides", picked=True),
    ),
    "withdraw": plain_form(
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
CONVENING = plain_form(
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
FILING = plain_form(
    marked("提出纠纷"),
    Field("place", marked("地点"), offers="places", picked=True),
    Field("kind", marked("种类"), Kind.CHOICE, choices=tuple(KINDS.items())),
    Field("title", marked("标题"), most=200),
    Field("text", marked("经过"), Kind.PASSAGE, hint=marked("各方和调解员都能看到。"), most=MOST),
    Field(
        "parties",
        marked("各方当事人"),
        Kind.ROWS,
        hint=marked("第一项是您代为提出的一方。每一项填人员编号，或者选一家单位；至少两方。"),
        columns=(
            Field("side", marked("哪一方"), offers="sides", picked=True),
            replace(_PERSON, required=False),
            Field(
                "organisation", marked("单位"), required=False, offers="organisations", picked=True
            ),
            Field("name", marked("怎么称呼"), required=False, most=200),
            Field("phone", marked("电话"), required=False, most=200),
        ),
    ),
    *_CONSENT,
    Field("risk", marked("什么风险"), Kind.CHOICE, required=False, choices=tuple(RISKS.items())),
    shaped=_nested,
)
DRAFTING = plain_form(marked("起草调解协议"), *_TERMS)
