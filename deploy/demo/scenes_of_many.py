"""What takes several bodies: departments called together, the whistle ladder, the community."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from deploy.demo.acting import Acting, in_days
from deploy.demo.day import Person
from deploy.demo.stage import ADMINISTRATOR
from deploy.demo.telling import Teller

COMMUNITY, E1 = "359901-wx-th", "359901-wx-th-e1"
BUILDING, FORMER_GRID, GRID = f"{E1}-b1", f"{E1}-g1", f"{E1}-g2"
HOUSEHOLD = "359901-wx-th-e2-b5-604"
"""Where the one lives who vouches."""
POST = f"{E1}:petitions"
BODIES = {
    "demo-org-property": ("property-company", "晒谷坪物业公司", "property"),
    "demo-org-water": ("department", "区排水公司", "water"),
    "demo-org-roads": ("department", "区公路段", "roads"),
    "demo-org-greens": ("department", "区园林中心", "greens"),
}
"""Organisations by id: kind, name, and who speaks for them."""


def found_bodies(act: Acting) -> None:
    """Registers the organisations with who speaks for them; doing it again changes nothing."""
    for id, (kind, name, speaker) in BODIES.items():
        body = {"organisation": id, "kind": kind, "name": name, "home": "359901-wx"}
        act.callers.post("community", "/organisations", ADMINISTRATOR, body, f"demo/{id}")
        admitted = {"person": act.who(speaker).sub, "role": "contact"}
        at = f"/organisations/{id}/admit"
        act.callers.post("community", at, ADMINISTRATOR, admitted, f"demo/{id}/{speaker}")
    known = act.stores.of("notifications")["state_spokespeople"]
    members = act.stores.of("petitions")["state_member"]
    bodies = act.stores.of("petitions")["state_organisation"]
    people = [act.who(speaker).sub for _, _, speaker in BODIES.values()]
    act.until(
        lambda: (
            known.count_documents({"_id": {"$in": list(BODIES)}}) == len(BODIES)
            and bodies.count_documents({"_id": {"$in": list(BODIES)}}) == len(BODIES)
            and members.count_documents({"_id": {"$in": people}}) == len(people)
        ),
        "petitions and notifications know who belongs to which organisation",
    )


def departments_together(act: Acting) -> None:
    """Three departments: one refuses and its part is handed over; the lead answers for all."""
    act.scene("部门会诊 · Departments called together: a refusal, a hand-over, one joint answer")
    ouyang, west, desk = act.who("ouyang"), act.who("west"), act.who("desk")
    water, roads, greens = act.who("water"), act.who("roads"), act.who("greens")
    flood = act.file(
        ouyang,
        "提出诉求 files",
        category="drainage",
        title="一下雨宿舍门口就淹",
        text="老船厂宿舍门口雨后积水没过脚踝，路面破了一块，树根把井盖顶了起来。",
        place="359901-wx-th-w1-b3",
    )
    at = f"/petitions/{flood}"
    up = {"reason": "牵涉排水、道路和绿化三家，片区协调不了。"}
    act.does(west, f"{at}/hand-up", up, "上报社区 hands it up")
    called = {
        "departments": ["demo-org-water", "demo-org-roads"],
        "lead": "demo-org-water",
        "question": "积水谁来排，路面和树根谁来处理？",
    }
    act.does(desk, f"{at}/consult", called, "召集会诊 calls two departments together")
    act.does(water, f"{at}/accept-part", {}, "认领 accepts its part")
    refusal = {"reason": "破损处不在公路红线内，是绿地。"}
    act.does(roads, f"{at}/refuse-part", refusal, "说明不属职责 refuses, with the reason")
    over = {
        "department": "demo-org-roads",
        "instead": "demo-org-greens",
        "reason": "绿地归园林中心。",
    }
    act.does(desk, f"{at}/hand-over", over, "改由园林中心 hands the part over, once")
    body = {"done": "清通管道四十米，修好路面，移走树根。", "done_by": "排水公司与园林中心"}
    answer = {**body, "finished": True}
    act.refused(water, f"{at}/answer", answer, "parts-missing", "no answer while parts are missing")
    act.does(greens, f"{at}/accept-part", {}, "认领 accepts its part")
    act.does(water, f"{at}/deliver-part", {"text": "管道已清通，井盖已复位。"}, "交办结果 delivers")
    act.does(greens, f"{at}/deliver-part", {"text": "树根已移，路面已补。"}, "交办结果 delivers")
    act.does(water, f"{at}/answer", answer, "牵头作联合答复 gives the joint answer")
    parts = {
        part["department"]: part["status"]
        for part in act.shown(desk, flood)["consultation"]["parts"]
    }
    stand = {"demo-org-water": "delivered", "demo-org-roads": "handed-over"}
    act.claim("every part is in or settled", parts == {**stand, "demo-org-greens": "delivered"})
    rated = {"stars": 5, "solved": True, "word": "再大的雨也不怕了。"}
    act.does(ouyang, f"{at}/rate", rated, "评价 rates")
    act.hears(
        flood,
        ouyang="petition-received petition-assigned*2 petition-handed-up petition-answered "
        "petition-closed",
        west="duty-assigned",
        desk="duty-assigned department-accepted*2 department-refused department-delivered*2 "
        "consultation-concluded",
        water="department-called duty-rated",
        roads="department-called",
        greens="department-called",
    )


def a_whistle(act: Acting) -> None:
    """The first report is not good enough, so the next rung is called."""
    act.scene("居民吹哨 · A resident whistles; a poor report calls the next rung")
    lin, company, owners = act.who("lin"), act.who("property"), act.who("e1-owners")
    blown = {
        "place": BUILDING,
        "category": "property",
        "title": "电梯平层不准",
        "text": "一楼电梯停下来总差五厘米，老人绊倒过两次。",
    }
    whistle = act.does(lin, "/whistles", blown, "吹哨 whistles", verb="blow")["id"]
    at = f"/whistles/{whistle}"
    act.does(company, f"{at}/report", {"text": "已贴提示，请注意脚下。"}, "报到 reports")
    reason = {"reason": "贴纸不是修理。"}
    act.does(lin, f"{at}/refuse", reason, "不认可 refuses the report")
    shown = act.callers.get("petitions", at, lin)
    act.claim("it climbed one rung: the owners' committee is called", shown["called"] == owners.sub)
    done = {"text": "动用维修资金换了编码器，维保单位当天校准。"}
    act.does(owners, f"{at}/report", done, "报到 reports")
    act.does(lin, f"{at}/accept", {"stars": 5, "word": "平了。"}, "认可 accepts it")
    act.hear(
        f"whistle-{whistle}",
        {
            lin: "whistle-reported*2 whistle-climbed whistle-closed",
            company: "whistle-called whistle-refused",
            owners: "whistle-called whistle-accepted whistle-closed",
        },
    )


def a_report_that_nobody_judges(act: Acting) -> str:
    """The whistler says nothing of the report, which accepts nothing; the whistle's id."""
    act.scene("报到无人评价 · A report that the whistler leaves alone")
    lin, company = act.who("lin"), act.who("property")
    blown = {
        "place": BUILDING,
        "category": "property",
        "title": "消防门常开",
        "text": "二楼消防门的闭门器坏了，门一直开着。",
    }
    whistle = act.does(lin, "/whistles", blown, "吹哨 whistles", verb="blow")["id"]
    text = {"text": "已登记，等配件。"}
    act.does(company, f"/whistles/{whistle}/report", text, "报到 reports")
    return str(whistle)


