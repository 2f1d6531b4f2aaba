"""What one petition goes through: danger, voices, a stopped clock, a secret, the public."""

from __future__ import annotations

import struct
import zlib
from datetime import datetime, timedelta

from deploy.demo.acting import Acted, Acting, in_days
from deploy.demo.callers import Refused
from deploy.demo.evidence import Published

E1, E2 = "359901-wx-th-e1", "359901-wx-th-e2"
ON_THE_WALL = timedelta(minutes=30)
"""What a neighbourhood has where there is danger: `danger_answer` of the shipped rules."""
SIGNATURE = b"\x89PNG\r\n\x1a\n"
CALLER = "139-0000-1234"
"""A number that nobody has."""


def gas_at_night(act: Acting) -> None:
    """Danger: two levels are alarmed at once, and the clock runs by night."""
    act.scene("半夜闻到煤气味 · Gas at night: two levels at once, and a clock that never sleeps")
    he, steward = act.who("he"), act.who("steward")
    gas = act.file(
        he,
        "深夜报告 reports at night",
        category="utilities",
        title="楼道里有煤气味",
        text="六楼楼道煤气味越来越重，邻居家没人应门，不敢开灯，请马上派人。",
        place=f"{E2}-b5",
    )
    shown = act.shown(he, gas)
    act.claim("the words were understood: gas, urgent", shown["danger"] == "gas")
    time = datetime.fromisoformat(shown["answer_by"]) - datetime.fromisoformat(shown["filed_at"])
    act.claim("30 minutes on the wall, working hours or not", time == ON_THE_WALL)
    act.does(steward, f"/petitions/{gas}/take", {}, "立即到场 takes it at once")
    body = {"done": "关了总阀，打开门窗，抢修队更换了灶前软管。", "done_by": "燃气抢修队"}
    act.does(steward, f"/petitions/{gas}/answer", {**body, "finished": True}, "答复 answers")
    act.does(he, f"/petitions/{gas}/confirm-solved", {}, "确认已解决 confirms that it is solved")
    act.hears(
        gas,
        he="petition-received petition-assigned petition-taken petition-answered petition-closed",
        steward="duty-assigned danger",
        east="danger",
    )


def rats_reported(act: Acting) -> str:
    """The first of several about one thing; its id. Those that look for it come later."""
    act.scene("北门的老鼠 · The rats at the north gate: the first one says it")
    rats = act.file(
        act.who("pan"),
        "提出诉求 files",
        kind="complaint",
        category="sanitation",
        title="北门垃圾桶旁边老鼠成群",
        text="渡口新苑北门垃圾桶旁边老鼠成群，白天也到处乱窜，孩子们不敢从北门走，请尽快灭鼠。",
        place=E2,
    )
    act.hears(
        rats,
        pan="petition-received petition-assigned petition-answered petition-closed",
        steward="duty-assigned duty-rated",
        he="supported-answered supported-closed",
    )
    return rats


