"""Words for the codes of orders, of the points bank and of credentials. `TABLES` and `TONES` are
part of those in `words`.
"""

from collections.abc import Mapping
from typing import Final

from services.gateway.pages.languages import marked

ORDER: Final = {
    "seeking": marked("正在找志愿者"),
    "offered": marked("正在问志愿者"),
    "accepted": marked("有人接单，正在约时间"),
    "agreed": marked("时间已约好"),
    "begun": marked("正在服务"),
    "finished": marked("已做完，等确认"),
    "done": marked("已完成"),
    "cancelled": marked("已取消"),
    "ended": marked("没有办成"),
}
BECAUSE: Final = {
    "no-taker": marked("没有志愿者能来"),
    "nobody-home": marked("约好的时间家里没有人"),
    "not-agreed": marked("没有约到时间"),
    "never-begun": marked("约好了没有开始"),
    "not-offered-here": marked("这里做不了"),
    "unsafe": marked("不安全"),
    "no-means": marked("没有条件做"),
    "helped-otherwise": marked("已用别的办法解决"),
    "against-the-rules": marked("不符合规定"),
    "erased": marked("数据已删除"),
}
GIVEN_BACK: Final = {
    "ill": marked("身体不舒服"),
    "busy": marked("临时有事"),
    "too-far": marked("太远了"),
    "not-fit": marked("做不来"),
    "other": marked("其他"),
}
FLAG: Final = {
    "punctual": marked("准时"),
    "kind": marked("态度好"),
    "skilled": marked("手艺好"),
    "late": marked("迟到"),
    "careless": marked("马虎"),
    "rude": marked("态度差"),
    "not-as-ordered": marked("和说好的不一样"),
    "asked-for-money": marked("收了钱"),
    "unsafe": marked("不安全"),
    "harassing": marked("骚扰"),
}
ENTRY: Final = {
    "earned": marked("服务所得"),
    "reversed": marked("更正"),
    "claimed": marked("抵扣欠分"),
    "expired": marked("到期作废"),
    "given": marked("赠出"),
    "received": marked("收到赠分"),
    "declined": marked("退回赠分"),
    "taken-back": marked("赠分退回"),
    "bought": marked("兑换，已冻结"),
    "released": marked("解冻退回"),
    "redeemed": marked("商户消费"),
    "refunded": marked("商户退分"),
}
"""What an entry of the passbook is called."""
CREDENTIAL: Final = {
    "issued": marked("有效"),
    "expired": marked("已过期"),
    "revoked": marked("已撤销"),
    "withdrawn": marked("已撤回"),
}
DOCUMENT: Final = {
    "certificate": marked("志愿服务时长证明"),
    "agreement": marked("调解协议"),
}
ABOUT: Final = {
    "volunteering-hours": marked("志愿服务时长证明"),
    "settlement": marked("调解协议证明"),
}

TABLES: Final[Mapping[str, Mapping[str, str]]] = {
    "order": ORDER,
    "order because": BECAUSE,
    "given back": GIVEN_BACK,
    "flag": FLAG,
    "entry": ENTRY,
    "credential": CREDENTIAL,
    "credential about": ABOUT,
    "document": DOCUMENT,
}
TONES: Final = {
    "seeking": "wait",
    "offered": "wait",
    "accepted": "work",
    "agreed": "work",
    "begun": "work",
    "finished": "you",
    "cancelled": "wait",
    "issued": "done",
    "expired": "wait",
    "revoked": "late",
}