def it_climbs_all_the_same(act: Acting, whistle: str) -> None:
    """Nobody accepted the report: the next rung was called by time alone."""
    act.scene("无人评价，哨声上升 · Nobody accepted it: the next rung is called")
    lin, company, owners = act.who("lin"), act.who("property"), act.who("e1-owners")
    at = f"/whistles/{whistle}"

    def climbed() -> bool:
        return bool(act.callers.get("petitions", at, lin)["called"] == owners.sub)

    act.until(climbed, "the report that nobody judged climbs")
    act.claim("silence accepted nothing: the owners' committee is called", True)
    act.does(owners, f"{at}/report", {"text": "闭门器已换，门能自己关上。"}, "报到 reports")
    act.does(lin, f"{at}/accept", {"stars": 4, "word": "关得上了。"}, "认可 accepts it")
    act.hear(
        f"whistle-{whistle}",
        {
            lin: "whistle-reported*2 whistle-climbed whistle-closed",
            company: "whistle-called whistle-unjudged",
            owners: "whistle-called whistle-accepted whistle-closed",
        },
    )


def a_deputy(act: Acting) -> None:
    """While the holder is away the deputy has what comes in."""
    act.scene("小区长请假 · The head of the neighbourhood is away, and a deputy stands in")
    steward, deputy, qiu = act.who("e1-steward"), act.who("cleaning"), act.who("qiu")
    at, civic = f"/posts/{POST}", "community"
    named = {"deputy": deputy.sub}
    act.does(steward, f"{at}/name-deputy", named, "指定副手 names a deputy", service=civic)
    away = {"until": in_days(2).isoformat()}
    act.does(steward, f"{at}/take-leave", away, "请假两天 takes two days of leave", service=civic)
    asked = {"place": E1, "duty": "petitions"}

    def deputy_is_asked() -> bool:
        return bool(act.callers.get(civic, "/duty", qiu, asked)["responsible"] == deputy.sub)

    # Answered from memory, which hears of a leave a moment after it is taken.
    act.until(deputy_is_asked, "who is asked for hears of the leave")
    act.claim("asked who is responsible now, it is the deputy", deputy_is_asked())
    known = act.stores.of("petitions")["state_post"]
    stands_in = {"_id": POST, "s.away": True, "s.deputy": deputy.sub}
    act.until(lambda: known.count_documents(stands_in) == 1, "petitions knows who stands in")
    bench = act.file(
        qiu,
        "提出诉求 files",
        title="健身角长椅缺一块板",
        text="2号楼旁健身角的长椅断了一块木板，露着钉子。",
        place=E1,
    )
    has = act.shown(qiu, bench)["assignee"]
    act.claim("what comes in now goes to the deputy", has == deputy.sub)
    body = {"done": "换了木板，钉子敲平。", "done_by": "晒谷坪保洁班", "finished": True}
    act.does(deputy, f"/petitions/{bench}/answer", body, "代为答复 answers in his place")
    act.does(qiu, f"/petitions/{bench}/confirm-solved", {}, "确认已解决 confirms that it is solved")
    act.does(steward, f"{at}/return-early", {}, "提前回岗 is back early", service=civic)
    act.does(steward, f"{at}/name-deputy", {}, "不再需要副手 needs no deputy", service=civic)
    act.hears(
        bench,
        qiu="petition-received petition-assigned petition-answered petition-closed",
        cleaning="duty-assigned",
    )
    act.hear(f"post-{POST}", {deputy: "standing-in"})