def is_it_this_one(act: Acting, rats: str) -> None:
    """A second resident supports the first one's petition; a clerk merges a third."""
    act.scene("是不是这一件？ · Is it this one? One supports, one is merged, both judge")
    he, lin, pan, desk = (act.who(name) for name in ("he", "lin", "pan", "desk"))
    draft = {
        "title": "北门垃圾桶老鼠太多",
        "text": "北门垃圾桶旁边老鼠成群，白天到处乱窜，孩子不敢走，请灭鼠。",
        "place": E2,
    }

    def found() -> bool:
        asked = act.callers.post("petitions", "/petitions/candidates", he, draft, f"look/{act.run}")
        return rats in [item["id"] for item in asked["items"]]

    act.until(found, "the first petition is found as a candidate")
    act.claim("before filing, the second one is shown the first one's", True)
    act.does(he, f"/petitions/{rats}/support", {}, "附议，不再另提 supports it instead of filing")
    third = act.file(
        lin,
        "没看提示，又提了一件 files a third one all the same",
        kind="complaint",
        category="sanitation",
        title="北门垃圾桶旁边老鼠成群",
        text="渡口新苑北门垃圾桶旁边老鼠成群，白天也到处乱窜，跑到我们晒谷坪来，请尽快灭鼠。",
        place=E1,
    )
    asked = act.callers.get("petitions", f"/petitions/{third}/candidates", desk)
    seen = rats in [item["id"] for item in asked["items"]]
    act.claim("the clerk is shown the first one beside it", seen)
    act.does(desk, f"/petitions/{third}/merge", {"into": rats}, "并案办理 merges it into the first")
    act.until(lambda: third in act.shown(pan, rats)["members"], "the first one knows its member")
    body = {"done": "昨晚投药堵洞，清运改为每天两次，桶位加了底板。", "done_by": "渡口新苑物业"}
    steward = act.who("steward")
    act.does(
        steward,
        f"/petitions/{rats}/answer",
        {**body, "finished": True},
        "答复 answers, once for both",
    )
    act.until(lambda: act.shown(lin, third)["status"] == "answered", "the member is answered, too")
    words = [entry["data"].get("done") for entry in act.shown(lin, third)["dossier"]]
    act.claim("the one merged has the same answer in its own story", body["done"] in words)
    act.does(pan, f"/petitions/{rats}/rate", {"stars": 4}, "评价 rates")
    rated = {"stars": 5, "solved": True, "word": "两边都干净了。"}
    act.does(lin, f"/petitions/{third}/rate", rated, "自己评价 rates for herself")
    ends = [act.shown(pan, rats)["outcome"], act.shown(lin, third)["outcome"]]
    act.claim("each petitioner's own judgement closed their own", ends == ["rated", "solved"])
    act.hears(
        third,
        lin="petition-received petition-assigned petition-merged petition-answered petition-closed",
        cleaning="duty-assigned",
        steward="duty-rated",
    )


def a_ramp_for_three_households(act: Acting) -> str:
    """A joint petition with a picture, a hollow answer, and one that promises; its id."""
    act.scene("三户联名要坡道 · Three households sign; a hollow answer, then one with a promise")
    fang, steward = act.who("fang"), act.who("e1-steward")
    ramp = act.file(
        fang,
        "联名提出 files for several households",
        category="construction",
        title="单元门口要一条无障碍坡道",
        text="1号楼单元门口有五级台阶，坐轮椅的老人出不了门，三户愿意一起出面。",
        place=f"{E1}-b1",
        household=f"{E1}-b1-302",
    )
    for name, household in (("lin", f"{E1}-b1-101"), ("qiu", f"{E1}-b2-201")):
        act.does(act.who(name), f"/petitions/{ramp}/sign", {"household": household}, "签名 signs")
    act.claim("three households stand behind it", act.shown(fang, ramp)["households"] == 3)
    _picture(act, ramp)
    at = f"/petitions/{ramp}/answer"
    hollow = {"done": "已转相关部门处理，请耐心等待。", "done_by": "晒谷坪小区长", "finished": True}
    act.refused(steward, at, hollow, "hollow-answer", "“已转相关部门处理” is no answer")
    until = in_days(30).date()
    body = {
        "done": "业委会同意占用门前绿地一米，已请施工队量好尺寸。",
        "done_by": "晒谷坪小区长",
        "follows": [{"what": "坡道完工", "until": until.isoformat()}],
    }
    act.does(steward, at, body, f"答复并承诺 {until} 前完工 answers with a promise")
    promised = act.shown(fang, ramp)["promises"]
    due = [datetime.fromisoformat(one["due"]).date() >= until for one in promised]
    act.claim("the promise is recorded and will fall due", due == [True])
    act.does(fang, f"/petitions/{ramp}/rate", {"stars": 4, "word": "等完工那天。"}, "评价 rates")
    act.hears(
        ramp,
        fang="petition-received petition-assigned petition-answered petition-closed",
        lin="supported-answered supported-closed",
        qiu="supported-answered supported-closed",
        **{"e1-steward": "duty-assigned duty-rated"},
    )
    return ramp


