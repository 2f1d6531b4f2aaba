"""Words for the codes of the services, as residents and staff read them.

`TABLES` is what templates ask: ``say("status", petition.status)``.
"""

from collections.abc import Mapping
from typing import Final

from services.gateway.pages import dispute_words, finding_words, order_words
from services.gateway.pages.languages import marked

SERVICES: Final = {
    "petitions": marked("诉求服务"),
    "community": marked("社区信息服务"),
    "volunteering": marked("志愿服务"),
    "notifications": marked("消息服务"),
    "mediation": marked("调解服务"),
    "ledger": marked("存证服务"),
    "subscriptions": marked("订阅服务"),
}

STATUS: Final = {
    "unassigned": marked("等待派人"),
    "assigned": marked("已派人"),
    "taken": marked("办理中"),
    "returned": marked("等您补充"),
    "answered": marked("已答复"),
    "review": marked("区级复查中"),
    "suspended": marked("暂停计时"),
    "merged": marked("并案办理"),
    "closed": marked("已办结"),
}
STANDING: Final = {
    "at-work": marked("办理中"),
    "suspended": marked("暂停计时"),
    "answered": marked("已答复"),
    "merged": marked("并案办理"),
    "closed": marked("已办结"),
}
"""Of a petition, as far as it is everybody's business."""
OUTCOME: Final = {
    "rated": marked("您已评价"),
    "solved": marked("问题已解决"),
    "unrated": marked("期限内没有评价"),
    "withdrawn": marked("已撤回"),
    "reviewed": marked("复查后办结"),
    "adopted": marked("由原系统办结"),
}
LEVEL: Final = {
    "neighbourhood": marked("小区"),
    "area": marked("片区"),
    "community": marked("社区"),
    "street": marked("街道"),
    "district": marked("区"),
}
PLACE_KIND: Final = {
    **LEVEL,
    "grid": marked("网格"),
    "building": marked("楼栋"),
    "unit": marked("住户"),
}
KIND: Final = {
    "complaint": marked("投诉"),
    "request": marked("求助"),
    "suggestion": marked("建议"),
    "report": marked("举报"),
    "question": marked("咨询"),
}
KIND_HINT: Final = {
    "complaint": marked("有人或单位没把事情做好"),
    "request": marked("需要有人来帮忙解决"),
    "suggestion": marked("有个主意，能让大家更方便"),
    "report": marked("发现违法违规；您的身份只有您和受理台知道"),
    "question": marked("想问清楚一件事该怎么办"),
}
URGENCY: Final = {"normal": marked("一般"), "urgent": marked("紧急")}
SUSPENSION: Final = {
    "season": marked("要等合适的季节"),
    "court": marked("法院正在审理"),
    "financing": marked("正在落实资金"),
    "mediation": marked("正在调解"),
}