def a_rota(act: Acting) -> None:
    """Days off are shared out, and whoever is on duty is told."""
    act.scene("节假日值班 · A rota for days off, shared out evenly")
    desk, first = act.who("desk"), in_days(2).date()
    members = [act.who(name) for name in ("safety", "welfare", "secretary")]
    drawn = {
        "place": COMMUNITY,
        "name": f"demo-{act.run}",
        "first": first.isoformat(),
        "last": (first + timedelta(days=41)).isoformat(),
        "members": [person.sub for person in members],
        "shifts": ["09:00-17:00"],
        "days_off_only": True,
    }
    words = "排六周的班 draws up six weeks"
    id = act.does(desk, "/rotas", drawn, words, service="community", verb="draw-up")["id"]
    act.does(desk, f"/rotas/{id}/publish", {}, "公布 publishes it", service="community")
    shifts = act.callers.get("community", f"/rotas/{id}", desk)["shifts"]
    shared = Counter(shift["person"] for shift in shifts)
    act.claim(
        f"{len(shifts)} shifts, everybody has some", shared.keys() == {m.sub for m in members}
    )
    act.hear(f"rota-{id}", dict.fromkeys(members, "on-the-rota"))


def a_building_moves(act: Acting) -> None:
    """A building belongs to another grid from now on; what was stays true."""
    act.scene("楼栋划归新网格 · A building moves to another grid, and history stays true")
    at, before = f"/places/{BUILDING}", in_days(0).isoformat()
    act.does(
        ADMINISTRATOR, f"{at}/move", {"parent": GRID}, "调整网格 moves it", service="community"
    )
    now = act.callers.get("community", at, ADMINISTRATOR)["path"]
    then = act.callers.get("community", at, ADMINISTRATOR, {"at": before})["path"]
    act.claim("it lies in the second grid now", GRID in now and FORMER_GRID not in now)
    act.claim("a moment ago it lay in the first", FORMER_GRID in then and GRID not in then)


