"""Words for what stands in the mediation room, where staff read others than the parties
(`services.gateway.pages.dispute_words`).
"""

from collections.abc import Mapping

from services.gateway.pages.dispute_words import CHANGE, CONSENT, PASSED_TO, SIDE
from services.gateway.pages.languages import marked


def _apart(rows: Mapping[str, tuple[str, str]]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The words and the colours of statuses, of rows with both."""
    words = {code: said for code, (said, _) in rows.items()}
    return words, {code: tone for code, (_, tone) in rows.items()}


DISPUTES, DISPUTE_TONES = _apart(
    {
        "filed": (marked("已受理"), "you"),
        "invited": (marked("等待各方答复"), "wait"),
        "mediating": (marked("调解中"), "work"),
        "agreed": (marked("已达成协议"), "done"),
        "ended": (marked("已结束"), "done"),
    }
)
KINDS: Mapping[str, str] = {
    "neighbours": marked("邻里纠纷"),
    "property-company": marked("物业纠纷"),
    "shared-space": marked("公共空间纠纷"),
    "noise": marked("噪声纠纷"),
    "water-leak": marked("渗漏水纠纷"),
    "parking": marked("停车纠纷"),
    "family": marked("家庭纠纷"),
    "labour": marked("劳动纠纷"),
    "medical": marked("医疗纠纷"),
    "consumer": marked("消费纠纷"),
    "other": marked("其他纠纷"),
}
RISKS: Mapping[str, str] = {
    "violence": marked("可能有暴力"),
    "self-harm": marked("可能自伤"),
    "damage": marked("可能损坏财物"),
}
LATE: Mapping[str, str] = {
    "invitation": marked("还没有邀请各方"),
    "mediator": marked("还没有调解员"),
}
ENDINGS: Mapping[str, str] = {
    "settled": marked("已经解决"),
    "partly": marked("部分解决"),
    "failed": marked("调解不成"),
    "withdrawn": marked("已撤回"),
    "passed-on": marked("已转交处理"),
}
BECAUSE: Mapping[str, str] = {
    "agreement": marked("达成协议"),
    "declined": marked("有一方不同意调解"),
    "erased": marked("有一方注销了个人信息"),
    "left": marked("有一方退出"),
    "no-agreement": marked("没有达成协议"),
    "no-answer": marked("有一方没有答复"),
    "passed-on": marked("转交处理"),
    "time-over": marked("调解期限已满"),
    "withdrawn": marked("提出的一方撤回"),
}
SEATS: Mapping[str, str] = {
    "party-secretary": marked("党支部书记"),
    "police-officer": marked("民警"),
    "lawyer": marked("律师"),
    "property-or-street": marked("物业或者街道"),
}
TIES: Mapping[str, str] = {
    "party": marked("本人是当事人或者代理人"),
    "kin": marked("与当事人是亲属"),
    "household": marked("与当事人同住"),
    "employed": marked("属于当事人单位"),
    "answered": marked("答复过相关诉求"),
    "interest": marked("有利害关系"),
    "other": marked("其他需要回避的情形"),
}
WHY_NOT: Mapping[str, str] = {
    "not-registered": marked("没有登记为调解员"),
    "suspended": marked("暂停调解"),
    "retired": marked("已经退出"),
    "term-over": marked("任期已满"),
    "conflict": marked("需要回避"),
    "asked-before": marked("已经问过"),
    "other-field": marked("不调解这一类纠纷"),
    "untrained": marked("没有有效的调解培训"),
    "untrained-for-kind": marked("没有这类纠纷要求的培训"),
    "elsewhere": marked("不服务这个地方"),
    "enough-at-hand": marked("手上的纠纷已满"),
    "other-language": marked("不会所需的语言"),
}
REASONS: Mapping[str, str] = {
    "load": marked("手上的余量"),
    "place": marked("住得近"),
    "language": marked("语言相通"),
    "training": marked("培训有效"),
    "record": marked("调解成功率"),
}
"""What counts for a mediator."""
SESSIONS, SESSION_TONES = _apart(
    {
        "polling": (marked("正在约时间"), "you"),
        "unmet": (marked("没有约成"), "late"),
        "waiting": (marked("等待场地"), "wait"),
        "set": (marked("已经约定"), "work"),
        "held": (marked("已经举行"), "done"),
        "adjourned": (marked("已经休会"), "wait"),
        "called-off": (marked("已经取消"), "wait"),
    }
)
LACKS: Mapping[str, str] = {
    "mediator": marked("调解员不能来"),
    "panel": marked("调解小组不够三人"),
}
DISCLOSED: Mapping[str, str] = {
    "all": marked("向各方公开"),
    "sides": marked("只向部分当事人公开"),
    "panel": marked("只向调解小组公开"),
}
WITHDRAWN: Mapping[str, str] = {
    "mistaken": marked("提交错了"),
    "replaced": marked("已有新的材料"),
    "private": marked("涉及隐私"),
    "other": marked("其他"),
}
AGREEMENTS, AGREEMENT_TONES = _apart(
    {
        "drafted": (marked("等待签字"), "you"),
        "signed": (marked("各方已签字，还在反悔期"), "work"),
        "in-force": (marked("已经生效"), "work"),
        "kept": (marked("已经履行"), "done"),
        "broken": (marked("没有履行"), "late"),
        "revoked": (marked("已经反悔"), "wait"),
        "dropped": (marked("已经作废"), "wait"),
    }
)
CLAUSES: Mapping[str, str] = {
    "open": marked("等待履行"),
    "reported": marked("对方待确认"),
    "disputed": marked("有争议"),
    "confirmed": marked("已经履行"),
}
PATHS: Mapping[str, str] = {
    "reopen": marked("重新调解"),
    "judicial": marked("司法确认"),
    "court": marked("到法院起诉"),
}
GIVEN: Mapping[str, str] = {
    "asked": marked("等待各方同意"),
    "released": marked("已经提供"),
    "ended": marked("已经结束"),
}
HOW: Mapping[str, str] = {"spoken": marked("口头"), "written": marked("书面")}
"""How somebody told staff what they want."""

TABLES: Mapping[str, Mapping[str, str]] = {
    "disputes": DISPUTES,
    "kinds": KINDS,
    "sides": SIDE,
    "consents": CONSENT,
    "risks": RISKS,
    "late": LATE,
    "endings": ENDINGS,
    "because": BECAUSE,
    "passed to": PASSED_TO,
    "seats": SEATS,
    "ties": TIES,
    "why not": WHY_NOT,
    "reasons": REASONS,
    "sessions": SESSIONS,
    "lacks": LACKS,
    "disclosed": DISCLOSED,
    "withdrawn": WITHDRAWN,
    "agreements": AGREEMENTS,
    "clauses": CLAUSES,
    "paths": PATHS,
    "changes": CHANGE,
    "given": GIVEN,
}
TONES: Mapping[str, Mapping[str, str]] = {
    "disputes": DISPUTE_TONES,
    "sessions": SESSION_TONES,
    "agreements": AGREEMENT_TONES,
}