EVENT: Final = {
    "PetitionFiled": marked("诉求已提交"),
    "PetitionAlarmed": marked("发现危险字样，已立即通知两级值班人员"),
    "PetitionAssigned": marked("已派人负责"),
    "PetitionUnassigned": marked("负责人员有变动，重新派人"),
    "PetitionTaken": marked("工作人员开始办理"),
    "PetitionReturned": marked("请您补充情况"),
    "PetitionCommented": marked("有新的留言"),
    "PetitionHandedUp": marked("本级解决不了，上报到上一级"),
    "PetitionDeadlineNear": marked("期限将近，已提醒"),
    "PetitionOverdue": marked("超过期限，由上一级接办"),
    "PetitionAnswered": marked("已答复"),
    "PetitionRated": marked("已评价"),
    "PetitionFollowedUp": marked("工作人员已电话回访"),
    "PetitionReopened": marked("评价不满意，重新办理"),
    "PetitionReviewAsked": marked("已申请复查"),
    "PetitionSentToReview": marked("送区级复查"),
    "PetitionWithdrawn": marked("已撤回"),
    "PetitionClosed": marked("已办结"),
    "PetitionSuspended": marked("暂停计时"),
    "PetitionResumed": marked("恢复计时"),
    "PetitionMerged": marked("与同一件事的诉求并案办理"),
    "PetitionSplit": marked("从并案中分出，单独办理"),
    "PetitionAdopted": marked("有同一件事的诉求并入"),
    "PetitionSentToMediation": marked("已转入调解"),
    "PetitionMediated": marked("调解结束"),
    "PetitionSigned": marked("有一户联名"),
    "PetitionSignatureWithdrawn": marked("有一户撤回联名"),
    "PetitionSupported": marked("有人支持"),
    "PetitionSupportWithdrawn": marked("有人撤回支持"),
    "PetitionSpokespersonChanged": marked("更换了联名代表"),
    "PetitionReleased": marked("答复已公开"),
    "PetitionReleaseWithdrawn": marked("答复已撤下"),
    "PromiseMade": marked("作出承诺"),
    "PromiseReported": marked("承诺有了进展"),
    "PromiseFellDue": marked("承诺的日子到了，请您看看做到没有"),
    "PromiseFollowedUp": marked("工作人员已电话询问承诺"),
    "PromiseJudged": marked("已判断承诺是否兑现"),
    "ConsultationCalled": marked("召集多部门会诊"),
    "DepartmentCalled": marked("请部门参加会诊"),
    "DepartmentAccepted": marked("部门已接受会诊"),
    "DepartmentRefused": marked("部门未接受会诊"),
    "DepartmentSilent": marked("部门逾期未回应"),
    "DepartmentLate": marked("部门意见逾期"),
    "DepartmentInsisted": marked("要求部门继续会诊"),
    "DepartmentHandedOver": marked("改由其他部门会诊"),
    "DepartmentRuledOut": marked("部门退出会诊"),
    "DepartmentDelivered": marked("部门已交意见"),
    "ConsultationConcluded": marked("会诊结束"),
}
"""What a step of a petition's timeline is called; events that stand not here are not shown."""

THEME: Final = {
    "children": marked("少儿"),
    "culture": marked("文化"),
    "elders": marked("敬老"),
    "environment": marked("环境"),
    "festival": marked("节日"),
    "health": marked("健康"),
    "learning": marked("学习"),
    "party": marked("党建"),
    "safety": marked("平安"),
    "traffic": marked("文明交通"),
    "other": marked("其他"),
}
ACTIVITY: Final = {
    "draft": marked("筹备中"),
    "open": marked("报名中"),
    "full": marked("名额已满"),
    "running": marked("进行中"),
    "done": marked("已结束"),
    "called-off": marked("已取消"),
}
COMPLAINT: Final = {
    "not-checked-in": marked("到场没有记上"),
    "not-checked-out": marked("离开没有记上"),
    "wrong-time": marked("时间不对"),
}

WISH_KIND: Final = {
    "company": marked("陪伴"),
    "errand": marked("跑腿"),
    "escort": marked("陪同出门"),
    "household": marked("家务"),
    "learning": marked("学习辅导"),
    "outing": marked("外出游玩"),
    "repair": marked("修理"),
    "skill": marked("技能"),
    "thing": marked("小物件"),
    "other": marked("其他"),
}
WISH: Final = {
    "posted": marked("等待审核"),
    "returned": marked("请您改一改"),
    "worded": marked("等待发布"),
    "open": marked("等人认领"),
    "claimed": marked("已认领"),
    "granted": marked("请确认是否完成"),
    "disputed": marked("有争议，社区正在处理"),
    "referred": marked("转为诉求"),
    "fulfilled": marked("已实现"),
    "petition": marked("已成为诉求"),
    "ended": marked("已结束"),
}
DISPUTED: Final = {
    "hours": marked("时长不对"),
    "not-as-agreed": marked("和说好的不一样"),
    "not-done": marked("没有做"),
}
WORK: Final = {
    "activity": marked("活动"),
    "patrol": marked("巡逻"),
    "wish": marked("微心愿"),
    "order": marked("点单服务"),
    "care": marked("走访关爱"),
    "project": marked("项目"),
}

