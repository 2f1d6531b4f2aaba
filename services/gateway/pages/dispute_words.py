"""Words for the codes of mediation. `TABLES` and `TONES` are part of those in `words`."""

from collections.abc import Mapping
from typing import Final

from services.gateway.pages.languages import marked

SIDE: Final = {"a": marked("甲方"), "b": marked("乙方"), "c": marked("丙方")}
KIND: Final = {
    "neighbours": marked("邻里"),
    "property-company": marked("物业"),
    "shared-space": marked("公共空间"),
    "noise": marked("噪音"),
    "water-leak": marked("漏水"),
    "parking": marked("停车"),
    "family": marked("家庭"),
    "labour": marked("劳动"),
    "medical": marked("医疗"),
    "consumer": marked("消费"),
    "other": marked("其他"),
}
DISPUTE: Final = {
    "filed": marked("社区先看过风险"),
    "invited": marked("等各方答复"),
    "mediating": marked("调解中"),
    "agreed": marked("协议已签，尚未生效"),
    "ended": marked("调解结束"),
}
CONSENT: Final = {
    "open": marked("还没有答复"),
    "agreed": marked("同意调解"),
    "declined": marked("不同意调解"),
    "left": marked("已退出"),
}
OUTCOME: Final = {
    "settled": marked("已经谈妥"),
    "partly": marked("部分谈妥"),
    "failed": marked("没有谈成"),
    "withdrawn": marked("已撤回"),
    "passed-on": marked("转由别处处理"),
}
BECAUSE: Final = {
    "agreement": marked("达成了协议"),
    "declined": marked("有一方不同意调解"),
    "erased": marked("有一方的数据已删除"),
    "left": marked("有一方退出"),
    "no-agreement": marked("没有达成协议"),
    "no-answer": marked("有一方没有答复"),
    "passed-on": marked("转由别处处理"),
    "time-over": marked("调解期限已到"),
    "withdrawn": marked("提出的人撤回了"),
}
PASSED_TO: Final = {
    "street": marked("街道"),
    "court": marked("法院"),
    "arbitration": marked("仲裁机构"),
    "police": marked("公安"),
    "department": marked("职能部门"),
    "other": marked("其他"),
}
RISK: Final = {
    "violence": marked("可能有人动手"),
    "self-harm": marked("可能有人伤害自己"),
    "damage": marked("可能损坏东西"),
}
DISCLOSED: Final = {
    "all": marked("各方和调解员"),
    "sides": marked("部分当事人和调解员"),
    "panel": marked("只有调解员和调解小组"),
}
EVIDENCE: Final = {
    "filed": marked("已存证"),
    "withdrawn": marked("已撤回"),
    "forgotten": marked("内容已删除"),
}
TAKEN_BACK: Final = {
    "mistaken": marked("传错了"),
    "replaced": marked("换了一份"),
    "private": marked("涉及隐私"),
    "other": marked("其他"),
}
SESSION: Final = {
    "polling": marked("正在约时间"),
    "unmet": marked("还没有约到时间"),
    "waiting": marked("等会议室"),
    "set": marked("时间已定"),
    "held": marked("已开过"),
    "adjourned": marked("改日再开"),
    "called-off": marked("已取消"),
}
RELEASE: Final = {
    "asked": marked("等各方同意"),
    "released": marked("可以查看"),
    "ended": marked("没有给出"),
}
AGREEMENT: Final = {
    "drafted": marked("等各方签字"),
    "signed": marked("都已签字，反悔期内"),
    "in-force": marked("已生效"),
    "kept": marked("全部履行"),
    "broken": marked("有一方没有履行"),
    "revoked": marked("已反悔"),
    "dropped": marked("作废"),
}
CLAUSE: Final = {
    "open": marked("还没有做"),
    "reported": marked("说已做完，等对方确认"),
    "disputed": marked("对方说没有做到"),
    "confirmed": marked("已经做到"),
}
BREACH: Final = {
    "reopen": marked("重新调解"),
    "judicial": marked("申请司法确认"),
    "court": marked("向法院起诉"),
}
CHANGE: Final = {
    "added": marked("新增"),
    "changed": marked("修改"),
    "dropped": marked("删去"),
}
EVENT: Final = {
    "DisputeFiled": marked("已提出纠纷"),
    "PartyInvited": marked("邀请对方参加调解"),
    "PartyReminded": marked("再次请对方答复"),
    "PartyAgreed": marked("有一方同意调解"),
    "PartyDeclined": marked("有一方不同意调解"),
    "PartyLeft": marked("有一方退出"),
    "RepresentativeNamed": marked("有一方请了代表"),
    "DisputeBegun": marked("调解开始"),
    "DisputeNearsLimit": marked("调解期限将到，已提醒"),
    "ExtensionProposed": marked("有人提议延长期限"),
    "ExtensionRefused": marked("有一方不同意延长"),
    "DisputeExtended": marked("期限延长"),
    "DisputeRiskRaised": marked("有风险，已通知民警和社区"),
    "SettlementRecorded": marked("调解员记下了口头协议"),
    "SettlementObjectedTo": marked("有一方对口头协议有异议"),
    "DisputeEnded": marked("调解结束"),
    "DisputeReopened": marked("重新调解"),
    "FollowUpAsked": marked("回访：约定还在履行吗"),
    "SettlementHolds": marked("回访：约定仍在履行"),
    "SettlementNotHolding": marked("回访：有一方说没有履行"),
}
"""What a step of a dispute is called."""

TABLES: Final[Mapping[str, Mapping[str, str]]] = {
    "side": SIDE,
    "dispute kind": KIND,
    "dispute": DISPUTE,
    "consent": CONSENT,
    "dispute outcome": OUTCOME,
    "dispute because": BECAUSE,
    "passed to": PASSED_TO,
    "risk": RISK,
    "disclosed": DISCLOSED,
    "evidence": EVIDENCE,
    "taken back": TAKEN_BACK,
    "session": SESSION,
    "release": RELEASE,
    "agreement": AGREEMENT,
    "clause": CLAUSE,
    "breach": BREACH,
    "change": CHANGE,
    "dispute event": EVENT,
}
TONES: Final = {
    "filed": "wait",
    "invited": "wait",
    "mediating": "work",
    "agreed": "work",
    "declined": "late",
    "left": "late",
    "polling": "you",
    "unmet": "wait",
    "waiting": "wait",
    "set": "work",
    "held": "done",
    "adjourned": "wait",
    "drafted": "you",
    "signed": "work",
    "in-force": "work",
    "kept": "done",
    "broken": "late",
    "revoked": "late",
    "dropped": "wait",
    "reported": "you",
    "confirmed": "done",
    "withdrawn": "wait",
    "forgotten": "wait",
}