def _picture(act: Acting, petition: str) -> None:
    """A picture goes in, and comes out for whoever answers."""
    fang, steward = act.who("fang"), act.who("e1-steward")
    at = f"/petitions/{petition}/attachments"
    sent = act.callers.attach("petitions", at, fang, "台阶.png", drawn(), f"picture/{act.run}")
    stream = f"petition-{petition}"
    act.acted.append(Acted("petitions", stream, sent["version"], fang.sub, "attach"))
    file = act.callers.download("petitions", f"{at}/{sent['file']}", steward)
    act.claim("a picture was sent and comes back", file.startswith(SIGNATURE))


def drawn(side: int = 48) -> bytes:
    """A small picture of steps as a PNG file."""
    rows = b"".join(
        b"\0" + bytes(255 if x // 8 > y // 8 else 90 for x in range(side)) for y in range(side)
    )

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return (
        SIGNATURE + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )


def a_call_to_the_hotline(act: Acting) -> None:
    """Somebody without an account asks with receipt and code, and judges."""
    act.scene("热线来电 · A caller without an account: receipt, query code, and a judgement")
    hotline, steward, east = act.who("hotline"), act.who("steward"), act.who("east")
    call = act.file(
        hotline,
        "记录来电 writes down a call",
        category="sanitation",
        title="河边步道堆着建筑垃圾",
        text="来电人说渡口新苑外河边步道堆着拆下来的瓷砖和木板，推婴儿车过不去。",
        place=E2,
        channel="hotline",
        on_behalf=True,
        contact={"name": "来电人", "phone": CALLER},
    )
    told = act.shown(hotline, call)
    receipt, code = told["receipt"].replace(" ", ""), told["query_code"]
    act.claim(f"the desk reads out receipt {told['receipt']} and a code", bool(code))
    seen = [str(act.shown(who, call)["dossier"]) for who in (east, steward)]
    act.claim("others see 139****1234 only", CALLER not in seen[0] and "139****1234" in seen[0])
    act.claim("who has to answer sees the number", CALLER in seen[1])
    body = {"done": "瓷砖木板已装车运走，步道冲洗过。", "done_by": "渡口新苑物业", "finished": True}
    act.does(steward, f"/petitions/{call}/answer", body, "答复 answers")
    at = f"/receipts/{receipt}"
    looked_up = act.callers.get("petitions", at, None, {"code": code})
    same = looked_up["answer"]["done"] == body["done"]
    act.claim("the caller looks it up without a login and reads the answer", same)
    try:
        act.callers.get("petitions", at, None, {"code": "AAAA2222"})
    except Refused as refusal:
        act.claim("a wrong code finds nothing", refusal.code == "not-found")
    else:
        act.claim("a wrong code finds nothing", False)
    judged = {"code": code, "stars": 5, "solved": True}
    rated = act.callers.post("petitions", f"{at}/rate", None, judged, f"rate/{act.run}")
    stream = f"petition-{call}"
    act.acted.append(Acted("petitions", stream, rated["version"], "receipt", "rate-by-receipt"))
    act.claim("and judges it: ★★★★★", act.shown(hotline, call)["outcome"] == "solved")
    act.hears(call, steward="duty-assigned duty-rated")


def a_report_about_the_company(act: Acting) -> str:
    """Nobody in the body complained of answers it or learns who reported; its id."""
    act.scene("举报物业公司 · A report: who made it is seen by nobody complained of")
    lin, east = act.who("lin"), act.who("east")
    report = act.file(
        lin,
        "举报 reports a company",
        kind="report",
        category="property",
        title="公共收益没有公示",
        text="电梯广告和地面停车的收入两年没有公示，问了也不给看账。",
        place=E1,
        complained_of="demo-org-property",
    )
    act.claim("not the company's manager has it, but the area", _has(act, report, "east"))
    act.claim("the manager does not even learn of it", _is_hidden(act, report, "property"))
    told = str(act.shown(east, report)) + str(
        act.callers.get("petitions", f"/petitions/{report}/timeline", east)
    )
    act.claim("who answers it is not told who reported", lin.sub not in told)
    body = {"done": "查了两年账目，公司已在公告栏公示收入并补缴维修资金。", "done_by": "东片区"}
    act.does(east, f"/petitions/{report}/answer", {**body, "finished": True}, "答复 answers")
    act.does(lin, f"/petitions/{report}/rate", {"stars": 5, "solved": True}, "评价 rates")
    act.hears(report, east="duty-assigned duty-rated")
    return report


def _has(act: Acting, petition: str, who: str) -> bool:
    return bool(act.shown(act.who("lin"), petition)["assignee"] == act.who(who).sub)


def _is_hidden(act: Acting, petition: str, who: str) -> bool:
    try:
        act.shown(act.who(who), petition)
    except Refused as refusal:
        return refusal.code == "not-found"
    return False


def kept_secret(act: Acting, report: str, published: list[Published]) -> None:
    """Neither does any public event name who reported."""
    told = [event for event in published if event.id.startswith(f"petitions/petition-{report}/")]
    silent = bool(told) and act.names_nobody(told, [act.who("lin")])
    act.claim("no public event of the report names who made it", silent)


def trees_wait_for_spring(act: Acting) -> None:
    """The street stops the clock for the season."""
    act.scene("补种要等季节 · Planting waits for its season: the street stops the clock")
    qiu, cleaning, street = act.who("qiu"), act.who("cleaning"), act.who("street-desk")
    trees = act.file(
        qiu,
        "提出诉求 files",
        category="greenery",
        title="楼前两棵枯树请补种",
        text="2号楼前两棵香樟枯死半年，只剩树桩，想补种能遮阴的树。",
        place=f"{E1}-b2",
    )
    refused = {"reason": "season", "until": in_days(20).isoformat(), "words": "等移栽季节。"}
    at = f"/petitions/{trees}"
    act.refused(cleaning, f"{at}/suspend", refused, "not-above", "nobody stops their own clock")
    words = "按季节暂停计时 suspends it until the season"
    act.does(street, f"{at}/suspend", refused, words)
    public = act.callers.get("petitions", f"/public{at}", None)
    act.claim("everybody sees that it is suspended, and why", public["state"] == "suspended")
    act.does(street, f"{at}/resume", {"words": "苗木提前到了。"}, "恢复计时 resumes it")
    body = {"done": "补种了两棵香樟，支好护架，浇水由保洁班负责。", "done_by": "晒谷坪保洁班"}
    act.does(cleaning, f"{at}/answer", {**body, "finished": True}, "答复 answers")
    act.does(qiu, f"{at}/confirm-solved", {}, "确认已解决 confirms that it is solved")
    told = "petition-received petition-assigned petition-suspended petition-resumed"
    act.hears(
        trees,
        qiu=f"{told} petition-answered petition-closed",
        cleaning="duty-assigned duty-suspended duty-resumed",
    )


def told_to_everybody(act: Acting, ramp: str) -> None:
    """An answer is released; telephone numbers are masked."""
    act.scene("向公众公开 · Released to everybody, with the number masked")
    number = "13900001234"
    words = {
        "title": "单元门口加装无障碍坡道",
        "question": f"能否加装坡道？联系电话{number}。",
        "answer": "已同意占用门前绿地一米，月内完工。",
    }
    act.does(act.who("desk"), f"/petitions/{ramp}/release", words, "公开答复 releases the answer")
    public = act.callers.get("petitions", f"/public/petitions/{ramp}", None)
    act.claim("everybody reads it without a token", public["released"] is True)
    act.claim("no telephone number stands in it", number not in str(public))