CARE: Final = {
    "proposed": marked("等本人同意"),
    "active": marked("走访中"),
    "paused": marked("暂停走访"),
    "ended": marked("已结束"),
}
UNMET: Final = {"not-home": marked("不在家"), "visit-refused": marked("本人不愿见")}
WHY_READ: Final = {
    "alarm": marked("处理异常"),
    "complaint": marked("处理投诉"),
    "handover": marked("交接"),
    "next-visit": marked("准备下次走访"),
    "supervision": marked("检查走访工作"),
    "treatment": marked("看病治疗"),
}
"""Why somebody reads what visits found."""
CAME_OF_IT: Final = {
    "all-well": marked("人没有事"),
    "ambulance": marked("叫了救护车"),
    "danger-removed": marked("隐患已排除"),
    "doctor": marked("看了医生"),
    "family": marked("告诉了家人"),
    "measured-again": marked("重新测量过"),
}
READING_TREND: Final = {
    "rising": marked("最近三次一直上升"),
    "falling": marked("最近三次一直下降"),
    "steady": marked("最近三次平稳"),
    "unknown": marked("不足三次，还看不出走势"),
}
UNIT: Final = {"次/分": marked("次/分")}
"""Units of readings that are words; the others stand for themselves."""

TOPIC: Final = {
    "petitions": marked("我的诉求"),
    "duties": marked("工作职责"),
    "residence": marked("住户与单位"),
    "volunteering": marked("志愿服务"),
    "help": marked("互助"),
    "care": marked("走访关爱"),
    "points": marked("积分"),
    "mediation": marked("调解"),
    "credentials": marked("凭证"),
    "family": marked("家庭"),
    "alarms": marked("预警"),
    "notices": marked("通知"),
    "systems": marked("系统"),
    "account": marked("账号"),
}
WAY: Final = {
    "push": marked("浏览器推送"),
    "email": marked("电子邮件"),
    "sms": marked("短信"),
    "phone": marked("电话"),
}
EVERY: Final = {
    "none": marked("不汇总，随时告诉我"),
    "daily": marked("每天汇总一次"),
    "weekly": marked("每周汇总一次"),
}

TABLES: Final[Mapping[str, Mapping[str, str]]] = {
    "service": SERVICES,
    "status": STATUS,
    "standing": STANDING,
    "outcome": OUTCOME,
    "level": LEVEL,
    "place kind": PLACE_KIND,
    "kind": KIND,
    "kind hint": KIND_HINT,
    "urgency": URGENCY,
    "suspension": SUSPENSION,
    "event": EVENT,
    "theme": THEME,
    "activity": ACTIVITY,
    "complaint": COMPLAINT,
    "wish kind": WISH_KIND,
    "wish": WISH,
    "disputed": DISPUTED,
    "work": WORK,
    "care": CARE,
    "unmet": UNMET,
    "unit": UNIT,
    "why read": WHY_READ,
    "came of it": CAME_OF_IT,
    "trend": READING_TREND,
    "topic": TOPIC,
    "way": WAY,
    "every": EVERY,
    "finding outcome": {**OUTCOME, "rated": marked("诉求人已评价")},
    **dispute_words.TABLES,
    **finding_words.TABLES,
    **order_words.TABLES,
}

TONES: Final = {
    "unassigned": "wait",
    "assigned": "work",
    "taken": "work",
    "returned": "you",
    "answered": "you",
    "review": "work",
    "suspended": "wait",
    "merged": "work",
    "closed": "done",
    "at-work": "work",
    "open": "work",
    "full": "wait",
    "running": "work",
    "done": "done",
    "called-off": "late",
    "posted": "wait",
    "worded": "wait",
    "claimed": "work",
    "granted": "you",
    "disputed": "late",
    "referred": "wait",
    "fulfilled": "done",
    "petition": "done",
    "ended": "done",
    "draft": "wait",
    "proposed": "you",
    "active": "work",
    "paused": "wait",
    **dispute_words.TONES,
    **finding_words.TONES,
    **order_words.TONES,
}
"""The colour of a status, by what it means for the reader: ``you`` are asked, somebody is at
``work``, it ``wait``s, it is ``done``, it is ``late``. The words always stand beside it.
"""
