"""Words for the codes of the services where they mean something else to staff than to residents
(`services.gateway.pages.words`).
"""

from collections.abc import Mapping

from services.gateway.pages.languages import marked

STATUSES: Mapping[str, str] = {
    "unassigned": marked("待派办"),
    "assigned": marked("待办理"),
    "taken": marked("办理中"),
    "returned": marked("待补充"),
    "answered": marked("待评价"),
    "review": marked("区级复核"),
    "suspended": marked("暂缓办理"),
    "merged": marked("并案办理"),
    "closed": marked("已办结"),
}
OUTCOMES: Mapping[str, str] = {
    "solved": marked("诉求人确认已解决"),
    "rated": marked("诉求人已评价"),
    "unrated": marked("到期未评价"),
    "withdrawn": marked("诉求人已撤回"),
    "reviewed": marked("区级复核结案"),
    "adopted": marked("由其他系统转入"),
}
CHANNELS: Mapping[str, str] = {
    "web": marked("网页"),
    "mini-program": marked("小程序"),
    "hotline": marked("热线"),
    "app": marked("手机应用"),
    "wechat": marked("微信"),
    "walk-in": marked("来访"),
    "letter": marked("来信"),
    "visit": marked("入户走访"),
    "patrol": marked("巡逻发现"),
    "open311": "Open311",
    "import": marked("导入"),
    "municipal": marked("市级系统"),
}
"""How a department's part of a consultation stands."""
PARTS: Mapping[str, str] = {
    "called": marked("等待接受"),
    "accepted": marked("已接受"),
    "refused": marked("已拒绝"),
    "silent": marked("未回应"),
    "late": marked("已逾期"),
    "delivered": marked("已交回"),
    "handed-over": marked("已改交"),
    "ruled-out": marked("已免除"),
}
"""How a department's part of a consultation stands."""
DUTIES: Mapping[str, str] = {
    "petitions": marked("诉求总负责"),
    "property": marked("物业"),
    "property-company": marked("物业公司"),
    "owners-committee": marked("业主委员会"),
    "party-secretary": marked("书记"),
    "street-director": marked("街道主任"),
    "housing": marked("住房"),
    "construction": marked("建设"),
    "utilities": marked("水电气"),
    "sanitation": marked("环卫"),
    "environment": marked("环境"),
    "transport": marked("交通"),
    "safety": marked("安全"),
    "public-order": marked("治安"),
    "mediation": marked("调解"),
    "health": marked("卫生"),
    "education": marked("教育"),
    "labour": marked("劳动保障"),
    "welfare": marked("民政"),
    "commerce": marked("商贸"),
    "enterprise": marked("企业服务"),
    "discipline": marked("纪检"),
}