def somebody_comes_and_goes(act: Acting) -> None:
    """Registered by word of the household, and forgotten on their own wish."""
    act.scene("新邻居来了，又走了 · A newcomer is vouched for, and forgotten when they ask")
    he = act.who("he")
    new = Person(f"demo-n-{act.run}", "新邻居", ("resident",), home=HOUSEHOLD)
    body = {"resident": new.sub, "household": HOUSEHOLD, "name": new.name, "phone": "000-0605"}
    civic = "community"
    words = "申请登记 asks to be registered"
    act.does(new, "/residents", body, words, service=civic, verb="register-resident")
    vouched = {"resident": new.sub}
    act.does(he, f"/residents/{he.sub}/vouch", vouched, "同户担保 vouches", service=civic)
    at = f"/residents/{new.sub}"

    def registered() -> bool:
        return bool(act.callers.get(civic, at, new)["household"] == HOUSEHOLD)

    act.until(registered, "the newcomer is registered")
    act.claim("registered by word of the household", True)
    late = act.file(
        new,
        "提出诉求 files",
        title="快递柜夜里太亮",
        text="5号楼门口快递柜的灯正对着卧室，整夜亮着。",
        place="359901-wx-th-e2-b5",
    )
    streams = [f"petition-{late}", f"resident-{new.sub}"]
    act.until(lambda: bool(act.callers.inbox(new)), "the newcomer was written to")
    act.does(new, f"{at}/erase", {}, "要求删除个人信息 asks to be forgotten", service=civic)
    act.until(lambda: _forgotten(act, streams, new), "every service has forgotten the person")
    act.claim("no word of theirs is left in any store, and no message", True)
    state = act.stores.petitions([late])[late]["s"]
    act.claim("what they raised was taken back", state["outcome"] == "withdrawn")
    act.hears(late, steward="duty-assigned duty-withdrawn")
    act.erased.append(new)


def _forgotten(act: Acting, streams: list[str], person: Person) -> bool:
    words = sum(
        act.stores.of(service)["dossiers"].count_documents({"stream": {"$in": streams}})
        for service in ("petitions", "community")
    )
    messages = act.stores.of("notifications")["state_message"]
    return words == 0 and messages.count_documents({"s.recipient": person.sub}) == 0


def figures_of_the_day(act: Acting, teller: Teller) -> None:
    """What the community's staff read of it, and what everybody may."""
    teller.heading("统计 · Statistics of the community, by category")
    asked = {"place": COMMUNITY, "by": "category"}
    told = act.callers.get("petitions", "/statistics", act.who("desk"), asked)
    columns = ("filed", "answered", "answered_in_time", "solved", "satisfied", "reopened", "open")
    rows = [(row["category"], *(_cell(row, name) for name in columns)) for row in told["items"]]
    whole = ("总计 total", *(_cell(told["total"], name) for name in columns))
    teller.rows(("类别 category", *columns), [*rows, whole])
    here = sum((one.service, one.verb) == ("petitions", "file") for one in act.acted)
    act.claim(f"they count at least the {here} of these scenes", told["total"]["filed"] >= here)


def _cell(row: dict[str, Any], name: str) -> str:
    return "" if row.get(name) is None else str(row[name])
